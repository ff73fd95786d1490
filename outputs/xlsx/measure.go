package xlsx

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// content is what the first pass over a table learns of a column.
type content struct {
	low, high float64
	numbers   bool
	// textWide is the width of the widest text.
	textWide float64
	// gaps says that some cells are empty.
	gaps bool
	// last is which row has the last value, from 1; 0 where none has.
	last int
	// inexact says that a figure had to become text: a formula over the column would miss it.
	inexact bool
	// marked says that some texts need an escape, or their spaces kept.
	marked bool
	// broken says that some texts have several lines, or do not fit into one.
	broken bool
	// replaced counts texts with characters that a workbook cannot hold.
	replaced int
}

func (k *content) note(c *cell, figure bool) {
	switch c.kind {
	case empty:
		k.gaps = true
	case number:
		if !k.numbers {
			k.low, k.high, k.numbers = c.num, c.num, true
			return
		}
		k.low, k.high = min(k.low, c.num), max(k.high, c.num)
	case text:
		k.textWide = max(k.textWide, longestLine(c.text))
		k.inexact = k.inexact || figure
	case boolean:
		k.textWide = 6 // FALSE, PRAWDA
	}
}

// wide is the width that the widest value takes under a format.
func (k *content) wide(format string) float64 {
	w := k.textWide
	if k.numbers {
		w = max(w, formatWidth(format, k.low), formatWidth(format, k.high))
	}
	return w
}

// measure reads a table's first limit rows once, for widths and for what a cell cannot hold.
func (t *tableSection) measure(ctx context.Context) error {
	n := 0
	for batch, err := range t.block.Table.Rows().Seq {
		if err != nil {
			return fmt.Errorf("read table %q: %w", t.block.Dataset, err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		rows := min(batch.N, t.rows-n)
		for j := range t.columns {
			s := &t.columns[j]
			if long := s.read(t.fields[s.field], &batch.Cols[s.field], rows, n); long != nil {
				long.Dataset = t.block.Dataset
				return long
			}
		}
		if n += rows; n == t.rows {
			break
		}
	}
	return nil
}

// read learns of the first rows of a vector, before which the column had n.
func (s *shown) read(of table.Field, v *table.Vector, rows, n int) *TooLong {
	valid := v.Valid[:rows]
	s.gaps = s.gaps || slices.Contains(valid, false)
	for i := rows - 1; i >= 0; i-- {
		if valid[i] {
			s.last = n + i + 1
			break
		}
	}
	value := expr.Value{Type: s.typ, Valid: true}
	switch s.typ {
	case expr.Integer, expr.Duration, expr.Date, expr.DateTime:
		low, high, ok := extent(v.Ints, valid)
		if !ok {
			return nil
		}
		from, to := value, value
		from.Int, to.Int = low, high
		s.between(from, to, of, v, rows)
	case expr.Percent, expr.Ratio:
		low, high, ok := extent(v.Floats, valid)
		if !ok {
			return nil
		}
		from, to := value, value
		from.Float, to.Float = low, high
		s.between(from, to, of, v, rows)
	case expr.Decimal:
		s.decimals(of, v, rows)
	case expr.Boolean, expr.Period:
		s.each(of, v, rows)
	default:
		return s.texts(v.Strs[:rows], valid, n)
	}
	return nil
}

// extent returns the least and the greatest of the values that are there; NaN where one of them is that.
func extent[T int64 | float64](values []T, valid []bool) (low, high T, ok bool) {
	for i, there := range valid {
		switch {
		case !there:
		case !ok:
			low, high, ok = values[i], values[i], true
		default:
			low, high = min(low, values[i]), max(high, values[i])
		}
	}
	return low, high, ok
}

// between learns of values between two: where both are numbers to Excel, so are all.
func (s *shown) between(low, high expr.Value, of table.Field, v *table.Vector, rows int) {
	var ends [2]cell
	put(&ends[0], low, s.grain)
	put(&ends[1], high, s.grain)
	if ends[0].kind != number || ends[1].kind != number {
		s.each(of, v, rows)
		return
	}
	s.note(&ends[0], true)
	s.note(&ends[1], true)
}

// decimals learns of decimals, near enough for their width.
func (s *shown) decimals(of table.Field, v *table.Vector, rows int) {
	for i, d := range v.Decs[:rows] {
		if v.Valid[i] && d.Coef() >= exact {
			s.each(of, v, rows)
			return
		}
	}
	for i, d := range v.Decs[:rows] {
		if v.Valid[i] {
			x := float64(d.Coef()) / float64(tens[d.Scale()])
			if d.IsNeg() {
				x = -x
			}
			s.note(&cell{kind: number, num: x}, true)
		}
	}
}

// each learns of one value after the other.
func (s *shown) each(of table.Field, v *table.Vector, rows int) {
	var c cell
	var seen expr.Value
	for i := range rows {
		x := v.Value(of, i)
		if x.Valid && seen.Valid && x.Int == seen.Int && x.Str == seen.Str && s.typ == expr.Period {
			continue // they come in runs
		}
		seen = x
		put(&c, x, s.grain)
		if c.kind == text {
			var replaced bool
			if c.text, replaced = legalText(c.text); replaced {
				s.replaced++
			}
		}
		s.note(&c, s.figure())
	}
}

// texts learns of texts.
func (s *shown) texts(texts []string, valid []bool, n int) *TooLong {
	for i, x := range texts {
		if !valid[i] {
			continue
		}
		ask := askOf(x)
		s.marked = s.marked || ask&asksEscape != 0
		s.broken = s.broken || ask&asksLegal != 0 && strings.ContainsAny(x, "\r\n")
		if len(x) > maxCellUnits && units(x) > maxCellUnits {
			return &TooLong{Column: s.key, Row: n + i + 1, Units: units(x)}
		}
		if ask&asksLegal != 0 {
			var replaced bool
			if x, replaced = legalText(x); replaced {
				s.replaced++
			}
		}
		// Nearly all texts are too short to count.
		if s.textWide < maxWidth && float64(len(x))*widestByte > s.textWide {
			s.textWide = max(s.textWide, longestLine(x))
		}
	}
	return nil
}

// TooLong is a text that no cell of a workbook can hold, and that is never cut.
type TooLong struct {
	Dataset, Column string
	Row, Units      int
}

// Error says which cell it is and what to do.
func (e *TooLong) Error() string {
	return fmt.Sprintf("the text in row %[1]d, column %[2]q of dataset %[3]q has %[4]d characters, and an Excel cell holds %[5]d. Leave the column out with a select step or the table's columns, or shorten it in the dataset's transform:\n\n    - derive: {%[2]q: 'shorten(row[%[2]q], 1000)'}",
		e.Row, e.Column, e.Dataset, e.Units, maxCellUnits)
}
