package outputs_test

import (
	"encoding/csv"
	stdhtml "html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/html"
	"github.com/reportform/reportform/outputs/xlsx"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// TestMailAndWorkbookShowTheSame has LibreOffice say what a reader of the workbook sees, and compares it with the mail:
// over figures that lie just between two others, which is where two ways of rounding part.
func TestMailAndWorkbookShowTheSame(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice (soffice) is not installed")
	}
	fields := []table.Field{
		{Name: "percent", Type: expr.Percent}, {Name: "computed", Type: expr.Percent}, {Name: "ratio", Type: expr.Ratio}, {Name: "quotient", Type: expr.Ratio},
		{Name: "fine", Type: expr.Percent, Format: "0.00%"}, {Name: "decimal", Type: expr.Decimal}, {Name: "integer", Type: expr.Integer},
		{Name: "duration", Type: expr.Duration}, {Name: "minutes", Type: expr.Duration, Format: "[h]:mm"},
		{Name: "day", Type: expr.Period, Grain: "day"}, {Name: "week", Type: expr.Period, Grain: "week"}, {Name: "month", Type: expr.Period, Grain: "month"},
		{Name: "hour", Type: expr.Period, Grain: "hour"}, {Name: "hour_of_day", Type: expr.Period, Grain: "hour_of_day"},
	}
	const n = 4000
	rows := make([][]expr.Value, n)
	hour := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		tenth := time.Duration(i) * 997 * 100 * time.Millisecond
		at := func(moment time.Time) expr.Value {
			return expr.Value{Type: expr.Period, Valid: true, Int: expr.Civil(moment)}
		}
		rows[i] = []expr.Value{
			expr.PercentValue(decimalFloat(int64(i)*5, 2)), expr.PercentValue(100 * float64(i) / 2000),
			expr.RatioValue(decimalFloat(int64(i)*5, 4)), expr.RatioValue(float64(i) / float64(n/2+i%7)),
			expr.PercentValue(decimalFloat(int64(i)*5, 3)), expr.DecimalValue(decimal.MustNew(int64(i)*12345, 3)), expr.IntegerValue(int64(i) * 7919),
			expr.DurationValue(tenth), expr.DurationValue(tenth),
			at(hour.AddDate(0, 0, i)), at(hour.AddDate(0, 0, 7*i)), at(time.Date(2026, time.Month(i), 1, 0, 0, 0, 0, time.UTC)),
			at(hour.Add(time.Duration(i) * time.Hour)), at(time.Date(1970, 1, 1, i%24, 0, 0, 0, time.UTC)),
		}
	}
	var columns []outputs.TableColumn
	for _, f := range fields {
		columns = append(columns, outputs.TableColumn{Key: f.Name})
	}
	block := outputs.TableBlock{Dataset: "d", Table: table.FromValues(fields, rows), Columns: columns, Limit: n}
	for _, locale := range []string{"en", "pl"} {
		t.Run(locale, func(t *testing.T) { compareWithOffice(t, office, locale, block, rows) })
	}
}

func compareWithOffice(t *testing.T, office, locale string, block outputs.TableBlock, rows [][]expr.Value) {
	fields, n := block.Table.Fields(), len(rows)
	doc := outputs.Document{Locale: locale, Sheets: []outputs.Sheet{{Name: "Data", Blocks: []outputs.Block{block}}}}
	dir := t.TempDir()
	path := filepath.Join(dir, "book.xlsx")
	if _, err := (xlsx.Renderer{}).Render(t.Context(), doc, path); err != nil {
		t.Fatal(err)
	}
	// As shown, in UTF-8, with commas.
	cmd := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+t.TempDir(), "--headless",
		"--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", dir, path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	f, err := os.Open(filepath.Join(dir, "book.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	workbook, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	page, err := html.Page(doc, []outputs.Block{block})
	if err != nil {
		t.Fatal(err)
	}
	cells := regexp.MustCompile(`<td align="(?:left|right)"[^>]* style="[^"]*border-bottom[^"]*">([^<]*)</td>`).FindAllSubmatch(page, -1)
	if len(workbook) != n+1 || len(cells) != n*len(fields) {
		t.Fatalf("%d lines of the workbook and %d cells of the mail", len(workbook), len(cells))
	}
	differ := map[string]int{}
	for i := range n {
		for j, f := range fields {
			shown, mail := strings.TrimRight(workbook[i+1][j], " "), stdhtml.UnescapeString(string(cells[i*len(fields)+j][1]))
			if shown == mail || locale != "en" && f.Type != expr.Period {
				continue // Marks between digits are those of who opens the workbook: here English ones.
			}
			if differ[f.Name]++; differ[f.Name] <= 5 {
				t.Errorf("%s of row %d: the workbook shows %q, the mail %q (%s)", f.Name, i, shown, mail, rows[i][j])
			}
		}
	}
	if len(differ) > 0 {
		t.Errorf("%v of %d each differ", differ, n)
	}
}

// decimalFloat is the float64 nearest to a decimal number, as a decoder makes it.
func decimalFloat(coefficient int64, scale int) float64 {
	f, _ := decimal.MustNew(coefficient, scale).Float64()
	return f
}
