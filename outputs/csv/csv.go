// Package csv writes one dataset as comma-separated values (RFC 4180) for programs, and for spreadsheets that must not
// run what a name in the data says.
//
// The rows are written here and not by encoding/csv, which changes the line breaks within values where lines end in
// CRLF, and takes a slice of texts for every row.
package csv

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math"
	"strconv"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// MediaType of a file of this kind.
const MediaType = "text/csv; charset=utf-8"

// Renderer writes the dataset that Format names. The zero value writes the only one of a report, with labels.
type Renderer struct{ Format outputs.DataFormat }

var _ outputs.Renderer = Renderer{}

// MediaType as in RFC 2046.
func (Renderer) MediaType() string { return MediaType }

// Render writes every row and every column that is not hidden, one row after the other: a million take no more memory
// than a few. There is no totals row, which a program would take for one more row.
func (r Renderer) Render(ctx context.Context, doc outputs.Document, path string) (outputs.Rendered, error) {
	d, err := doc.Dataset(r.Format.Dataset)
	if err != nil {
		return outputs.Rendered{}, err
	}
	content, err := outputs.WriteFile(path, func(w *bufio.Writer) error { return r.write(ctx, w, d) })
	if err != nil {
		return outputs.Rendered{}, fmt.Errorf("write dataset %q: %w", d.Name, err)
	}
	return outputs.Rendered{Rows: d.Table.Len(), Content: content}, nil
}

func (r Renderer) write(ctx context.Context, w *bufio.Writer, d outputs.Dataset) error {
	if r.Format.BOM {
		if _, err := w.WriteString("\ufeff"); err != nil {
			return err
		}
	}
	columns, fields := d.Columns(), d.Table.Fields()
	l := &line{separator: ',', comma: r.Format.DecimalComma, alone: len(columns) == 1}
	if s := r.Format.Separator; s != "" {
		l.separator = s[0]
	}
	if r.Format.Header != outputs.HeaderNone {
		for _, i := range columns {
			name := fields[i].Label
			if r.Format.Header == outputs.HeaderKeys {
				name = fields[i].Name
			} else if name == "" {
				name = outputs.Label(fields[i].Name)
			}
			l.text(name)
		}
		if err := l.end(w); err != nil {
			return err
		}
	}
	for batch, err := range d.Table.Rows().Seq {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		for row := range batch.N {
			for _, i := range columns {
				l.value(&batch.Cols[i], fields[i], row)
			}
			if err := l.end(w); err != nil {
				return err
			}
		}
	}
	return nil
}

// line is one line in the making; its memory serves the next one.
type line struct {
	buf       []byte
	separator byte
	// comma stands in numbers where else a point would.
	comma bool
	// alone: there is one column, whose missing value would leave an empty line, which readers pass over.
	alone bool
	begun bool
}

// next begins a value.
func (l *line) next() {
	if l.begun {
		l.buf = append(l.buf, l.separator)
	}
	l.begun = true
}

func (l *line) end(w *bufio.Writer) error {
	if l.alone && len(l.buf) == 0 {
		l.buf = append(l.buf, `""`...)
	}
	_, err := w.Write(append(l.buf, '\r', '\n'))
	l.buf, l.begun = l.buf[:0], false
	return err
}

func (l *line) text(s string) {
	l.next()
	l.buf = appendText(l.buf, s)
}

// value writes row i of a column for programs, the same in every locale.
func (l *line) value(v *table.Vector, f table.Field, i int) {
	l.next()
	x := v.Value(f, i)
	if !x.Valid {
		return
	}
	before := len(l.buf)
	switch x.Type {
	case expr.Integer:
		l.buf = strconv.AppendInt(l.buf, x.Int, 10)
	case expr.Decimal:
		l.buf = append(l.buf, x.Dec.String()...)
	case expr.Percent, expr.Ratio:
		l.buf = appendFloat(l.buf, x)
	case expr.Duration, expr.Boolean:
		l.buf = append(l.buf, expr.Plain(x)...)
	case expr.Date, expr.DateTime, expr.Period:
		var text bool
		if l.buf, text = outputs.AppendMoment(l.buf, x, f.Grain, ' '); text {
			l.buf = appendText(l.buf[:before], x.Str)
		}
	default:
		l.buf = appendText(l.buf, x.Str)
	}
	if l.comma && outputs.Figures(x.Type) {
		if point := bytes.IndexByte(l.buf[before:], '.'); point >= 0 {
			l.buf[before+point] = ','
		}
	}
}

// appendFloat writes at most 15 digits that count, as Excel shows them: what a division leaves behind them is noise. What
// is no number is missing.
func appendFloat(dst []byte, x expr.Value) []byte {
	if math.IsNaN(x.Float) || math.IsInf(x.Float, 0) {
		return dst
	}
	const short = 16 // digits and a point
	before := len(dst)
	if dst = strconv.AppendFloat(dst, x.Float, 'f', -1, 64); len(dst)-before > short {
		dst = append(dst[:before], expr.Plain(x)...)
	}
	return dst
}
