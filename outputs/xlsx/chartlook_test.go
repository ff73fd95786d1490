package xlsx

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// TestAnAxisHasTheDigitsOfItsFigures: none are all 0.0, one figure alone is no reason for more, and nothing counts 0, 1, 1.
func TestAnAxisHasTheDigitsOfItsFigures(t *testing.T) {
	for _, test := range []struct {
		typ    expr.Type
		values []float64
		want   string
	}{
		{expr.Ratio, []float64{0.0012, 0.0021}, "0.00%"}, {expr.Ratio, []float64{0.2, 0.9}, "0%"}, {expr.Ratio, []float64{0.01, 0.04}, "0.0%"},
		{expr.Decimal, []float64{0.0012, 0.0021}, "#,##0.0000"}, {expr.Decimal, []float64{1, 3}, "#,##0.0"}, {expr.Decimal, []float64{120}, "#,##0"},
		{expr.Integer, []float64{0, 0, 0}, "#,##0 to 1 by 1"}, {expr.Integer, []float64{-3000}, "#,##0"}, {expr.Decimal, []float64{-0.5, -0.5}, "#,##0.0"},
	} {
		s := outputs.Series{Field: table.Field{Type: test.typ}}
		for _, x := range test.values {
			v := expr.RatioValue(x)
			switch test.typ {
			case expr.Decimal:
				v = expr.DecimalValue(decimal.MustParse(fmt.Sprint(x)))
			case expr.Integer:
				v = expr.IntegerValue(int64(x))
			}
			s.Values = append(s.Values, v)
		}
		a := axisOf([]outputs.Series{s}, outputs.ChartLine, false)
		got := a.format
		if a.step > 0 {
			got += fmt.Sprintf(" to %g by %g", a.most, a.step)
		}
		if got != test.want {
			t.Errorf("the axis of %v has %q, want %q", test.values, got, test.want)
		}
	}
}

// TestSharesOfNothingSaySo, where programs draw a legend beside an empty place.
func TestSharesOfNothingSaySo(t *testing.T) {
	fields := []table.Field{column("x", expr.Text, table.TotalNone), column("n", expr.Integer, table.TotalSum)}
	zero := table.FromValues(fields, [][]expr.Value{{expr.TextValue("a"), expr.IntegerValue(0)}, {expr.TextValue("b"), expr.IntegerValue(0)}})
	path, _ := render(t, Renderer{}, outputs.Document{Locale: "pl", Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{
		outputs.Chart{Dataset: "d", Table: zero, Type: outputs.ChartPie, Title: "Czaty", X: "x", Y: keys("n")},
	}}}})
	if rows := must(open(t, path).GetRows("S")); len(rows) != 2 || rows[1][0] != "Wszystkie wartości wynoszą 0." {
		t.Errorf("rows %q", rows)
	}
}

// TestEveryBarIsNamed in a chart that is as high as that takes, and another one beside it is.
func TestEveryBarIsNamed(t *testing.T) {
	many := slices.Repeat([][]expr.Value{{expr.TextValue("Zamówienia"), expr.IntegerValue(3)}}, 30)
	fields := []table.Field{column("x", expr.Text, table.TotalNone), column("n", expr.Integer, table.TotalSum)}
	bars := outputs.Chart{Dataset: "d", Table: table.FromValues(fields, many), Type: outputs.ChartBar, X: "x", Y: keys("n"), Half: true}
	line := outputs.Chart{Dataset: "e", Table: byDay(), Type: outputs.ChartLine, X: "series", Y: keys("incoming"), Half: true}
	w := &workbook{}
	w.doc.Locale = "en"
	s, err := w.charts([]outputs.Chart{bars, line}, &grid{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range w.charted {
		if c.high != 680 || len(s.lines) != 34 {
			t.Errorf("a chart is %g pixels high over %d rows", c.high, len(s.lines))
		}
	}
	if each := w.charted[0].named("en"); each != 1 {
		t.Errorf("bars are named at every %d", each)
	}
	bars.Height = 200
	if _, p := drawChart(t, bars); p.Names[0].Each.Val != "" {
		t.Error("names are set above each other where there is no room")
	}
}

// TestALegendHasItsLines, so that it stands below the names of the points and not upon them.
func TestALegendHasItsLines(t *testing.T) {
	p := &plot{wide: 690, high: 280}
	for _, name := range []string{"Sales", "Cost", "Profit"} {
		p.series = append(p.series, series{name: drawnCells{texts: []string{name}}})
	}
	if got := p.legendLines(); got != 1 {
		t.Errorf("three short names take %d lines", got)
	}
	for _, name := range []string{"Sales of the subsidiaries abroad", "Cost of goods", "Profit after tax"} {
		p.series = append(p.series, series{name: drawnCells{texts: []string{name}}})
	}
	if got := p.legendLines(); got != 2 {
		t.Errorf("six names take %d lines", got)
	}
	p.series = slices.Repeat(p.series, 10)
	if got := p.legendLines(); got != 5 {
		t.Errorf("sixty names take %d lines", got)
	}
}

// TestLongTextsAreShownWhole in a table that is read; one of data has a line a row.
func TestLongTextsAreShownWhole(t *testing.T) {
	fields := []table.Field{column("x", expr.Text, table.TotalNone), column("y", expr.Text, table.TotalNone)}
	long := strings.Repeat("word ", 40)
	rows := [][]expr.Value{texts(long, "a"), texts("short", "b")}
	path, _ := render(t, Renderer{}, single(fields, rows...))
	f := open(t, path)
	sheet := f.GetSheetName(0)
	if high, next := must(f.GetRowHeight(sheet, 2)), must(f.GetRowHeight(sheet, 3)); high < 3*13 || next != rowHeight {
		t.Errorf("a long text has %v points, the one below it %v", high, next)
	}
	path, _ = render(t, Renderer{}, single(fields, slices.Repeat(rows, mostWrapped)...))
	if high := must(open(t, path).GetRowHeight(sheet, 2)); high != rowHeight {
		t.Errorf("a row of data is %v points high", high)
	}
}
