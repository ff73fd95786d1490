package picture

import (
	"math"

	"github.com/reportform/reportform/outputs"
)

// standing draws columns, lines and areas: names below, figures from bottom to top.
func (d *drawing) standing() {
	first, second := d.layers()
	d.legend()
	f := d.frame(first, second)
	switch d.chart.Type {
	case outputs.ChartArea, outputs.ChartStackedArea:
		d.areas(f, first)
	case outputs.ChartLine:
		d.lines(f, first, f.first)
	default:
		d.columns(f, first)
	}
	d.level(f.plot.left, f.plot.right, f.y(f.first, max(0, f.first.low())), axis)
	if len(second) > 0 {
		d.lines(f, second, f.second)
	}
}

// frame is where a standing chart's marks go.
type frame struct {
	plot          rect
	first, second scale
	// centres are the points' places from left to right, band the room of each.
	centres []float64
	band    float64
}

func (f frame) y(s scale, v float64) float64 {
	return f.plot.bottom - s.share(v)*f.plot.height()
}

// frame draws axes and grid, and returns what they leave.
func (d *drawing) frame(first, second []layer) frame {
	const (
		line = 18.0 // a line of names
		gap  = 8.0
		tick = 36.0 // between two lines of the grid, at least
	)
	f := frame{plot: d.room}
	f.plot.top += small / 2 // half of the topmost label
	fromZero := d.chart.Type != outputs.ChartLine
	lo, hi := extent(first, fromZero)
	// The names' height follows from the room that the figures leave, and how many figures there are from that height:
	// first it is taken to be one line.
	intervals := max(2, min(6, int((f.plot.height()-line)/tick)))
	f.first = fitting(lo, hi, intervals, first[0].series.Field, d.locale)
	var right []string
	if len(second) > 0 {
		low, high := extent(second, false)
		f.first, f.second = sharing(span{lo, hi, first[0].series.Field}, span{low, high, second[0].series.Field}, intervals, d.locale)
		right = f.second.ticks()
		f.plot.right -= math.Ceil(d.widest(right)) + gap
	}
	left := f.first.ticks()
	f.plot.left += math.Ceil(d.widest(left)) + gap
	f.spread(len(d.names), fromZero || len(second) > 0)
	names := d.place(f)
	f.plot.bottom -= names.height
	for i := range left {
		y := f.plot.bottom - float64(i)/float64(len(left)-1)*f.plot.height()
		d.level(f.plot.left, f.plot.right, y, grid)
		d.text(point{f.plot.left - gap, y}, end, quiet, left[i])
		if right != nil {
			d.text(point{f.plot.right + gap, y}, begin, quiet, right[i])
		}
	}
	d.write(f, names)
	return f
}

// spread places the points. Columns stand in bands; a line runs from edge to edge, but for half of a name.
func (f *frame) spread(n int, bands bool) {
	f.band = f.plot.width() / float64(n)
	inset := f.band / 2
	if !bands {
		const half = 18
		inset = min(inset, half)
	}
	for i := range n {
		x := (f.plot.left + f.plot.right) / 2
		if n > 1 {
			x = f.plot.left + inset + float64(i)/float64(n-1)*(f.plot.width()-2*inset)
		}
		f.centres = append(f.centres, x)
	}
	if n > 1 {
		f.band = f.centres[1] - f.centres[0]
	}
}
