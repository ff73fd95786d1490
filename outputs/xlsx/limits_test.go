package xlsx

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/govalues/decimal"
	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

func texts(s ...string) []expr.Value {
	out := make([]expr.Value, len(s))
	for i := range s {
		out[i] = expr.Value{Type: expr.Text, Valid: true, Str: s[i]}
	}
	return out
}

func TestATextThatFitsNoCellIsAnError(t *testing.T) {
	fields := []table.Field{column("x", expr.Text, table.TotalNone)}
	fits := strings.Repeat("ą", maxCellUnits-2) + "👍" // two units
	path, _ := render(t, Renderer{}, single(fields, texts(fits)))
	if got := cellAt(t, open(t, path), "Data", "A2").raw; got != fits {
		t.Errorf("a text that just fits came back with %d units", units(got))
	}
	path = filepath.Join(t.TempDir(), "x.xlsx")
	_, err := Renderer{}.Render(t.Context(), single(fields, texts("short"), texts(fits+"x")), path)
	var long *TooLong
	if !errors.As(err, &long) || *long != (TooLong{Dataset: "data", Column: "x", Row: 2, Units: maxCellUnits + 1}) {
		t.Fatalf("error: %v", err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestALongTextBlockIsKeptWhole(t *testing.T) {
	words := make([]string, 9000)
	for i := range words {
		words[i] = fmt.Sprintf("słowo%d", i)
	}
	long := strings.Join(words, " ")
	doc := outputs.Document{Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{outputs.Text{Text: "first\n" + long}}}}}
	path, _ := render(t, Renderer{}, doc)
	rows := must(open(t, path).GetRows("S"))
	var got []string
	for _, r := range rows[1:] {
		got = append(got, r[0])
	}
	if rows[0][0] != "first" || strings.Join(got, " ") != long {
		t.Error("the text came back as another one")
	}
}

func TestTooManyColumnsAreAnError(t *testing.T) {
	fields := make([]table.Field, excelize.MaxColumns+1)
	for i := range fields {
		fields[i] = column(fmt.Sprintf("c%d", i), expr.Integer, table.TotalNone)
	}
	_, err := Renderer{}.Render(t.Context(), single(fields), filepath.Join(t.TempDir(), "x.xlsx"))
	if err == nil || !strings.Contains(err.Error(), "16385 columns, and a sheet holds 16384") {
		t.Errorf("error: %v", err)
	}
}

func TestWhatAWorkbookCannotHoldIsSaid(t *testing.T) {
	fields := []table.Field{column("x", expr.Text, table.TotalNone)}
	for _, rows := range [][][]expr.Value{{texts("a\x00b"), texts("c\x01")}, {texts("\xff")}, {texts("żółć\uFFFE")}} {
		_, got := render(t, Renderer{}, single(fields, rows...))
		if want := `Column "x" of dataset "data" holds control characters`; len(got.Notices) != 1 || !strings.Contains(got.Notices[0], want) {
			t.Errorf("notices of %q are %q, want one with %q", rows, got.Notices, want)
		}
	}
}

func TestSheetNames(t *testing.T) {
	cases := []struct{ wanted, want string }{
		{"Summary", "Summary"},
		{"SUMMARY", "SUMMARY (2)"},
		{"summary", "summary (3)"},
		{"", "Sheet"},
		{"   ", "Sheet (2)"},
		{"A/B: [x]?*\\", "A-B- (x)-"},
		{"'quoted'", "quoted"},
		{"It's", "It's"},
		{"History", "History (2)"},
		{strings.Repeat("ż", 32), strings.Repeat("ż", 31)},
		{strings.Repeat("ż", 40), strings.Repeat("ż", 27) + " (2)"},
		{strings.Repeat("👍", 16), strings.Repeat("👍", 15)},
		{strings.Repeat("a", 30) + "'b", strings.Repeat("a", 30)},
		{"tab\there\x01", "tab here"},
	}
	n := newNamer("en")
	for _, c := range cases {
		got, changed := n.name(c.wanted)
		if got != c.want || changed != (c.want != c.wanted) {
			t.Errorf("%q becomes %q (changed: %v), want %q", c.wanted, got, changed, c.want)
		}
		if units(got) > maxSheetName || legalSheetName(got) != got {
			t.Errorf("%q is no name for a sheet", got)
		}
	}
}

func TestRenamedSheetsAreSaidAndOpen(t *testing.T) {
	doc := outputs.Document{Locale: "pl"}
	for _, name := range []string{"Kolejka: Sprzedaż", "kolejka- sprzedaż", ""} {
		doc.Sheets = append(doc.Sheets, outputs.Sheet{Name: name, Blocks: []outputs.Block{outputs.Text{Text: name}}})
	}
	path, got := render(t, Renderer{}, doc)
	if want := "Kolejka- Sprzedaż,kolejka- sprzedaż (2),Arkusz"; strings.Join(open(t, path).GetSheetList(), ",") != want {
		t.Errorf("sheets %q", open(t, path).GetSheetList())
	}
	if len(got.Notices) != 2 || !strings.Contains(got.Notices[0], `Sheet "Kolejka: Sprzedaż" is named "Kolejka- Sprzedaż"`) {
		t.Errorf("notices %q", got.Notices)
	}
}

// TestLongTextsAboveTheirCells: a row is as high as Excel has it, whatever stands in it, and what does not fit a cell
// is said in our words.
func TestLongTextsAboveTheirCells(t *testing.T) {
	labelled := func(label string) outputs.Document {
		return single([]table.Field{{Name: "x", Label: label, Type: expr.Text}}, texts("a"))
	}
	said := func(s string) outputs.Document {
		return outputs.Document{Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{outputs.Text{Text: s}}}}}
	}
	for name, doc := range map[string]outputs.Document{
		"label": labelled(strings.Repeat("x", maxCellUnits)), "words": labelled(strings.Repeat("word ", 6000)), "text": said(strings.Repeat("x", maxCellUnits)),
	} {
		path, _ := render(t, Renderer{}, doc)
		f := open(t, path)
		if h := must(f.GetRowHeight(f.GetSheetName(0), 1)); h != excelize.MaxRowHeight {
			t.Errorf("%s: the row is %v points high", name, h)
		}
	}
	huge := strings.Repeat("x ", 10<<20)
	for want, doc := range map[string]outputs.Document{
		"the label of column 1 has 20971520 characters, and an Excel cell holds 32767": labelled(huge),
		"a text of 20971520 characters does not fit a cell, which holds 32767":         said(strings.ReplaceAll(huge, " ", "x")),
	} {
		_, err := Renderer{}.Render(t.Context(), doc, filepath.Join(t.TempDir(), "x.xlsx"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error: %.200v, want %s", err, want)
		}
	}
}

// TestHelpersHaveHeaders: a step hides columns under names that no cell can hold.
func TestHelpersHaveHeaders(t *testing.T) {
	fields := []table.Field{
		{Name: "wait_avg", Type: expr.Decimal, Total: table.Total{Kind: table.TotalRatio, Num: "wait_avg\x00numerator", Den: "wait_avg\x00denominator"}},
		{Name: "wait_avg\x00numerator", Type: expr.Integer, Hidden: true},
		{Name: "wait_avg\x00denominator", Type: expr.Integer, Label: "Answered", Hidden: true},
	}
	path, got := render(t, Renderer{}, single(fields, append([]expr.Value{expr.DecimalValue(decimal.MustNew(2, 0))}, integers(4, 2)...)))
	f := open(t, path)
	if header := must(f.GetRows("Data"))[0]; strings.Join(header, ",") != "Wait avg,Wait avg numerator,Answered" {
		t.Errorf("headers %q", header)
	}
	if len(got.Notices) != 0 {
		t.Errorf("notices %q", got.Notices)
	}
}
