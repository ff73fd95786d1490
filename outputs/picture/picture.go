// Package picture draws charts as PNGs, for media that know no charts of their own.
//
// It draws with gonum's canvas and letters, and lays out axes itself: plotting libraries are made for papers, and give no
// second axis, no shares of a whole, no ticks of a clock and no names that give way to each other.
package picture

import (
	"math"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/expr"
)

// Draw returns a chart as a PNG, width CSS pixels wide and scale dots to each of them, so that 2 is sharp on a phone.
// theme is whole (see [outputs.Theme.Whole]). The chart's title is left to the text around it, which readers can enlarge.
// The same chart gives the same bytes.
func Draw(p *outputs.Points, c outputs.Chart, theme outputs.Theme, locale string, width int, scale float64) ([]byte, error) {
	canvas, err := newPen(width, Height(p, c, width), scale)
	if err != nil {
		return nil, err
	}
	d := &drawing{
		pen: canvas, points: p, chart: c, theme: theme, locale: locale, names: p.Names(locale),
		room: rect{margin, margin, canvas.width - margin, canvas.height - margin},
	}
	switch {
	case empty(p):
		d.text(point{canvas.width / 2, canvas.height / 2}, middle, quiet, outputs.Words(locale).NoRows)
	case c.Type.Round():
		d.round()
	case c.Type.Lying():
		d.lying()
	default:
		d.standing()
	}
	return encode(canvas.image())
}

// drawing is a chart on its way onto a canvas.
type drawing struct {
	*pen
	points *outputs.Points
	chart  outputs.Chart
	theme  outputs.Theme
	locale string
	names  []string
	// room is what is left of the canvas.
	room rect
}

// margin is around a chart in CSS pixels: seen where what it stands on is dark.
const margin = 8

// Heights in CSS pixels of what only says that it is empty, and of a pie without a legend below it.
const (
	nothing = 80
	disc    = 220
)

// Height is how high [Draw] draws a chart at a width, in CSS pixels. Where its block does not say, bars get room enough
// for their names, and what is narrow is not higher than it is wide.
func Height(p *outputs.Points, c outputs.Chart, width int) int {
	const row, around, second, most = 26, 44, 24, 1200
	switch {
	case empty(p):
		return nothing
	case c.Height > 0:
		return c.Height
	case c.Type.Round() && narrow(float64(width)):
		return disc + int(partLine)*min(mostSlices, len(p.X))
	case c.Type.Round():
		return disc
	case c.Type.Lying():
		thick := row
		if !c.Type.Stacked() {
			const bar = 12
			thick = max(row, bar*len(c.Y)+row/2)
		}
		tall := around + thick*len(p.X)
		if len(c.Y2) > 0 {
			tall += second
		}
		return min(most, tall)
	default:
		return min(outputs.ChartHeight, width*5/6)
	}
}

// empty reports whether there is no figure to draw.
func empty(p *outputs.Points) bool {
	for _, s := range p.Series {
		for _, v := range s.Values {
			if v.Valid {
				return false
			}
		}
	}
	return true
}

// values are the plotted figures of a series: NaN where one is missing.
func values(s outputs.Series) []float64 {
	out := make([]float64, len(s.Values))
	for i, v := range s.Values {
		out[i] = outputs.Plot(v)
	}
	return out
}

// layer is a series as it is drawn: from what it stands on to where it ends.
type layer struct {
	series       outputs.Series
	colour       string
	base, values []float64
}

// layers are the series at the first axis and those at the second one, which are never stacked.
func (d *drawing) layers() (first, second []layer) {
	n := len(d.points.X)
	up, down := make([]float64, n), make([]float64, n)
	for i, s := range d.points.Series {
		l := layer{series: s, colour: d.theme.Series(i), base: make([]float64, n), values: values(s)}
		if s.Second {
			second = append(second, l)
			continue
		}
		if d.chart.Type.Stacked() {
			for j, v := range l.values {
				pile := up
				if v < 0 {
					pile = down
				}
				if math.IsNaN(v) {
					v = 0 // What is missing adds nothing to the pile.
				}
				l.base[j] = pile[j]
				pile[j] += v
				l.values[j] = pile[j]
			}
		}
		first = append(first, l)
	}
	return first, second
}

// extent is the least and the greatest figure of layers, and 0 where their marks begin there.
func extent(layers []layer, fromZero bool) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, l := range layers {
		for _, v := range l.values {
			if !math.IsNaN(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	if lo > hi {
		return 0, 0 // all missing
	}
	if lo < 0 && -lo < hi*outputs.Unseen {
		lo = 0
	}
	if hi > 0 && hi < -lo*outputs.Unseen {
		hi = 0
	}
	// Lines begin at 0, too, unless they would be nearly flat there: by Excel's rule, so that both charts look alike. Those of
	// times always do: of a wait of 21 seconds and one of 22 nobody is to see an abyss.
	const flat = 5.0 / 6
	fromZero = fromZero || layers[0].series.Type == expr.Duration
	if fromZero || lo > 0 && (lo < hi*flat || lo == hi) {
		lo = min(lo, 0)
	}
	if fromZero || hi < 0 && (hi > lo*flat || lo == hi) {
		hi = max(hi, 0)
	}
	return lo, hi
}
