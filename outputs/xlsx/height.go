package xlsx

import (
	"context"
	"fmt"
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

// taller is how much higher the table's rows are together than rows of one line, in points.
func (t *tableSection) taller(ctx context.Context, g *grid) (points float64, err error) {
	wrapped := t.heights()
	if len(wrapped) == 0 || t.rows > mostWrapped {
		return 0, nil
	}
	for _, c := range wrapped {
		c.room = g.width(c.column) - cellMargin
	}
	n := 0
	for batch, err := range t.block.Table.Rows().Seq {
		if err != nil {
			return 0, fmt.Errorf("read table %q: %w", t.block.Dataset, err)
		}
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		for i := range min(batch.N, t.rows-n) {
			if high := wrapped.of(batch.Cols, i); high > 0 {
				points += high - rowHeight
			}
		}
		if n += batch.N; n >= t.rows {
			break
		}
	}
	return points, nil
}

// average is how high the table's rows are, in points.
func (t *tableSection) average() float64 { return rowHeight + t.beyond/float64(max(1, t.rows)) }

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
