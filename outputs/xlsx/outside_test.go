package xlsx

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// The tests of this file ask programs that nobody here wrote. Where one is missing they say so and are skipped.

// TestATableOverSheetsComputes renders what the others see at the end (see [gather]): totals over several sheets.
func TestATableOverSheetsComputes(t *testing.T) {
	_, got := render(t, Renderer{maxRows: 30}, weekly())
	if got.Sheets < 4 {
		t.Errorf("it has %d sheets", got.Sheets)
	}
}

// recalculateAlways tells LibreOffice not to trust stored values.
func recalculateAlways(profile string) error {
	const settings = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`
	user := filepath.Join(profile, "user")
	if err := os.MkdirAll(user, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(user, "registrymodifications.xcu"), []byte(settings), 0o600)
}

// TestOpenpyxlReadsTheCells has a reader in another language say what types and values it finds.
func TestOpenpyxlReadsTheCells(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.CommandContext(t.Context(), python, "-c", "import openpyxl").Run(); err != nil {
		t.Skip("openpyxl is not installed for " + python)
	}
	path, _ := render(t, Renderer{}, weekly())
	const script = `
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1], data_only=True)
sheet = book["Wszystko"]
print(json.dumps([[type(c.value).__name__, str(c.value), c.number_format] for c in sheet[5]]))
print(json.dumps([sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows, str(len(list(openpyxl.load_workbook(sys.argv[1], read_only=True)["Wszystko"].rows))), book.properties.creator, str(book.properties.created)]))
`
	out, err := exec.CommandContext(t.Context(), python, "-c", script, path).CombinedOutput()
	if err != nil {
		t.Fatalf("openpyxl: %v\n%s", err, out)
	}
	first, second, _ := bytes.Cut(out, []byte("\n"))
	var cells [][3]string
	if err := json.Unmarshal(first, &cells); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	want := map[int][3]string{
		0:  {"datetime", "2026-11-09 00:00:00", "dd.mm.yyyy"},
		1:  {"str", "Łukasz Żółć", "General"},
		2:  {"int", "27", "#,##0_0_0_0"},
		6:  {"float", "0.7407407407407408", "0.0%_0_0_0"},
		8:  {"timedelta", "1:00:00", "[h]:mm:ss_0_0_0"},
		21: {"float", "100.5", "#,##0.00_0_0_0"},
		22: {"datetime", "2026-11-09 08:00:00", "dd.mm.yyyy hh:mm"},
		23: {"bool", "False", "General"},
	}
	for i, w := range want {
		if cells[i] != w {
			t.Errorf("cell %d is %q, want %q", i, cells[i], w)
		}
	}
	var sheet []string
	if err := json.Unmarshal(second, &sheet); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if got, want := strings.Join(sheet, " "), "C5 A4:X46 $4:$4 47 Zespół obsługi 2026-11-15 23:00:00"; got != want {
		t.Errorf("the sheet says %q, want %q", got, want)
	}
}

func open(t testing.TB, path string) *excelize.File {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatalf("open the workbook: %v", err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}
