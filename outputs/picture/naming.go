package picture

import (
	"math"
	"slices"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// naming is how the points' names stand below a chart.
type naming struct {
	// lines of each point's name; nil for one that gave way to its neighbours.
	lines [][]string
	// slant in degrees; 0 is level.
	slant  float64
	height float64
}

const (
	nameLine = 15.0 // the height of a line of names
	nameGap  = 8.0  // between the plot and its names
)

// place finds how names fit beside each other: in a line, in two, or slanted. Times follow from one another, and some of
// them give way instead; so do names where there are too many to slant.
func (d *drawing) place(f frame) naming {
	const between = 10
	if d.widest(d.names)+between <= f.band || len(d.names) == 1 {
		return d.line(1)
	}
	if ordered(d.points.XField) {
		return d.thin(f.band, 2*between)
	}
	const most = 2
	n := naming{lines: make([][]string, len(d.names)), height: nameGap + most*nameLine}
	fits := true
	for i, name := range d.names {
		var ok bool
		n.lines[i], ok = d.wrap(name, f.band-between, most)
		fits = fits && ok
	}
	if fits {
		return n
	}
	return d.slant(f)
}

// thin writes some names in one line: as many as there is room for, and at distances that people count time in.
func (d *drawing) thin(band, between float64) naming {
	const fewest = 3 // names, that a reader sees how they go on
	every := int(math.Ceil((d.widest(d.names) + between) / band))
	rounds := map[string][]int{"hour": {2, 3, 4, 6, 12}, "day": {2, 7, 14, 28}, "month": {2, 3, 6, 12}}[d.points.XField.Grain]
	if i := slices.IndexFunc(rounds, func(n int) bool { return n >= every }); i >= 0 && rounds[i]*fewest <= len(d.names) {
		return d.line(rounds[i])
	}
	if d.points.XField.Grain != "hour" || len(d.names)/every < fewest {
		return d.line(every)
	}
	return d.days(band, between)
}

// days names those of hours, each at its midnight.
func (d *drawing) days(band, between float64) naming {
	n := naming{lines: make([][]string, len(d.names)), height: nameGap + nameLine}
	last := -math.MaxFloat64
	for i, x := range d.points.XValues {
		if !x.Valid || x.Int == expr.NoTime || expr.FromCivil(x.Int).Hour() != 0 {
			continue
		}
		name := expr.Display(x, "d mmm", d.locale)
		if at := float64(i) * band; at-last >= d.measure(name)+between {
			n.lines[i], last = []string{name}, at
		}
	}
	return n
}

// line writes every one of so many names in one line.
func (d *drawing) line(every int) naming {
	n := naming{lines: make([][]string, len(d.names)), height: nameGap + nameLine}
	for i := 0; i < len(d.names); i += every {
		n.lines[i] = []string{d.names[i]}
	}
	return n
}

// slant writes names at an angle, as long as a third of the chart's height and the way to its left edge allow.
func (d *drawing) slant(f frame) naming {
	const degrees, closest = 40, 16
	every := int(math.Ceil(closest / f.band))
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	n := naming{lines: make([][]string, len(d.names)), slant: degrees}
	longest := 0.0
	for i := 0; i < len(d.names); i += every {
		room := min(d.room.height()/3/sin, (f.centres[i]-4)/cos)
		name := d.cut(d.names[i], room)
		n.lines[i] = []string{name}
		longest = max(longest, d.measure(name))
	}
	n.height = nameGap + longest*sin + small*cos/2
	return n
}

// write puts the names below the plot.
func (d *drawing) write(f frame, n naming) {
	for i, lines := range n.lines {
		x, y := f.centres[i], f.plot.bottom+nameGap
		if n.slant != 0 && len(lines) > 0 {
			d.slanted(point{x + small/4, y}, n.slant, quiet, lines[0])
			continue
		}
		for j, line := range lines {
			// A name at an edge stays within the picture.
			half := d.measure(line) / 2
			x := max(half+4, min(x, d.width-4-half))
			d.text(point{x, y + nameLine*(float64(j)+0.5)}, middle, quiet, line)
		}
	}
}

// ordered reports whether a reader can tell the names between two others.
func ordered(f table.Field) bool {
	switch f.Type {
	case expr.Period, expr.Date, expr.DateTime, expr.Integer, expr.Decimal, expr.Duration:
		return true
	default:
		return false
	}
}
