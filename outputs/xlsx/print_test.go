package xlsx

import (
	"encoding/xml"
	"testing"

	"github.com/reportform/reportform/outputs"
)

// TestPrintKeepsTogether what belongs together: each page ends between blocks, and no heading at its end.
func TestPrintKeepsTogether(t *testing.T) {
	chart := outputs.Chart{Dataset: "d", Table: byDay(), Type: outputs.ChartLine, X: "series", Y: keys("incoming")}
	half := chart
	half.Half = true
	blocks := []outputs.Block{outputs.Heading{Text: "H"}, tiles(4), chart}
	for range 6 {
		blocks = append(blocks, outputs.Heading{Text: "h"}, half, half)
	}
	blocks = append(blocks, outputs.Heading{Text: "table"}, outputs.TableBlock{Dataset: "d", Table: byDay()})
	path, _ := render(t, Renderer{}, outputs.Document{Sheets: []outputs.Sheet{{Name: "S", Blocks: blocks}}})
	var sheet struct {
		Setup struct {
			Orientation string `xml:"orientation,attr"`
		} `xml:"pageSetup"`
		Breaks []struct {
			ID int `xml:"id,attr"`
		} `xml:"rowBreaks>brk"`
	}
	if err := xml.Unmarshal([]byte(members(t, path)["xl/worksheets/sheet1.xml"]), &sheet); err != nil {
		t.Fatal(err)
	}
	m, f := measure(t, path, 1), open(t, path)
	if len(sheet.Breaks) < 2 {
		t.Fatalf("pages end at %+v", sheet.Breaks)
	}
	if sheet.Setup.Orientation != "portrait" {
		t.Errorf("the sheet lies: %+v", sheet.Setup)
	}
	room, top := int(upright(float64(m.columns[7])/emuPoint)*emuPoint), 0
	for _, b := range sheet.Breaks {
		end := m.rows[b.ID]
		for _, c := range m.floating {
			if c.top < end && end < c.bottom {
				t.Errorf("the page that ends at row %d cuts %s", b.ID, c.what)
			}
		}
		if end-top > room {
			t.Errorf("the page that ends at row %d is %d of %d high", b.ID, end-top, room)
		}
		top = end
		if head := cellAt(t, f, "S", ref(0, b.ID+1)).raw; head != "h" && head != "table" {
			t.Errorf("the page after row %d begins with %q", b.ID, head)
		}
	}
	area := ""
	for _, n := range f.GetDefinedName() {
		if n.Name == "_xlnm.Print_Area" {
			area = n.RefersTo
		}
	}
	if a := must(parseArea(area[len("'S'!"):])); a.right != 7 || a.bottom < sheet.Breaks[len(sheet.Breaks)-1].ID {
		t.Errorf("%s is printed", area)
	}
}

// TestASheetStandsOrLies: upright where that saves a page, lying where it is low, wide, or a long table.
func TestASheetStandsOrLies(t *testing.T) {
	chart := outputs.Chart{Dataset: "d", Table: byDay(), Type: outputs.ChartLine, X: "series", Y: keys("incoming")}
	half := chart
	half.Half = true
	days := outputs.TableBlock{Dataset: "d", Table: byDay(), Totals: true, Columns: keys("series", "incoming", "answered")}
	wide, long := days, days
	wide.Table, wide.Columns, long.Table = chatTable(7), nil, chatTable(60)
	for name, c := range map[string]struct {
		blocks []outputs.Block
		want   string
	}{
		"a summary":    {[]outputs.Block{outputs.Heading{Text: "H"}, tiles(4), chart, half, half, days}, "portrait"},
		"a low one":    {[]outputs.Block{outputs.Heading{Text: "H"}, tiles(4), days}, "landscape"},
		"a wide table": {[]outputs.Block{outputs.Heading{Text: "H"}, tiles(4), chart, half, half, wide}, "landscape"},
		"a long table": {[]outputs.Block{outputs.Heading{Text: "H"}, tiles(4), chart, long}, "landscape"},
	} {
		path, _ := render(t, Renderer{}, outputs.Document{Sheets: []outputs.Sheet{{Name: "S", Blocks: c.blocks}}})
		if got := must(open(t, path).GetPageLayout("S")); *got.Orientation != c.want {
			t.Errorf("%s is printed in %s", name, *got.Orientation)
		}
	}
}
