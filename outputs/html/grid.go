package html

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// grid is a table as a reader sees it.
type grid struct {
	Columns []column
	Rows    [][]string
	Totals  []string // nil where there is no totals row
	// Note says that rows are missing, or that there are none.
	Note string
}

type column struct {
	Label string
	// Right aligns figures, so that their digits stand below each other.
	Right bool
	// Wraps lets long texts take several lines; figures and dates are never broken.
	Wraps bool

	index int // among the table's fields
	field table.Field
}

// newGrid reads as many rows as the block shows.
func newGrid(b outputs.TableBlock, doc outputs.Document) (*grid, error) {
	columns, err := columnsOf(b)
	if err != nil {
		return nil, err
	}
	w := outputs.Words(doc.Locale)
	g := &grid{Columns: columns}
	limit := b.Limit
	if limit == 0 {
		limit = DefaultRows
	}
	if err := g.read(b.Table, limit, doc.Locale); err != nil {
		return nil, err
	}
	switch n := b.Table.Len(); {
	case n == 0:
		g.Note = w.NoRows
		return g, nil // A total of nothing says nothing.
	case n > len(g.Rows):
		g.Note = cutNote(len(g.Rows), n, shownWhole(b.Dataset, doc), doc.Locale)
	}
	if b.Totals {
		if err := g.total(b.Table, doc.Locale, w.Total); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// columnsOf returns the block's columns, or all that are not hidden.
func columnsOf(b outputs.TableBlock) ([]column, error) {
	fields := b.Table.Fields()
	var columns []column
	if len(b.Columns) == 0 {
		for i, f := range fields {
			if !f.Hidden {
				columns = append(columns, newColumn(i, f))
			}
		}
		return columns, nil
	}
	index := make(map[string]int, len(fields))
	for i, f := range fields {
		index[f.Name] = i
	}
	for _, c := range b.Columns {
		i, ok := index[c.Key]
		if !ok {
			return nil, fmt.Errorf("the data has no column %q", c.Key)
		}
		f := fields[i]
		if c.Label != "" {
			f.Label = c.Label
		}
		if c.Format != "" {
			f.Format = c.Format
		}
		if c.Total != nil {
			f.Total = *c.Total
		}
		columns = append(columns, newColumn(i, f))
	}
	return columns, nil
}

func newColumn(i int, f table.Field) column {
	c := column{Label: f.Label, index: i, field: f}
	if c.Label == "" {
		c.Label = f.Name
	}
	switch f.Type {
	case expr.Integer, expr.Decimal, expr.Percent, expr.Ratio, expr.Duration:
		c.Right = true
	case expr.Text, expr.Any:
		c.Wraps = true
	}
	return c
}

// read takes the first rows of t.
func (g *grid) read(t *table.Table, limit int, locale string) error {
	for batch, err := range t.Rows().Seq {
		if err != nil {
			return err
		}
		for i := range batch.N {
			if len(g.Rows) == limit {
				return nil
			}
			row := make([]string, len(g.Columns))
			for j, c := range g.Columns {
				row[j] = c.display(batch.Cols[c.index].Value(c.field, i), locale)
			}
			g.Rows = append(g.Rows, row)
		}
	}
	return nil
}

// total adds the totals row, over all rows of t and not only those shown.
func (g *grid) total(t *table.Table, locale, label string) error {
	totals, err := g.totals(t)
	if err != nil {
		return fmt.Errorf("compute totals: %w", err)
	}
	g.Totals = make([]string, len(g.Columns))
	for j, c := range g.Columns {
		g.Totals[j] = c.display(totals[c.index], locale)
	}
	if len(g.Totals) > 0 && g.Totals[0] == "" {
		g.Totals[0] = label
	}
	return nil
}

// totals are one for each field of t, by the block's rules where it has its own. Then the same rows are collected under
// those rules, so that one place alone knows how columns add up.
func (g *grid) totals(t *table.Table) ([]expr.Value, error) {
	fields, own := slices.Clone(t.Fields()), false
	for _, c := range g.Columns {
		own = own || fields[c.index].Total != c.field.Total
		fields[c.index].Total = c.field.Total
	}
	if !own {
		return t.Totals()
	}
	again, err := table.Collect(context.Background(), table.Rows{Fields: fields, Seq: t.Rows().Seq}, table.Spool{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = again.Close() }()
	return again.Totals()
}

func (c column) display(v expr.Value, locale string) string {
	if !v.Valid {
		return ""
	}
	format := c.field.Format
	if format == "" {
		format = expr.DefaultFormat(v.Type, c.field.Grain, locale) // as the workbook shows it
	}
	text := expr.Display(v, format, locale)
	if strings.ContainsAny(text, "\r\n\t") {
		// A cell is one line: in the text part a second one would break the columns.
		return strings.Join(strings.Fields(text), " ")
	}
	return text
}

// shownWhole reports whether a sheet shows every row of the dataset.
func shownWhole(dataset string, doc outputs.Document) bool {
	for _, s := range doc.Sheets {
		for _, b := range s.Blocks {
			if t, ok := b.(outputs.TableBlock); ok && t.Dataset == dataset && t.Limit == 0 {
				return true
			}
		}
	}
	return false
}
