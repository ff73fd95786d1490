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
	// maxFrozen is how high the lines above a header may be that stay while the rest moves: a third of a laptop's screen.
	maxFrozen = 210.0
	// pageWidth in characters is about what landscape A4 and a laptop's screen show; paperWidth is what the paper holds.
	pageWidth, paperWidth = 125.0, 145.0
	// textWidthMax is a comfortable line of text.
	textWidthMax = 95.0
	// maxLines of wrapped text fit a row: Excel ends at 409 points.
	maxLines = 26
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
	if s == "" {
		return cell{style: style}, err
	}
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
