package picture

import (
	"math"

	"github.com/reportform/reportform/outputs"
)

// columns draws layers as columns, beside each other or stacked, with their figures where these have room.
func (d *drawing) columns(f frame, layers []layer) {
	const (
		taken  = 0.72 // of the band
		widest = 48.0
		gap    = 1.0 // between columns of one point
	)
	side := len(layers)
	if d.chart.Type.Stacked() {
		side = 1
	}
	width := min(widest, f.band*taken/float64(side))
	labels := d.figures(f, layers)
	for k, l := range layers {
		for i, v := range l.values {
			if math.IsNaN(v) || v == l.base[i] {
				continue
			}
			left := f.centres[i] - width*float64(side)/2
			if side > 1 {
				left += width * float64(k)
			}
			right := left + width
			if side > 1 && width > 3*gap {
				right -= gap
			}
			top, bottom := f.y(f.first, v), f.y(f.first, l.base[i])
			d.box(rect{left, min(top, bottom), right, max(top, bottom)}, l.colour)
			if d.chart.Type.Stacked() && k > 0 && math.Abs(top-bottom) > 3*gap {
				d.box(rect{left, bottom - gap/2, right, bottom + gap/2}, paper)
			}
		}
	}
	const above = 9
	for i, label := range labels {
		y := f.y(f.first, layers[0].values[i]) - above
		if layers[0].values[i] < 0 {
			y += 2 * above
		}
		d.text(point{f.centres[i], y}, middle, ink, label)
	}
}

// figures are the labels of single columns, nil where they do not all fit.
func (d *drawing) figures(f frame, layers []layer) []string {
	const most, between = 16, 6
	if len(layers) > 1 || len(d.points.Series) > 1 || len(d.names) > most {
		return nil
	}
	s := layers[0].series
	labels := make([]string, len(s.Values))
	for i, v := range s.Values {
		labels[i] = outputs.Show(v, s.Field, d.locale)
	}
	if d.widest(labels)+between > f.band {
		return nil
	}
	return labels
}

// lines draws layers as lines against a scale. A missing figure is a gap; one between two gaps is a dot.
func (d *drawing) lines(f frame, layers []layer, s scale) {
	const (
		thick, thin = 2.25, 1.5
		many        = 40 // points, of which each has no dot any more
		crowd       = 400
	)
	n := len(d.names)
	width := thick
	if n > crowd {
		width = thin
	}
	for _, l := range layers {
		for _, run := range d.runs(f, l.values, s) {
			d.stroke(run, width, l.colour)
			if n > many && len(run) > 1 {
				continue
			}
			for _, at := range run {
				d.dot(at, 4, paper)
				d.dot(at, 3, l.colour)
			}
		}
	}
}

// runs are the points of a series between its gaps.
func (d *drawing) runs(f frame, values []float64, s scale) [][]point {
	var runs [][]point
	open := false
	for i, v := range values {
		if math.IsNaN(v) {
			open = false
			continue
		}
		at := point{f.centres[i], f.y(s, v)}
		if !open {
			runs, open = append(runs, nil), true
		}
		runs[len(runs)-1] = append(runs[len(runs)-1], at)
	}
	return runs
}

// areas fills what is below lines: stacked ones wholly, others so that one is seen through the other.
func (d *drawing) areas(f frame, layers []layer) {
	const clear = 0.18
	if d.chart.Type.Stacked() {
		for _, l := range layers {
			d.fill(d.closed(f, l.values, l.base), outputs.Mix(l.colour, paper, 0.12), 1)
		}
		for _, l := range layers[:len(layers)-1] {
			d.stroke(d.runs(f, l.values, f.first)[0], 1, paper)
		}
		return
	}
	zero := f.y(f.first, max(0, f.first.low()))
	for _, l := range layers {
		for _, run := range d.runs(f, l.values, f.first) {
			under := append([]point{{run[0].x, zero}}, run...)
			d.fill(append(under, point{run[len(run)-1].x, zero}), l.colour, clear)
		}
	}
	d.lines(f, layers, f.first)
}

// closed is the outline of a stacked area: along its top, and back along its base.
func (d *drawing) closed(f frame, top, base []float64) []point {
	var out []point
	for i, v := range top {
		out = append(out, point{f.centres[i], f.y(f.first, v)})
	}
	for i := len(base) - 1; i >= 0; i-- {
		out = append(out, point{f.centres[i], f.y(f.first, base[i])})
	}
	return out
}
