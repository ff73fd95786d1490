package table

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
)

// everyType has a column of each type that rows can have.
func everyType() []Field {
	var fields []Field
	for t := expr.Text; t <= expr.Boolean; t++ {
		fields = append(fields, Field{Name: expr.TypeName(t), Type: t})
	}
	return fields
}

// random makes a value of type t; extreme ones are among them, and few enough that values repeat.
func random(r *rand.Rand, t expr.Type) expr.Value {
	if r.IntN(5) == 0 {
		return expr.Missing(t)
	}
	v := expr.Value{Type: t, Valid: true}
	switch t {
	case expr.Text:
		v.Str = []string{"", "a", "Łódź", "a\x00b", "longer than the others"}[r.IntN(5)]
	case expr.Percent, expr.Ratio:
		v.Float = []float64{0, 12.5, -3, 1e300, 100}[r.IntN(5)]
	case expr.Decimal:
		v.Dec = decimal.MustParse([]string{"0", "0.5", "0.50", "9999999999999999999", "0.0000000000000000001"}[r.IntN(5)])
	case expr.Boolean:
		v.Int = int64(r.IntN(2))
	case expr.Date:
		v.Int = []int64{0, 1, -1, 20_000}[r.IntN(4)] * 86_400e6
	case expr.Period:
		v.Int = []int64{0, 1e15, -5, expr.NoTime}[r.IntN(4)]
		if v.Int == expr.NoTime {
			v.Str = []string{"13", "later"}[r.IntN(2)]
		}
	default:
		v.Int = []int64{0, 1, -1, math.MaxInt64, math.MinInt64, 1e6, 300}[r.IntN(7)]
	}
	return v
}

func randomTable(r *rand.Rand, fields []Field, n int, value func(*rand.Rand, Field) expr.Value) *Table {
	rows := make([][]expr.Value, n)
	for i := range rows {
		for _, f := range fields {
			rows[i] = append(rows[i], value(r, f))
		}
	}
	return FromValues(fields, rows)
}

func anyValue(r *rand.Rand, f Field) expr.Value { return random(r, f.Type) }

func TestSpooledTableEqualsOneInMemory(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 3, BatchRows, 3*BatchRows + 7} {
		want := randomTable(r, everyType(), n, anyValue)
		dir := t.TempDir()
		got, err := Collect(context.Background(), want.Rows(), Spool{Dir: dir, Memory: -1})
		if err != nil {
			t.Fatal(err)
		}
		if (got.file == nil) != (n == 0) {
			t.Errorf("%d rows: on disk: %t", n, got.file != nil)
		}
		var wait sync.WaitGroup
		for range 3 { // at once, and each of them the whole
			wait.Go(func() {
				if a, b := show(t, got), show(t, want); a != b || got.Len() != n {
					t.Errorf("%d rows differ", n)
				}
			})
		}
		wait.Wait()
		if err := got.Close(); err != nil {
			t.Error(err)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%d files are left", len(left))
		}
	}
}

func TestTableStaysInMemoryUpToItsBound(t *testing.T) {
	in := FromValues(chats(), chatRows())
	size := in.size
	for _, c := range []struct {
		memory int64
		onDisk bool
	}{{0, false}, {size, false}, {size - 1, true}} {
		got, err := Collect(context.Background(), in.Rows(), Spool{Dir: t.TempDir(), Memory: c.memory})
		if err != nil || (got.file != nil) != c.onDisk {
			t.Errorf("memory %d of %d: on disk: %t, %v", c.memory, size, got.file != nil, err)
		}
		equal(t, show(t, got), show(t, in))
		equal(t, totals(t, got), totals(t, in))
		if err := got.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestCollectLeavesNothingBehind(t *testing.T) {
	broken := errors.New("the connection broke")
	in := FromValues(chats(), chatRows())
	rows := Rows{Fields: in.Fields(), Seq: func(yield func(*Batch, error) bool) {
		for range 600 {
			for b := range in.Rows().Seq {
				if !yield(b, nil) {
					return
				}
			}
		}
		yield(nil, broken)
	}}
	dir := t.TempDir()
	if _, err := Collect(context.Background(), rows, Spool{Dir: dir, Memory: -1}); !errors.Is(err, broken) {
		t.Error(err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%d files are left", len(left))
	}
}

func TestDamagedSpoolIsAnError(t *testing.T) {
	in := FromValues(chats(), chatRows())
	got, err := Collect(context.Background(), in.Rows(), Spool{Dir: t.TempDir(), Memory: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	if _, err := got.file.WriteAt([]byte{0xff}, got.file.end-3); err != nil {
		t.Fatal(err)
	}
	if _, err := got.Totals(); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("totals of a damaged file: %v", err)
	}
}

func TestStepsEndWithTheirContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, s := range []Step{Where{Cond: parse(t, "true")}, derive(t, "x", "1"), Select{Names: []string{"level", "incoming"}},
		Sort{Keys: []SortKey{{Name: "level"}}}, Limit{N: 1}, Group{}} {
		in := FromValues(chats(), chatRows()).Rows()
		for _, err := range s.Apply(ctx, in).Seq {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%T went on: %v", s, err)
			}
		}
	}
}
