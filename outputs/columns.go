package outputs

import (
	"fmt"
	"slices"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// ShownColumn is a column of a block with all that the table and the block say of it.
type ShownColumn struct {
	// Field is the table's, under the block's label, format and total. Its label is never empty.
	table.Field
	// Index is its place among the table's fields.
	Index int
	// Width is in characters; 0 leaves it to the content.
	Width float64
	// Highlight marks cells by their values; nil marks none.
	Highlight *Highlight
}

// Shown returns the columns of a block in order. Where the block chooses none, they are all that are not hidden, without
// those that no author has named and that are missing in every row: an API's answer has many that say nothing of the
// question.
func (b TableBlock) Shown() ([]ShownColumn, error) {
	fields := b.Table.Fields()
	if len(b.Columns) == 0 {
		return b.filled()
	}
	index := make(map[string]int, len(fields))
	for i, f := range fields {
		index[f.Name] = i
	}
	var out []ShownColumn
	for _, c := range b.Columns {
		i, ok := index[c.Key]
		if !ok {
			return nil, fmt.Errorf("the table has no column %q", c.Key)
		}
		s := newShown(fields[i], i)
		s.Width, s.Highlight = c.Width, c.Highlight
		if c.Label != "" {
			s.Label = c.Label
		}
		if c.Format != "" {
			s.Format = c.Format
		}
		if c.Total != nil {
			s.Total = *c.Total
		}
		out = append(out, s)
	}
	return out, nil
}

func newShown(f table.Field, index int) ShownColumn {
	if f.Label == "" {
		f.Label = Label(f.Name)
	}
	return ShownColumn{Field: f, Index: index}
}

// filled returns the columns that are not hidden, without those that nobody asked for and that have no value in any row;
// all of them where there are no rows, or nothing would be left. A figure and what a comparison adds to it stay together.
func (b TableBlock) filled() ([]ShownColumn, error) {
	var all []ShownColumn
	for i, f := range b.Table.Fields() {
		if !f.Hidden {
			all = append(all, newShown(f, i))
		}
	}
	if b.Table.Len() == 0 {
		return all, nil
	}
	stays, missing := map[string]bool{}, 0
	for _, c := range all {
		if stays[c.Name] = !c.Unasked; c.Unasked {
			missing++
		}
	}
	for batch, err := range b.Table.Rows().Seq {
		if err != nil {
			return nil, err
		}
		if missing == 0 {
			return all, nil // nearly always after the first batch
		}
		for _, c := range all {
			if !stays[c.Name] && slices.Contains(batch.Cols[c.Index].Valid[:batch.N], true) {
				stays[c.Name] = true
				missing--
			}
		}
	}
	for _, c := range all {
		added := table.Compared(c.Name)
		if stays[c.Name] = stays[c.Name] || slices.ContainsFunc(added, func(name string) bool { return stays[name] }); stays[c.Name] {
			for _, name := range added {
				stays[name] = true
			}
		}
	}
	out := slices.DeleteFunc(slices.Clone(all), func(c ShownColumn) bool { return !stays[c.Name] })
	if len(out) == 0 {
		return all, nil
	}
	return out, nil
}

// Most is how many columns a mail or a terminal shows of a table whose block chooses none.
const Most = 8

// Few chooses from the columns of a block those that a narrow medium has room for: first the ones that name a row, then
// the others in order. left is how many it leaves out; none where the block chose its columns itself.
func (b TableBlock) Few(columns []ShownColumn) (few []ShownColumn, left int) {
	if len(b.Columns) > 0 || len(columns) <= Most {
		return columns, 0
	}
	const names = 3
	var first, others []ShownColumn
	for _, c := range columns {
		if len(first) < names && c.Naming() {
			first = append(first, c)
		} else {
			others = append(others, c)
		}
	}
	return append(first, others...)[:Most], len(columns) - Most
}

// Choosing is the block with these of its columns, where it chose none itself.
func (b TableBlock) Choosing(columns []ShownColumn) TableBlock {
	if len(b.Columns) == 0 {
		for _, c := range columns {
			b.Columns = append(b.Columns, TableColumn{Key: c.Name})
		}
	}
	return b
}

// Naming reports whether the column's values say what a row is about.
func (c ShownColumn) Naming() bool {
	switch c.Type {
	case expr.Text, expr.Period, expr.Date, expr.DateTime:
		return true
	default:
		return false
	}
}

// Figures reports whether values of a type stand at the right of their column, so that digits are below each other.
func Figures(t expr.Type) bool {
	switch t {
	case expr.Integer, expr.Decimal, expr.Percent, expr.Ratio, expr.Duration:
		return true
	default:
		return false
	}
}
