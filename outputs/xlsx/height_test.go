package xlsx

import (
	"strings"
	"testing"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// TestTextsOfSeveralLines have cells that wrap in rows that are as high, and other rows are as they were.
func TestTextsOfSeveralLines(t *testing.T) {
	fields := []table.Field{column("x", expr.Text, table.TotalNone), column("y", expr.Text, table.TotalNone)}
	path, _ := render(t, Renderer{}, single(fields,
		texts("one\ntwo\nthree", "a"), texts("one", "b"), texts(strings.Repeat("x\n", 100), "c"), texts("one\n"+strings.Repeat("word ", 40), "d")))
	f := open(t, path)
	sheet := f.GetSheetName(0)
	for row, want := range map[int]float64{2: 3*13 + 3.5, 3: rowHeight, 4: 12*13 + 3.5} {
		if got := must(f.GetRowHeight(sheet, row)); got != want {
			t.Errorf("row %d is %v points high, want %v", row, got, want)
		}
	}
	if got := must(f.GetRowHeight(sheet, 5)); got < 4*13 {
		t.Errorf("a row whose text wraps is %v points high", got)
	}
	for name, want := range map[string]bool{"A2": true, "A3": true, "B2": false} {
		a := must(f.GetStyle(must(f.GetCellStyle(sheet, name)))).Alignment
		if a.WrapText != want || a.Vertical != "top" {
			t.Errorf("%s wraps: %v, and stands at the %s", name, a.WrapText, a.Vertical)
		}
	}
}
