package table

import (
	"os"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

// Shared rows stay until the last table is closed, wherever they are.
func TestShare(t *testing.T) {
	for name, memory := range map[string]int64{"in memory": 1 << 20, "on disk": 1} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			rows := Rows{Fields: []Field{{Name: "n", Type: expr.Integer}}, Seq: func(yield func(*Batch, error) bool) {
				yield(&Batch{N: 2, Cols: []Vector{{Valid: []bool{true, true}, Ints: []int64{1, 2}}}}, nil)
			}}
			first, err := Collect(t.Context(), rows, Spool{Dir: dir, Memory: memory})
			if err != nil {
				t.Fatal(err)
			}
			inMemory, onDisk := first.Held()
			if (inMemory > 0) == (onDisk > 0) || (onDisk > 0) != (memory == 1) {
				t.Errorf("%d bytes in memory, %d on disk", inMemory, onDisk)
			}
			second := first.Share()
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			sum, err := second.Aggregate("sum", "n")
			if err != nil || sum.Int != 3 || second.Len() != 2 {
				t.Errorf("the sum of shared rows is %v, %v", sum, err)
			}
			if err := second.Close(); err != nil {
				t.Fatal(err)
			}
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("%d files are left", len(left))
			}
		})
	}
}
