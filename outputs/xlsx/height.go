package xlsx

import (
	"strings"

	"github.com/reportform/reportform/runner/table"
)

// heights are what rows need whose texts have several lines. LibreOffice draws those over the neighbours of a row of the
// sheet's own height, and Excel hides them; neither fits rows to their content in a sheet that says how high rows are.
type heights []*shown

// heights looks at the columns that have such texts, nearly always none.
func (t *tableSection) heights() (columns heights) {
	for i := range t.columns[:t.seen] {
		if c := &t.columns[i]; c.broken {
			columns = append(columns, c)
		}
	}
	return columns
}

// of is the height of row i in points; 0, the sheet's own, for a row of one line.
func (h heights) of(vectors []table.Vector, i int) float64 {
	const most, each, air = 12, 13.0, 3.5 // lines; what is beyond them is read in the cell itself
	lines := 1
	for _, c := range h {
		v := &vectors[c.field]
		if !v.Valid[i] {
			continue
		}
		n := 0
		for line := range strings.Lines(v.Strs[i]) {
			if n += wrappedLines(line, c.room); n >= most {
				break
			}
		}
		lines = max(lines, min(n, most))
	}
	if lines == 1 {
		return 0
	}
	return each*float64(lines) + air
}
