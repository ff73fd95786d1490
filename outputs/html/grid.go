package html

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// grid is a table as a reader sees it.
type grid struct {
	Columns []column
	Rows    [][]cell
	Totals  []string // nil where there is no totals row
	// Note says that rows are missing, or that there are none.
	Note string

	words outputs.Vocabulary
	// all is how many rows the dataset has, left how many columns stay out.
	all, left int
	// hasRows and hasColumns: the workbook has them all.
	hasRows, hasColumns bool
	// label is the totals' place for their name; -1 where there is none.
	label int
}

// cell is a value with its mark.
type cell struct {
	Text string
	mark
}

type column struct {
	Label string
	// Right aligns figures, so that their digits stand below each other.
	Right bool
	// Wraps lets long texts take several lines; figures and dates are never broken.
	Wraps bool
	// Bars: a bar stands below each figure.
	Bars bool
	// Filled: cells are marked by what is behind them.
	Filled bool

	index     int // among the table's fields
	field     table.Field
	highlight *outputs.Highlight
	// least and greatest of the whole column, as plotted, where its marks need them.
	least, greatest float64
}

// newGrid reads as many rows as the block shows, or so many where it does not say.
func newGrid(b outputs.TableBlock, doc outputs.Document, rows int, look *look) (*grid, error) {
	columns, left, err := columnsOf(b)
	if err != nil {
		return nil, err
	}
	g := &grid{Columns: columns, words: outputs.Words(doc.Locale), all: b.Table.Len(), left: left, label: -1}
	if b.Limit > 0 {
		rows = b.Limit
	}
	if err := g.measure(b.Table); err != nil {
		return nil, err
	}
	if err := g.read(b.Table, rows, doc.Locale, look); err != nil {
		return nil, err
	}
	if g.all == 0 {
		g.Note = g.words.NoRows
		return g, nil // A total of nothing says nothing.
	}
	g.hasRows, g.hasColumns = inWorkbook(b.Dataset, doc)
	if b.Totals {
		if err := g.total(b.Table, doc.Locale); err != nil {
			return nil, err
		}
	}
	g.cut(len(g.Rows))
	return g, nil
}

// cut leaves at most so many rows, and says what is missing.
func (g *grid) cut(most int) {
	g.Rows = g.Rows[:min(most, len(g.Rows))]
	var notes []string
	if g.all > len(g.Rows) {
		notes = append(notes, g.words.RowsShown(len(g.Rows), g.all, g.hasRows))
	}
	if g.left > 0 {
		notes = append(notes, g.words.MoreColumns(g.left, g.hasColumns))
	}
	if g.all > 0 {
		g.Note = strings.Join(notes, " ")
	}
	if g.label >= 0 {
		g.Totals[g.label] = g.words.TotalOf(len(g.Rows), g.all)
	}
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
			Bars: s.Highlight != nil && s.Highlight.Bars && outputs.Figures(s.Type), Filled: s.Highlight != nil && !s.Highlight.Bars,
			index: s.Index, field: s.Field, highlight: s.Highlight,
		})
	}
	return columns, left, nil
}

// measure finds the ends of columns that are marked by them: over all rows, of which perhaps few are shown.
func (g *grid) measure(t *table.Table) error {
	for j := range g.Columns {
		c := &g.Columns[j]
		c.least, c.greatest = math.Inf(1), math.Inf(-1)
		if c.highlight == nil || !c.highlight.Bars && !c.highlight.Scale {
			continue
		}
		for batch, err := range t.Rows().Seq {
			if err != nil {
				return err
			}
			for i := range batch.N {
				if x := outputs.Plot(batch.Cols[c.index].Value(c.field, i)); !math.IsNaN(x) {
					c.least, c.greatest = min(c.least, x), max(c.greatest, x)
				}
			}
		}
	}
	return nil
}

// read takes the first rows of t.
func (g *grid) read(t *table.Table, limit int, locale string, look *look) error {
	for batch, err := range t.Rows().Seq {
		if err != nil {
			return err
		}
		for i := range batch.N {
			if len(g.Rows) == limit {
				return nil
			}
			row := make([]cell, len(g.Columns))
			for j, c := range g.Columns {
				v := batch.Cols[c.index].Value(c.field, i)
				row[j] = cell{Text: c.display(v, locale), mark: c.mark(v, look)}
			}
			g.Rows = append(g.Rows, row)
		}
	}
	return nil
}

// mark is how the column's highlight marks a value.
func (c column) mark(v expr.Value, look *look) mark {
	x := outputs.Plot(v)
	switch {
	case c.highlight == nil || math.IsNaN(x):
		return mark{}
	case c.highlight.Bars:
		if longest := max(c.greatest, -c.least); longest > 0 {
			return look.bar(x / longest)
		}
	case c.highlight.Scale:
		if c.greatest > c.least {
			return look.scale((x-c.least)/(c.greatest-c.least), c.highlight.Good)
		}
	default:
		if tone := c.highlight.Tone(v); tone != outputs.ToneNone {
			return look.tone(tone)
		}
	}
	return mark{}
}

// total adds the totals row, over all rows of t and not only those shown.
func (g *grid) total(t *table.Table, locale string) error {
	rules := slices.Clone(t.Fields())
	for _, c := range g.Columns {
		rules[c.index].Total = c.field.Total
	}
	totals, err := outputs.Totals(context.Background(), t, rules, table.Spool{})
	if err != nil {
		return err
	}
	g.Totals = make([]string, len(g.Columns))
	for j, c := range g.Columns {
		g.Totals[j] = c.display(totals[c.index], locale)
	}
	for j, c := range g.Columns {
		if g.Totals[j] == "" && !c.Right {
			g.label = j
			break
		}
	}
	return nil
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
