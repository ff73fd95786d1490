package xlsx

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strconv"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
)

// plot is a chart with all that its part of the package says.
type plot struct {
	kind  outputs.ChartType
	title string
	// wide and high are its size in CSS pixels.
	wide, high float64
	theme      outputs.Theme
	// x names the points, under xFormat on the axis where they are numbers to Excel: each of them, or at every so many; 0 leaves
	// that to the program that draws the chart.
	x       drawnCells
	xFormat string
	each    int
	series  []series
	// first and second are the value axes; second is nil where no series stands against it.
	first, second *valueAxis
	// visible: what a filter hides is not drawn either.
	visible bool
}

// series is one line, or the columns of one colour.
type series struct {
	name   drawnCells
	values drawnCells
	second bool
	colour string
}

// drawnCells are some cells with what stands in them, so that a previewer that computes nothing shows the chart, too.
type drawnCells struct {
	// formula names the cells; empty where the text stands in the chart itself.
	formula string
	// texts are what they say, or numbers, under a format; NaN is an empty cell.
	texts   []string
	numbers []float64
	format  string
}

// valueAxis is how an axis of figures is scaled; what is NaN or 0 is left to the program that draws it.
type valueAxis struct {
	format         string
	least, most    float64
	step           float64
	right, gridded bool
	// low and high are the figures' own ends, those of a column such as field.
	low, high float64
	field     table.Field
}

// The numbers that join axes and the charts drawn against them.
const (
	axisX, axisY             = "500000001", "500000002"
	axisSecondX, axisSecondY = "500000003", "500000004"
)

// Distances in a chart, in pixels, and text sizes, in hundredths of a point.
const (
	chartEdge      = 8.0
	chartTitleRoom = 34.0
	chartLegend    = 26.0
	// chartLegendLine is of each further line of a legend, chartLetter a digit of its text, chartKey a colour and what is around it.
	chartLegendLine = 16.0
	chartLetter     = 6.2
	chartKey        = 34.0
	chartTitleSize  = "1100"
	chartTextSize   = "900"
)

// markup writes the elements of a chart.
type markup struct {
	bytes.Buffer
	// series is how many are written.
	series int
}

// within writes an element around what f writes.
func (m *markup) within(name string, f func()) {
	m.WriteString("<" + name + ">")
	f()
	m.WriteString("</" + name + ">")
}

// val writes an element that says one value.
func (m *markup) val(name, value string) {
	m.WriteString("<c:" + name + ` val="` + value + `"/>`)
}

func (m *markup) text(s string) {
	s, _ = legalText(s)
	_ = xml.EscapeText(m, []byte(s)) // a buffer takes all
}

