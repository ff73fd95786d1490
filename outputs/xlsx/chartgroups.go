package xlsx

import (
	"math"
	"strconv"

	"github.com/reportform/reportform/outputs"
)

// fewPoints is up to how many points of a line bear a mark each.
const fewPoints = 16

// leastLabelled is the least share of a pie that has room for its percentage.
const leastLabelled = 0.04

// writeGroups writes the series: those of the chart's own kind, then those that are lines against the second axis.
func (p *plot) writeGroups(m *markup) {
	var first, second []int
	for i, s := range p.series {
		if s.second {
			second = append(second, i)
		} else {
			first = append(first, i)
		}
	}
	switch p.kind {
	case outputs.ChartPie, outputs.ChartDoughnut:
		p.writeRound(m)
	case outputs.ChartLine:
		p.writeLines(m, first, axisX, axisY)
	case outputs.ChartArea, outputs.ChartStackedArea:
		p.writeAreas(m, first)
		if p.lined() {
			p.writeLines(m, first, axisX, axisY)
		}
	default:
		p.writeBars(m, first)
	}
	if len(second) > 0 {
		p.writeLines(m, second, axisSecondX, axisSecondY)
	}
}

func (p *plot) writeBars(m *markup, members []int) {
	m.within("c:barChart", func() {
		if p.kind.Lying() {
			m.val("barDir", "bar")
		} else {
			m.val("barDir", "col")
		}
		if p.kind.Stacked() {
			m.val("grouping", "stacked")
		} else {
			m.val("grouping", "clustered")
		}
		m.val("varyColors", "0")
		for _, i := range members {
			p.writeSeries(m, i, func() {
				m.within("c:spPr", func() { m.WriteString(solid(p.series[i].colour) + p.parting()) })
				m.val("invertIfNegative", "0")
			}, nil)
		}
		m.val("gapWidth", "60")
		if p.kind.Stacked() {
			m.val("overlap", "100")
		}
		m.val("axId", axisX)
		m.val("axId", axisY)
	})
}

// parting is the line around what stands upon or beside each other: a thin one in the paper's colour between stacked parts, but
// for columns that are hardly wider than that line.
func (p *plot) parting() string {
	const thin = 14.0
	long := p.wide
	if p.kind.Lying() {
		long = p.high
	}
	if points := len(p.x.texts) + len(p.x.numbers); p.kind.Stacked() && long >= thin*float64(points) {
		return line1(colourPaper, 0.75)
	}
	return "<a:ln><a:noFill/></a:ln>"
}

func (p *plot) writeLines(m *markup, members []int, x, y string) {
	m.within("c:lineChart", func() {
		m.val("grouping", "standard")
		m.val("varyColors", "0")
		for _, i := range members {
			colour := p.series[i].colour
			p.writeSeries(m, i, func() {
				m.within("c:spPr", func() { m.WriteString(line1(colour, 2.25)) })
				m.within("c:marker", func() {
					if len(p.series[i].values.numbers) > fewPoints {
						m.val("symbol", "none")
						return
					}
					m.val("symbol", "circle")
					m.val("size", "6")
					m.within("c:spPr", func() { m.WriteString(solid(colour) + line1(colourPaper, 1)) })
				})
			}, func() { m.val("smooth", "0") })
		}
		m.val("marker", "1")
		m.val("axId", x)
		m.val("axId", y)
	})
}

// paleArea is how opaque an area below a line is, in thousandths of a percent: what stands behind shows through.
const paleArea = "25000"

// lined reports whether areas have a line in their full colour along their top, which an outline, being around all of them,
// would not be: a second series over the same cells.
func (p *plot) lined() bool { return p.kind == outputs.ChartArea }

// areas is how many series are an area below a line.
func (p *plot) areas() (n int) {
	for _, s := range p.series {
		if p.lined() && !s.second {
			n++
		}
	}
	return n
}

func (p *plot) writeAreas(m *markup, members []int) {
	m.within("c:areaChart", func() {
		if p.kind.Stacked() {
			m.val("grouping", "stacked")
		} else {
			m.val("grouping", "standard")
		}
		m.val("varyColors", "0")
		for _, i := range members {
			p.writeSeries(m, i, func() {
				m.within("c:spPr", func() {
					if p.lined() {
						m.WriteString(`<a:solidFill><a:srgbClr val="` + p.series[i].colour + `"><a:alpha val="` + paleArea + `"/></a:srgbClr></a:solidFill><a:ln><a:noFill/></a:ln>`)
						return
					}
					m.WriteString(solid(p.series[i].colour) + p.parting())
				})
			}, nil)
		}
		m.val("axId", axisX)
		m.val("axId", axisY)
	})
}

