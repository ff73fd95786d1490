package xlsx

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// encoder writes the cells of a table's column straight from its vectors, as [put] has them and without a value made of
// each: a million rows are twenty million cells. What is rare is left to put itself.
type encoder struct {
	*shown
	of   table.Field
	name string
	// open is a cell's beginning up to its row's number; empty, before and after are what follows that number.
	open, empty, before, after string
	// append adds a value that is not missing and reports whether it was one that is not rare.
	append func(b []byte, v *table.Vector, i int) ([]byte, bool)
	// seen is what was written last by put, as rare: weeks come in runs.
	seen expr.Value
	rare cell
}

// encoders are those of the table's columns, from left to right.
func (t *tableSection) encoders() []encoder {
	out := make([]encoder, len(t.columns))
	for j := range out {
		s := &t.columns[j]
		style := strconv.Itoa(s.style)
		out[j] = encoder{
			shown: s, of: t.fields[s.field], name: columnName(s.column), open: `<c r="` + columnName(s.column), empty: `" s="` + style + `"/>`,
			before: `" s="` + style + `"><v>`, after: `</v></c>`,
		}
		out[j].choose()
	}
	return out
}

// choose chooses how the column's values are written.
func (e *encoder) choose() {
	switch e.typ {
	case expr.Integer:
		e.append = appendInteger
	case expr.Decimal:
		e.append = appendDecimal
	case expr.Percent:
		e.append = appendPercent
	case expr.Ratio:
		e.append = appendRatio
	case expr.Duration:
		e.append = appendDuration
	case expr.Date, expr.DateTime:
		e.append = appendMoment
	case expr.Period:
		switch e.grain {
		case "week", "hour_of_day":
			e.append = func(b []byte, _ *table.Vector, _ int) ([]byte, bool) { return b, false }
		default:
			e.append = appendMoment
		}
	case expr.Boolean:
		e.before = `" s="` + strconv.Itoa(e.style) + `" t="b"><v>`
		e.append = func(b []byte, v *table.Vector, i int) ([]byte, bool) {
			return strconv.AppendInt(b, v.Ints[i], 10), true
		}
	default:
		e.before, e.after = `" s="`+strconv.Itoa(e.textStyle)+`" t="inlineStr"><is>`, `</is></c>`
		e.append = appendAnyText
		switch {
		case e.replaced > 0:
			e.append = appendLegal
		case !e.marked:
			e.append = appendPlain
		}
	}
}

// cell writes row i of a batch's vector into the row that was begun.
func (e *encoder) cell(w *rowWriter, v *table.Vector, i int) {
	b := append(w.buf, e.open...)
	b = append(b, w.number...)
	if !v.Valid[i] {
		w.buf = append(b, e.empty...)
		return
	}
	b = append(b, e.before...)
	b, ok := e.append(b, v, i)
	if !ok {
		e.put(w, v, i)
		return
	}
	w.buf = append(b, e.after...)
}

// put writes what is rare: a figure that Excel can only keep as text, or a week.
func (e *encoder) put(w *rowWriter, v *table.Vector, i int) {
	if x := v.Value(e.of, i); x.Type != expr.Period || !e.seen.Valid || x.Int != e.seen.Int || x.Str != e.seen.Str {
		e.seen = x
		put(&e.rare, x, e.grain)
		e.rare.style = e.style
		if e.rare.kind == text {
			e.rare.text, _ = legalText(e.rare.text)
			e.rare.style = e.textStyle
		}
	}
	w.cell(e.name, e.rare)
}

// marker writes the cells that say of their row whether it is seen: 1, or 0 where it is hidden. They share one formula.
type marker struct{ open, first, share string }

// marker is that of a strip; the zero one, where the table has no marks, writes nothing.
func (t *tableSection) marker(s strip, w *rowWriter) marker {
	if !t.marked {
		return marker{}
	}
	last := s.first + s.until - s.from - 1
	// What is counted is a cell that is never empty, or whatever the row has.
	seen := fmt.Sprintf("SIGN(SUBTOTAL(%d,%s:%s))", subtotalCount, ref(0, s.first), ref(t.filled()-1, s.first))
	if i := slices.IndexFunc(t.columns, func(c shown) bool { return !c.gaps }); i >= 0 {
		seen = fmt.Sprintf("SUBTOTAL(%d,%s)", subtotalCount, ref(t.columns[i].column, s.first))
	}
	w.shared++
	return marker{
		open:  `<c r="` + columnName(t.marks),
		first: fmt.Sprintf(`"><f t="shared" ref="%s:%s" si="%d">%s</f><v>1</v></c>`, ref(t.marks, s.first), ref(t.marks, last), w.shared-1, seen),
		share: fmt.Sprintf(`"><f t="shared" si="%d"/><v>1</v></c>`, w.shared-1),
	}
}

