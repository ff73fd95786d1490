package xlsx

import (
	"encoding/xml"
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// pinned is where something floats, as a drawing's part says it.
type pinned struct {
	From cornerOf `xml:"from"`
	To   cornerOf `xml:"to"`
	Ext  struct {
		Cx int `xml:"cx,attr"`
		Cy int `xml:"cy,attr"`
	} `xml:"ext"`
	EditAs string `xml:"editAs,attr"`
}

type cornerOf struct {
	Col    int `xml:"col"`
	ColOff int `xml:"colOff"`
	Row    int `xml:"row"`
	RowOff int `xml:"rowOff"`
}

// box is an area of a sheet in EMU.
type box struct {
	what                     string
	left, top, right, bottom int
}

func (a box) meets(b box) bool {
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

// measured is a sheet of a finished package: where its columns and rows begin, what floats and which cells say something.
type measured struct {
	columns, rows []int // edges in EMU
	floating      []box
	cells         []box
}

// measure reads a sheet's geometry from its parts alone: widths, heights, anchors.
func measure(t *testing.T, file string, sheet int) measured {
	t.Helper()
	part := fmt.Sprintf("xl/worksheets/sheet%d.xml", sheet)
	var s struct {
		Format struct {
			Height float64 `xml:"defaultRowHeight,attr"`
		} `xml:"sheetFormatPr"`
		Cols []struct {
			Min   int     `xml:"min,attr"`
			Max   int     `xml:"max,attr"`
			Width float64 `xml:"width,attr"`
		} `xml:"cols>col"`
		Rows []struct {
			R     int     `xml:"r,attr"`
			Ht    float64 `xml:"ht,attr"`
			Cells []struct {
				R string `xml:"r,attr"`
				V string `xml:"v"`
				T string `xml:"is>t"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	parts := members(t, file)
	if err := xml.Unmarshal([]byte(parts[part]), &s); err != nil {
		t.Fatal(err)
	}
	var m measured
	const columns, rows = 60, 400
	for i := range columns {
		width := 8.43
		for _, c := range s.Cols {
			if c.Min <= i+1 && i+1 <= c.Max {
				width = c.Width
			}
		}
		m.columns = edgeAfter(m.columns, int(width*digitWidth)*emuPixel)
	}
	heights := map[int]float64{}
	for _, r := range s.Rows {
		if r.Ht > 0 {
			heights[r.R] = r.Ht
		}
	}
	for i := range rows {
		height := s.Format.Height
		if h, ok := heights[i+1]; ok {
			height = h
		}
		m.rows = edgeAfter(m.rows, int(height*emuPoint))
	}
	for _, r := range s.Rows {
		for _, c := range r.Cells {
			if c.V != "" || c.T != "" {
				a := must(parseArea(c.R))
				if a.right < columns && a.bottom < rows {
					m.cells = append(m.cells, box{c.R, m.columns[a.left-1], m.rows[a.top-1], m.columns[a.left], m.rows[a.top]})
				}
			}
		}
	}
	m.floating = floatingOn(t, parts, part, m)
	return m
}

func edgeAfter(edges []int, size int) []int {
	if edges == nil {
		edges = []int{0}
	}
	return append(edges, edges[len(edges)-1]+size)
}

func floatingOn(t *testing.T, parts map[string]string, part string, m measured) (out []box) {
	t.Helper()
	rels, ok := parts[path.Join(path.Dir(part), "_rels", path.Base(part)+".rels")]
	if !ok {
		return nil
	}
	var all struct {
		Relationship []relation
	}
	if err := xml.Unmarshal([]byte(rels), &all); err != nil {
		t.Fatal(err)
	}
	for _, r := range all.Relationship {
		if !strings.Contains(r.Target, "drawings/") {
			continue
		}
		var drawing struct {
			One []pinned `xml:"oneCellAnchor"`
			Two []pinned `xml:"twoCellAnchor"`
		}
		if err := xml.Unmarshal([]byte(parts[path.Join("xl/worksheets", r.Target)]), &drawing); err != nil {
			t.Fatal(err)
		}
		for i, a := range drawing.One {
			left, top := m.columns[a.From.Col]+a.From.ColOff, m.rows[a.From.Row]+a.From.RowOff
			out = append(out, box{fmt.Sprint("picture ", i), left, top, left + a.Ext.Cx, top + a.Ext.Cy})
		}
		for i, a := range drawing.Two {
			if a.EditAs != "oneCell" {
				t.Errorf("chart %d changes its size with its cells: %q", i, a.EditAs)
			}
			if m.columns[a.To.Col]+a.To.ColOff > m.columns[a.To.Col+1] || m.rows[a.To.Row]+a.To.RowOff > m.rows[a.To.Row+1] {
				t.Errorf("chart %d ends beyond its last cell: %+v", i, a.To)
			}
			out = append(out, box{
				fmt.Sprint("chart ", i), m.columns[a.From.Col] + a.From.ColOff, m.rows[a.From.Row] + a.From.RowOff,
				m.columns[a.To.Col] + a.To.ColOff, m.rows[a.To.Row] + a.To.RowOff,
			})
		}
	}
	return out
}

// TestNothingFloatsOverAnything lays charts and pictures out between tables of all widths, and measures the finished
// package: nothing that floats covers a cell that says something, nor what floats beside it.
func TestNothingFloatsOverAnything(t *testing.T) {
	picture := outputs.Image{Data: drawing(t, 700, 90), MediaType: "image/png"}
	for _, columns := range []int{0, 1, 2, 3, 5, 8, 13, 24} {
		for _, wide := range []float64{0, 3, 30, 200} {
			fields := chatFields()[:columns]
			tall := outputs.TableBlock{Dataset: "d", Table: chatTable(5)}
			for _, f := range fields {
				tall.Columns = append(tall.Columns, outputs.TableColumn{Key: f.Name, Width: wide})
			}
			chart := outputs.Chart{Dataset: "d", Table: chatTable(5), Type: outputs.ChartLine, Title: "T", X: "user_name", Y: keys("incoming")}
			half, high := chart, chart
			half.Half, high.Height = true, 333
			blocks := []outputs.Block{outputs.Heading{Text: "H"}, tiles(5), chart, tall, half, half, tall, picture, high, half, outputs.Text{Text: "t"}, picture, half}
			if columns == 0 {
				blocks = append(blocks[:3:3], half, half, picture, high)
			}
			path, _ := render(t, Renderer{}, outputs.Document{Range: "r", Sheets: []outputs.Sheet{{Name: "S", Blocks: blocks}}})
			m := measure(t, path, 1)
			if len(m.floating) < 5 {
				t.Fatalf("%d columns: only %d float", columns, len(m.floating))
			}
			for i, f := range m.floating {
				if f.right-f.left < 100*emuPixel || f.bottom-f.top < 30*emuPixel {
					t.Errorf("%d columns of %g: %s is but a speck: %+v", columns, wide, f.what, f)
				}
				for _, c := range append(m.floating[i+1:len(m.floating):len(m.floating)], m.cells...) {
					if f.meets(c) {
						t.Fatalf("%d columns of %g: %s covers %s", columns, wide, f.what, c.what)
					}
				}
			}
		}
	}
}

// TestAChartMayGoOnOnAnotherSheet: it stays whole with the rows below it.
func TestAChartMayGoOnOnAnotherSheet(t *testing.T) {
	fields := []table.Field{column("x", expr.Text, table.TotalNone), column("n", expr.Integer, table.TotalSum)}
	var rows [][]expr.Value
	for i := range 40 {
		rows = append(rows, []expr.Value{texts("a")[0], integers(int64(i))[0]})
	}
	data := table.FromValues(fields, rows)
	path, got := render(t, Renderer{maxRows: 50}, outputs.Document{Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{
		outputs.TableBlock{Dataset: "d", Table: data}, outputs.Chart{Dataset: "d", Table: data, Type: outputs.ChartLine, X: "x", Y: keys("n")},
	}}}})
	if got.Sheets != 2 || len(measure(t, path, 1).floating) != 0 || len(measure(t, path, 2).floating) != 1 {
		t.Errorf("rendered %+v; the chart stands on the first of both sheets, or on none", got)
	}
}
