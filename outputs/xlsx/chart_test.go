package xlsx

import (
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// chartPart is a chart as another program reads it.
type chartPart struct {
	Title  []string    `xml:"chart>title>tx>rich>p>r>t"`
	Bars   []drawnPart `xml:"chart>plotArea>barChart"`
	Lines  []drawnPart `xml:"chart>plotArea>lineChart"`
	Areas  []drawnPart `xml:"chart>plotArea>areaChart"`
	Pies   []drawnPart `xml:"chart>plotArea>pieChart"`
	Rings  []drawnPart `xml:"chart>plotArea>doughnutChart"`
	Names  []axisPart  `xml:"chart>plotArea>catAx"`
	Values []axisPart  `xml:"chart>plotArea>valAx"`
	Legend []struct {
		Position val   `xml:"legendPos"`
		Deleted  []val `xml:"legendEntry>delete"`
	} `xml:"chart>legend"`
	Visible val `xml:"chart>plotVisOnly"`
	Blanks  val `xml:"chart>dispBlanksAs"`
}

type val struct {
	Val string `xml:"val,attr"`
}

type drawnPart struct {
	Direction val          `xml:"barDir"`
	Grouping  val          `xml:"grouping"`
	Gap       val          `xml:"gapWidth"`
	Series    []seriesPart `xml:"ser"`
	Axes      []val        `xml:"axId"`
	Hole      val          `xml:"holeSize"`
}

type seriesPart struct {
	Index  val       `xml:"idx"`
	Name   cellsPart `xml:"tx>strRef"`
	Text   string    `xml:"tx>v"`
	X      cellsPart `xml:"cat>strRef"`
	XNum   cellsPart `xml:"cat>numRef"`
	Values cellsPart `xml:"val>numRef"`
	Fill   struct {
		val
		Alpha val `xml:"alpha"`
	} `xml:"spPr>solidFill>srgbClr"`
	Line   val `xml:"spPr>ln>solidFill>srgbClr"`
	Labels []struct {
		Percent val `xml:"showPercent"`
		Delete  val `xml:"delete"`
	} `xml:"dLbls>dLbl"`
}

type cellsPart struct {
	F      string      `xml:"f"`
	Format string      `xml:"numCache>formatCode"`
	Texts  []pointPart `xml:"strCache>pt"`
	Points []pointPart `xml:"numCache>pt"`
}

type pointPart struct {
	At string `xml:"idx,attr"`
	V  string `xml:"v"`
}

type axisPart struct {
	ID          val `xml:"axId"`
	Orientation val `xml:"scaling>orientation"`
	Least       val `xml:"scaling>min"`
	Most        val `xml:"scaling>max"`
	Deleted     val `xml:"delete"`
	Format      struct {
		Code string `xml:"formatCode,attr"`
	} `xml:"numFmt"`
	Across  val        `xml:"crossAx"`
	Crosses val        `xml:"crosses"`
	Grid    []struct{} `xml:"majorGridlines"`
	Step    val        `xml:"majorUnit"`
	Each    val        `xml:"tickLblSkip"`
}

// drawChart renders one chart, beside other blocks, and reads its part.
func drawChart(t *testing.T, c outputs.Chart, beside ...outputs.Block) (string, chartPart) {
	t.Helper()
	doc := outputs.Document{Locale: "en", Sheets: []outputs.Sheet{{Name: "It's Bob's", Blocks: append([]outputs.Block{c}, beside...)}}}
	path, _ := render(t, Renderer{}, doc)
	var p chartPart
	if err := xml.Unmarshal([]byte(members(t, path)["xl/charts/chart1.xml"]), &p); err != nil {
		t.Fatal(err)
	}
	return path, p
}

func texted(points []pointPart) (out []string) {
	for _, p := range points {
		out = append(out, p.At+"="+p.V)
	}
	return out
}

// TestAChartDrawsTheCellsOfATable: of one that shows its very rows whole, whatever its sheet is named.
func TestAChartDrawsTheCellsOfATable(t *testing.T) {
	days := byDay()
	c := outputs.Chart{Dataset: "d", Table: days, Type: outputs.ChartColumn, Title: "Chats & <more>", X: "series", Y: keys("incoming", "answered_percent")}
	shown := outputs.TableBlock{Dataset: "d", Table: days, Totals: true, Columns: keys("answered_percent", "series", "incoming")}
	path, p := drawChart(t, c, shown)
	if got := strings.Join(p.Title, ""); got != "Chats & <more>" || len(p.Bars) != 1 || p.Bars[0].Direction.Val != "col" || p.Bars[0].Grouping.Val != "clustered" || p.Bars[0].Gap.Val != "60" {
		t.Errorf("title %q, bars %+v", got, p.Bars)
	}
	first := p.Bars[0].Series[0]
	if first.Name.F != "'It''s Bob''s'!$C$16" || first.XNum.F != "'It''s Bob''s'!$B$17:$B$23" || first.Values.F != "'It''s Bob''s'!$C$17:$C$23" {
		t.Errorf("the series draws %q, %q, %q", first.Name.F, first.XNum.F, first.Values.F)
	}
	f := open(t, path)
	for at, want := range map[string]string{"C16": "Przychodzące", "C17": "27", "A23": "42.1%"} {
		if got := strings.TrimSpace(must(f.GetCellValue("It's Bob's", at))); got != want {
			t.Errorf("%s holds %q, want %q", at, got, want)
		}
	}
	if got := texted(first.Values.Points); len(got) != 7 || got[0] != "0=27" || texted(first.Name.Texts)[0] != "0=Przychodzące" || texted(first.XNum.Points)[0] != "0=46335" {
		t.Errorf("it keeps %q of %+v", got, first)
	}
	if got := p.Bars[0].Series[1].Values; got.Format != "0.0%" || math.Abs(parse(t, got.Points[0].V)-0.7407407407) > 1e-9 {
		t.Errorf("percents are kept as %+v", got)
	}
	if p.Visible.Val != "1" || p.Blanks.Val != "gap" || len(f.GetSheetList()) != 1 {
		t.Errorf("visible %q, blanks %q, sheets %q", p.Visible.Val, p.Blanks.Val, f.GetSheetList())
	}
	if p.Names[0].Format.Code != "[$-409]d mmm" || p.Legend[0].Position.Val != "b" {
		t.Errorf("names %+v, legend %+v", p.Names, p.Legend)
	}
}

func parse(t *testing.T, s string) float64 {
	t.Helper()
	var x float64
	if err := xml.Unmarshal([]byte("<v>"+s+"</v>"), &x); err != nil {
		t.Fatal(err)
	}
	return x
}

// TestAChartHasItsOwnCells where no table shows its rows whole, with its columns, on one sheet.
func TestAChartHasItsOwnCells(t *testing.T) {
	days, others := byDay(), byDay()
	c := outputs.Chart{Dataset: "d", Table: days, Type: outputs.ChartLine, X: "series", Y: keys("incoming")}
	for name, beside := range map[string][]outputs.Block{
		"no table": nil, "cut": {outputs.TableBlock{Dataset: "d", Table: days, Limit: 3}},
		"without the column": {outputs.TableBlock{Dataset: "d", Table: days, Columns: keys("series", "answered")}},
		"other rows":         {outputs.TableBlock{Dataset: "d", Table: others}},
	} {
		t.Run(name, func(t *testing.T) {
			path, p := drawChart(t, c, beside...)
			f := open(t, path)
			if got := f.GetSheetList(); len(got) != 2 || got[1] != "Chart data" || must(f.GetSheetVisible("Chart data")) {
				t.Fatalf("sheets %q", got)
			}
			s := p.Lines[0].Series[0]
			if s.Name.F != "'Chart data'!$B$1" || s.XNum.F != "'Chart data'!$A$2:$A$8" || s.Values.F != "'Chart data'!$B$2:$B$8" || p.Visible.Val != "0" {
				t.Errorf("it draws %+v, visible %q", s, p.Visible.Val)
			}
			if got := cellAt(t, f, "Chart data", "B2"); got != (found{"number", "27", "#,##0"}) {
				t.Errorf("B2 is %+v", got)
			}
			if got := cellAt(t, f, "Chart data", "A2"); got.kind != "number" || got.raw != "46335" {
				t.Errorf("A2 is %+v", got)
			}
		})
	}
}

// TestAMissingFigureIsAGap and no zero: neither in the cells nor in what the chart keeps of them.
func TestAMissingFigureIsAGap(t *testing.T) {
	data := table.FromValues([]table.Field{column("x", expr.Text, table.TotalNone), column("n", expr.Integer, table.TotalSum)},
		[][]expr.Value{{texts("a")[0], integers(1)[0]}, {texts("=b")[0], expr.Missing(expr.Integer)}, {texts("c")[0], integers(-3)[0]}})
	path, p := drawChart(t, outputs.Chart{Dataset: "d", Table: data, Type: outputs.ChartColumn, X: "x", Y: keys("n")})
	s := p.Bars[0].Series[0]
	if got := strings.Join(texted(s.Values.Points), " "); got != "0=1 2=-3" {
		t.Errorf("points %s", got)
	}
	if got := strings.Join(texted(s.X.Texts), " "); got != "0=a 1==b 2=c" {
		t.Errorf("names %s", got)
	}
	if got := cellAt(t, open(t, path), "Chart data", "B3"); got.raw != "" {
		t.Errorf("B3 is %+v", got)
	}
	if p.Values[0].Least.Val != "" || len(p.Legend) != 0 {
		t.Errorf("least %q, legend %+v", p.Values[0].Least.Val, p.Legend)
	}
}

func TestEveryKindOfChart(t *testing.T) {
	of := func(kind outputs.ChartType, y, y2 []outputs.TableColumn) chartPart {
		_, p := drawChart(t, outputs.Chart{Dataset: "d", Table: byAgent(), Type: kind, X: "user_name", Y: y, Y2: y2})
		return p
	}
	both := keys("incoming", "answered")
	for kind, find := range map[outputs.ChartType]func(p chartPart) []drawnPart{
		outputs.ChartLine: func(p chartPart) []drawnPart { return p.Lines }, outputs.ChartColumn: func(p chartPart) []drawnPart { return p.Bars },
		outputs.ChartBar: func(p chartPart) []drawnPart { return p.Bars }, outputs.ChartArea: func(p chartPart) []drawnPart { return p.Areas },
		outputs.ChartStackedColumn: func(p chartPart) []drawnPart { return p.Bars }, outputs.ChartStackedBar: func(p chartPart) []drawnPart { return p.Bars },
		outputs.ChartStackedArea: func(p chartPart) []drawnPart { return p.Areas },
	} {
		p := of(kind, both, nil)
		drawn := find(p)
		if len(drawn) != 1 || len(drawn[0].Series) != 2 || len(p.Names) != 1 || len(p.Values) != 1 {
			t.Fatalf("%s: %+v", kind, p)
		}
		if got := drawn[0].Grouping.Val == "stacked"; got != kind.Stacked() {
			t.Errorf("%s is %s", kind, drawn[0].Grouping.Val)
		}
		if kind == outputs.ChartArea {
			s := drawn[0].Series[1]
			over := p.Lines[0].Series
			if s.Fill.Alpha.Val != paleArea || len(over) != 2 || over[1].Line.Val != s.Fill.Val || over[1].Values.F != s.Values.F || over[1].Index.Val != "3" || len(p.Legend[0].Deleted) != 2 {
				t.Errorf("areas %+v below lines %+v, legend %+v", s, over, p.Legend)
			}
		}
		lying := p.Names[0].Orientation.Val == "maxMin" && p.Values[0].Crosses.Val == "max"
		if lying != kind.Lying() || drawn[0].Direction.Val == "bar" != kind.Lying() {
			t.Errorf("%s: the first row stands at the bottom, or columns lie: %+v", kind, p.Names[0])
		}
		if kind != outputs.ChartLine && p.Values[0].Least.Val != "0" {
			t.Errorf("%s begins at %q", kind, p.Values[0].Least.Val)
		}
		if len(p.Values[0].Grid) != 1 || p.Values[0].Format.Code != "#,##0" {
			t.Errorf("%s: axis %+v", kind, p.Values[0])
		}
	}
	pie, ring := of(outputs.ChartPie, both[:1], nil), of(outputs.ChartDoughnut, both[:1], nil)
	for _, drawn := range [][]drawnPart{pie.Pies, ring.Rings} {
		if len(drawn) != 1 || len(drawn[0].Series[0].Labels) != 6 || drawn[0].Series[0].Labels[0].Percent.Val != "1" {
			t.Errorf("round: %+v", drawn)
		}
	}
	if pie.Legend[0].Position.Val != "r" || len(pie.Names) != 0 || ring.Rings[0].Hole.Val != "58" {
		t.Errorf("pie %+v, ring %+v", pie, ring)
	}
}

// TestASecondAxis stands at the right, for lines over columns.
func TestASecondAxis(t *testing.T) {
	c := outputs.Chart{Dataset: "d", Table: byDay(), Type: outputs.ChartCombo, X: "series", Y: keys("incoming", "answered"), Y2: keys("chat_time_avg")}
	_, p := drawChart(t, c)
	if len(p.Bars) != 1 || len(p.Lines) != 1 || len(p.Values) != 2 || len(p.Names) != 2 {
		t.Fatalf("combo: %+v", p)
	}
	second, axis := p.Lines[0], p.Values[1]
	if second.Series[0].Index.Val != "2" || second.Axes[1].Val != axis.ID.Val || p.Bars[0].Axes[1].Val != p.Values[0].ID.Val || axis.Crosses.Val != "max" || len(axis.Grid) != 0 {
		t.Errorf("second axis %+v of %+v", axis, second)
	}
	if p.Names[1].Deleted.Val != "1" || axis.Format.Code != "[h]:mm:ss" || axis.Step.Val != figure(60.0/86400) {
		t.Errorf("names %+v, format %q, step %q", p.Names[1], axis.Format.Code, axis.Step.Val)
	}
	theme := outputs.DefaultTheme()
	if got := []string{p.Bars[0].Series[0].Fill.Val, p.Bars[0].Series[1].Fill.Val, second.Series[0].Line.Val}; !slices.Equal(got, theme.Palette[:3]) {
		t.Errorf("colours %q", got)
	}
}

// TestNamesOfASequenceHaveRoom: days are named at every so many, agents one and all.
func TestNamesOfASequenceHaveRoom(t *testing.T) {
	days := make([][]expr.Value, 42)
	for i := range days {
		days[i] = chatValues(i * len(agents))
		days[i][0].Int += int64(i/7) * 7 * dayMicros
	}
	c := outputs.Chart{Dataset: "d", Table: table.FromValues(chatFields(), days), Type: outputs.ChartLine, X: "series", Y: keys("incoming")}
	for want, change := range map[string]func(*outputs.Chart){
		"3": func(*outputs.Chart) {}, "6": func(c *outputs.Chart) { c.Half = true }, "": func(c *outputs.Chart) { c.X = "user_name" },
	} {
		changed := c
		change(&changed)
		if _, p := drawChart(t, changed); p.Names[0].Each.Val != want {
			t.Errorf("the points by %s are named at every %q, want %q", changed.X, p.Names[0].Each.Val, want)
		}
	}
}

// TestTwoAxesShareTheirGrid: as many round steps on each, from end to end, and no percents beyond 100.
func TestTwoAxesShareTheirGrid(t *testing.T) {
	whole, share, long := table.Field{Type: expr.Integer}, table.Field{Type: expr.Percent}, table.Field{Type: expr.Duration}
	const second = 1.0 / 86_400
	for _, c := range []struct {
		first, second [2]float64
		fields        [2]table.Field
		want          string
	}{
		{[2]float64{41, 492}, [2]float64{0.548, 0.861}, [2]table.Field{whole, share}, "0 to 500 by 100 as #,##0, 0 to 1 by 0.2 as 0%"},
		{[2]float64{1, 3}, [2]float64{0.91, 1}, [2]table.Field{whole, share}, "0 to 4 by 1 as #,##0, 0.9 to 1 by 0.025 as 0.0%"},
		{[2]float64{10, 790}, [2]float64{0.02, 0.09}, [2]table.Field{whole, share}, "0 to 800 by 200 as #,##0, 0 to 0.1 by 0.025 as 0.0%"},
		{[2]float64{-300, 790}, [2]float64{60 * second, 200 * second}, [2]table.Field{whole, long}, "-300 to 900 by 300 as #,##0, 0 to 240 by 60 as [h]:mm:ss"},
		{[2]float64{0, 12}, [2]float64{0.3, 0.95}, [2]table.Field{whole, share}, "0 to 12 by 3 as #,##0, 0 to 1 by 0.25 as 0%"},
		{[2]float64{10, 790}, [2]float64{0.02, 0.09}, [2]table.Field{whole, {Type: expr.Percent, Format: "0%"}}, "0 to 1000 by 200 as #,##0, 0 to 0.1 by 0.02 as 0%"},
		{[2]float64{0, 0}, [2]float64{0.3, 0.95}, [2]table.Field{whole, share}, "0 to NaN by 0 as #,##0, NaN to NaN by 0 as 0%"},
	} {
		axes := [2]*valueAxis{}
		for i, ends := range [][2]float64{c.first, c.second} {
			axes[i] = &valueAxis{least: math.NaN(), most: math.NaN(), low: ends[0], high: ends[1], field: c.fields[i]}
			axes[i].format = map[expr.Type]string{expr.Integer: "#,##0", expr.Percent: "0%", expr.Duration: "[h]:mm:ss"}[c.fields[i].Type]
		}
		axes[0].least = min(0, c.first[0])
		shareGrid(axes[0], axes[1])
		var got []string
		for i, a := range axes {
			unit := 1.0
			if c.fields[i].Type == expr.Duration {
				unit = second
			}
			got = append(got, fmt.Sprintf("%.5g to %.5g by %.5g as %s", a.least/unit, a.most/unit, a.step/unit, a.format))
		}
		if got := strings.Join(got, ", "); got != c.want {
			t.Errorf("%v and %v stand at %s, want %s", c.first, c.second, got, c.want)
		}
	}
}

// TestAnEmptyChartSaysSo in its place, with no part of its own.
func TestAnEmptyChartSaysSo(t *testing.T) {
	doc := outputs.Document{Locale: "pl", Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{
		outputs.Chart{Dataset: "d", Table: table.FromValues(chatFields(), nil), Type: outputs.ChartLine, Title: "Czaty", X: "series", Y: keys("incoming")},
	}}}}
	path, _ := render(t, Renderer{}, doc)
	if rows := must(open(t, path).GetRows("S")); len(rows) != 2 || rows[0][0] != "Czaty" || rows[1][0] != "Brak wierszy." {
		t.Errorf("rows %q", rows)
	}
	if _, drawn := members(t, path)["xl/charts/chart1.xml"]; drawn {
		t.Error("it has a part all the same")
	}
}

