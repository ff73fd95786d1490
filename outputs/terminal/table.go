package terminal

import (
	"slices"
	"strings"

	"github.com/fatih/color"
	"github.com/mattn/go-runewidth"

	"github.com/reportform/reportform/outputs"
)

// widest is how wide a column of texts may be; what is longer is cut, since a table that wraps cannot be read.
const widest = 36

// column is one of a table as it is printed.
type column struct {
	// label are the lines of the header.
	label []string
	cells []string
	right bool
	width int
	// mark is the room for the bar or the level after each figure, with the space before it; 0 where there is none.
	mark int
}

// table shows the first rows of a block, with as many columns as there is room for.
func (s *screen) table(b outputs.TableBlock) error {
	g, err := b.Grid(s.doc.Locale, mostRows)
	if err != nil {
		return err
	}
	g.Label(s.words.TotalOf(len(g.Rows), g.All))
	columns := make([]column, len(g.Columns))
	keep := make([]bool, len(g.Columns))
	used, room := 0, s.width+len(between)
	full := false
	for j := range g.Columns {
		columns[j] = s.column(g, j)
	}
	labelled(g, columns)
	for j := range columns {
		need := columns[j].width + len(between)
		// In order, so that what is left out is what comes last; one there is at least.
		full = full || j > 0 && used+need > room
		if keep[j] = !full; keep[j] {
			used += need
		}
	}
	columns = columns[:max(1, len(keep)-count(keep, false))]
	g = g.Without(func(j int) bool { return keep[j] })
	mark(g, columns, room-used)
	s.part(s.lay(g, columns)...)
	return nil
}

func count(flags []bool, of bool) (n int) {
	for _, f := range flags {
		if f == of {
			n++
		}
	}
	return n
}

// labelled widens the first column for the label of the totals, where the cells beside it have totals: over empty ones it reaches.
func labelled(g *outputs.Grid, columns []column) {
	if g.Totals == nil {
		return
	}
	first := &columns[0]
	room := first.width
	for j := 1; j < len(columns) && g.Totals[j] == "" && !first.right; j++ {
		room += len(between) + columns[j].width
	}
	first.width += max(0, runewidth.StringWidth(first.cells[len(g.Rows)])-room)
}

// column measures a column, totals included, which come last among its cells; but for the first one, see [labelled].
func (s *screen) column(g *outputs.Grid, j int) column {
	c := column{right: outputs.Figures(g.Columns[j].Type)}
	add := func(text string) {
		text = s.cut(text, min(widest, s.width))
		c.width = max(c.width, runewidth.StringWidth(text))
		c.cells = append(c.cells, text)
	}
	for _, row := range g.Rows {
		add(row[j].Text)
	}
	if rows := c.width; g.Totals != nil {
		if add(g.Totals[j]); j == 0 {
			c.width = rows
		}
	}
	const narrow = 10 // a label is not broken to be narrower
	c.label = wrap(s.cut(g.Columns[j].Label, min(3*widest, s.width)), max(c.width, narrow))
	for _, line := range c.label {
		c.width = max(c.width, runewidth.StringWidth(line))
	}
	return c
}

// totals is the last row, whose label reaches over the empty cells beside it.
func (s *screen) totals(g *outputs.Grid, columns []column) string {
	first, rest := columns[0], columns[1:]
	label := first.cells[len(g.Rows)]
	width := first.width + first.mark
	for len(rest) > 0 && runewidth.StringWidth(label) > width {
		width += len(between) + rest[0].width + rest[0].mark
		rest = rest[1:]
	}
	cells := []string{s.color(color.Bold, pad(label, width-first.mark, first.right)) + strings.Repeat(" ", first.mark)}
	for _, c := range rest {
		cells = append(cells, s.color(color.Bold, pad(c.cells[len(g.Rows)], c.width, c.right))+strings.Repeat(" ", c.mark))
	}
	return strings.Join(cells, between)
}

// lay prints header, rows, totals and what is missing.
func (s *screen) lay(g *outputs.Grid, columns []column) []string {
	var lines []string
	line := func(cell func(j int) string) {
		cells := make([]string, len(columns))
		for j := range columns {
			cells[j] = cell(j)
		}
		lines = append(lines, strings.Join(cells, between))
	}
	rule := func() {
		line(func(j int) string {
			return s.color(color.Faint, strings.Repeat("─", columns[j].width+columns[j].mark))
		})
	}
	height := len(slices.MaxFunc(columns, func(a, b column) int { return len(a.label) - len(b.label) }).label)
	for h := range height {
		line(func(j int) string {
			c, text := columns[j], ""
			// Labels stand on the rule, as in a printed table.
			if skip := height - len(c.label); h >= skip {
				text = c.label[h-skip]
			}
			return s.color(color.Bold, pad(text, c.width, c.right)) + strings.Repeat(" ", c.mark)
		})
	}
	rule()
	for i, row := range g.Rows {
		line(func(j int) string {
			c := columns[j]
			return s.tone(row[j].Tone, pad(c.cells[i], c.width, c.right)) + s.mark(g.Columns[j], row[j], c.mark)
		})
	}
	notes := g.Notes(s.words)
	if len(g.Rows) < g.All {
		notes = "… " + notes
	}
	if g.Totals != nil {
		rule()
		lines = append(lines, s.totals(g, columns))
	}
	if notes != "" {
		lines = append(lines, s.painted(color.Faint, s.wrap(notes))...)
	}
	return lines
}
