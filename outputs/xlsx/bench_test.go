package xlsx

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
)

// chatRows is a table of n rows of a chat report, nearly all of it on disk, so that the peak is the writer's.
func chatRows(b *testing.B, n int) *table.Table {
	b.Helper()
	fields := chatFields()
	rows := table.Rows{Fields: fields, Seq: func(yield func(*table.Batch, error) bool) {
		for from := 0; from < n; from += table.BatchRows {
			batch := &table.Batch{Cols: make([]table.Vector, len(fields))}
			for j, f := range fields {
				batch.Cols[j] = table.NewVector(f, table.BatchRows)
			}
			for i := from; i < min(n, from+table.BatchRows); i++ {
				for j, v := range chatValues(i) {
					batch.Cols[j].Append(fields[j], v)
				}
				batch.N++
			}
			if !yield(batch, nil) {
				return
			}
		}
	}}
	t, err := table.Collect(context.Background(), rows, table.Spool{Dir: b.TempDir(), Memory: 1 << 20})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = t.Close() })
	return t
}

// BenchmarkRender writes workbooks of 24 columns. Beside the usual figures it tells the peak of the resident set,
// which is of the whole process: run one size at a time to compare them.
func BenchmarkRender(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("rows=%d", n), func(b *testing.B) {
			t := chatRows(b, n)
			doc := single(chatFields())
			doc.Sheets[0].Blocks = []outputs.Block{outputs.TableBlock{Dataset: "d", Table: t, Totals: true}}
			debug.FreeOSMemory()
			var size int64
			for b.Loop() {
				path := filepath.Join(b.TempDir(), "out.xlsx")
				if _, err := (Renderer{}).Render(context.Background(), doc, path); err != nil {
					b.Fatal(err)
				}
				info, err := os.Stat(path)
				if err != nil {
					b.Fatal(err)
				}
				size = info.Size()
			}
			b.ReportMetric(float64(size)/1e6, "MB/file")
			b.ReportMetric(peak(b), "MB-peak")
		})
	}
}
