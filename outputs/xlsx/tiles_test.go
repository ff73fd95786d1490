package xlsx

import (
	"math"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/expr"
)

// TestTilesAreEven where no table says how wide columns are, and always wide enough for what they hold.
func TestTilesAreEven(t *testing.T) {
	for n, rows := range map[int]int{1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 2, 8: 2, 12: 2} {
		items := make([]tile, n)
		for i := range items {
			items[i].need = 15
		}
		g := &grid{}
		spans := g.tileSpans(items)
		if got := int(math.Ceil(float64(n) / float64(len(spans)))); got != rows {
			t.Errorf("%d tiles stand in %d rows, want %d", n, got, rows)
		}
		least, most := math.Inf(1), 0.0
		for i, s := range spans {
			width := g.sum(s.to+1) - g.sum(s.from)
			least, most = min(least, width), max(most, width)
			if i > 0 && s.from != spans[i-1].to+1 {
				t.Errorf("%d tiles: a gap before the columns %+v", n, s)
			}
		}
		if most-least > gridWidth {
			t.Errorf("%d tiles are %g to %g wide", n, least, most)
		}
	}
}

// TestTilesHoldTheirFigures on columns of any width.
func TestTilesHoldTheirFigures(t *testing.T) {
	for _, widths := range [][]float64{{}, {12, 45, 9, 9, 9, 14, 9}, {200}, {60, 60, 60}, {3, 3, 3, 3, 3, 3, 3, 3, 3, 3}} {
		for n := 1; n <= 9; n++ {
			items := make([]tile, n)
			for i := range items {
				items[i].need = 18 + float64(i*7%30)
			}
			g := &grid{widths: append([]float64(nil), widths...), fixed: len(widths)}
			spans := g.tileSpans(items)
			for i, item := range items {
				s := spans[i%len(spans)]
				if width := g.sum(s.to+1) - g.sum(s.from); width < item.need {
					t.Errorf("columns %v, %d tiles: %g for tile %d, which needs %g", widths, n, width, i, item.need)
				}
			}
		}
	}
}

// TestAChangeIsSaid below its figure: with an arrow, in the colour of what it means, and what it is a change of.
func TestAChangeIsSaid(t *testing.T) {
	doc := outputs.Document{Locale: "en", Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{tiles(4)}}}}
	path, _ := render(t, Renderer{}, doc)
	f := open(t, path)
	theme := outputs.DefaultTheme()
	for _, c := range []struct{ at, said, colour string }{
		{"A3", "▲\u00a0+12.3%", colourInk}, {"A4", "vs. 1,180", colourQuiet},
		{"D3", "▲\u00a0+1.2\u00a0pp", theme.Good}, {"D4", "vs. 86.1%", colourQuiet},
		{"G3", "▲\u00a0+0:00:52", theme.Bad}, {"J3", "", ""},
	} {
		if got := cellAt(t, f, "S", c.at).raw; got != c.said {
			t.Errorf("%s says %q, want %q", c.at, got, c.said)
		}
		if c.colour == "" {
			continue
		}
		if got := must(f.GetStyle(must(f.GetCellStyle("S", c.at)))).Font.Color; got != c.colour {
			t.Errorf("%s is written in %s, want %s", c.at, got, c.colour)
		}
	}
	without := outputs.KPIs{Items: []outputs.KPI{{Label: "l", Value: expr.IntegerValue(1)}}}
	path, _ = render(t, Renderer{}, outputs.Document{Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{without}}}})
	if rows := must(open(t, path).GetRows("S")); len(rows) > 3 {
		t.Errorf("a figure that is compared with nothing has %d rows", len(rows))
	}
}