// writeRound writes a pie or a doughnut: shares, each with its percentage where there is room.
func (p *plot) writeRound(m *markup) {
	element := "c:pieChart"
	if p.kind == outputs.ChartDoughnut {
		element = "c:doughnutChart"
	}
	m.within(element, func() {
		m.val("varyColors", "1")
		for i := range p.series {
			p.writeSeries(m, i, func() { p.writeSlices(m, p.series[i]) }, nil)
		}
		m.val("firstSliceAng", "0")
		if p.kind == outputs.ChartDoughnut {
			m.val("holeSize", "58")
		}
	})
}

// writeSlices gives each share its colour, and a percentage in an ink that is read upon it.
func (p *plot) writeSlices(m *markup, s series) {
	total := 0.0
	for _, v := range s.values.numbers {
		total += v
	}
	for i := range s.values.numbers {
		m.within("c:dPt", func() {
			m.val("idx", strconv.Itoa(i))
			m.val("bubble3D", "0")
			m.within("c:spPr", func() { m.WriteString(solid(p.theme.Series(i)) + line1(colourPaper, 1.5)) })
		})
	}
	labels := func(percent bool) {
		m.WriteString(`<c:showLegendKey val="0"/><c:showVal val="0"/><c:showCatName val="0"/><c:showSerName val="0"/>`)
		m.val("showPercent", flag(percent))
		m.WriteString(`<c:showBubbleSize val="0"/>`)
	}
	m.within("c:dLbls", func() {
		for i, v := range s.values.numbers {
			m.within("c:dLbl", func() {
				m.val("idx", strconv.Itoa(i))
				if v < leastLabelled*total {
					m.val("delete", "1")
					return
				}
				m.WriteString(`<c:numFmt formatCode="0%" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>`)
				p.writeLetters(m, inkOn(p.theme.Series(i)), true)
				labels(true)
			})
		}
		m.WriteString(`<c:numFmt formatCode="0%" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>`)
		p.writeLetters(m, colourInk, true)
		labels(true)
		m.WriteString(`<c:showLeaderLines val="0"/>`)
	})
}

// writeSeries writes a series: its name, how it looks, its points, and what comes last.
func (p *plot) writeSeries(m *markup, i int, look, last func()) {
	s := p.series[i]
	m.within("c:ser", func() {
		m.val("idx", strconv.Itoa(m.series))
		m.val("order", strconv.Itoa(m.series))
		m.series++
		m.within("c:tx", func() {
			if s.name.formula == "" {
				m.within("c:v", func() { m.text(s.name.texts[0]) })
				return
			}
			s.name.write(m)
		})
		look()
		m.within("c:cat", func() { p.x.write(m) })
		m.within("c:val", func() { s.values.write(m) })
		if last != nil {
			last()
		}
	})
}

// write names the cells and repeats what stands in them.
func (r drawnCells) write(m *markup) {
	if r.numbers == nil {
		m.within("c:strRef", func() {
			m.within("c:f", func() { m.text(r.formula) })
			m.within("c:strCache", func() {
				m.val("ptCount", strconv.Itoa(len(r.texts)))
				for i, s := range r.texts {
					if s != "" {
						r.point(m, i, s)
					}
				}
			})
		})
		return
	}
	m.within("c:numRef", func() {
		m.within("c:f", func() { m.text(r.formula) })
		m.within("c:numCache", func() {
			m.within("c:formatCode", func() { m.text(r.format) })
			m.val("ptCount", strconv.Itoa(len(r.numbers)))
			for i, x := range r.numbers {
				if !math.IsNaN(x) {
					r.point(m, i, figure(x))
				}
			}
		})
	})
}

func (drawnCells) point(m *markup, i int, value string) {
	m.WriteString(`<c:pt idx="` + strconv.Itoa(i) + `">`)
	m.within("c:v", func() { m.text(value) })
	m.WriteString("</c:pt>")
}
