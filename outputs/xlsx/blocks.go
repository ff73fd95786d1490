package xlsx

import (
	"fmt"
	"strings"

	"github.com/reportform/reportform/outputs"
)

// Heights are in points, of which 15 are a line of the usual text.
const (
	titleHeight   = 28.0
	headingHeight = 22.0
	lineHeight    = 15.0
	blockGap      = 12.0
	headingGap    = 3.0
	labelHeight   = 22.0
	figureHeight  = 32.0
	figureSize    = 18.0
	// maxFrozen is how high the lines above a header may be that stay while the rest moves: a third of a laptop's screen.
	maxFrozen = 210.0
	// pageWidth in characters is about what landscape A4 and a laptop's screen show; paperWidth is what the paper holds.
	pageWidth, paperWidth = 125.0, 145.0
	// textWidthMax is a comfortable line of text.
	textWidthMax = 95.0
	// maxLines of wrapped text fit a row: Excel ends at 409 points.
	maxLines = 26
	// tileWidth is the least width of a kpi.
	tileWidth = 20.0
)

// textCell makes a cell of a text. One that does not fit is refused, never cut.
func (w *workbook) textCell(s string, l look) (cell, error) {
	s, replaced := legalText(s)
	if n := units(s); n > maxCellUnits {
		return cell{}, fmt.Errorf("a text of %d characters does not fit a cell, which holds %d", n, maxCellUnits)
	}
	if replaced {
		w.replacedNotice("A text")
	}
	style, err := w.styles.id(l)
	return cell{kind: text, text: s, style: style}, err
}

func (w *workbook) replacedNotice(what string) {
	w.notice("%s holds control characters that a workbook cannot; each is shown as \uFFFD.", what)
}

// title is the head of a sheet: what it is about, and the range it covers.
func (w *workbook) title(h outputs.Heading) ([]line, error) {
	lines, err := w.heading(h, roleTitle, titleHeight)
	if err != nil || w.doc.Range == "" {
		return lines, err
	}
	below, err := w.heading(outputs.Heading{Text: w.doc.Range}, roleRange, lineHeight)
	return append(lines, below...), err
}

func (w *workbook) heading(h outputs.Heading, r role, height float64) ([]line, error) {
	c, err := w.textCell(strings.Join(strings.Fields(h.Text), " "), look{role: r})
	return []line{{height: height, cells: []cell{c}}}, err
}

// paragraph sets each line of a text into united cells of a readable width, high enough for what wraps.
func (w *workbook) paragraph(s string, r role, g *grid) ([]line, error) {
	last, width := g.reach(0, textWidthMax)
	var out []line
	for l := range strings.Lines(strings.TrimRight(s, "\r\n")) {
		for _, piece := range pieces(strings.TrimRight(l, "\r\n"), width) {
			c, err := w.textCell(piece, look{role: r})
			if err != nil {
				return nil, err
			}
			cells := make([]cell, last+1)
			for i := range cells {
				cells[i].style = c.style
			}
			cells[0] = c
			row := line{height: lineHeight * float64(wrappedLines(piece, width)), cells: cells}
			if last > 0 {
				row.merges = []span{{0, last}}
			}
			out = append(out, row)
		}
	}
	return out, nil
}

// pieces breaks a line that wraps beyond what a row can show; nearly always it is one piece.
func pieces(s string, width float64) []string {
	if wrappedLines(s, width) <= maxLines {
		return []string{s}
	}
	var out []string
	var piece strings.Builder
	used := 0
	for _, l := range wrap(s, width) {
		n := wrappedLines(l, width)
		if used+n > maxLines && piece.Len() > 0 {
			out = append(out, piece.String())
			piece.Reset()
			used = 0
		}
		if piece.Len() > 0 {
			piece.WriteByte(' ')
		}
		piece.WriteString(l)
		used += n
	}
	return append(out, piece.String())
}

// kpis sets figures side by side as tiles, a label above each, in as many rows of tiles as they need.
func (w *workbook) kpis(b outputs.KPIs, g *grid) ([]line, error) {
	var out []line
	labels, figures := line{height: labelHeight}, line{height: figureHeight}
	column, used := 0, 0.0
	for _, k := range b.Items {
		label, figure, need, err := w.tile(k)
		if err != nil {
			return nil, err
		}
		last, width := g.reach(column, need)
		if column > 0 && used+width > pageWidth {
			out = append(out, labels, figures, line{height: blockGap / 2})
			labels, figures = line{height: labelHeight}, line{height: figureHeight}
			column, used = 0, 0
			last, width = g.reach(0, need)
		}
		labels.tile(label, span{column, last})
		figures.tile(figure, span{column, last})
		column, used = last+1, used+width
	}
	if column == 0 {
		return nil, nil
	}
	return append(out, labels, figures), nil
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

// tile makes the two cells of a kpi and says how wide they want to be.
func (w *workbook) tile(k outputs.KPI) (label, figure cell, need float64, err error) {
	if label, err = w.textCell(k.Label, look{role: roleTileLabel, indent: 1}); err != nil {
		return cell{}, cell{}, 0, err
	}
	put(&figure, k.Value, "")
	format := orElse(k.Format, defaultFormat(k.Value.Type, "", w.doc.Locale))
	wide := 0.0
	switch figure.kind {
	case empty:
		figure, err = w.textCell("–", look{role: roleTileFigure, indent: 1})
	case text:
		wide = longestLine(figure.text)
		figure, err = w.textCell(figure.text, look{role: roleTileFigure, indent: 1})
	default:
		wide = formatWidth(format, figure.num)
		figure.style, err = w.styles.id(look{role: roleTileFigure, format: format, indent: 1})
	}
	const margin = 4
	return label, figure, max(tileWidth, textWidth(k.Label)+margin, wide*figureSize/textSize*bold+margin), err
}
