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
	columns, left, err := columnsOf(b)
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
	n := b.Table.Len()
	if n == 0 {
		g.Note = w.NoRows
		return g, nil // A total of nothing says nothing.
	}
	rows, all := inWorkbook(b.Dataset, doc)
	var notes []string
	if n > len(g.Rows) {
		notes = append(notes, w.RowsShown(len(g.Rows), n, rows))
	}
	if left > 0 {
		notes = append(notes, w.MoreColumns(left, all))
	}
	g.Note = strings.Join(notes, " ")
	if b.Totals {
		if err := g.total(b.Table, doc.Locale, w.TotalOf(len(g.Rows), n)); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// columnsOf returns the block's columns that a mail has room for, and how many it leaves out.
func columnsOf(b outputs.TableBlock) (columns []column, left int, err error) {
	shown, err := b.Shown()
	if err != nil {
		return nil, 0, err
	}
	shown, left = b.Few(shown)
	for _, s := range shown {
		columns = append(columns, column{
			Label: s.Label, Right: outputs.Figures(s.Type), Wraps: s.Type == expr.Text || s.Type == expr.Any,
			index: s.Index, field: s.Field,
		})
	}
	return columns, left, nil
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
	for j, c := range g.Columns {
		if g.Totals[j] == "" && !c.Right {
			g.Totals[j] = label
			break
		}
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
	text := outputs.Show(v, c.field, locale)
	if strings.ContainsAny(text, "\r\n\t") {
		// A cell is one line: in the text part a second one would break the columns.
		return strings.Join(strings.Fields(text), " ")
	}
	return text
}

// inWorkbook reports whether a sheet shows every row of the dataset, and whether one shows every column.
func inWorkbook(dataset string, doc outputs.Document) (rows, columns bool) {
	for _, s := range doc.Sheets {
		for _, b := range s.Blocks {
			if t, ok := b.(outputs.TableBlock); ok && t.Dataset == dataset {
				rows = rows || t.Limit == 0
				columns = columns || len(t.Columns) == 0
			}
		}
	}
	return rows, columns
}
