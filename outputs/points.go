package outputs

import (
	"fmt"
	"math"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// Points are a chart's figures, ready to be drawn.
type Points struct {
	// X names the points, as a reader sees them; XField is the column that they come from, XValues its values.
	X       []string
	XField  table.Field
	XValues []expr.Value
	Series  []Series
}

// Series is one column of a chart.
type Series struct {
	// Field is the column's, under the block's label and format. Its label is never empty.
	table.Field
	// Second: it stands against the second axis.
	Second bool
	// Values has one a point: a missing one is a gap, and no zero.
	Values []expr.Value
}

// Unseen is the share of a chart's greatest figure below which one on the other side of 0 cannot be seen: an axis makes no room
// for it, which would be mostly blank.
const Unseen = 1.0 / 200

// Plot returns a value as a chart draws it: a percent and a ratio as a share of 1, a duration as a fraction of a day, as
// Excel has them; NaN for a missing one.
func Plot(v expr.Value) float64 {
	switch {
	case !v.Valid:
		return math.NaN()
	case v.Type == expr.Integer:
		return float64(v.Int)
	case v.Type == expr.Duration:
		const day = 24 * 60 * 60 * 1e6
		return float64(v.Int) / day
	case v.Type == expr.Percent:
		return v.Float / 100
	case v.Type == expr.Ratio:
		return v.Float
	case v.Type == expr.Decimal:
		f, _ := v.Dec.Float64()
		return f
	default:
		return math.NaN()
	}
}

// Points reads the chart's figures. A chart of more than [MostPoints] is an error: it would show some of them only. In a
// chart of shares, rows without a figure are no points, and a figure below 0 is an error: it is a share of nothing, and
// programs disagree on how to draw it.
func (c Chart) Points(locale string) (*Points, error) {
	n := c.Table.Len()
	if n > MostPoints {
		return nil, fmt.Errorf("a chart shows at most %d points, and the dataset %q has %d rows; add its rows up with a transform step group or top", MostPoints, c.Dataset, n)
	}
	columns := append([]TableColumn{{Key: c.X}}, c.Y...)
	shown, err := TableBlock{Dataset: c.Dataset, Table: c.Table, Columns: append(columns, c.Y2...)}.Shown()
	if err != nil {
		return nil, fmt.Errorf("chart of dataset %q: %w", c.Dataset, err)
	}
	p := &Points{XField: shown[0].Field}
	for i, s := range shown[1:] {
		if !Figures(s.Type) {
			return nil, fmt.Errorf("a chart draws figures, and the column %q of dataset %q is of type %s", s.Name, c.Dataset, expr.TypeName(s.Type))
		}
		p.Series = append(p.Series, Series{Field: s.Field, Second: i >= len(c.Y)})
	}
	for batch, err := range c.Table.Rows().Seq {
		if err != nil {
			return nil, fmt.Errorf("read dataset %q: %w", c.Dataset, err)
		}
		for i := range batch.N {
			x := batch.Cols[shown[0].Index].Value(p.XField, i)
			if c.Type.Round() {
				figure := batch.Cols[shown[1].Index].Value(shown[1].Field, i)
				if !figure.Valid {
					continue
				}
				if Plot(figure) < 0 {
					return nil, fmt.Errorf("a %s shows shares of a whole, and %s of %q in dataset %q is below 0: %s; use a chart of type bar, or leave such rows out with a transform step where",
						c.Type, shown[1].Name, Show(x, p.XField, locale), c.Dataset, Show(figure, shown[1].Field, locale))
				}
			}
			p.XValues = append(p.XValues, x)
			p.X = append(p.X, Show(x, p.XField, locale))
			for j, s := range shown[1:] {
				p.Series[j].Values = append(p.Series[j].Values, batch.Cols[s.Index].Value(s.Field, i))
			}
		}
	}
	return p, nil
}

// Show returns a value of a column as every medium shows it: as its cell in the workbook does; "" for a missing one.
func Show(v expr.Value, f table.Field, locale string) string {
	switch {
	case !v.Valid:
		return ""
	case f.Format != "":
		return expr.Display(v, f.Format, locale)
	case v.Type == expr.Period:
		return expr.DisplayPeriod(v, f.Grain, locale)
	default:
		return expr.Display(v, expr.DefaultFormat(v.Type, f.Grain, locale), locale)
	}
}
