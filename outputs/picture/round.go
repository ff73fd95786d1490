package picture

import (
	"cmp"
	"math"
	"slices"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/expr"
)

// slice is a part of a whole.
type slice struct {
	name, figure, share string
	part                float64 // of 1
	colour              string
}

// mostSlices are told apart; what is smaller is added up to one.
const mostSlices = 8

// round draws a pie or a doughnut from twelve o'clock on, with a legend that gives each part's figure and share.
func (d *drawing) round() {
	parts, legend := d.slices(), d.room
	const between = 28
	var radius float64
	var centre point
	if below := partLine*float64(len(parts)) + between/2; narrow(d.width) && d.room.height() > below+disc/2 {
		radius = min(d.room.width(), d.room.height()-below) / 2
		centre = point{(d.room.left + d.room.right) / 2, d.room.top + radius}
		legend.top = centre.y + radius + between/2
	} else {
		radius = d.radius(parts, between)
		centre = point{d.room.left + radius, (d.room.top + d.room.bottom) / 2}
		legend.left = centre.x + radius + between
	}
	d.disc(parts, centre, radius)
	d.parts(parts, legend)
}

// disc draws the slices.
func (d *drawing) disc(parts []slice, centre point, radius float64) {
	hole := 0.0
	if d.chart.Type == outputs.ChartDoughnut {
		hole = radius * 0.58
	}
	turn := -math.Pi / 2
	d.sector(centre, hole, radius, turn, turn+2*math.Pi, grid) // seen where all figures are 0
	for _, s := range parts {
		next := turn + 2*math.Pi*s.part
		d.sector(centre, hole, radius, turn, next, s.colour)
		at := max(radius*0.66, (hole+radius)/2)
		if room := (next - turn) * at; room > d.measure(s.share) && room > small*1.5 {
			sin, cos := math.Sincos((turn + next) / 2)
			d.stress(point{centre.x + at*cos, centre.y + at*sin}, middle, contrast(s.colour), s.share)
		}
		turn = next
	}
	for _, s := range parts {
		if s.part > 0 && s.part < 1 {
			d.seam(centre, hole, radius, turn)
		}
		turn += 2 * math.Pi * s.part
	}
}

// slices are the chart's parts in the order of its rows, each in the colour that it has in a workbook. Where there are
// too many to tell apart, the greatest stay and the others are one.
func (d *drawing) slices() []slice {
	s := d.points.Series[0]
	plotted := values(s)
	sum, kept := greatest(plotted)
	var out []slice
	add := func(name, figure, colour string, v float64) {
		part := 0.0
		if sum > 0 {
			part = v / sum
		}
		out = append(out, slice{name: name, figure: figure, share: d.percent(part), part: part, colour: colour})
	}
	others, left := 0, 0.0
	for i, v := range plotted {
		switch {
		case kept[i]:
			add(d.names[i], outputs.Show(s.Values[i], s.Field, d.locale), d.theme.Series(i), v)
		default:
			others++
			left += v
		}
	}
	if others > 0 {
		add(outputs.Words(d.locale).Others(others), show(left, s.Field, s.Format, d.locale), rest, left)
	}
	return out
}

// greatest returns the sum of the figures, and which of them have a slice of their own.
func greatest(plotted []float64) (sum float64, kept []bool) {
	order := make([]int, len(plotted))
	for i, v := range plotted {
		sum += v
		order[i] = i
	}
	if len(order) > mostSlices {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(plotted[b], plotted[a]) })
		order = order[:mostSlices-1]
	}
	kept = make([]bool, len(plotted))
	for _, i := range order {
		kept[i] = true
	}
	return sum, kept
}

func (d *drawing) percent(share float64) string {
	format := "0%"
	if share > 0 && share < 0.005 || share > 0.995 && share < 1 {
		format = "0.0%"
	}
	return expr.Display(expr.RatioValue(share), format, d.locale)
}

// arc are points on a circle, clockwise from one angle to another; 0 is three o'clock.
func arc(centre point, radius, from, to float64) []point {
	const fine = math.Pi / 360
	n := max(2, int(math.Ceil(math.Abs(to-from)/fine)))
	points := make([]point, 0, n+1)
	for i := range n + 1 {
		sin, cos := math.Sincos(from + (to-from)*float64(i)/float64(n))
		points = append(points, point{centre.x + radius*cos, centre.y + radius*sin})
	}
	return points
}

// sector paints a slice.
func (d *drawing) sector(centre point, hole, radius, from, to float64, colour string) {
	outline := arc(centre, radius, from, to)
	if hole > 0 {
		outline = append(outline, arc(centre, hole, to, from)...)
	} else {
		outline = append(outline, centre)
	}
	d.fill(outline, colour, 1)
}

// seam parts two slices with a line of paper.
func (d *drawing) seam(centre point, hole, radius, at float64) {
	sin, cos := math.Sincos(at)
	d.stroke([]point{{centre.x + hole*cos, centre.y + hole*sin}, {centre.x + (radius+1)*cos, centre.y + (radius+1)*sin}}, 1.5, paper)
}

// Measures of the legend of slices.
const (
	swatch   = 10.0
	partGap  = 14.0 // between its columns
	partName = swatch + 8
	partLine = 20.0
)

// narrow reports whether the legend of slices has no room beside them.
func narrow(width float64) bool {
	const least = 340
	return width < least
}

// radius is that of a circle that leaves its legend room where it can.
func (d *drawing) radius(parts []slice, between float64) float64 {
	name, figure, share := d.widths(parts)
	left := d.room.width() - between - partName - name - figure - share - 2*partGap
	return min(d.room.height(), d.room.width()*0.42, max(left, d.room.width()*0.32)) / 2
}

// widths are those of the legend's columns.
func (d *drawing) widths(parts []slice) (name, figure, share float64) {
	for _, s := range parts {
		name = max(name, d.measure(s.name))
		figure = max(figure, d.measure(s.figure))
		share = max(share, d.measure(s.share))
	}
	return name, figure, share
}

// parts is the legend: a line for each slice with its name, figure and share, the figures below each other.
func (d *drawing) parts(parts []slice, legend rect) {
	line := min(partLine, legend.height()/float64(len(parts)))
	name, figure, share := d.widths(parts)
	left, x := legend.left, legend.left+partName
	name = min(name, legend.right-x-figure-share-2*partGap)
	y := (legend.top+legend.bottom)/2 - line*float64(len(parts)-1)/2
	for _, s := range parts {
		d.box(rect{left, y - swatch/2, left + swatch, y + swatch/2}, s.colour)
		d.text(point{x, y}, begin, ink, d.cut(s.name, name))
		d.text(point{x + name + partGap + figure, y}, end, ink, s.figure)
		d.text(point{x + name + 2*partGap + figure + share, y}, end, quiet, s.share)
		y += line
	}
}

// contrast is the colour of letters that are read on another one: white wherever it is legible.
func contrast(colour string) string {
	if outputs.Contrast(paper, colour) >= outputs.LargeContrast {
		return paper
	}
	return ink
}
