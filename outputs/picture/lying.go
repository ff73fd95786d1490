package picture

import (
	"math"

	"github.com/reportform/reportform/outputs"
)

// lying draws bars: names at the left, the first row at the top. Bars of one series end in their figures, and need no
// axis then.
func (d *drawing) lying() {
	first, second := d.layers()
	d.legend()
	b := d.bed(first, second)
	d.bars(b, first)
	d.upright(b.x(b.first, max(0, b.first.low())), b.plot.top, b.plot.bottom, axis)
	for _, l := range second {
		d.across(b, l)
	}
}

// bed is where bars lie.
type bed struct {
	plot          rect
	names         float64 // where names end
	first, second scale
	band          float64
	labels        []string // figures at the bars' ends; nil where an axis tells them
}

func (b bed) x(s scale, v float64) float64 { return b.plot.left + s.share(v)*b.plot.width() }
func (b bed) middle(i int) float64         { return b.plot.top + b.band*(float64(i)+0.5) }

// bed writes names and axes, and returns what they leave.
func (d *drawing) bed(first, second []layer) bed {
	const gap, line, most = 8.0, 18.0, 0.38
	b := bed{plot: d.room}
	lo, hi := extent(first, true)
	field := first[0].series.Field
	width := math.Ceil(min(d.room.width()*most, d.widest(d.names)))
	b.names = b.plot.left + width
	b.plot.left = b.names + gap
	if len(d.points.Series) == 1 && b.plot.height()/float64(len(d.names)) >= small {
		for _, v := range first[0].series.Values {
			b.labels = append(b.labels, outputs.Show(v, field, d.locale))
		}
		room := math.Ceil(d.widest(b.labels)) + gap
		b.plot.right -= room
		if lo < 0 {
			b.plot.left += room
		}
		b.first = exact(lo, hi)
	} else {
		b.plot.bottom -= line
		if len(second) > 0 {
			b.plot.top += line
		}
		d.upAxes(&b, span{lo, hi, field}, second)
	}
	b.band = b.plot.height() / float64(len(d.names))
	d.besides(b, width)
	return b
}

// exact is a scale without ticks that ends where the figures do.
func exact(lo, hi float64) scale {
	if lo == hi {
		hi = lo + 1
	}
	const fine = 1e6
	step := (hi - lo) / fine
	return scale{first: int(math.Round(lo / step)), last: int(math.Round(hi / step)), step: step}
}

// upAxes draws the axes below and above the bars, with as many ticks as their labels leave room for.
func (d *drawing) upAxes(b *bed, first span, second []layer) {
	const between, most, line = 20.0, 6, 18.0
	label := d.measure(show(first.hi, first.field, "", d.locale))
	b.plot.right -= max(0, label/2-margin/2) // the last one stands half beyond
	intervals := max(fewest+1, min(most, int(b.plot.width()/(label+between))))
	if len(second) == 0 {
		b.first = fitting(first.lo, first.hi, intervals, first.field, d.locale)
	} else {
		lo, hi := extent(second, false)
		b.first, b.second = sharing(first, span{lo, hi, second[0].series.Field}, intervals, d.locale)
		d.upAxis(*b, b.second, b.plot.top-line/2-2)
	}
	d.upAxis(*b, b.first, b.plot.bottom+line/2+2)
}

// upAxis writes the ticks of a scale that runs from left to right, and their lines.
func (d *drawing) upAxis(b bed, s scale, y float64) {
	const apart = 6.0
	ticks := s.ticks()
	written := math.Inf(-1)
	for i, label := range ticks {
		x := b.plot.left + float64(i)/float64(len(ticks)-1)*b.plot.width()
		d.upright(x, b.plot.top, b.plot.bottom, grid)
		half := d.measure(label) / 2
		x = min(x, d.width-4-half)
		if x-half < written+apart {
			continue // Its line stands without it.
		}
		d.text(point{x, y}, middle, quiet, label)
		written = x + half
	}
}

// besides writes names beside their bars, in up to two lines; where bars are thinner than a line, some give way.
func (d *drawing) besides(b bed, width float64) {
	const line = 13.0
	every := int(math.Ceil(line / b.band))
	most := 1
	if b.band >= 2*line {
		most = 2
	}
	for i := 0; i < len(d.names); i += every {
		lines, _ := d.wrap(d.names[i], width+1, most)
		for j, text := range lines {
			y := b.middle(i) + line*(float64(j)-float64(len(lines)-1)/2)
			d.text(point{b.names, y}, end, ink, text)
		}
	}
}

// bars draws layers as bars, below each other or stacked.
func (d *drawing) bars(b bed, layers []layer) {
	const taken, thickest, gap = 0.68, 28.0, 1.0
	rows := len(layers)
	if d.chart.Type.Stacked() {
		rows = 1
	}
	thick := min(thickest, b.band*taken/float64(rows))
	for k, l := range layers {
		for i, v := range l.values {
			if math.IsNaN(v) {
				continue
			}
			top := b.middle(i) - thick*float64(rows)/2
			if rows > 1 {
				top += thick * float64(k)
			}
			bottom := top + thick
			if rows > 1 && thick > 3*gap {
				bottom -= gap
			}
			from, to := b.x(b.first, l.base[i]), b.x(b.first, v)
			if from != to {
				d.box(rect{min(from, to), top, max(from, to), bottom}, l.colour)
			}
			if d.chart.Type.Stacked() && k > 0 && math.Abs(to-from) > 3*gap {
				d.box(rect{from - gap/2, top, from + gap/2, bottom}, paper)
			}
			if b.labels != nil {
				d.beside(to, b.middle(i), v < 0, b.labels[i])
			}
		}
	}
}

// beside writes a bar's figure at its end.
func (d *drawing) beside(x, y float64, negative bool, label string) {
	const gap = 6
	if negative {
		d.text(point{x - gap, y}, end, ink, label)
		return
	}
	d.text(point{x + gap, y}, begin, ink, label)
}

// across draws a layer of the second axis: a line down the bars.
func (d *drawing) across(b bed, l layer) {
	var run []point
	for i, v := range append(l.values, math.NaN()) {
		if math.IsNaN(v) {
			d.stroke(run, 2, l.colour)
			for _, at := range run {
				d.dot(at, 4, paper)
				d.dot(at, 3, l.colour)
			}
			run = nil
			continue
		}
		run = append(run, point{b.x(b.second, v), b.middle(i)})
	}
}
