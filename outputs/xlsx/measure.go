package xlsx

import (
	"context"
	"fmt"
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
	var c cell
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
			v := &batch.Cols[s.field]
			for i := range rows {
				put(&c, v.Value(t.fields[s.field], i), s.grain)
				if c.kind == text {
					if len(c.text) > maxCellUnits && units(c.text) > maxCellUnits {
						return &TooLong{Dataset: t.block.Dataset, Column: s.key, Row: n + i + 1, Units: units(c.text)}
					}
					var replaced bool
					if c.text, replaced = legalText(c.text); replaced {
						s.replaced++
					}
				}
				s.note(&c, s.figure())
				if c.kind != empty {
					s.last = n + i + 1
				}
			}
		}
		if n += rows; n == t.rows {
			break
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
	return fmt.Sprintf("the text in row %d, column %q of dataset %q has %d characters, and an Excel cell holds %d; shorten it with a derive step or leave the column out",
		e.Row, e.Column, e.Dataset, e.Units, maxCellUnits)
}
