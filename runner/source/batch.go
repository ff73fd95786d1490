package source

import (
	"fmt"
	"slices"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// What a batch takes in memory, at most: a value with its validity, and a column beside its values. Texts come on top;
// they are no longer than in the answer.
const (
	valueBytes  = 25
	columnBytes = 128
)

// tooMuch is the error for an answer with too many rows.
func tooMuch(format string, args ...any) error {
	return &failure{
		text: "the answer " + fmt.Sprintf(format, args...), err: errBound,
		advice: "Ask for less at once: by a smaller range, a coarser aggregate_by, or in pages where the API has them (the source's paging).",
	}
}

// begin makes the layout's columns, for all batches of the answer.
func (d *decoder) begin() {
	n := len(d.fields)
	d.cols = make([]column, n, n+4)
	for i := range d.cols {
		d.cols[i] = column{field: d.fields[i], unit: d.columns[i].Unit}
	}
}

// endRow goes on to the next row. Columns that got no value are made up for where they get one, or at the batch's end.
func (d *decoder) endRow() error {
	d.row++
	if d.page.rows+d.row > maxRows {
		return tooMuch("has more than %d rows, the most that one answer may have", maxRows)
	}
	if d.row == table.BatchRows {
		return d.flush()
	}
	return nil
}

// pad fills c with missing values up to n rows.
func (d *decoder) pad(c *column, n int) {
	if c.Valid == nil {
		c.Vector = table.NewVector(c.field, d.size)
	}
	for len(c.Valid) < n {
		c.Append(c.field, expr.Value{})
	}
}

// flush hands the batch on and begins the next.
func (d *decoder) flush() error {
	n := d.row
	if n == 0 {
		return nil
	}
	b := &table.Batch{Cols: make([]table.Vector, len(d.cols)), N: n}
	for i := range d.cols {
		c := &d.cols[i]
		if c.Valid != nil {
			d.pad(c, n)
			b.Cols[i] = c.Vector
			d.held += n * valueBytes
		} else {
			b.Cols[i] = d.missing(c.field, n)
		}
	}
	for i, c := range d.columns {
		if len(c.SumOf) > 0 {
			if sum, some := d.sum(b, c.SumOf); some {
				b.Cols[i] = sum
				d.held += n * valueBytes
			}
		}
	}
	for i := range d.cols {
		d.cols[i].Vector = table.Vector{}
		clear(d.cols[i].words)
	}
	d.page.batches = append(d.page.batches, b)
	d.page.rows += n
	d.row = 0
	d.held += len(b.Cols) * columnBytes
	if most := maxHeld + heldOfBytes*len(d.body); d.held > most {
		return tooMuch("has so many rows and columns that they take more than %d MiB of memory", most>>20)
	}
	return nil
}

// missing returns a column of n missing values. All of a type are one in memory: an answer of a few bytes a row must
// not take hundreds.
func (d *decoder) missing(f table.Field, n int) table.Vector {
	v := d.gaps[f.Type]
	if len(v.Valid) != n {
		v = table.NewVector(f, n)
		for range n {
			v.Append(f, expr.Value{})
		}
		if d.gaps == nil {
			d.gaps = map[expr.Type]table.Vector{}
		}
		d.gaps[f.Type] = v
	}
	return v
}

// sum adds integer columns, row by row; missing ones are left out, and all missing is missing. Where no column has a
// value there is none.
func (d *decoder) sum(b *table.Batch, names []string) (out table.Vector, some bool) {
	for i, f := range d.fields {
		if f.Type != expr.Integer || !slices.Contains(names, f.Name) || !slices.Contains(b.Cols[i].Valid, true) {
			continue
		}
		if !some {
			some = true
			out = table.Vector{Valid: make([]bool, b.N), Ints: make([]int64, b.N)}
		}
		for row, valid := range b.Cols[i].Valid {
			if valid {
				out.Valid[row] = true
				out.Ints[row] += b.Cols[i].Ints[row]
			}
		}
	}
	return out, some
}
