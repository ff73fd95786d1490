package xlsx

import (
	"math"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
)

// TestTotalsFollowWhatIsSeen hides a row, as a filter does, and has LibreOffice compute the totals again: with a gap and
// without, with a weight that is shown and one that is not.
func TestTotalsFollowWhatIsSeen(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice (soffice) is not installed")
	}
	gaps := single(totalsFields(), totalsRow("a", 1, 50), totalsRow("b", 3, 100), totalsRow("c", 6, -1), totalsRow("d", 2, 10))
	whole := single(totalsFields(), totalsRow("a", 1, 50), totalsRow("b", 3, 100), totalsRow("c", 6, 20), totalsRow("d", 2, 10))
	apart := single(totalsFields(), totalsRow("a", 1, 50), totalsRow("b", 3, 100), totalsRow("c", 6, 20), totalsRow("d", 2, 10))
	block := apart.Sheets[0].Blocks[0].(outputs.TableBlock)
	block.Columns = []outputs.TableColumn{{Key: "name"}, {Key: "level"}}
	apart.Sheets[0].Blocks[0] = block
	sorted := hidden(totalsRow("a", 1, 50), totalsRow("b", 3, 100), totalsRow("c", 6, 20), totalsRow("d", 2, 10))
	profile := t.TempDir()
	if err := recalculateAlways(profile); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		doc  outputs.Document
		// sort: the first two rows of its object change places before.
		sort bool
		want map[string]float64
	}{
		{"gaps", gaps, false, map[string]float64{"B6": 9, "D6": 60, "F6": 9.0 / 90, "G6": (0.5*1 + 0.1*2) / 3}},
		{"whole", whole, false, map[string]float64{"B6": 9, "G6": (0.5*1 + 0.2*6 + 0.1*2) / 9}},
		{"apart", apart, false, map[string]float64{"B6": (0.5*1 + 0.2*6 + 0.1*2) / 9}},
		{"sorted", sorted, true, map[string]float64{"B6": 11.0 / 110, "C6": (1*3 + 0.2*6 + 0.1*2) / 11}},
	} {
		path, _ := render(t, Renderer{}, c.doc)
		f := open(t, path)
		if c.sort {
			swap(t, f, objectOf(t, path, "xl/tables/table1.xml").Filter.Ref)
		}
		if err := f.SetRowVisible("Data", 3, false); err != nil { // b
			t.Fatal(err)
		}
		hidden, out := filepath.Join(t.TempDir(), "hidden.xlsx"), t.TempDir()
		if err := f.SaveAs(hidden); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+profile, "--headless", "--convert-to", "xlsx", "--outdir", out, hidden)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("soffice: %v\n%s", err, said)
		}
		again := open(t, filepath.Join(out, "hidden.xlsx"))
		for at, want := range c.want {
			raw := cellAt(t, again, "Data", at).raw
			if got, err := strconv.ParseFloat(raw, 64); err != nil || math.Abs(got-want) > 1e-9 {
				t.Errorf("%s: %s is %s without row b, want %v", c.name, at, raw, want)
			}
		}
	}
}

// swap has the first two rows of a list change places, as a reader does who sorts it.
func swap(t *testing.T, f *excelize.File, list string) {
	t.Helper()
	a := must(parseArea(list))
	for column := a.left - 1; column < a.right; column++ {
		first, second := ref(column, a.top+1), ref(column, a.top+2)
		one, other := cellAt(t, f, "Data", first), cellAt(t, f, "Data", second)
		for at, c := range map[string]found{first: other, second: one} {
			if c.kind == "number" {
				if err := f.SetCellFloat("Data", at, parse(t, c.raw), -1, 64); err != nil {
					t.Fatal(err)
				}
			} else if err := f.SetCellStr("Data", at, c.raw); err != nil {
				t.Fatal(err)
			}
		}
	}
}
