package html

import (
	"strings"
	"unicode/utf8"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/expr"
)

// fewPoints are said one by one; of more, the greatest and the least.
const fewPoints = 12

// alt says what a chart shows to who does not see it: what is drawn, and the ends of each series.
func (l *letter) alt(c outputs.Chart, p *outputs.Points) string {
	title := l.titleOf(c, p)
	if n := len(p.X); n > 1 && timed(p) {
		names := p.Names(l.Locale)
		title += ", " + names[0] + " – " + names[n-1]
	}
	return l.words.Chart + ": " + title + ". " + l.extremes(p)
}

// timed reports whether the points follow each other in time.
func timed(p *outputs.Points) bool {
	switch p.XField.Type {
	case expr.Period, expr.Date, expr.DateTime:
		return true
	default:
		return false
	}
}

// titleOf is the chart's title, or what it draws against what.
func (l *letter) titleOf(c outputs.Chart, p *outputs.Points) string {
	if c.Title != "" {
		return c.Title
	}
	var labels []string
	for _, s := range p.Series {
		labels = append(labels, s.Label)
	}
	return l.words.By(strings.Join(labels, ", "), p.XField.Label)
}

// extremes are the greatest and the least figure of each series, and the points that have them.
func (l *letter) extremes(p *outputs.Points) string {
	names := p.Names(l.Locale)
	var said []string
	for _, s := range p.Series {
		greatest, least, last := -1, -1, -1
		for i, v := range s.Values {
			if !v.Valid {
				continue
			}
			x := outputs.Plot(v)
			if greatest < 0 || x > outputs.Plot(s.Values[greatest]) {
				greatest = i
			}
			if least < 0 || x < outputs.Plot(s.Values[least]) {
				least = i
			}
			last = i
		}
		if greatest < 0 {
			continue
		}
		figure := func(word string, i int) string {
			return word + " " + outputs.Show(s.Values[i], s.Field, l.Locale) + " (" + names[i] + ")"
		}
		line := s.Label + ": " + figure(l.words.Highest, greatest) + ", " + figure(l.words.Lowest, least)
		if timed(p) {
			line += ", " + figure(l.words.Last, last)
		}
		said = append(said, line+".")
	}
	if len(said) == 0 {
		return l.words.NoRows
	}
	return strings.Join(said, " ")
}

// sayChart is a chart in the text part: bars of one series, a table of several, and the ends of what has many points.
func (l *letter) sayChart(c outputs.Chart, p *outputs.Points) string {
	title := l.titleOf(c, p)
	switch n := len(p.X); {
	case n == 0:
		return title + "\n" + l.words.NoRows
	case n > fewPoints:
		return wrap(title+". "+l.extremes(p), textWidth)
	case len(p.Series) == 1:
		return title + "\n" + l.sayBars(p)
	default:
		return title + "\n" + l.sayPoints(p)
	}
}

// sayBars are a line for each point: its name, its figure and a bar as long as that.
func (l *letter) sayBars(p *outputs.Points) string {
	names, s := p.Names(l.Locale), p.Series[0]
	var figures []string
	greatest := 0.0
	for _, v := range s.Values {
		figures = append(figures, outputs.Show(v, s.Field, l.Locale))
		if v.Valid {
			greatest = max(greatest, outputs.Plot(v))
		}
	}
	const most, longest = 32, 28
	name, figure := min(most, widest(names)), widest(figures)
	var lines []string
	for i, v := range s.Values {
		line := pad(shorten(names[i], name), name, false) + "  " + pad(figures[i], figure, true)
		if v.Valid && greatest > 0 {
			line += "  " + strings.Repeat("▇", max(0, int(outputs.Plot(v)/greatest*longest+0.5)))
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return strings.Join(lines, "\n")
}

// sayPoints is a table of all series.
func (l *letter) sayPoints(p *outputs.Points) string {
	g := &grid{Columns: []column{{Label: p.XField.Label, Wraps: true}}}
	for _, s := range p.Series {
		g.Columns = append(g.Columns, column{Label: s.Label, Right: true})
	}
	for i, name := range p.Names(l.Locale) {
		row := []cell{{Text: name}}
		for _, s := range p.Series {
			row = append(row, cell{Text: outputs.Show(s.Values[i], s.Field, l.Locale)})
		}
		g.Rows = append(g.Rows, row)
	}
	return g.text()
}

func widest(texts []string) int {
	n := 0
	for _, t := range texts {
		n = max(n, utf8.RuneCountInString(t))
	}
	return n
}

// shorten cuts a text to so many letters, with an ellipsis.
func shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
