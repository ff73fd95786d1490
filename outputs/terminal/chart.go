package terminal

import (
	"math"
	"strings"

	"github.com/fatih/color"
	"github.com/mattn/go-runewidth"

	"github.com/reportform/reportform/outputs"
)

const (
	// mostBars is how many points are drawn as bars; more are a line.
	mostBars = 24
	// shortest and longest are how long a series' bars may be; where there is less room, the series is left out and told.
	shortest, longest = 8, 40
	// mostNames is how wide the names beside bars are.
	mostNames = 28
)

// chart draws columns and bars as bars beside each other, lines and many points as one line of marks each.
func (s *screen) chart(c outputs.Chart) error {
	p, err := c.Points(s.doc.Locale)
	if err != nil {
		return err
	}
	var lines []string
	if c.Title != "" {
		lines = s.painted(color.Bold, s.wrap(c.Title))
	}
	if len(p.X) == 0 {
		s.part(append(lines, s.color(color.Faint, s.words.NoRows))...)
		return nil
	}
	var bars, curves []outputs.Series
	for _, series := range p.Series {
		if isLine(c, series) || len(p.X) > mostBars {
			curves = append(curves, series)
		} else {
			bars = append(bars, series)
		}
	}
	if len(bars) > 0 {
		lines = append(lines, s.bars(p, bars)...)
	}
	if len(curves) > 0 {
		if len(bars) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, s.curves(p, curves)...)
	}
	s.part(lines...)
	return nil
}

// nameWidth is how wide the names beside bars and lines may be.
func (s *screen) nameWidth() int { return min(mostNames, max(shortest, s.width/3)) }

// isLine reports whether a chart draws a series as a line.
func isLine(c outputs.Chart, series outputs.Series) bool {
	switch c.Type {
	case outputs.ChartLine, outputs.ChartArea, outputs.ChartStackedArea:
		return true
	default:
		return series.Second
	}
}

// bars draws a line for each point: its name and, for each series, a bar and its value.
func (s *screen) bars(p *outputs.Points, all []outputs.Series) []string {
	names, width := p.Names(s.doc.Locale), 0
	for i, x := range names {
		if names[i] = s.cut(x, s.nameWidth()); x == "" {
			names[i] = gap
		}
		width = max(width, runewidth.StringWidth(names[i]))
	}
	values := make([][]string, len(all))
	widths := make([]int, len(all))
	taken := width
	shown := 0
	for k, series := range all {
		for _, v := range series.Values {
			text := oneLine(outputs.Show(v, series.Field, s.doc.Locale))
			values[k] = append(values[k], text)
			widths[k] = max(widths[k], runewidth.StringWidth(text))
		}
		need := len(between) + shortest + 1 + widths[k]
		if k > 0 && taken+need > s.width {
			break
		}
		taken += need
		shown++
	}
	left := len(all) - shown
	all = all[:shown]
	length := min(longest, shortest+max(0, s.width-taken)/shown)
	greatest := greatestOf(all)
	var lines []string
	if len(p.Series) > 1 {
		head := strings.Repeat(" ", width)
		for k, series := range all {
			head += between + pad(s.cut(series.Label, length+1+widths[k]), length+1+widths[k], false)
		}
		lines = append(lines, s.color(color.Faint, head))
	}
	for i, name := range names {
		line := pad(name, width, false)
		for k, series := range all {
			bar := ""
			if x := outputs.Plot(series.Values[i]); x > 0 {
				bar = outputs.Bar(x / greatest[k] * float64(length))
			}
			// The value stands at the end of the bar, where the eye is.
			text := s.color(colours[k%len(colours)], bar) + " " + values[k][i]
			space := length + 1 + widths[k] - runewidth.StringWidth(bar) - 1 - runewidth.StringWidth(values[k][i])
			line += between + text + strings.Repeat(" ", max(0, space))
		}
		lines = append(lines, line)
	}
	if left > 0 {
		lines = append(lines, s.color(color.Faint, s.words.MoreColumns(left, false)))
	}
	return lines
}

// colours tell series apart.
var colours = []color.Attribute{color.FgBlue, color.FgYellow, color.FgCyan, color.FgMagenta}

