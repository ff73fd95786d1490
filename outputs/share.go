package outputs

import (
	"math"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// ends are the least and the greatest figure of a column, as plotted.
type ends struct{ least, greatest float64 }

// ends finds those of the columns that are marked by them, over all rows of t and not only those that are shown.
func (g *Grid) ends(t *table.Table) ([]ends, error) {
	found := make([]ends, len(g.Columns))
	var marked []int
	for j, c := range g.Columns {
		found[j] = ends{math.Inf(1), math.Inf(-1)}
		if c.Bars() || c.Scale() {
			marked = append(marked, j)
		}
	}
	if len(marked) == 0 {
		return found, nil
	}
	for batch, err := range t.Rows().Seq {
		if err != nil {
			return nil, err
		}
		for _, j := range marked {
			c, e := g.Columns[j], &found[j]
			for i := range batch.N {
				if x := Plot(batch.Cols[c.Index].Value(c.Field, i)); !math.IsNaN(x) {
					e.least, e.greatest = min(e.least, x), max(e.greatest, x)
				}
			}
		}
	}
	return found, nil
}

// Bars reports whether each figure of the column has a bar.
func (c ShownColumn) Bars() bool { return c.Highlight != nil && c.Highlight.Bars && Figures(c.Type) }

// Scale reports whether each figure of the column is marked by where it stands between the others.
func (c ShownColumn) Scale() bool { return c.Highlight != nil && c.Highlight.Scale }

// share is the [GridCell.Share] of a value.
func (c ShownColumn) share(v expr.Value, e ends) float64 {
	x := Plot(v)
	switch {
	case c.Bars():
		if longest := max(e.greatest, -e.least); longest > 0 {
			return x / longest
		}
	case c.Scale():
		if e.greatest > e.least {
			return (x - e.least) / (e.greatest - e.least)
		}
	}
	return math.NaN()
}
