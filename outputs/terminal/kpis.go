package terminal

import (
	"strings"

	"github.com/fatih/color"
	"github.com/mattn/go-runewidth"

	"github.com/reportform/reportform/outputs"
)

// gap stands for a figure that is missing.
const gap = "–"

// figure is a kpi in words.
type figure struct {
	label, value, change, before string
	tone                         outputs.Tone
	width                        int
}

// kpis stand side by side, as many as there is room for: label, value, change, what it was before.
func (s *screen) kpis(b outputs.KPIs) {
	var row []figure
	used := 0
	for _, k := range b.Items {
		f := s.figure(k)
		if used+f.width > s.width && len(row) > 0 {
			s.figures(row)
			row, used = nil, 0
		}
		row = append(row, f)
		used += f.width + 2*len(between)
	}
	if len(row) > 0 {
		s.figures(row)
	}
}

func (s *screen) figure(k outputs.KPI) figure {
	f := figure{label: s.cut(k.Label, s.width), value: gap}
	if k.Value.Valid {
		f.value = s.cut(outputs.ShowFigure(k.Value, k.Format, s.doc.Locale), s.width)
	}
	if c, ok := k.Change(s.doc.Locale); ok {
		f.change, f.tone = oneLine(c.Arrow+" "+c.Text), c.Tone
		f.before = s.cut(s.words.Versus(c.Before), s.width)
	}
	const narrowest = 12
	f.width = narrowest
	for _, text := range []string{f.label, f.value, f.change, f.before} {
		f.width = max(f.width, runewidth.StringWidth(text))
	}
	return f
}

func (s *screen) figures(row []figure) {
	var lines []string
	for _, cell := range []func(f figure) string{
		func(f figure) string { return s.color(color.Faint, pad(f.label, f.width, false)) },
		func(f figure) string { return s.color(color.Bold, pad(f.value, f.width, false)) },
		func(f figure) string { return s.tone(f.tone, pad(f.change, f.width, false)) },
		func(f figure) string { return s.color(color.Faint, pad(f.before, f.width, false)) },
	} {
		cells := make([]string, len(row))
		for i, f := range row {
			cells[i] = cell(f)
		}
		lines = append(lines, strings.Join(cells, between+between))
	}
	last := len(lines)
	for _, f := range row {
		if f.change != "" {
			s.part(lines...)
			return
		}
	}
	s.part(lines[:last-2]...)
}