// greatestOf is what the longest bar of each series stands for: the same for all that are of one type.
func greatestOf(all []outputs.Series) []float64 {
	greatest := make([]float64, len(all))
	for i, a := range all {
		for _, b := range all {
			if a.Type == b.Type {
				greatest[i] = max(greatest[i], b.Greatest())
			}
		}
	}
	return greatest
}

// curves draws a line for each series, with what its lowest and highest marks stand for.
func (s *screen) curves(p *outputs.Points, all []outputs.Series) []string {
	labels, width := make([]string, len(all)), 0
	ends, wide := make([]string, len(all)), 0
	for k, series := range all {
		labels[k] = s.cut(series.Label, s.nameWidth())
		width = max(width, runewidth.StringWidth(labels[k]))
		ends[k] = s.ends(series)
		wide = max(wide, runewidth.StringWidth(ends[k]))
	}
	room := s.width - width - wide - 2*len(between)
	narrow := room < shortest // then what the marks stand for is told below them
	if narrow {
		room = max(1, s.width-width-len(between))
	}
	var lines []string
	drawn := 0
	for k, series := range all {
		line := curve(series, room)
		drawn = max(drawn, runewidth.StringWidth(line))
		line = pad(labels[k], width, false) + between + s.color(colours[k%len(colours)], line)
		if narrow {
			lines = append(lines, line, s.color(color.Faint, s.cut(ends[k], s.width)))
			continue
		}
		lines = append(lines, line+between+s.color(color.Faint, ends[k]))
	}
	names := p.Names(s.doc.Locale)
	first, last := oneLine(names[0]), oneLine(names[len(names)-1])
	if len(p.X) > 1 {
		axis := first + " – " + last
		if space := drawn - runewidth.StringWidth(first) - runewidth.StringWidth(last); space > 1 {
			axis = first + strings.Repeat(" ", space) + last
		}
		if room := s.width - width - len(between); runewidth.StringWidth(axis) <= room {
			axis = strings.Repeat(" ", width) + between + axis
		}
		lines = append(lines, s.color(color.Faint, runewidth.Truncate(axis, s.width, "…")))
	}
	return lines
}

// ends says what the lowest and the highest mark stand for.
func (s *screen) ends(series outputs.Series) string {
	least, most := -1, -1
	for i, v := range series.Values {
		x := outputs.Plot(v)
		if x != x {
			continue
		}
		if least < 0 || x < outputs.Plot(series.Values[least]) {
			least = i
		}
		if most < 0 || x > outputs.Plot(series.Values[most]) {
			most = i
		}
	}
	if least < 0 {
		return gap
	}
	show := func(i int) string { return oneLine(outputs.Show(series.Values[i], series.Field, s.doc.Locale)) }
	return s.words.Lowest + " " + show(least) + ", " + s.words.Highest + " " + show(most)
}

// levels are marks from the lowest to the highest.
var levels = []rune("▁▂▃▄▅▆▇█")

// curve is a series as marks from the lowest to the highest, a space where a value is missing. Where there is no room
// for all points, a mark stands for the mean of some; where there is more, each point has several.
func curve(series outputs.Series, room int) string {
	const most = 4
	n := len(series.Values)
	each := max(1, min(most, room/n))
	marks := min(n, room)
	heights := make([]float64, marks)
	low, high := math.Inf(1), math.Inf(-1)
	for m := range heights {
		sum, of := 0.0, 0
		for _, v := range series.Values[m*n/marks : (m+1)*n/marks] {
			if x := outputs.Plot(v); x == x {
				sum += x
				of++
			}
		}
		heights[m] = sum / float64(of) // NaN where all are missing
		if of > 0 {
			low, high = min(low, heights[m]), max(high, heights[m])
		}
	}
	var b strings.Builder
	for _, h := range heights {
		mark := " "
		switch {
		case h != h:
		case high == low:
			mark = string(levels[len(levels)/2])
		default:
			mark = string(levels[int(math.Round((h-low)/(high-low)*float64(len(levels)-1)))])
		}
		b.WriteString(strings.Repeat(mark, each))
	}
	return b.String()
}
