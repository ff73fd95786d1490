package xlsx

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
)

// beside is a design of two tables side by side over a note that reaches under both, and a pivot table of the first.
func beside(t *testing.T, change func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, start := range []string{"A1", "F1"} {
		do(f.SetSheetRow("Sheet1", start, &[]any{"queue_name", "Calls"}))
	}
	for row := 2; row <= 4; row++ {
		do(f.SetSheetRow("Sheet1", ref(0, row), &[]any{"left", row}))
		do(f.SetSheetRow("Sheet1", ref(5, row), &[]any{"right", row}))
	}
	do(f.SetSheetRow("Sheet1", "F5", &[]any{"right", 5}))
	do(f.AddTable("Sheet1", &excelize.Table{Range: "A1:B4", Name: "Left"}))
	do(f.AddTable("Sheet1", &excelize.Table{Range: "F1:G5", Name: "Right"}))
	do(f.SetCellStr("Sheet1", "A8", "note under both"))
	do(f.SetCellStr("Sheet1", "H8", "beside the note"))
	do(f.MergeCell("Sheet1", "A8", "F8"))
	do(f.SetCellFormula("Sheet1", "C2", "SUM(B2:B4)"))
	_, err := f.NewSheet("Pivot")
	do(err)
	do(f.AddPivotTable(&excelize.PivotTableOptions{
		DataRange: "Sheet1!A1:B4", PivotTableRange: "Pivot!A1:C9",
		Rows: []excelize.PivotTableField{{Data: "queue_name"}}, Data: []excelize.PivotTableField{{Data: "Calls", Subtotal: "Sum"}},
	}))
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	do(f.Write(&b))
	path := filepath.Join(t.TempDir(), "design.xlsx")
	do(os.WriteFile(path, b.Bytes(), 0o600))
	parts := members(t, path)
	parts[stylesPart] = string(orderFonts([]byte(parts[stylesPart]))) // excelize writes another order than the schema's
	return zipped(t, parts)
}

func fillBeside(t *testing.T, data []byte, fill ...outputs.Fill) *excelize.File {
	t.Helper()
	path, _ := render(t, Renderer{}, outputs.Document{
		Title: "Test", Modified: time.Date(2026, 11, 15, 23, 0, 0, 0, time.UTC), Template: &outputs.Template{Name: "beside.xlsx", Data: data, Fill: fill},
	})
	return open(t, path)
}

func TestTablesSideBySide(t *testing.T) {
	f := fillBeside(t, beside(t, nil), outputs.Fill{Name: "Left", Table: queueRows(10)})
	for cell, want := range map[string]string{
		"A11": "Queue 10", "F4": "right", "F5": "right", "F6": "", "A15": "note under both", "A8": "Queue 7", "H8": "beside the note", "G5": "5",
	} {
		same(t, cell, must(f.GetCellValue("Sheet1", cell)), want)
	}
	same(t, "united", must(f.GetMergeCells("Sheet1"))[0][0], "A15:F15")
	same(t, "a formula beside", must(f.GetCellFormula("Sheet1", "C2")), "SUM(B2:B11)")
	pivot := must(f.GetPivotTables("Pivot"))[0]
	same(t, "the pivot table's source", pivot.DataRange, "Sheet1!A1:B11")

	both := fillBeside(t, beside(t, nil), outputs.Fill{Name: "Left", Table: queueRows(10)}, outputs.Fill{Name: "Right", Table: queueRows(6)})
	same(t, "left", must(both.GetCellValue("Sheet1", "A11")), "Queue 10")
	same(t, "right", must(both.GetCellValue("Sheet1", "F7")), "Queue 6")
	same(t, "note", must(both.GetCellValue("Sheet1", "A17")), "note under both")
}

// TestAShorterTableLeavesWhatStandsBeside: the note cannot move up, since the other table is in the way.
func TestAShorterTableLeavesWhatStandsBeside(t *testing.T) {
	f := fillBeside(t, beside(t, func(f *excelize.File) {
		if err := f.SetSheetCol("Sheet1", "F6", &[]any{"more", "and more"}); err != nil {
			t.Fatal(err)
		}
	}), outputs.Fill{Name: "Left", Table: queueRows(1)})
	for cell, want := range map[string]string{"A2": "Queue 1", "A3": "", "A4": "", "A8": "note under both", "F6": "more", "F7": "and more", "F4": "right"} {
		same(t, cell, must(f.GetCellValue("Sheet1", cell)), want)
	}
	same(t, "a formula beside", must(f.GetCellFormula("Sheet1", "C2")), "SUM(B2:B2)")

	free := fillBeside(t, beside(t, nil), outputs.Fill{Name: "Left", Table: queueRows(1)})
	same(t, "the note, where nothing is in the way", must(free.GetCellValue("Sheet1", "A6")), "note under both")
}

func TestTemplateHasNoRoom(t *testing.T) {
	parts := members(t, "testdata/designed.xlsx")
	const part = "xl/worksheets/sheet1.xml"
	parts[part] = strings.Replace(parts[part], "</sheetData>", `<row r="1048570"><c r="A1048570"><v>1</v></c></row></sheetData>`, 1)
	doc := outputs.Document{Template: &outputs.Template{Name: "long.xlsx", Data: zipped(t, parts), Fill: weeklyFill(100, 1, 1)}}
	_, err := Renderer{}.Render(t.Context(), doc, t.TempDir()+"/out.xlsx")
	if err == nil || !strings.Contains(err.Error(), "has no room for 97 more rows") {
		t.Errorf("Render says %v", err)
	}
}
