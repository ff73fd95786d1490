package terminal

import (
	"math"
	"strings"

	"github.com/fatih/color"

	"github.com/reportform/reportform/outputs"
)

// How long the bars in a table may be: shorter ones say nothing, longer ones hide the figures.
const leastBar, mostBar = 4, 12

// mark gives columns with bars or a scale the room that a table leaves: a level takes one place, and the bars share the
// rest.
func mark(g *outputs.Grid, columns []column, room int) {
	const level = 2
	bars := 0
	for j := range columns {
		switch {
		case g.Columns[j].Bars():
			bars++
		case g.Columns[j].Scale() && room >= level:
			columns[j].mark = level
			room -= level
		}
	}
	if bars == 0 || room/bars <= leastBar {
		return
	}
	for j := range columns {
		if g.Columns[j].Bars() {
			columns[j].mark = 1 + min(mostBar, room/bars-1)
		}
	}
}

// mark is a bar as long as a figure, or its level between the least and the greatest one; spaces where it has neither.
func (s *screen) mark(c outputs.ShownColumn, cell outputs.GridCell, room int) string {
	if room == 0 || math.IsNaN(cell.Share) {
		return strings.Repeat(" ", room)
	}
	if c.Bars() {
		bar, colour := outputs.Bar(math.Abs(cell.Share)*float64(room-1)), color.FgBlue
		if cell.Share < 0 {
			colour = color.FgRed
		}
		return " " + s.color(colour, bar) + pad(bar, room-1, false)[len(bar):]
	}
	level := levels[int(math.Round(cell.Share*float64(len(levels)-1)))]
	return " " + s.tone(scaleTone(cell.Share, c.Highlight.Good), string(level))
}

// scaleTone says that the ends of a scale are good and bad, where its author says which.
func scaleTone(share float64, good string) outputs.Tone {
	const end = 0.25
	if good == "down" {
		share = 1 - share
	}
	switch {
	case good == "":
		return outputs.ToneNone
	case share <= end:
		return outputs.ToneBad
	case share >= 1-end:
		return outputs.ToneGood
	default:
		return outputs.ToneNone
	}
}
