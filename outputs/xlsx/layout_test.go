package xlsx

import (
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

func TestASheetReadsFromTopToBottom(t *testing.T) {
	path, got := render(t, Renderer{}, weekly())
	f := open(t, path)
	if got.Sheets != 3 || got.Rows != 10+42+42 || len(got.Notices) != 0 {
		t.Errorf("rendered %+v", got)
	}
	var lines []string
	for _, row := range must(f.GetRows("Podsumowanie")) {
		if len(row) > 0 && row[0] != "" {
			lines = append(lines, row[0])
		}
	}
	want := []string{
		"Czaty, 9–15 lis 2026", "9–15 lis 2026 (Europe/Warsaw)", "Czaty przychodzące", "1,234,567", "Łączny czas rozmów", "123:33:44",
		"Według pracowników", "Zestawienie obejmuje", "Pytania: ", "Pracownik", "Łukasz Żółć", "Małgorzata", "Jan", "Zażółć", "Anna", "=cmd", "Łukasz", "Małgorzata", "Jan", "Zażółć",
		"Razem, wszystkie wiersze: 42", "Pokazano wierszy: 10 z 42.", "Kolejka bez czatów", "Dzień", "Brak wierszy.",
	}
	if len(lines) != len(want) {
		t.Fatalf("lines %q, want %q", lines, want)
	}
	for i, w := range want {
		if !strings.HasPrefix(lines[i], w) {
			t.Errorf("line %d is %q, want %q", i, lines[i], w)
		}
	}
}

func TestKPIsKeepTheirTypes(t *testing.T) {
	path, _ := render(t, Renderer{}, weekly())
	f := open(t, path)
	want := map[string]found{
		"A5": {"number", "1234567", "#,##0"},
		"A9": {"number", "5.148425925925926", "[h]:mm:ss"},
	}
	missing := must(f.SearchSheet("Podsumowanie", "–"))
	if len(missing) != 1 {
		t.Fatalf("the missing figure stands at %q", missing)
	}
	want[missing[0]] = found{"text", "–", ""}
	for at, w := range want {
		if got := cellAt(t, f, "Podsumowanie", at); got != w {
			t.Errorf("%s is %+v, want %+v", at, got, w)
		}
	}
}

// TestNothingOverlaps lays out blocks of every kind and order: united cells never meet each other or a table.
func TestNothingOverlaps(t *testing.T) {
	narrow := []table.Field{column("a", expr.Integer, table.TotalSum), column("b", expr.Text, table.TotalNone)}
	block := outputs.TableBlock{Dataset: "d", Totals: true, Table: table.FromValues(narrow, [][]expr.Value{{integers(1)[0], texts("x")[0]}})}
	kpis := outputs.KPIs{Items: make([]outputs.KPI, 9)}
	for i := range kpis.Items {
		kpis.Items[i] = outputs.KPI{Label: strings.Repeat("label ", i+1), Value: expr.Value{Type: expr.Integer, Valid: true, Int: 1 << (4 * i)}}
	}
	blocks := []outputs.Block{outputs.Heading{Text: "H"}, outputs.Text{Text: "one\n\ntwo"}, kpis, block, outputs.KPIs{}, outputs.Text{}}
	for i := range blocks {
		for j := range blocks {
			doc := outputs.Document{Range: "r", Notices: []string{"n"}, Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{blocks[i], blocks[j], kpis, block, blocks[i]}}}}
			path, _ := render(t, Renderer{}, doc)
			f := open(t, path)
			merged := must(f.GetMergeCells("S"))
			var areas []area
			for _, m := range merged {
				a := must(parseArea(m.GetStartAxis() + ":" + m.GetEndAxis()))
				for _, b := range areas {
					if a.overlaps(b) {
						t.Fatalf("blocks %d, %d: %+v overlaps %+v", i, j, a, b)
					}
				}
				areas = append(areas, a)
			}
			rows := must(f.GetRows("S"))
			for _, a := range areas {
				for c := a.left; c < a.right; c++ {
					if len(rows) >= a.top && len(rows[a.top-1]) > c && rows[a.top-1][c] != "" {
						t.Fatalf("blocks %d, %d: a value lies beneath the united cells %+v", i, j, a)
					}
				}
			}
		}
	}
}

func TestHeaderIsFrozenFilteredAndRepeated(t *testing.T) {
	path, _ := render(t, Renderer{}, weekly())
	f := open(t, path)
	panes := must(f.GetPanes("Wszystko"))
	if !panes.Freeze || panes.YSplit != 4 || panes.XSplit != 2 || panes.TopLeftCell != "C5" {
		t.Errorf("panes %+v", panes)
	}
	if panes := must(f.GetPanes("Wybór")); panes.YSplit != 1 || panes.XSplit != 0 {
		t.Errorf("panes of a narrow table %+v", panes)
	}
	if panes := must(f.GetPanes("Podsumowanie")); panes.Freeze {
		t.Errorf("a sheet of several tables is frozen: %+v", panes)
	}
	names := map[string]string{}
	for _, n := range f.GetDefinedName() {
		names[n.Scope+"/"+n.Name] = n.RefersTo
	}
	want := map[string]string{
		"Wszystko/_xlnm._FilterDatabase": "'Wszystko'!$A$4:$X$46", "Wszystko/_xlnm.Print_Titles": "'Wszystko'!$A:$B,'Wszystko'!$4:$4",
		"Wybór/_xlnm._FilterDatabase": "'Wybór'!$A$1:$I$43", "Wybór/_xlnm.Print_Titles": "'Wybór'!$1:$1",
	}
	for name, area := range want {
		if names[name] != area {
			t.Errorf("%s is %q, want %q", name, names[name], area)
		}
	}
	if len(names) != len(want) {
		t.Errorf("names %q", names)
	}
	layout := must(f.GetPageLayout("Wszystko"))
	if *layout.Orientation != "landscape" || *layout.FitToWidth != 2 || *layout.FitToHeight != 0 {
		t.Errorf("print: %s, %d wide, %d high", *layout.Orientation, *layout.FitToWidth, *layout.FitToHeight)
	}
}

