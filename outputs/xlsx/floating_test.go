package xlsx

import (
	"os/exec"
	"testing"
)

// TestOpenpyxlReadsWhatFloats has that reader say which charts and table objects it finds, and where.
func TestOpenpyxlReadsWhatFloats(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.CommandContext(t.Context(), python, "-c", "import openpyxl").Run(); err != nil {
		t.Skip("openpyxl is not installed for " + python)
	}
	path, _ := render(t, Renderer{}, adorned(t))
	const script = `
import sys, openpyxl
for sheet in openpyxl.load_workbook(sys.argv[1]).worksheets:
    charts = ["%s:%d:%s" % (type(c).__name__, len(c.series), c.series[0].val.numRef.f) for c in sheet._charts]
    print(" ".join([sheet.title, sheet.sheet_state] + charts + [",".join(sorted(sheet.tables)) or "-"]))
`
	out, err := exec.CommandContext(t.Context(), python, "-W", "ignore", "-c", script, path).CombinedOutput()
	if err != nil {
		t.Fatalf("openpyxl: %v\n%s", err, out)
	}
	const want = `Podsumowanie visible BarChart:2:'Podsumowanie'!$B$71:$B$77 BarChart:1:'Podsumowanie'!$C$46:$C$51 DoughnutChart:1:'Podsumowanie'!$B$46:$B$51 ByAgent,ByDay,None
Wszystko visible -
Wybór visible -
It's drawn visible BarChart:2:'Podsumowanie'!$B$71:$B$77 LineChart:2:'Dane wykresów'!$B$2:$B$21 BarChart:2:'Dane wykresów'!$B$24:$B$43 ` +
		`AreaChart:2:'Dane wykresów'!$B$46:$B$65 AreaChart:2:'Dane wykresów'!$B$68:$B$87 BarChart:2:'Dane wykresów'!$B$90:$B$109 PieChart:1:'Podsumowanie'!$B$46:$B$51 -
O raporcie visible -
Dane wykresów hidden -
`
	if string(out) != want {
		t.Errorf("it finds\n%s\nwant\n%s", out, want)
	}
}
