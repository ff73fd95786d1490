package picture

import "github.com/reportform/reportform/outputs"

// legend names the series above the chart, from the left, in as many lines as they need. One series alone is named by
// the chart's title, where it has one.
func (d *drawing) legend() {
	series := d.points.Series
	if len(series) == 1 && d.chart.Title != "" {
		return
	}
	const (
		line, near, apart = 20.0, 6.0, 18.0
		below             = 8.0
	)
	x, y := d.room.left, d.room.top+line/2-2
	for i, s := range series {
		name := s.Label
		if s.Second {
			name += " (" + d.secondAxis() + ")"
		}
		name = d.cut(name, d.room.width()-swatch-near)
		width := swatch + near + d.measure(name)
		if x > d.room.left && x+width > d.room.right {
			x, y = d.room.left, y+line
		}
		if d.asLine(s) {
			d.stroke([]point{{x - 1, y}, {x + swatch + 1, y}}, 2.5, d.theme.Series(i))
		} else {
			d.box(rect{x, y - swatch/2, x + swatch, y + swatch/2}, d.theme.Series(i))
		}
		d.text(point{x + swatch + near, y}, begin, ink, name)
		x += width + apart
	}
	d.room.top = y + line/2 + below
}

// asLine reports whether a series is drawn as one.
func (d *drawing) asLine(s outputs.Series) bool {
	return s.Second || d.chart.Type == outputs.ChartLine
}

// secondAxis says where it stands.
func (d *drawing) secondAxis() string {
	if d.chart.Type.Lying() {
		return outputs.Words(d.locale).UpperAxis
	}
	return outputs.Words(d.locale).SecondAxis
}
