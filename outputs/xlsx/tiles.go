package xlsx

import (
	"math"
	"slices"

	"github.com/reportform/reportform/outputs"
)

// Heights of a tile's lines, in points.
const (
	labelHeight  = 24.0
	figureHeight = 32.0
	changeHeight = 16.0
	beforeHeight = 14.0
	footHeight   = 7.0
	// figureSize is of a figure, wordSize of a text in its place, in points.
	figureSize, wordSize = 18.0, 13.0
	// tileWidth is the least width of a tile, tileMargin what it keeps free, both in characters.
	tileWidth, tileMargin = 20.0, 4.0
	// leastTiles is how many tiles' room a row is divided into at least: a single figure is no banner.
	leastTiles = 3
)

// tile is one figure: its label above, how it changed below.
type tile struct {
	label, figure, change, before cell
	need                          float64
}

// kpis sets figures side by side as tiles that are as even as the columns allow, in rows that are as full as each other.
func (w *workbook) kpis(b outputs.KPIs, g *grid) ([]line, error) {
	if len(b.Items) == 0 {
		return nil, nil
	}
	tiles := make([]tile, len(b.Items))
	for i, k := range b.Items {
		t, err := w.tile(k)
		if err != nil {
			return nil, err
		}
		tiles[i] = t
	}
	foot, err := w.styles.id(look{role: roleTileBefore})
	if err != nil {
		return nil, err
	}
	spans := g.tileSpans(tiles)
	var out []line
	for from := 0; from < len(tiles); from += len(spans) {
		if from > 0 {
			out = append(out, line{height: blockGap / 2})
		}
		row := tiles[from:min(from+len(spans), len(tiles))]
		rows := []line{{height: labelHeight}, {height: figureHeight}}
		changes := slices.ContainsFunc(row, func(t tile) bool { return t.change.kind != empty })
		if changes {
			rows = append(rows, line{height: changeHeight}, line{height: beforeHeight})
		}
		rows = append(rows, line{height: footHeight})
		for i, t := range row {
			rows[0].tile(t.label, spans[i])
			rows[1].tile(t.figure, spans[i])
			if changes {
				rows[2].tile(t.change, spans[i])
				rows[3].tile(t.before, spans[i])
			}
			rows[len(rows)-1].tile(cell{style: foot}, spans[i])
		}
		out = append(out, rows...)
	}
	return out, nil
}

// tileSpans are the columns of a row of tiles: as many tiles as have room side by side, and as even rows of them as can be.
func (g *grid) tileSpans(tiles []tile) []span {
	columns := g.canvas()
	width := g.sum(columns)
	rows := int(math.Ceil(float64(len(tiles)) / max(1, math.Floor(width/tileWidth))))
	for ; ; rows++ {
		n := (len(tiles) + rows - 1) / rows
		needs := make([]float64, n)
		for i, t := range tiles {
			needs[i%n] = max(needs[i%n], t.need)
		}
		if spans, ok := g.partition(columns, needs, width*float64(n)/float64(max(n, leastTiles))); ok {
			return spans
		}
		if n == 1 {
			last, _ := g.reach(0, needs[0])
			return []span{{0, last}}
		}
	}
}

// tile adds a cell that reaches over some columns.
func (l *line) tile(c cell, s span) {
	l.cells = append(l.cells, c)
	for range s.to - s.from {
		l.cells = append(l.cells, cell{style: c.style})
	}
	if s.to > s.from {
		l.merges = append(l.merges, s)
	}
}

// tile makes the cells of a kpi and says how wide they want to be.
func (w *workbook) tile(k outputs.KPI) (t tile, err error) {
	if t.label, err = w.textCell(k.Label, look{role: roleTileLabel, indent: 1}); err != nil {
		return tile{}, err
	}
	wide, err := w.tileFigure(&t.figure, k)
	if err != nil {
		return tile{}, err
	}
	t.need = max(tileWidth*0.9, textWidth(k.Label)*tileSmall+tileMargin, wide+tileMargin)
	change, ok := k.Change(w.doc.Locale)
	if !ok {
		blank, err := w.styles.id(look{role: roleTileBefore})
		t.change.style, t.before.style = blank, blank
		return t, err
	}
	said, versus := change.Arrow+"\u00a0"+change.Text, w.words.Versus(change.Before)
	t.need = max(t.need, textWidth(said)*bold+tileMargin, textWidth(versus)*tileSmall+tileMargin)
	if t.change, err = w.textCell(said, look{role: roleTileChange, tone: change.Tone, indent: 1}); err != nil {
		return tile{}, err
	}
	t.before, err = w.textCell(versus, look{role: roleTileBefore, indent: 1})
	return t, err
}

// tileSmall is how much narrower a tile's small text is than the usual one.
const tileSmall = 0.9

// tileFigure sets the cell of a kpi's figure and returns how wide it is, in digits of usual text.
func (w *workbook) tileFigure(c *cell, k outputs.KPI) (wide float64, err error) {
	put(c, k.Value, "")
	format := orElse(k.Format, defaultFormat(k.Value.Type, "", w.doc.Locale))
	switch c.kind {
	case empty:
		*c, err = w.textCell("–", look{role: roleTileFigure, indent: 1})
		return figureSize / textSize, err
	case text:
		wide = longestLine(c.text) * wordSize / textSize * bold
		*c, err = w.textCell(c.text, look{role: roleTileWord, indent: 1})
		return wide, err
	default:
		c.style, err = w.styles.id(look{role: roleTileFigure, format: format, indent: 1})
		return formatWidth(format, c.num) * figureSize / textSize * bold, err
	}
}
