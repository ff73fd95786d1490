package xlsx

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// cellKind says what stands in a cell.
type cellKind uint8

const (
	empty cellKind = iota
	number
	text
	boolean
)

// cell is one cell as a sheet holds it: a plain value, so that an encoder needs to know nothing of tables or types.
type cell struct {
	kind  cellKind
	style int
	// num is a number, or 0 or 1 of a boolean.
	num float64
	// text is always a string to Excel, whatever it begins with.
	text string
	// formula is without "=": its computed value is what the other fields say, or an empty text.
	formula string
}

// rowWriter is the one way in which rows reach a sheet. It is excelize's StreamWriter, which spills to a file
// of the run's own folder beyond 16 MB.
type rowWriter struct {
	stream *excelize.StreamWriter
	cells  []excelize.Cell
	values []any
}

// write writes row number row (from 1, ascending) with its cells from column A on. A height of 0 is the
// sheet's own, and none is beyond what Excel has: the rest of a text is read in the cell itself.
func (w *rowWriter) write(row int, height float64, cells []cell) error {
	for len(w.cells) < len(cells) {
		w.cells = append(w.cells, excelize.Cell{})
	}
	w.values = w.values[:0]
	for i, c := range cells {
		if c.kind == empty && c.style == 0 && c.formula == "" {
			w.values = append(w.values, nil)
			continue
		}
		w.cells[i] = excelize.Cell{StyleID: c.style, Formula: c.formula}
		switch c.kind {
		case empty:
		case number:
			w.cells[i].Value = c.num
		case boolean:
			w.cells[i].Value = c.num != 0
		case text:
			w.cells[i].Value = c.text
		}
		w.values = append(w.values, &w.cells[i])
	}
	if err := w.stream.SetRow(fmt.Sprintf("A%d", row), w.values, excelize.RowOpts{Height: min(height, excelize.MaxRowHeight)}); err != nil {
		return fmt.Errorf("write row %d: %w", row, err)
	}
	return nil
}
