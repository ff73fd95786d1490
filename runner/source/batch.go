package source

import (
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// begin starts a batch with the layout's columns and those found so far.
func (d *decoder) begin() {
	n := len(d.fields) + len(d.page.found)
	d.cols = make([]column, n, n+4)
	d.row = 0
	for i := range d.cols {
		d.cols[i] = d.emptyColumn(i)
	}
}

// emptyColumn returns column i of a batch: one of the layout's, or a found one.
func (d *decoder) emptyColumn(i int) column {
	field, unit := table.Field{Type: expr.Text}, ""
	if i < len(d.fields) {
		field, unit = d.fields[i], d.columns[i].Unit
	} else {
		field.Name = d.page.found[i-len(d.fields)].name
	}
	return column{Vector: table.NewVector(field, d.size), field: field, unit: unit}
}

// endRow makes the columns that got no value missing.
func (d *decoder) endRow() {
	d.row++
	for i := range d.cols {
		if c := &d.cols[i]; len(c.Valid) < d.row {
			d.pad(c)
		}
	}
	if d.row == table.BatchRows {
		d.flush()
		d.begin()
	}
}

// pad fills c with missing values: up to the row that is being read, or that was read.
func (d *decoder) pad(c *column) {
	for len(c.Valid) < d.row {
		c.Vector.Append(c.field, expr.Value{})
	}
}

// flush hands the batch on.
func (d *decoder) flush() {
	if d.row == 0 {
		return
	}
	b := &table.Batch{Cols: make([]table.Vector, len(d.cols)), N: d.row}
	for i := range d.cols {
		b.Cols[i] = d.cols[i].Vector
	}
	for i, c := range d.columns {
		if len(c.SumOf) > 0 {
			b.Cols[i] = d.sum(b, c.SumOf)
		}
	}
	d.page.batches = append(d.page.batches, b)
	d.page.rows += d.row
}

// sum adds integer columns, row by row; missing ones are left out, and all missing is missing.
func (d *decoder) sum(b *table.Batch, names []string) table.Vector {
	out := table.Vector{Valid: make([]bool, b.N), Ints: make([]int64, b.N)}
	for i, f := range d.fields {
		for _, name := range names {
			if f.Name != name || f.Type != expr.Integer {
				continue
			}
			for row, valid := range b.Cols[i].Valid {
				if valid {
					out.Valid[row] = true
					out.Ints[row] += b.Cols[i].Ints[row]
				}
			}
		}
	}
	return out
}
