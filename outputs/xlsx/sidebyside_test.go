package xlsx

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/expr"
)

// TestSideBySide is our part of sidebyside.sh, in a process of its own: SIDEBYSIDE names its folder, SIDEBYSIDE_ROWS
// says how many rows. With SIDEBYSIDE_STEP=export it writes the rows for the other programs, else a workbook of them.
func TestSideBySide(t *testing.T) {
	dir := os.Getenv("SIDEBYSIDE")
	if dir == "" {
		t.Skip("sidebyside.sh runs this")
	}
	n, err := strconv.Atoi(os.Getenv("SIDEBYSIDE_ROWS"))
	if err != nil {
		t.Fatal(err)
	}
	start := used(t)
	block := outputs.TableBlock{Dataset: "d", Table: chatRows(t, n), Totals: true}
	if os.Getenv("SIDEBYSIDE_STEP") == "export" {
		exportRows(t, block, dir)
		return
	}
	doc := single(chatFields())
	doc.Sheets[0].Blocks = []outputs.Block{block}
	path := filepath.Join(t.TempDir(), "ours.xlsx")
	ready := used(t)
	if _, err := (Renderer{}).Render(t.Context(), doc, path); err != nil {
		t.Fatal(err)
	}
	end := used(t)
	info := must(os.Stat(path))
	// CPU seconds without those for making the rows, the most memory in MB, the file in MB: as the other programs say it.
	fmt.Printf("%.3f %.1f %.2f\n", (cpu(end) - cpu(ready) + cpu(start)).Seconds(), float64(end.Maxrss)/1e3, float64(info.Size())/1e6)
}

func used(t *testing.T) (u syscall.Rusage) {
	t.Helper()
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return u
}

func cpu(u syscall.Rusage) time.Duration { return time.Duration(u.Utime.Nano() + u.Stime.Nano()) }

// exportRows writes what the other programs are to write: columns.tsv has a line for each column (label, type, number
// format, width, formula and value of its total), rows.bin their cells row by row. A cell is a byte for its kind (see cellKind),
// and a float64 of a number or a boolean, or a length of 32 bits and that much UTF-8 of a text.
func exportRows(t *testing.T, block outputs.TableBlock, dir string) {
	t.Helper()
	w := &workbook{words: outputs.Words("en"), styles: must(newStyles(excelize.NewFile(), outputs.Theme{}.Whole()))}
	section := must(w.prepare(t.Context(), block, true, 0))
	g := &grid{}
	section.fit(g)
	section.parts = []stretch{{sheet: "Data", first: 2, last: section.rows + 1}}
	var columns []byte
	for i := range section.columns[:section.seen] {
		s := &section.columns[i]
		var total cell
		put(&total, section.totals[i], s.grain)
		columns = fmt.Appendf(columns, "%s\t%s\t%s\t%g\t%s\t%v\n", s.label, expr.TypeName(s.typ), s.format, g.widths[i], section.formula(s, "Data"), total.num)
	}
	if err := os.WriteFile(filepath.Join(dir, "columns.tsv"), columns, 0o600); err != nil {
		t.Fatal(err)
	}
	file := must(os.Create(filepath.Join(dir, "rows.bin")))
	out := bufio.NewWriter(file)
	for batch := range block.Table.Rows().Seq {
		var b []byte
		for i := range batch.N {
			for _, s := range section.columns[:section.seen] {
				var c cell
				put(&c, batch.Cols[s.field].Value(section.fields[s.field], i), s.grain)
				b = append(b, byte(c.kind))
				switch c.kind {
				case number, boolean:
					b = binary.LittleEndian.AppendUint64(b, math.Float64bits(c.num))
				case text:
					b = append(binary.LittleEndian.AppendUint32(b, uint32(len(c.text))), c.text...)
				}
			}
		}
		_, _ = out.Write(b)
	}
	if err := errors.Join(out.Flush(), file.Close()); err != nil {
		t.Fatal(err)
	}
}
