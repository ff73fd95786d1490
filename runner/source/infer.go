package source

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// evidence is what the values of a found column were like, over the whole table.
type evidence struct {
	numbers, booleans bool
	// numerals are strings that are written like numbers.
	numerals bool
	fraction bool
	// text: at least one value is neither number nor boolean, or no type holds it exactly.
	text bool
}

// add takes one more value into account.
func (e *evidence) add(kind jsontext.Kind, text []byte) {
	switch kind {
	case 't', 'f':
		e.booleans = true
	case '0', '"':
		n, ok := numeral(text)
		if !ok || kind == '"' && padded(text) {
			e.text = true
			return
		}
		e.numbers = e.numbers || kind == '0'
		e.numerals = e.numerals || kind == '"'
		if n.plain {
			_, ok = parseInteger(text)
		} else {
			e.fraction = true
			_, ok = parseDecimal(text)
		}
		e.text = e.text || !ok
	default:
		e.text = true
	}
}

// padded reports whether zeros lead the number, as in ids.
func padded(text []byte) bool {
	text, _ = skip(text, '-')
	return len(text) > 1 && text[0] == '0' && text[1] != '.'
}

// merge adds what another page showed.
func (e *evidence) merge(o evidence) {
	e.numbers = e.numbers || o.numbers
	e.booleans = e.booleans || o.booleans
	e.numerals = e.numerals || o.numerals
	e.fraction = e.fraction || o.fraction
	e.text = e.text || o.text
}

// typeOf returns the type of a found column. Strings alone stay text, even where all are numerals: the API could have
// written numbers, and telephone numbers or postcodes must not become figures. What is called an id is text.
func (e *evidence) typeOf(name string) expr.Type {
	switch {
	case e.text || isID(name):
		return expr.Text
	case e.numbers && !e.booleans && e.fraction:
		return expr.Decimal
	case e.numbers && !e.booleans:
		return expr.Integer
	case e.booleans && !e.numbers && !e.numerals:
		return expr.Boolean
	}
	return expr.Text
}

func isID(name string) bool {
	return strings.EqualFold(name, "id") || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_ids") ||
		strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "ID")
}

// retype converts the found columns, text so far, to the types that all their values have.
func (l *layout) retype(rows table.Rows, fields []table.Field) table.Rows {
	from := rows.Fields
	return table.Rows{Fields: fields, Seq: func(yield func(*table.Batch, error) bool) {
		for b, err := range rows.Seq {
			if err != nil {
				yield(nil, err)
				return
			}
			out := &table.Batch{Cols: append([]table.Vector(nil), b.Cols...), N: b.N}
			for i, f := range fields {
				if f.Type != from[i].Type {
					out.Cols[i] = l.converted(f, &b.Cols[i])
				}
			}
			if !yield(out, nil) {
				return
			}
		}
	}}
}

// converted reads the texts of v as values of f, which they were found to be.
func (l *layout) converted(f table.Field, v *table.Vector) table.Vector {
	c := column{Vector: table.NewVector(f, len(v.Valid)), field: f}
	for i, valid := range v.Valid {
		if valid {
			if _, ok := l.set(&c, '"', []byte(v.Strs[i])); ok {
				continue
			}
		}
		c.Append(f, expr.Value{})
	}
	return c.Vector
}
