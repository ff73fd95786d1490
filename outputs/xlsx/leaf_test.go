package xlsx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/reportform/reportform/outputs"
)

// TestWhatStopsTheRowsStopsTheWorkbook: excelize forgets the error of a part as soon as it begins another one.
func TestWhatStopsTheRowsStopsTheWorkbook(t *testing.T) {
	broken := errors.New("the disk is gone")
	p := must(newPacker(t.TempDir()))
	t.Cleanup(func() { _ = p.discard() })
	p.sheets[sheetFolder+"1.xml"] = sheetRows{write: func(io.Writer) error { return broken }, mend: func(b []byte) []byte { return b }}
	sheet := must(p.Create(sheetFolder + "1.xml"))
	if _, err := sheet.Write([]byte("<worksheet><sheetData></sheetData></worksheet>")); !errors.Is(err, broken) {
		t.Errorf("writing the sheet says %v", err)
	}
	if _, err := p.Create("xl/styles.xml"); !errors.Is(err, broken) {
		t.Errorf("the next part says %v", err)
	}
	if err := p.Close(); !errors.Is(err, broken) {
		t.Errorf("closing says %v", err)
	}
}

// endsAfter is a context that ends once it was asked so many times.
type endsAfter struct {
	context.Context
	times int
}

func (c *endsAfter) Err() error {
	if c.times--; c.times < 0 {
		return context.Canceled
	}
	return nil
}

// TestAnEndAtAnyMomentLeavesNothing ends the run while tables are measured and while rows are written.
func TestAnEndAtAnyMomentLeavesNothing(t *testing.T) {
	doc := single(chatFields())
	doc.Sheets[0].Blocks = []outputs.Block{outputs.TableBlock{Dataset: "d", Table: chatRows(t, 5000)}}
	ends := 0
	for times := 0; ; times++ {
		dir := t.TempDir()
		_, err := Renderer{}.Render(&endsAfter{t.Context(), times}, doc, filepath.Join(dir, "out.xlsx"))
		if err == nil {
			break
		}
		ends++
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("ended after %d: %v", times, err)
		}
		if left := must(os.ReadDir(dir)); len(left) != 0 {
			t.Fatalf("ended after %d: left %v", times, left)
		}
	}
	if ends < 10 {
		t.Errorf("asked %d times whether the run has ended, for ten batches", ends)
	}
}

// TestRowsAreCut reads a table's stretch of rows from the middle, as the sheets do that a long table goes on on.
func TestRowsAreCut(t *testing.T) {
	doc := single(chatFields()[:3])
	doc.Sheets[0].Blocks = []outputs.Block{outputs.TableBlock{Dataset: "d", Table: chatRows(t, 5000), Columns: []outputs.TableColumn{{Key: "incoming"}}}}
	path, _ := render(t, Renderer{maxRows: 1700}, doc)
	f := open(t, path)
	var got []string
	for _, sheet := range f.GetSheetList() {
		for _, row := range must(f.GetRows(sheet))[1:] {
			got = append(got, row[0])
		}
	}
	if len(got) != 5000 {
		t.Fatalf("%d rows", len(got))
	}
	for i, x := range got {
		var want cell
		put(&want, chatValues(i)[2], "")
		if strings.TrimSpace(x) != fmt.Sprint(want.num) {
			t.Fatalf("row %d is %s, want %v", i, x, want.num)
		}
	}
}