func TestColumnsAreAsWideAsTheirContent(t *testing.T) {
	fields := []table.Field{
		column("x", expr.Text, table.TotalNone), column("n", expr.Integer, table.TotalSum), column("a rather long label of many words", expr.Boolean, table.TotalNone),
		column("essay", expr.Text, table.TotalNone),
	}
	row := []expr.Value{texts("Małgorzata Świętochowska")[0], integers(999_999_999)[0], {Type: expr.Boolean, Valid: true}, texts(strings.Repeat("long ", 100))[0]}
	path, _ := render(t, Renderer{}, single(fields, row, row))
	f := open(t, path)
	bounds := map[string][2]float64{"A": {24, 34}, "B": {13, 19}, "C": {10, 24}, "D": {maxWidth, maxWidth}}
	for name, b := range bounds {
		if got := must(f.GetColWidth("Data", name)); got < b[0] || got > b[1] {
			t.Errorf("column %s is %g wide, want %g to %g", name, got, b[0], b[1])
		}
	}
}

func TestAnEmptyTable(t *testing.T) {
	path, got := render(t, Renderer{}, single(chatFields()))
	f := open(t, path)
	if label, note := cellAt(t, f, "Data", "A1").raw, cellAt(t, f, "Data", "A2").raw; label != "Dzień" || note != "No rows." {
		t.Errorf("%q, %q", label, note)
	}
	if got.Rows != 0 || len(must(f.GetRows("Data"))) != 2 {
		t.Errorf("rendered %+v, rows %q", got, must(f.GetRows("Data")))
	}
}

func TestADocumentWithoutSheetsIsAWorkbook(t *testing.T) {
	path, got := render(t, Renderer{}, outputs.Document{Title: "Nothing", Notices: []string{"All tables are empty."}})
	if got.Sheets != 1 {
		t.Errorf("rendered %+v", got)
	}
	var lines []string
	for _, r := range must(open(t, path).GetRows("Sheet")) {
		lines = append(lines, strings.Join(r, ""))
	}
	if got := strings.Join(lines, "|"); got != "Nothing||All tables are empty." {
		t.Errorf("lines %q", got)
	}
}

func TestPropertiesSayWhoAndWhen(t *testing.T) {
	path, _ := render(t, Renderer{}, weekly())
	f := open(t, path)
	p := must(f.GetDocProps())
	want := excelize.DocProperties{
		Title: "Czaty, 9–15 lis 2026", Subject: "Raport tygodniowy", Creator: "Zespół obsługi", LastModifiedBy: "Zespół obsługi",
		Created: "2026-11-15T23:00:00Z", Modified: "2026-11-15T23:00:00Z", Language: "pl",
	}
	if *p != want {
		t.Errorf("properties %+v, want %+v", *p, want)
	}
	if app := must(f.GetAppProps()); app.Application != "reportform" {
		t.Errorf("made by %q", app.Application)
	}
}

// TestAWideSheetStaysReadable: with figures and headings above it, a wide table keeps its header and its first column in
// view, and is printed over pages side by side.
func TestAWideSheetStaysReadable(t *testing.T) {
	kpis := outputs.KPIs{Items: []outputs.KPI{{Label: "Chats", Value: integers(7)[0]}}}
	chats := outputs.TableBlock{Dataset: "d", Table: chatTable(3)}
	numbers := outputs.TableBlock{Dataset: "d", Table: chats.Table}
	for _, f := range chatFields()[2:] {
		numbers.Columns = append(numbers.Columns, outputs.TableColumn{Key: f.Name})
	}
	tower := []outputs.Block{outputs.Heading{Text: "H"}}
	for range 20 {
		tower = append(tower, outputs.Heading{Text: "h"})
	}
	for _, c := range []struct {
		name   string
		blocks []outputs.Block
		x, y   int
		titles string
	}{
		{"below figures", []outputs.Block{outputs.Heading{Text: "H"}, kpis, outputs.Heading{Text: "h"}, chats}, 2, 10, "'S'!$A:$B,'S'!$10:$10"},
		{"figures first", []outputs.Block{numbers}, 1, 1, "'S'!$A:$A,'S'!$1:$1"},
		{"far down", append(tower, chats), 2, 0, "'S'!$A:$B,'S'!$44:$44"},
	} {
		path, _ := render(t, Renderer{}, outputs.Document{Range: "r", Sheets: []outputs.Sheet{{Name: "S", Blocks: c.blocks}}})
		f := open(t, path)
		if panes := must(f.GetPanes("S")); !panes.Freeze || panes.XSplit != c.x || panes.YSplit != c.y {
			t.Errorf("%s: panes %+v", c.name, panes)
		}
		if layout := must(f.GetPageLayout("S")); *layout.FitToWidth != 2 {
			t.Errorf("%s: %d pages wide", c.name, *layout.FitToWidth)
		}
		for _, n := range f.GetDefinedName() {
			if n.Name == "_xlnm.Print_Titles" && n.RefersTo != c.titles {
				t.Errorf("%s: repeats %s", c.name, n.RefersTo)
			}
		}
	}
}
