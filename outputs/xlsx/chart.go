package xlsx

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
)

// chartSection is a chart on its way into a sheet.
type chartSection struct {
	block  outputs.Chart
	points *outputs.Points
	// from and to are its edges across the sheet.
	from, to edge
	// wide and high are its size in pixels.
	wide, high float64
	// x, names and values are the cells that it draws.
	x             drawnCells
	names, values []drawnCells
	// visible: they are those of a table, whose filter the chart follows.
	visible bool
}

// linePixels is lineHeight in CSS pixels.
const linePixels = 20.0

// charts lays out a chart, or two halves that stand side by side, and the room below it.
func (w *workbook) charts(blocks []outputs.Chart, g *grid) (section, error) {
	right := edge{column: g.canvas()}
	whole := g.pixels(right.column)
	middle := g.edgeAt(whole / 2)
	var all []*chartSection
	usual := 0
	for i, b := range blocks {
		c := &chartSection{block: b, from: edge{}, to: right}
		if b.Half {
			if c.to = middle; i > 0 {
				c.from, c.to = middle, right
			}
		}
		var err error
		if c.points, err = b.Points(w.doc.Locale); err != nil {
			return section{}, err
		}
		c.wide = g.between(c.from, c.to)
		usual = max(usual, c.usualHeight())
		all = append(all, c)
	}
	high := 0.0
	for _, c := range all {
		rows := math.Ceil(float64(cmp.Or(c.block.Height, usual)) / linePixels)
		c.high = rows * linePixels
		if c.blank(w.words) != "" {
			rows = 2 // for the words in its place
		}
		high = max(high, rows)
	}
	lines := make([]line, int(high))
	for i := range lines {
		lines[i].height = lineHeight
	}
	var drawn []*chartSection
	for _, c := range all {
		if c.blank(w.words) == "" {
			drawn = append(drawn, c)
			continue
		}
		if err := w.noPoints(c, lines); err != nil {
			return section{}, err
		}
	}
	w.charted = append(w.charted, drawn...)
	return section{lines: lines, place: func(l *leaf, row int) error {
		for _, c := range drawn {
			if err := w.placeChart(c, g, l.name, row); err != nil {
				return fmt.Errorf("chart of dataset %q: %w", c.block.Dataset, err)
			}
		}
		return nil
	}}, nil
}

// usualHeight is how high the chart is where its block does not say, in pixels: enough for the name of each bar.
func (c *chartSection) usualHeight() int {
	const row, bar, around, most = 20, 9, 80, 1200
	if !c.block.Type.Lying() {
		return outputs.ChartHeight
	}
	thick := row
	if !c.block.Type.Stacked() {
		thick = max(row, bar*len(c.block.Y)+bar)
	}
	return min(most, max(outputs.ChartHeight, around+thick*len(c.points.X)))
}

// blank says why there is nothing to draw: no points, or shares of nothing; "" where there is.
func (c *chartSection) blank(words outputs.Vocabulary) string {
	if len(c.points.X) == 0 {
		return words.NoRows
	}
	if !c.block.Type.Round() {
		return ""
	}
	for _, v := range c.points.Series[0].Values {
		if outputs.Plot(v) != 0 {
			return ""
		}
	}
	return words.AllZero
}

// noPoints says in a chart's place that there is nothing to draw.
func (w *workbook) noPoints(c *chartSection, lines []line) error {
	title, err := w.textCell(c.block.Title, look{role: roleHeading})
	if err != nil {
		return err
	}
	said, err := w.textCell(c.blank(w.words), look{role: roleQuiet})
	if err != nil {
		return err
	}
	for i, words := range []cell{title, said} {
		for len(lines[i].cells) <= c.from.column {
			lines[i].cells = append(lines[i].cells, cell{})
		}
		lines[i].cells[c.from.column] = words
	}
	return nil
}

// placeChart anchors the chart over its rows. It moves with its cells, and keeps its size whatever becomes of them.
// excelize places it and joins it to its sheet; its part is ours.
func (w *workbook) placeChart(c *chartSection, g *grid, sheet string, row int) error {
	w.placedCharts++
	width := -c.from.offset + c.to.offset
	for column := c.from.column; column < c.to.column; column++ {
		width += math.Floor(g.width(column)*excelizeDigit + 0.5)
	}
	yes, description := true, c.description(w.words)
	if err := w.file.AddChart(sheet, ref(c.from.column, row), &excelize.Chart{
		Type:      excelize.Line,
		Series:    []excelize.ChartSeries{{Values: c.values[0].formula}},
		Dimension: excelize.ChartDimension{Width: uint(width), Height: uint(c.high / linePixels * excelizeLine)},
		Format: excelize.GraphicOptions{
			OffsetX: int(c.from.offset), Positioning: anchored, AltText: description, Name: fmt.Sprintf("Chart %d", w.placedCharts),
			PrintObject: &yes, Locked: &yes,
		},
	}); err != nil {
		return fmt.Errorf("place the chart: %w", err)
	}
	w.file.Pkg.Store(fmt.Sprintf("xl/charts/chart%d.xml", w.placedCharts), c.plot(w.styles.theme, w.doc.Locale).xml())
	return nil
}

// excelizeDigit and excelizeLine are how many pixels excelize takes for a digit and for a row when it looks
// for the cell at the far end of a chart.
const excelizeDigit, excelizeLine = 8, 20

// description says what the chart shows, for readers who do not see it.
func (c *chartSection) description(words outputs.Vocabulary) string {
	var labels []string
	for _, s := range c.points.Series {
		labels = append(labels, s.Label)
	}
	said := words.By(strings.Join(labels, ", "), c.points.XField.Label)
	if c.block.Title != "" {
		said = c.block.Title + ": " + said
	}
	said, _ = legalText(said)
	return said
}

// plot puts together what the chart's part says.
func (c *chartSection) plot(theme outputs.Theme, locale string) *plot {
	title, _ := legalText(c.block.Title)
	p := &plot{
		kind: c.block.Type, title: strings.Join(strings.Fields(title), " "), wide: c.wide, high: c.high, theme: theme, x: c.x, visible: c.visible,
		xFormat: c.axisFormat(locale), each: c.named(locale),
		first: axisOf(c.points.Series, c.block.Type, false), second: axisOf(c.points.Series, c.block.Type, true),
	}
	if p.second != nil {
		shareGrid(p.first, p.second)
	}
	for i, s := range c.points.Series {
		p.series = append(p.series, series{name: c.names[i], values: c.values[i], second: s.Second, colour: theme.Series(i)})
	}
	return p
}
