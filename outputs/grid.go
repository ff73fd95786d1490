package outputs

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/reportform/reportform/runner/table"
)

// Grid is a table in words, for media that show some of its rows.
type Grid struct {
	Columns []ShownColumn
	Rows    [][]GridCell
	// Totals has a text for each column, over all rows and not only those that are here; nil where there are none.
	Totals []string
	// All is how many rows the table has, Left how many columns it has beside those that are here.
	All, Left int
}

// GridCell is a value as a reader sees it, in one line, and how its column's highlight marks it.
type GridCell struct {
	Text string
	// Tone is what the highlight's rules say of the value.
	Tone Tone
	// Share is the length of the value's bar, where that of the longest is 1, and below 0 for what is below it; or where
	// the value stands on a scale from the least of its column (0) to the greatest (1). NaN where it has neither.
	Share float64
}

// TableError is why a dataset's table cannot be shown.
type TableError struct {
	Dataset string
	Err     error
}

func (e *TableError) Error() string { return fmt.Sprintf("show table %q: %v", e.Dataset, e.Err) }

// Unwrap is why.
func (e *TableError) Unwrap() error { return e.Err }

// Grid reads the first rows of the block, as many as it shows and no more than most.
func (b TableBlock) Grid(locale string, most int) (*Grid, error) {
	columns, err := b.Shown()
	if err != nil {
		return nil, &TableError{Dataset: b.Dataset, Err: err}
	}
	g := &Grid{Columns: columns, All: b.Table.Len()}
	if b.Limit > 0 {
		most = min(most, b.Limit)
	}
	if err := g.read(b.Table, most, locale); err != nil {
		return nil, &TableError{Dataset: b.Dataset, Err: err}
	}
	if b.Totals && g.All > 0 {
		if err := g.total(b.Table, locale); err != nil {
			return nil, &TableError{Dataset: b.Dataset, Err: err}
		}
	}
	return g, nil
}

// Without leaves columns out, those for which keep is false.
func (g *Grid) Without(keep func(column int) bool) *Grid {
	out := &Grid{All: g.All, Left: g.Left, Rows: make([][]GridCell, len(g.Rows))}
	for j, c := range g.Columns {
		if !keep(j) {
			out.Left++
			continue
		}
		out.Columns = append(out.Columns, c)
		for i, row := range g.Rows {
			out.Rows[i] = append(out.Rows[i], row[j])
		}
		if g.Totals != nil {
			out.Totals = append(out.Totals, g.Totals[j])
		}
	}
	return out
}

// First is the grid with at most so many of its rows, which can be labelled by itself.
func (g *Grid) First(rows int) *Grid {
	out := *g
	out.Rows, out.Totals = g.Rows[:min(rows, len(g.Rows))], slices.Clone(g.Totals)
	return &out
}

// Label puts a label into the totals, in the first column of texts that has none, or in the first of all: the figures
// there may be what rows are told apart by, such as hours.
func (g *Grid) Label(label string) {
	if g.Totals == nil {
		return
	}
	for j, c := range g.Columns {
		if g.Totals[j] == "" && !Figures(c.Type) {
			g.Totals[j] = label
			return
		}
	}
	if g.Totals[0] == "" {
		g.Totals[0] = label
	}
}

// Notes say what of the table is not here.
func (g *Grid) Notes(words Vocabulary) string {
	var notes []string
	switch {
	case g.All == 0:
		return words.NoRows
	case len(g.Rows) < g.All:
		notes = append(notes, words.RowsShown(len(g.Rows), g.All, false))
	}
	if g.Left > 0 {
		notes = append(notes, words.MoreColumns(g.Left, false))
	}
	return strings.Join(notes, " ")
}

func (g *Grid) read(t *table.Table, most int, locale string) error {
	ends, err := g.ends(t)
	if err != nil {
		return err
	}
	for batch, err := range t.Rows().Seq {
		if err != nil {
			return err
		}
		for i := range batch.N {
			if len(g.Rows) == most {
				return nil
			}
			row := make([]GridCell, len(g.Columns))
			for j, c := range g.Columns {
				v := batch.Cols[c.Index].Value(c.Field, i)
				row[j] = GridCell{Text: oneLine(Show(v, c.Field, locale)), Tone: c.Highlight.Tone(v), Share: c.share(v, ends[j])}
			}
			g.Rows = append(g.Rows, row)
		}
	}
	return nil
}

// total adds up by the block's rules.
func (g *Grid) total(t *table.Table, locale string) error {
	rules := slices.Clone(t.Fields())
	for _, c := range g.Columns {
		rules[c.Index].Total = c.Total
	}
	totals, err := Totals(context.Background(), t, rules, table.Spool{})
	if err != nil {
		return err
	}
	g.Totals = make([]string, len(g.Columns))
	for j, c := range g.Columns {
		g.Totals[j] = oneLine(Show(totals[c.Index], c.Field, locale))
	}
	return nil
}

// oneLine keeps a value in its line.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\r\n\t") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}
