package html

import (
	"cmp"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/expr"
)

// grid is a table as a reader sees it.
type grid struct {
	Columns []column
	Rows    [][]cell
	Totals  []string // nil where there is no totals row
	// Note says that rows are missing, or that there are none.
	Note string

	// whole has all rows that the mail would show if it could be of any size.
	whole *outputs.Grid
	look  *look
	words outputs.Vocabulary
	// hasRows and hasColumns: the workbook has them all.
	hasRows, hasColumns bool
	// roomy is how many columns there is room for in letters of the usual size.
	roomy int
}

// cell is a value with its mark.
type cell struct {
	Text string
	mark
}

// longWord is how many letters a word has that is broken rather than pushing the other columns out of sight. Shorter ones stay
// whole: a column would shrink to single letters before a table is scrolled.
const longWord = 24

// Long reports whether the text has a word that is broken where there is no room for it, such as an address.
func (c cell) Long() bool {
	for word := range strings.FieldsSeq(c.Text) {
		if utf8.RuneCountInString(word) > longWord {
			return true
		}
	}
	return false
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
}

// newGrid reads as many rows as the block shows, or so many where it does not say, of the columns that a mail has room for.
func newGrid(b outputs.TableBlock, doc outputs.Document, rows int, look *look) (*grid, error) {
	shown, err := b.Shown()
	if err != nil {
		return nil, err
	}
	hasRows, hasColumns := inWorkbook(b.Dataset, doc)
	few, left := b.Few(shown)
	whole, err := b.Choosing(few).Grid(doc.Locale, cmp.Or(b.Limit, rows))
	if err != nil {
		return nil, err
	}
	whole.Left = left
	g := &grid{whole: whole, look: look, words: outputs.Words(doc.Locale), hasRows: hasRows, hasColumns: hasColumns}
	for _, c := range whole.Columns {
		g.Columns = append(g.Columns, column{
			Label: c.Label, Right: outputs.Figures(c.Type), Wraps: c.Type == expr.Text || c.Type == expr.Any,
			Bars: c.Bars(), Filled: c.Highlight != nil && !c.Highlight.Bars,
		})
	}
	g.cut(len(whole.Rows))
	return g, nil
}

// cut leaves at most so many rows, and says what is missing.
func (g *grid) cut(most int) {
	part := g.whole.First(most)
	if part.All == 0 {
		g.Note = g.words.NoRows
		return
	}
	part.Label(g.words.TotalOf(len(part.Rows), part.All))
	g.Totals, g.Rows = part.Totals, make([][]cell, len(part.Rows))
	for i, row := range part.Rows {
		for j, c := range row {
			g.Rows[i] = append(g.Rows[i], cell{Text: c.Text, mark: g.look.mark(part.Columns[j], c)})
		}
	}
	var notes []string
	if part.All > len(part.Rows) {
		notes = append(notes, g.words.RowsShown(len(part.Rows), part.All, g.hasRows))
	}
	if part.Left > 0 {
		notes = append(notes, g.words.MoreColumns(part.Left, g.hasColumns))
	}
	g.Note = strings.Join(notes, " ")
}

// mark is how a column's highlight marks a cell.
func (l *look) mark(column outputs.ShownColumn, c outputs.GridCell) mark {
	switch {
	case c.Tone != outputs.ToneNone:
		return l.tone(c.Tone)
	case math.IsNaN(c.Share):
		return mark{}
	case column.Bars():
		return l.bar(c.Share)
	default:
		return l.scale(c.Share, column.Highlight.Good)
	}
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
