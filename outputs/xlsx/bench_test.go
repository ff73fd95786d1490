package xlsx

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
)

// chatRows is a table of n rows of a chat report, nearly all of it on disk, so that the peak is the writer's.
func chatRows(tb testing.TB, n int) *table.Table {
	tb.Helper()
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
	t, err := table.Collect(context.Background(), rows, table.Spool{Dir: tb.TempDir(), Memory: 1 << 20})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = t.Close() })
	return t
}

// BenchmarkRender writes workbooks of 24 columns; the program's own benchmarks tell the memory that this takes.
func BenchmarkRender(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(n, " rows"), func(b *testing.B) {
			doc := single(chatFields())
			doc.Sheets[0].Blocks = []outputs.Block{outputs.TableBlock{Dataset: "d", Table: chatRows(b, n), Totals: true}}
			b.ReportAllocs()
			var size int64
			for b.Loop() {
				path := filepath.Join(b.TempDir(), "out.xlsx")
				if _, err := (Renderer{}).Render(b.Context(), doc, path); err != nil {
					b.Fatal(err)
				}
				info, err := os.Stat(path)
				if err != nil {
					b.Fatal(err)
				}
				size = info.Size()
			}
			b.ReportMetric(float64(size)/1e6, "MB/file")
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// TestRowsAreNotReadAgain holds Render to what writing costs. A value made of each cell, or a call of excelize's that
// looks at a sheet's rows, takes ten times as much, and says nothing of it.
func TestRowsAreNotReadAgain(t *testing.T) {
	const rows, fixed, perRow = 20_000, 20_000, 2
	doc := single(chatFields())
	doc.Sheets[0].Blocks = []outputs.Block{outputs.TableBlock{Dataset: "d", Table: chatRows(t, rows), Totals: true}}
	allocations := testing.AllocsPerRun(1, func() {
		if _, err := (Renderer{}).Render(t.Context(), doc, filepath.Join(t.TempDir(), "out.xlsx")); err != nil {
			t.Error(err)
		}
	})
	if allocations > fixed+rows*perRow {
		t.Errorf("%d rows take %.0f allocations, more than %d a row", rows, allocations, perRow)
	}
}