// cell writes the mark of the row that was begun.
func (m *marker) cell(w *rowWriter) {
	if m.open == "" {
		return
	}
	b := append(w.buf, m.open...)
	b = append(b, w.number...)
	w.buf = append(b, m.first...)
	m.first = m.share
}

func appendInteger(b []byte, v *table.Vector, i int) ([]byte, bool) {
	x := v.Ints[i]
	return strconv.AppendInt(b, x, 10), -exact < x && x < exact
}

func appendDecimal(b []byte, v *table.Vector, i int) ([]byte, bool) {
	d := v.Decs[i]
	if d.Coef() >= exact {
		return b, false
	}
	return appendScaled(b, d.Coef(), d.Scale(), d.IsNeg()), true
}

// appendPercent writes points as hundredths. Nearly all percents have few decimals, and what has up to fifteen digits is
// its own shortest form: moving the point is a tenth of the work of finding that form.
func appendPercent(b []byte, v *table.Vector, i int) ([]byte, bool) {
	f := v.Floats[i]
	if whole, ok := wholeOf(f); ok && !(math.Abs(whole/1e6*100) < math.Abs(f)) {
		return appendScaled(b, uint64(math.Abs(whole)), 6, whole < 0), true
	}
	return appendFloat(b, expr.CellFloat(expr.Value{Type: expr.Percent, Float: f}))
}

func appendRatio(b []byte, v *table.Vector, i int) ([]byte, bool) {
	f := v.Floats[i]
	if whole, ok := wholeOf(f); ok && !(math.Abs(f*100) < math.Abs(whole/100)) {
		return appendScaled(b, uint64(math.Abs(whole)), 4, whole < 0), true
	}
	return appendFloat(b, expr.CellFloat(expr.Value{Type: expr.Ratio, Float: f}))
}

// wholeOf returns f × 10,000 where that is a whole number of up to fifteen digits, so that f has up to four decimals.
func wholeOf(f float64) (whole float64, ok bool) {
	whole = math.Round(f * 1e4)
	return whole, math.Abs(whole) < exact && whole/1e4 == f
}

func appendDuration(b []byte, v *table.Vector, i int) ([]byte, bool) {
	if v.Ints[i] < 0 {
		return b, false
	}
	return appendFloat(b, expr.CellFloat(expr.Value{Type: expr.Duration, Int: v.Ints[i]}))
}

func appendMoment(b []byte, v *table.Vector, i int) ([]byte, bool) {
	us := v.Ints[i]
	serial := float64(us)/dayMicros + unixSerial
	if serial < firstSerial || serial >= lastSerial {
		return b, false
	}
	if us%dayMicros == 0 {
		return strconv.AppendInt(b, us/dayMicros+unixSerial, 10), true
	}
	return appendFloat(b, serial)
}

func appendAnyText(b []byte, v *table.Vector, i int) ([]byte, bool) {
	return appendString(b, v.Strs[i]), true
}

// appendLegal writes texts of a column in which some hold what a workbook cannot.
func appendLegal(b []byte, v *table.Vector, i int) ([]byte, bool) {
	s, _ := legalText(v.Strs[i])
	return appendString(b, s), true
}

// appendPlain writes texts of a column in which none needs an escape.
func appendPlain(b []byte, v *table.Vector, i int) ([]byte, bool) {
	b = append(b, `<t>`...)
	b = append(b, v.Strs[i]...)
	return append(b, `</t>`...), true
}

// appendFloat writes f in its shortest form, which reads back as the same number.
func appendFloat(b []byte, f float64) ([]byte, bool) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return b, false
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64), true
}

// tens are the powers of ten.
var tens = func() (t [20]uint64) {
	t[0] = 1
	for i := 1; i < len(t); i++ {
		t[i] = 10 * t[i-1]
	}
	return t
}()

// appendScaled writes coef, of up to fifteen digits, over 10^scale, without zeros at its end.
func appendScaled(b []byte, coef uint64, scale int, negative bool) []byte {
	for scale > 0 && coef%10 == 0 {
		if coef == 0 {
			return append(b, '0')
		}
		coef, scale = coef/10, scale-1
	}
	if negative {
		b = append(b, '-')
	}
	if scale == 0 {
		return strconv.AppendUint(b, coef, 10)
	}
	b = strconv.AppendUint(b, coef/tens[scale], 10)
	point := len(b)
	b = strconv.AppendUint(b, tens[scale]+coef%tens[scale], 10) // the 1 before its zeros makes room for the point
	b[point] = '.'
	return b
}