func TestClockSteps(t *testing.T) {
	const day = 86_400
	for length, want := range map[float64]float64{0: 1, 6: 1, 7: 2, 200: 60, 3600: 600, 5 * 3600: 3600, 30 * 3600: 6 * 3600, 100 * day: 500 * 3600, 10_000 * 3600: 2000 * 3600, 50_000 * 3600: 10_000 * 3600, 1e9: 50_000 * 3600} {
		if got := clockStep(length/day) * day; math.Abs(got-want) > 1e-6 {
			t.Errorf("%g s in steps of %g s, want %g", length, got, want)
		}
	}
}

// TestAnAxisOfTimeBelowZero ends at its steps, and has no room for what cannot be seen.
func TestAnAxisOfTimeBelowZero(t *testing.T) {
	for low, want := range map[time.Duration]string{-90 * time.Second: "0 by 2000", -3000 * time.Hour: "-5000 by 5000", time.Hour: "0 by 2000"} {
		s := outputs.Series{Field: table.Field{Type: expr.Duration}, Values: []expr.Value{expr.DurationValue(low), expr.DurationValue(10_000 * time.Hour)}}
		a := axisOf([]outputs.Series{s}, outputs.ChartColumn, false)
		if got := fmt.Sprintf("%.0f by %.0f", a.least*24, a.step*24); got != want {
			t.Errorf("from %v the axis begins at %s hours, want %s", low, got, want)
		}
	}
}