// xml returns the chart as a part of a package (ECMA-376, 21.2). excelize writes charts as well, but says nothing of
// the colour of gridlines, of axes without a line, of a place for the plot, nor of what stands in the cells.
func (p *plot) xml() []byte {
	m := &markup{}
	m.WriteString(xml.Header + `<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"` +
		` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
		` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">`)
	m.val("date1904", "0")
	m.val("roundedCorners", "0")
	m.within("c:chart", func() {
		if p.title != "" {
			p.writeTitle(m)
		}
		m.val("autoTitleDeleted", flag(p.title == ""))
		m.within("c:plotArea", func() { p.writePlotArea(m) })
		if p.keyed() {
			p.writeLegend(m)
		}
		m.val("plotVisOnly", flag(p.visible))
		m.val("dispBlanksAs", "gap")
	})
	m.within("c:spPr", func() { m.WriteString(solid(colourPaper) + "<a:ln><a:noFill/></a:ln>") })
	p.writeLetters(m, colourQuiet, false)
	m.WriteString("</c:chartSpace>")
	return m.Bytes()
}

// keyed reports whether a legend tells what colours mean.
func (p *plot) keyed() bool { return len(p.series) > 1 || p.kind.Round() }

func (p *plot) writeTitle(m *markup) {
	m.within("c:title", func() {
		m.within("c:tx", func() {
			m.within("c:rich", func() {
				m.WriteString("<a:bodyPr/><a:p>")
				m.within("a:pPr", func() { p.writeFont(m, "a:defRPr", chartTitleSize, colourInk, true) })
				m.within("a:r", func() {
					p.writeFont(m, "a:rPr", chartTitleSize, colourInk, true)
					m.within("a:t", func() { m.text(p.title) })
				})
				m.WriteString("</a:p>")
			})
		})
		// At the left, where the eye comes from the heading and the tables.
		m.WriteString(`<c:layout><c:manualLayout><c:xMode val="edge"/><c:yMode val="edge"/>`)
		m.val("x", share(chartEdge/2, p.wide))
		m.val("y", share(chartEdge, p.high))
		m.WriteString("</c:manualLayout></c:layout>")
		m.val("overlay", "0")
	})
}

// writePlotArea says where the plot stands, so that neighbours stand at one height, whatever draws them.
func (p *plot) writePlotArea(m *markup) {
	top, bottom, right := chartEdge, chartEdge, chartEdge
	if p.title != "" {
		top = chartTitleRoom
	}
	if p.kind.Round() {
		right = p.wide * 0.42
	} else if p.keyed() {
		bottom += chartLegend + chartLegendLine*float64(p.legendLines()-1)
	}
	m.WriteString(`<c:layout><c:manualLayout><c:layoutTarget val="outer"/><c:xMode val="edge"/><c:yMode val="edge"/>`)
	m.val("x", share(chartEdge, p.wide))
	m.val("y", share(top, p.high))
	m.val("w", share(p.wide-chartEdge-right, p.wide))
	m.val("h", share(p.high-top-bottom, p.high))
	m.WriteString("</c:manualLayout></c:layout>")
	p.writeGroups(m)
	if !p.kind.Round() {
		p.writeAxes(m)
	}
	m.within("c:spPr", func() { m.WriteString("<a:noFill/><a:ln><a:noFill/></a:ln>") })
}

func (p *plot) writeLegend(m *markup) {
	m.within("c:legend", func() {
		if p.kind.Round() {
			m.val("legendPos", "r")
			m.WriteString(`<c:layout><c:manualLayout><c:xMode val="edge"/><c:yMode val="edge"/>`)
			m.val("x", share(p.wide*0.6, p.wide))
			room := min(p.high-chartTitleRoom-chartEdge, 20*float64(len(p.x.texts)+len(p.x.numbers)))
			m.val("y", share((p.high+chartTitleRoom-chartEdge-room)/2, p.high))
			// As wide as its longest name, or LibreOffice sets some beside each other.
			wide := p.wide * 0.38
			if p.x.numbers == nil {
				wide = min(wide, widestOf(p.x.texts))
			}
			m.val("w", share(wide, p.wide))
			m.val("h", share(room, p.high))
			m.WriteString("</c:manualLayout></c:layout>")
		} else {
			m.val("legendPos", "b")
			for i := range p.areas() {
				// Its line says what the colour means.
				m.within("c:legendEntry", func() {
					m.val("idx", strconv.Itoa(i))
					m.val("delete", "1")
				})
			}
		}
		m.val("overlay", "0")
		p.writeLetters(m, colourInk, false)
	})
}

// legendLines is in how many lines a legend below the plot stands, which leaves some room at both of its ends. Those of very many
// series take no more than a third of the chart.
func (p *plot) legendLines() int {
	const taken, third = 0.8, 3
	whole := 0.0
	for _, s := range p.series {
		whole += widestOf(s.name.texts)
	}
	return max(1, min(int(math.Ceil(whole/(p.wide*taken))), int(p.high/third/chartLegendLine)))
}

// widestOf is how wide the longest of some names in a legend is, with its colour, in pixels.
func widestOf(names []string) float64 {
	wide := 0.0
	for _, name := range names {
		wide = max(wide, textWidth(name)*chartLetter+chartKey)
	}
	return wide
}

func (p *plot) writeAxes(m *markup) {
	position, valuePosition, direction := "b", "l", "minMax"
	if p.kind.Lying() {
		// The first point stands at the top, and the figures stay below.
		position, valuePosition, direction = "l", "b", "maxMin"
	}
	m.within("c:catAx", func() {
		p.writeNameAxis(m, axisX, axisY, position, direction, false)
	})
	m.within("c:valAx", func() { p.first.write(m, p, axisY, axisX, valuePosition) })
	if p.second == nil {
		return
	}
	m.within("c:catAx", func() { p.writeNameAxis(m, axisSecondX, axisSecondY, "b", "minMax", true) })
	m.within("c:valAx", func() { p.second.write(m, p, axisSecondY, axisSecondX, "r") })
}

// writeNameAxis writes the axis that names the points. The second one is there for its figures only.
func (p *plot) writeNameAxis(m *markup, id, across, position, direction string, hidden bool) {
	m.val("axId", id)
	m.within("c:scaling", func() { m.val("orientation", direction) })
	m.val("delete", flag(hidden))
	m.val("axPos", position)
	m.WriteString(`<c:numFmt formatCode="`)
	m.text(p.xFormat)
	m.WriteString(`" sourceLinked="0"/>`)
	m.val("majorTickMark", "none")
	m.val("minorTickMark", "none")
	m.val("tickLblPos", "low")
	m.within("c:spPr", func() { m.WriteString(line1(colourEdge, 0.75)) })
	p.writeLetters(m, colourQuiet, false)
	m.val("crossAx", across)
	m.val("crosses", "autoZero")
	// Dates are names like others: an axis of time would leave room for days that have no row.
	m.val("auto", "0")
	m.val("lblAlgn", "ctr")
	m.val("lblOffset", "100")
	if p.each > 1 || p.each == 1 && p.kind.Lying() {
		m.val("tickLblSkip", strconv.Itoa(p.each))
	}
	m.val("noMultiLvlLbl", "1")
}

func (a *valueAxis) write(m *markup, p *plot, id, across, position string) {
	m.val("axId", id)
	m.within("c:scaling", func() {
		m.val("orientation", "minMax")
		if !math.IsNaN(a.most) {
			m.val("max", figure(a.most))
		}
		if !math.IsNaN(a.least) {
			m.val("min", figure(a.least))
		}
	})
	m.val("delete", "0")
	m.val("axPos", position)
	if a.gridded {
		m.within("c:majorGridlines", func() {
			m.within("c:spPr", func() { m.WriteString(line1(colourRule, 0.75)) })
		})
	}
	m.WriteString(`<c:numFmt formatCode="`)
	m.text(a.format)
	m.WriteString(`" sourceLinked="0"/>`)
	m.val("majorTickMark", "none")
	m.val("minorTickMark", "none")
	m.val("tickLblPos", "nextTo")
	m.within("c:spPr", func() { m.WriteString("<a:ln><a:noFill/></a:ln>") })
	p.writeLetters(m, colourQuiet, false)
	m.val("crossAx", across)
	if a.right || p.kind.Lying() {
		m.val("crosses", "max")
	} else {
		m.val("crosses", "autoZero")
	}
	between := "between"
	if p.kind == outputs.ChartArea || p.kind == outputs.ChartStackedArea {
		between = "midCat" // An area begins at the axis.
	}
	m.val("crossBetween", between)
	if a.step > 0 {
		m.val("majorUnit", figure(a.step))
	}
}

// writeLetters says how text within an element looks.
func (p *plot) writeLetters(m *markup, colour string, bold bool) {
	m.within("c:txPr", func() {
		m.WriteString("<a:bodyPr/><a:p><a:pPr>")
		p.writeFont(m, "a:defRPr", chartTextSize, colour, bold)
		m.WriteString(`</a:pPr><a:endParaRPr lang="en-US"/></a:p>`)
	})
}

func (p *plot) writeFont(m *markup, element, size, colour string, bold bool) {
	m.WriteString("<" + element + ` sz="` + size + `" b="` + flag(bold) + `">` + solid(colour) + `<a:latin typeface="`)
	m.text(p.theme.Font)
	m.WriteString(`"/></` + element + ">")
}

func solid(colour string) string {
	return `<a:solidFill><a:srgbClr val="` + colour + `"/></a:solidFill>`
}

// line1 is a line of a width in points.
func line1(colour string, width float64) string {
	return fmt.Sprintf(`<a:ln w="%d" cap="rnd">%s<a:round/></a:ln>`, int(width*emuPoint), solid(colour))
}

// emuPoint and emuPixel are a point and a CSS pixel in the units of drawings.
const emuPoint, emuPixel = 12700, 9525

func flag(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// share is a part of a whole with as many digits as tell pixels apart.
func share(part, whole float64) string { return strconv.FormatFloat(part/whole, 'f', 4, 64) }

func figure(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
