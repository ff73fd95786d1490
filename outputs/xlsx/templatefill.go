package xlsx

import (
	"fmt"
	"iter"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
)

// filled is where rows of data stand in a template's sheet. They are read as the sheet is written: nothing keeps them.
type filled struct {
	area
	block   outputs.TableBlock
	columns []filledColumn
	// rows is how many of the area's rows have data: all, or none where the area is the one blank row of an empty table.
	rows int
	// attrs are the height and style of its rows; whole says that they are also those of rows that are there already.
	attrs []attribute
	whole bool

	fields []table.Field
	next   func() (*table.Batch, error, bool)
	batch  *table.Batch
	at     int
}

// filledColumn is a column of them: a field's values, or a formula that is repeated.
type filledColumn struct {
	letters string
	field   int
	grain   string
	style   int
	// formula is that of the first row, whose number is first.
	formula string
	first   int
}

// noField marks a column that no field fills.
const noField = -1

// begin makes ready to read the rows, and returns what ends it.
func (f *filled) begin() (end func()) {
	f.fields = f.block.Table.Fields()
	f.next, end = iter.Pull2(f.block.Table.Rows().Seq)
	return end
}

// row writes the cells of a row of the sheet.
func (f *filled) row(w *rowWriter, number int) error {
	n := number - f.area.top
	if n < f.rows {
		for f.batch == nil || f.at == f.batch.N {
			batch, err, ok := f.next()
			if err != nil {
				return fmt.Errorf("read table %q: %w", f.block.Dataset, err)
			}
			if !ok {
				return fmt.Errorf("read table %q: it has %d rows only", f.block.Dataset, n)
			}
			f.batch, f.at = batch, 0
		}
	}
	for _, c := range f.columns {
		out := cell{style: c.style}
		switch {
		case n >= f.rows:
		case c.field != noField:
			put(&out, f.batch.Cols[c.field].Value(f.fields[c.field], f.at), c.grain)
			if out.kind == text {
				out.text, _ = legalText(out.text)
				if length := units(out.text); length > maxCellUnits {
					return fmt.Errorf("row %d of dataset %q has a text of %d characters in column %q, and an Excel cell holds %d",
						n+1, f.block.Dataset, length, f.fields[c.field].Name, maxCellUnits)
				}
			}
		case c.formula != "":
			w.formula(c.letters, copied(c.formula, number-c.first, 0), c.style)
			continue
		}
		if out.kind != empty || out.style != 0 {
			w.cell(c.letters, out)
		}
	}
	f.at++
	return nil
}

// formula writes a cell whose value whoever opens the workbook computes.
func (w *rowWriter) formula(column, formula string, style int) {
	w.buf = append(w.buf, `<c r="`...)
	w.buf = append(w.buf, column...)
	w.buf = append(w.buf, w.number...)
	w.buf = append(w.buf, `" s="`...)
	w.buf = strconv.AppendInt(w.buf, int64(style), 10)
	w.buf = append(w.buf, `"><f>`...)
	w.buf = appendText(w.buf, formula)
	w.buf = append(w.buf, `</f></c>`...)
}

// shift rewrites the formulas of its columns, and moves it. own says that it is for these rows that the others move:
// what a formula says of its own row stays as it is then.
func (f *filled) shift(s *shift, sheet string, own bool) {
	for i := range f.columns {
		c := &f.columns[i]
		if c.formula == "" {
			continue
		}
		c.formula = mapReferences(c.formula, func(r cellRef) string {
			if on := orElse(r.sheet, sheet); on != s.sheet || own && r.top == c.first && r.bottom == c.first {
				return r.String()
			}
			to, gone := s.area(r.area, !r.lone)
			if gone {
				return badReference
			}
			r.area = to
			return r.String()
		})
	}
}

func letters(column int) string {
	name, _ := excelize.ColumnNumberToName(column)
	return name
}
