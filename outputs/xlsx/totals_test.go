package xlsx

import (
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

func integers(n ...int64) []expr.Value {
	out := make([]expr.Value, len(n))
	for i := range n {
		out[i] = expr.Value{Type: expr.Integer, Valid: true, Int: n[i]}
	}
	return out
}

// totalsFields has a column for each rule.
func totalsFields() []table.Field {
	return []table.Field{
		{Name: "name", Type: expr.Text},
		{Name: "sum", Type: expr.Integer, Total: table.Total{Kind: table.TotalSum}},
		{Name: "least", Type: expr.Integer, Total: table.Total{Kind: table.TotalMin}},
		{Name: "most", Type: expr.Integer, Total: table.Total{Kind: table.TotalMax}},
		{Name: "last", Type: expr.Integer, Total: table.Total{Kind: table.TotalLast}},
		{Name: "share", Type: expr.Percent, Total: table.Total{Kind: table.TotalRatio, Num: "sum", Den: "most"}},
		{Name: "level", Type: expr.Percent, Total: table.Total{Kind: table.TotalWeighted, Weight: "sum"}},
		{Name: "none", Type: expr.Integer},
	}
}

func totalsRow(name string, n int64, level float64) []expr.Value {
	whole := func(i int64) expr.Value { return integers(i)[0] }
	l := expr.Value{Type: expr.Percent, Valid: level >= 0, Float: level}
	return []expr.Value{{Type: expr.Text, Valid: true, Str: name}, whole(n), whole(n), whole(10 * n), whole(n + 100), {Type: expr.Percent, Valid: true, Float: 10}, l, whole(7)}
}

func TestTotalsAreFormulasWithTheirValues(t *testing.T) {
	doc := single(totalsFields(), totalsRow("a", 1, 50), totalsRow("b", 3, 100), totalsRow("c", 6, -1))
	path, _ := render(t, Renderer{}, doc)
	f := open(t, path)
	want := map[string][2]string{ // value, formula
		"A5": {"Total", ""},
		"B5": {"10", "SUBTOTAL(109,B2:B4)"},
		"C5": {"1", "SUBTOTAL(105,C2:C4)"},
		"D5": {"60", "SUBTOTAL(104,D2:D4)"},
		"E5": {"106", "E4"},
		"F5": {"0.1", `IF(SUBTOTAL(109,D2:D4)=0,"",SUBTOTAL(109,B2:B4)/SUBTOTAL(109,D2:D4))`},
		"G5": {"0.875", `IF(SUMPRODUCT(J2:J4,B2:B4,--ISNUMBER(G2:G4))=0,"",SUMPRODUCT(J2:J4,B2:B4,G2:G4)/SUMPRODUCT(J2:J4,B2:B4,--ISNUMBER(G2:G4)))`},
		"H5": {"", ""},
	}
	for at, w := range want {
		got := cellAt(t, f, "Data", at)
		formula, err := f.GetCellFormula("Data", at)
		if err != nil {
			t.Fatal(err)
		}
		if got.raw != w[0] || formula != w[1] {
			t.Errorf("%s is %q by %q, want %q by %q", at, got.raw, formula, w[0], w[1])
		}
	}
	if got := cellAt(t, f, "Data", "G5").format; got != "0.0%" {
		t.Errorf("the total's format is %q", got)
	}
	for _, at := range []string{"J2", "J3", "J4"} {
		if got, formula := cellAt(t, f, "Data", at).raw, must(f.GetCellFormula("Data", at)); got != "1" || formula != "SUBTOTAL(103,A"+at[1:]+")" {
			t.Errorf("%s is %q by %q", at, got, formula)
		}
	}
	for column, want := range map[string]bool{"H": true, "I": false, "J": false} {
		if got := must(f.GetColVisible("Data", column)); got != want {
			t.Errorf("column %s visible: %v", column, got)
		}
	}
}

func TestWeightedTotalWithoutGapsAddsTheWeights(t *testing.T) {
	path, _ := render(t, Renderer{}, single(totalsFields(), totalsRow("a", 1, 50), totalsRow("b", 3, 100)))
	f := open(t, path)
	formula, _ := f.GetCellFormula("Data", "G4")
	want := `IF(SUBTOTAL(109,B2:B3)=0,"",SUMPRODUCT(J2:J3,B2:B3,G2:G3)/SUBTOTAL(109,B2:B3))`
	if got := cellAt(t, f, "Data", "G4").raw; got != "0.875" || formula != want {
		t.Errorf("%q by %q, want 0.875 by %q", got, formula, want)
	}
}

// comparedFields has changes of figures that add up, of shares, of means and of times.
func comparedFields() []table.Field {
	fields := []table.Field{
		{Name: "name", Type: expr.Text},
		column("n", expr.Integer, table.TotalSum), column("n_prev", expr.Integer, table.TotalSum),
		column("t", expr.Duration, table.TotalSum), column("t_prev", expr.Duration, table.TotalSum),
		{Name: "avg", Type: expr.Duration, Total: table.Total{Kind: table.TotalRatio, Num: "t", Den: "n"}},
		{Name: "avg_prev", Type: expr.Duration, Total: table.Total{Kind: table.TotalRatio, Num: "t_prev", Den: "n_prev"}},
		{Name: "level", Type: expr.Percent, Total: table.Total{Kind: table.TotalWeighted, Weight: "n"}},
		{Name: "level_prev", Type: expr.Percent, Total: table.Total{Kind: table.TotalWeighted, Weight: "n_prev"}},
	}
	for _, of := range []string{"n", "t", "avg", "level"} {
		typ := map[string]expr.Type{"n": expr.Integer, "t": expr.Decimal, "avg": expr.Decimal, "level": expr.Percent}[of] // of times, minutes
		fields = append(fields,
			table.Field{Name: of + "_change", Type: typ, Total: table.Total{Kind: table.TotalDifference, Num: of, Den: of + "_prev"}},
			table.Field{Name: of + "_change_pct", Type: expr.Ratio, Total: table.Total{Kind: table.TotalGrowth, Num: of, Den: of + "_prev"}})
	}
	return fields
}

func comparedRow(name string, n, before int64, seconds, secondsBefore int64, level, levelBefore float64) []expr.Value {
	long := func(s int64) expr.Value { return expr.DurationValue(time.Duration(s) * time.Second) }
	row := []expr.Value{
		expr.TextValue(name), expr.IntegerValue(n), expr.IntegerValue(before), long(seconds), long(secondsBefore),
		long(seconds / n), long(secondsBefore), expr.PercentValue(level), expr.PercentValue(levelBefore),
	}
	for _, f := range comparedFields()[len(row):] {
		row = append(row, expr.Missing(f.Type)) // what a row has is not what a total is made of
	}
	return row
}

// compared is a document of such rows, with all columns unless some are chosen.
func compared(columns []outputs.TableColumn, rows ...[]expr.Value) outputs.Document {
	if columns == nil {
		for _, f := range comparedFields() {
			columns = append(columns, outputs.TableColumn{Key: f.Name})
		}
	}
	doc := single(comparedFields(), rows...)
	block := doc.Sheets[0].Blocks[0].(outputs.TableBlock)
	block.Columns = columns
	doc.Sheets[0].Blocks[0] = block
	return doc
}

// TestTotalsOfChanges are live: of the totals of both sides, each by its own rule, whether their columns are shown or not.
func TestTotalsOfChanges(t *testing.T) {
	rows := [][]expr.Value{comparedRow("a", 2, 3, 240, 180, 50, 80), comparedRow("b", 6, 1, 360, 60, 90, 40)}
	path, _ := render(t, Renderer{}, compared(nil, rows...))
	f := open(t, path)
	for at, want := range map[string][2]string{
		"J4": {"4", `IFERROR(SUBTOTAL(109,B2:B3)-SUBTOTAL(109,C2:C3),"")`},
		"K4": {"1", `IFERROR((SUBTOTAL(109,B2:B3)-SUBTOTAL(109,C2:C3))/ABS(SUBTOTAL(109,C2:C3)),"")`},
		"L4": {"6", `IFERROR(1440*(SUBTOTAL(109,D2:D3)-SUBTOTAL(109,E2:E3)),"")`},
		"M4": {"1.5", `IFERROR((SUBTOTAL(109,D2:D3)-SUBTOTAL(109,E2:E3))/ABS(SUBTOTAL(109,E2:E3)),"")`},
		"N4": {"0.25", `IFERROR(1440*(IF(SUBTOTAL(109,B2:B3)=0,"",SUBTOTAL(109,D2:D3)/SUBTOTAL(109,B2:B3))-IF(SUBTOTAL(109,C2:C3)=0,"",SUBTOTAL(109,E2:E3)/SUBTOTAL(109,C2:C3))),"")`},
		"O4": {"0.25", ""}, "P4": {"0.1", ""},
	} {
		got, formula := cellAt(t, f, "Data", at).raw, must(f.GetCellFormula("Data", at))
		if got != want[0] || want[1] != "" && formula != want[1] || formula == "" {
			t.Errorf("%s is %s by %s, want %s by %s", at, got, formula, want[0], want[1])
		}
	}
	path, _ = render(t, Renderer{}, compared(keys("name", "level_change", "avg_change_pct"), rows...))
	f = open(t, path)
	for at, want := range map[string]string{"B4": "0.1", "C4": "0.25"} {
		if got, formula := cellAt(t, f, "Data", at).raw, must(f.GetCellFormula("Data", at)); got != want || formula == "" {
			t.Errorf("alone, %s is %s by %q", at, got, formula)
		}
	}
}

// TestATotalOfAChangeFromNought is empty, and no formula stands where there is no figure.
func TestATotalOfAChangeFromNought(t *testing.T) {
	path, _ := render(t, Renderer{}, compared(nil, comparedRow("a", 2, 0, 240, 0, 50, 80)))
	f := open(t, path)
	for at, want := range map[string]string{"J3": "2", "K3": "", "N3": "", "P3": ""} {
		if got, formula := cellAt(t, f, "Data", at).raw, must(f.GetCellFormula("Data", at)); got != want || (formula == "") != (want == "") {
			t.Errorf("%s is %q by %q, want %q", at, got, formula, want)
		}
	}
}

func TestTotalsOfColumnsThatAreNotShown(t *testing.T) {
	doc := single(totalsFields(), totalsRow("a", 1, 50), totalsRow("b", 3, 100))
	block := doc.Sheets[0].Blocks[0].(outputs.TableBlock)
	block.Columns = []outputs.TableColumn{{Key: "name"}, {Key: "share"}}
	doc.Sheets[0].Blocks[0] = block
	path, _ := render(t, Renderer{}, doc)
	f := open(t, path)
	formula, _ := f.GetCellFormula("Data", "B4")
	if want := `IF(SUBTOTAL(109,D2:D3)=0,"",SUBTOTAL(109,C2:C3)/SUBTOTAL(109,D2:D3))`; formula != want {
		t.Errorf("formula %q, want %q", formula, want)
	}
	for column, want := range map[string]bool{"A": true, "B": true, "C": false, "D": false} {
		if got, err := f.GetColVisible("Data", column); err != nil || got != want {
			t.Errorf("column %s visible: %v, %v, want %v", column, got, err, want)
		}
	}
	if got := cellAt(t, f, "Data", "C4"); got.kind != "empty" {
		t.Errorf("a hidden column has a total: %+v", got)
	}
}

func TestATotalOfItsOwnInTheBlock(t *testing.T) {
	doc := single(totalsFields(), totalsRow("a", 1, 50), totalsRow("b", 3, 100))
	block := doc.Sheets[0].Blocks[0].(outputs.TableBlock)
	block.Columns = []outputs.TableColumn{{Key: "sum", Total: &table.Total{Kind: table.TotalMax}}, {Key: "most", Total: &table.Total{}}}
	doc.Sheets[0].Blocks[0] = block
	path, _ := render(t, Renderer{}, doc)
	f := open(t, path)
	if got, formula := cellAt(t, f, "Data", "A4").raw, must(f.GetCellFormula("Data", "A4")); got != "3" || formula != "SUBTOTAL(104,A2:A3)" {
		t.Errorf("%q by %q", got, formula)
	}
	if got := cellAt(t, f, "Data", "B4"); got.kind != "empty" {
		t.Errorf("a total that was switched off is there: %+v", got)
	}
}

// Hours, years and numbers of groups have no total: its label stands under them where there are no texts.
func TestTheLabelOfTotalsUnderFigures(t *testing.T) {
	fields := []table.Field{{Name: "hour", Type: expr.Integer}, {Name: "n", Type: expr.Integer, Total: table.Total{Kind: table.TotalSum}}}
	path, _ := render(t, Renderer{}, single(fields, []expr.Value{expr.IntegerValue(8), expr.IntegerValue(2)}, []expr.Value{expr.IntegerValue(9), expr.IntegerValue(3)}))
	f := open(t, path)
	if label, sum := cellAt(t, f, "Data", "A4").raw, cellAt(t, f, "Data", "B4").raw; label != "Total" || sum != "5" {
		t.Errorf("the totals are %q and %q", label, sum)
	}
}

func TestATableThatIsCutHasTheTotalsOfAllItsRows(t *testing.T) {
	doc := single(totalsFields(), totalsRow("a", 1, 50), totalsRow("b", 3, 100), totalsRow("c", 6, 0))
	block := doc.Sheets[0].Blocks[0].(outputs.TableBlock)
	block.Limit = 2
	doc.Sheets[0].Blocks[0] = block
	path, got := render(t, Renderer{}, doc)
	f := open(t, path)
	for at, want := range map[string]string{"A3": "b", "A4": "Total of all 3 rows", "B4": "10", "A5": "2 of 3 rows are shown."} {
		if got := cellAt(t, f, "Data", at).raw; got != want {
			t.Errorf("%s is %q, want %q", at, got, want)
		}
	}
	if formula := must(f.GetCellFormula("Data", "B4")); formula != "" {
		t.Errorf("a formula over some of the rows: %s", formula)
	}
	if got.Rows != 2 {
		t.Errorf("Rows is %d, want those that are shown", got.Rows)
	}
}

func TestNoFormulaWhereACellIsText(t *testing.T) {
	fields := []table.Field{column("x", expr.Integer, table.TotalSum), column("name", expr.Text, table.TotalNone)}
	big := []expr.Value{integers(9_007_199_254_740_993)[0], {Type: expr.Text, Valid: true, Str: "a"}}
	small := []expr.Value{integers(-9_007_199_254_740_990)[0], {Type: expr.Text, Valid: true, Str: "b"}}
	path, _ := render(t, Renderer{}, single(fields, big, small))
	f := open(t, path)
	if got := cellAt(t, f, "Data", "A4"); got.kind != "number" || got.raw != "3" {
		t.Errorf("the total is %+v", got)
	}
	if formula := must(f.GetCellFormula("Data", "A4")); formula != "" {
		t.Errorf("a formula that misses a row: %s", formula)
	}
}

func TestRatiosOfDurationsAndPercents(t *testing.T) {
	cases := []struct {
		result, num, den expr.Type
		want             bool
	}{
		{expr.Percent, expr.Integer, expr.Integer, true},
		{expr.Ratio, expr.Decimal, expr.Integer, true},
		{expr.Duration, expr.Duration, expr.Integer, true},
		{expr.Ratio, expr.Duration, expr.Duration, true},
		{expr.Decimal, expr.Duration, expr.Integer, false},
		{expr.Duration, expr.Duration, expr.Percent, false},
		{expr.Ratio, expr.Percent, expr.Integer, false},
	}
	for _, c := range cases {
		if got := liveRatio(c.result, c.num, c.den); got != c.want {
			t.Errorf("liveRatio(%s, %s, %s) is %v", expr.TypeName(c.result), expr.TypeName(c.num), expr.TypeName(c.den), got)
		}
	}
}

func TestALongTableGoesOnOnAnotherSheet(t *testing.T) {
	var rows [][]expr.Value
	for i := range 10 {
		rows = append(rows, totalsRow("x", int64(i+1), 50))
	}
	doc := single(totalsFields(), rows...)
	doc.Sheets[0].Name = "It's long"
	path, got := render(t, Renderer{maxRows: 5}, doc)
	f := open(t, path)
	if want := "It's long,It's long (2),It's long (3)"; strings.Join(f.GetSheetList(), ",") != want {
		t.Fatalf("sheets %q, want %q", f.GetSheetList(), want)
	}
	if got.Sheets != 3 || got.Rows != 10 {
		t.Errorf("rendered %+v", got)
	}
	if want := `Sheet "It's long" goes on as "It's long (2)": a sheet holds 5 rows.`; len(got.Notices) != 2 || got.Notices[0] != want {
		t.Errorf("notices %q", got.Notices)
	}
	for i, sheet := range f.GetSheetList() {
		if label := cellAt(t, f, sheet, "B1").raw; label != "Sum" {
			t.Errorf("sheet %d begins with %q", i, label)
		}
	}
	for _, n := range f.GetDefinedName() {
		if !strings.HasPrefix(n.RefersTo, quoteSheet(n.Scope)+"!$") {
			t.Errorf("%s of sheet %q is %s", n.Name, n.Scope, n.RefersTo)
		}
	}
	last := "It's long (3)"
	if got, want := must(f.GetCellFormula(last, "B4")), "SUBTOTAL(109,'It''s long'!B2:B5,'It''s long (2)'!B2:B5,B2:B3)"; got != want {
		t.Errorf("formula %q, want %q", got, want)
	}
	if got := cellAt(t, f, last, "B4").raw; got != "55" {
		t.Errorf("total %q", got)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
