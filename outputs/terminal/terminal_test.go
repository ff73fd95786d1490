package terminal_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/outputstest"
	"github.com/reportform/reportform/outputs/terminal"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

func TestScreens(t *testing.T) {
	for name, o := range map[string]terminal.Options{
		"en-80.txt": {Width: 80}, "pl-140.txt": {Width: 140}, "en-colour.txt": {Color: true}, "en-40.txt": {Width: 40},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := terminal.Show(outputstest.Full(name[:2]), o)
			if err != nil {
				t.Fatal(err)
			}
			outputstest.Golden(t, name, strings.ReplaceAll(text, "\x1b", "^"))
		})
	}
}

// own are the program's own colours.
var own = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// TestNothingIsWiderThanTheTerminal: a table that wraps cannot be read, and what is in the data acts upon no terminal.
func TestNothingIsWiderThanTheTerminal(t *testing.T) {
	for width := 24; width < 160; width += 3 {
		text, err := terminal.Show(outputstest.Full("pl"), terminal.Options{Width: width, Color: true})
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(own.ReplaceAllString(text, "")) {
			line = strings.TrimSuffix(line, "\n")
			if w := runewidth.StringWidth(line); w > width {
				t.Errorf("at %d columns a line has %d: %q", width, w, line)
			}
			if strings.Contains(line, "\x1b") {
				t.Errorf("an escape of the data is left: %q", line)
			}
		}
	}
}

func TestColumnsLeftOutAreTold(t *testing.T) {
	doc := outputstest.Full("en")
	doc.Sheets = doc.Sheets[1:]
	whole, _ := terminal.Show(doc, terminal.Options{Width: 300})
	cut, _ := terminal.Show(doc, terminal.Options{Width: 60})
	if strings.Contains(whole, "more columns") || !strings.Contains(cut, "more columns.") {
		t.Errorf("at 300 columns:\n%s\nat 60:\n%s", whole, cut)
	}
}

func TestManyPointsAreALine(t *testing.T) {
	doc := outputstest.Full("en")
	chart := doc.Sheets[0].Blocks[3].(outputs.Chart)
	for _, c := range []struct {
		kind outputs.ChartType
		line bool
	}{{outputs.ChartLine, true}, {outputs.ChartColumn, false}, {outputs.ChartPie, false}, {outputs.ChartStackedArea, true}} {
		chart.Type, chart.Y2 = c.kind, nil
		doc.Sheets = []outputs.Sheet{{Blocks: []outputs.Block{chart}}}
		text, err := terminal.Show(doc, terminal.Options{})
		if err != nil || strings.Contains(text, "highest 492") != c.line {
			t.Errorf("a chart of type %s: %v\n%s", c.kind, err, text)
		}
	}
	if _, err := terminal.Show(outputs.Document{Sheets: []outputs.Sheet{{Blocks: []outputs.Block{nil}}}}, terminal.Options{}); err == nil {
		t.Error("a block that cannot be shown is passed over")
	}
}

// TestMarksInTables has bars and levels after figures where a table leaves room for them, shorter bars where there is less.
func TestMarksInTables(t *testing.T) {
	fields := []table.Field{{Name: "agent", Type: expr.Text}, {Name: "answered", Type: expr.Integer}, {Name: "rate", Type: expr.Percent}}
	var rows [][]expr.Value
	for i, n := range []int64{80, 40, -20} {
		rows = append(rows, []expr.Value{expr.TextValue(string(rune('A' + i))), expr.IntegerValue(n), expr.PercentValue(float64(95 - 5*i))})
	}
	rows = append(rows, []expr.Value{expr.TextValue("D"), expr.Missing(expr.Integer), expr.Missing(expr.Percent)})
	doc := outputs.Document{Locale: "en", Sheets: []outputs.Sheet{{Blocks: []outputs.Block{outputs.TableBlock{Table: table.FromValues(fields, rows), Columns: []outputs.TableColumn{
		{Key: "agent"}, {Key: "answered", Highlight: &outputs.Highlight{Bars: true}}, {Key: "rate", Highlight: &outputs.Highlight{Scale: true, Good: "up"}},
	}}}}}}
	for width, want := range map[int]string{
		80: `
Agent  Answered                Rate
─────  ─────────────────────  ───────
A            80 ████████████  95.0% █
B            40 ██████        90.0% ▅
C           -20 ███           85.0% ▁
D
`, 31: `
Agent  Answered          Rate
─────  ───────────────  ───────
A            80 ██████  95.0% █
`, 25: `
Agent  Answered   Rate
─────  ────────  ───────
A            80  95.0% █
`, 22: `
Agent  Answered   Rate
─────  ────────  ─────
A            80  95.0%
`,
	} {
		text, err := terminal.Show(doc, terminal.Options{Width: width})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, want) {
			t.Errorf("in %d columns:\n%s", width, text)
		}
	}
	text, err := terminal.Show(doc, terminal.Options{Width: 80, Color: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\x1b[32m█\x1b[", "\x1b[31m▁\x1b[", "\x1b[31m███\x1b["} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %q", want, text)
		}
	}
}

// TestTheTotalsLabelReachesOverEmptyCells, so that a narrow first column stays narrow, and stops before a total.
func TestTheTotalsLabelReachesOverEmptyCells(t *testing.T) {
	fields := []table.Field{{Name: "id", Type: expr.Text}, {Name: "team", Type: expr.Text}, {Name: "n", Type: expr.Integer, Total: table.Total{Kind: table.TotalSum}}}
	rows := make([][]expr.Value, 30)
	for i := range rows {
		rows[i] = []expr.Value{expr.TextValue("7"), expr.TextValue("Complaints"), expr.IntegerValue(1)}
	}
	text, err := terminal.Show(outputs.Document{Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{
		outputs.TableBlock{Dataset: "d", Table: table.FromValues(fields, rows), Totals: true},
	}}}}, terminal.Options{Width: 80})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "\nTotal of all 30 rows  30\n") || !strings.Contains(text, "\n7         Complaints   1\n") {
		t.Errorf("it shows\n%s", text)
	}
}
