package xlsx

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/expr"
)

// TestMarksFollowTheFigures: they are conditional formats over the very cells, in the units that cells have.
func TestMarksFollowTheFigures(t *testing.T) {
	columns := keys("user_name", "incoming", "answered_percent", "chat_time_avg", "missed")
	columns[1].Highlight = &outputs.Highlight{Bars: true}
	columns[2].Highlight = &outputs.Highlight{Rules: []outputs.HighlightRule{
		{AtLeast: expr.PercentValue(80), As: outputs.ToneGood}, {Above: expr.PercentValue(50), Below: expr.PercentValue(70), As: outputs.ToneBad},
	}}
	columns[3].Highlight = &outputs.Highlight{Rules: []outputs.HighlightRule{{AtMost: expr.DurationValue(43200e9), As: outputs.ToneWarning}}}
	columns[4].Highlight = &outputs.Highlight{Scale: true, Good: "down"}
	doc := outputs.Document{Theme: outputs.Theme{Accent: "127C6B"}, Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{
		outputs.TableBlock{Dataset: "d", Table: byAgent(), Columns: columns, Totals: true},
	}}}}
	path, _ := render(t, Renderer{}, doc)
	f := open(t, path)
	formats := must(f.GetConditionalFormats("S"))
	want := map[string][]string{
		"B2:B7": {"data_bar"}, "C2:C7": {"AND(ISNUMBER(C2),C2>=0.8)", "AND(ISNUMBER(C2),C2>0.5,C2<0.7)"},
		"D2:D7": {"AND(ISNUMBER(D2),D2<=0.5)"}, "E2:E7": {"3_color_scale"}, "A2:E7": {"MOD(ROW(),2)=1"},
	}
	if len(formats) != len(want) {
		t.Errorf("formats %+v", formats)
	}
	for area, rules := range want {
		if len(formats[area]) != len(rules) {
			t.Errorf("%s has %+v", area, formats[area])
			continue
		}
		for i, rule := range rules {
			if got := formats[area][i]; got.Criteria != rule && got.Type != rule {
				t.Errorf("%s has %+v, want %s", area, got, rule)
			}
			if got := formats[area][i]; strings.HasPrefix(rule, "AND") && !got.StopIfTrue {
				t.Errorf("%s: the next rule counts as well: %+v", area, got)
			}
		}
	}
	good := must(f.GetConditionalStyle(*formats["C2:C7"][0].Format))
	if outputs.Contrast(good.Font.Color, outputs.Mix(outputs.DefaultTheme().Good, colourPaper, palerTone)) < outputs.SmallContrast {
		t.Errorf("a good figure is written in %s", good.Font.Color)
	}
	if got := formats["E2:E7"][0]; got.MinColor != "#"+outputs.Mix(outputs.DefaultTheme().Good, colourPaper, palerScale) || got.MidColor != "#FFFFFF" {
		t.Errorf("the scale is %+v", got)
	}
	if got := formats["B2:B7"][0]; got.BarColor != "#"+outputs.Mix("127C6B", colourPaper, palerBar) || !got.BarSolid {
		t.Errorf("the bars are %+v", got)
	}
}

// TestBarsBelowNought have the theme's colours, and begin at nought.
func TestBarsBelowNought(t *testing.T) {
	columns := keys("series", "missed")
	columns[1].Highlight = &outputs.Highlight{Bars: true}
	path, _ := render(t, Renderer{}, outputs.Document{Theme: outputs.Theme{Bad: "AA0011"}, Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{
		outputs.TableBlock{Dataset: "d", Table: byDay(), Columns: columns},
	}}}})
	var sheet struct {
		Bars []struct {
			Least    string `xml:"minLength,attr"`
			Negative struct {
				RGB string `xml:"rgb,attr"`
			} `xml:"negativeFillColor"`
			Axis struct {
				RGB string `xml:"rgb,attr"`
			} `xml:"axisColor"`
		} `xml:"extLst>ext>conditionalFormattings>conditionalFormatting>cfRule>dataBar"`
	}
	if err := xml.Unmarshal([]byte(members(t, path)["xl/worksheets/sheet1.xml"]), &sheet); err != nil {
		t.Fatal(err)
	}
	if len(sheet.Bars) != 1 {
		t.Fatalf("bars %+v", sheet.Bars)
	}
	if b := sheet.Bars[0]; b.Negative.RGB != "FF"+outputs.Mix("AA0011", colourPaper, palerBar) || b.Axis.RGB != "FF"+colourEdge || b.Least != "0" {
		t.Errorf("bars %+v", b)
	}
}

// TestStripesBeginBelowEachHeader: the first row of a table has none, and neither has its totals row.
func TestStripesBeginBelowEachHeader(t *testing.T) {
	block := outputs.TableBlock{Dataset: "d", Table: byAgent(), Totals: true, Columns: keys("user_name", "incoming")}
	path, _ := render(t, Renderer{}, outputs.Document{Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{block, block}}}})
	formats := must(open(t, path).GetConditionalFormats("S"))
	for area, want := range map[string]string{"A2:B7": "MOD(ROW(),2)=1", "A11:B16": "MOD(ROW(),2)=0"} {
		if got := formats[area]; len(got) != 1 || got[0].Criteria != want {
			t.Errorf("%s has %+v, want %s", area, got, want)
		}
	}
}

func TestInkIsLegible(t *testing.T) {
	for _, accent := range []string{"000000", "FFFFFF", "FFEE00", "2F5D8A", "9AD0F5", "C0392B"} {
		s := must(newStyles(excelize.NewFile(), outputs.Theme{Accent: accent}.Whole()))
		if st := s.style(roleTileFigure); outputs.Contrast(st.Font.Color, st.Fill.Color[0]) < 2.7 {
			t.Errorf("accent %s: figures are %s on %s", accent, st.Font.Color, st.Fill.Color[0])
		}
		if st := s.style(roleHeader); outputs.Contrast(st.Font.Color, st.Fill.Color[0]) < outputs.SmallContrast {
			t.Errorf("accent %s: headers are %s on %s", accent, st.Font.Color, st.Fill.Color[0])
		}
		if outputs.Contrast(inkOn(accent), accent) < outputs.LargeContrast {
			t.Errorf("accent %s bears %s", accent, inkOn(accent))
		}
	}
	if got := outputs.Legible("2F5D8A", colourPaper, outputs.SmallContrast); got != "2F5D8A" {
		t.Errorf("a legible colour became %s", got)
	}
}
