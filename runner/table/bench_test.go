package table

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
)

// report makes n rows of 24 columns as a chat report has them: 25 buckets × 200 users.
func report(n int) *Table {
	fields := []Field{{Name: "series", Type: expr.Period, Grain: "day"}, {Name: "user_name", Type: expr.Text}}
	for i := range 10 {
		fields = append(fields, Field{Name: fmt.Sprint("n", i), Type: expr.Integer, Total: Total{Kind: TotalSum}})
	}
	for i := range 6 {
		fields = append(fields, Field{Name: fmt.Sprint("t", i), Type: expr.Duration, Total: Total{Kind: TotalSum}})
	}
	for i := range 4 {
		fields = append(fields, Field{Name: fmt.Sprint("p", i), Type: expr.Percent, Total: Total{Kind: TotalWeighted, Weight: "n0"}})
	}
	fields = append(fields,
		Field{Name: "gross", Type: expr.Decimal, Total: Total{Kind: TotalSum}},
		Field{Name: "avg", Type: expr.Duration, Total: Total{Kind: TotalRatio, Num: "t0", Den: "n1"}})
	r := rand.New(rand.NewPCG(1, 1))
	t := &Table{fields: fields}
	for left := n; left > 0; left -= BatchRows {
		b := &Batch{N: min(left, BatchRows)}
		for _, f := range fields {
			v := NewVector(f, b.N)
			for range b.N {
				x := expr.Value{Type: f.Type, Valid: true}
				switch storageOf(f.Type) {
				case ints:
					x.Int = r.Int64N(1000)
				case floats:
					x.Float = float64(r.IntN(10001)) / 100
				case decimals:
					x.Dec = decimal.MustNew(r.Int64N(1e6), 2)
				default:
					x.Str = users[r.IntN(len(users))]
				}
				if f.Type == expr.Period {
					x.Int = r.Int64N(25) * 86_400e6
				}
				v.Append(f, x)
			}
			b.Cols = append(b.Cols, v)
		}
		t.keep(b)
	}
	return t
}

var users = func() (out []string) {
	for i := range 200 {
		out = append(out, fmt.Sprintf("Agent number %d", i))
	}
	return out
}()

func benchmarkSteps(b *testing.B, n int, ss ...Step) {
	in := report(n)
	b.ReportAllocs()
	for b.Loop() {
		rows := in.Rows()
		for _, s := range ss {
			rows = s.Apply(context.Background(), rows)
		}
		for _, err := range rows.Seq {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkGroup(b *testing.B) {
	benchmarkSteps(b, 1_000_000, group(b, "user_name series", "a", "sum(n0)", "b", "sum(n1)", "c", "avg(t0)", "d", "max(t1)", "e", "ratio(sum(n2), sum(n3))"))
}

func BenchmarkGroupOwnRules(b *testing.B) {
	benchmarkSteps(b, 1_000_000, Group{By: []string{"user_name", "series"}})
}

func BenchmarkWhere(b *testing.B) {
	benchmarkSteps(b, 100_000, Where{Cond: parse(b, `n0 > 500 and user_name != "Agent number 7"`)})
}

func BenchmarkDerive(b *testing.B) {
	benchmarkSteps(b, 100_000, derive(b, "rate", "ratio(n0, n1)", "left", "n2 - n3"))
}

func BenchmarkSort(b *testing.B) {
	benchmarkSteps(b, 100_000, Sort{Keys: []SortKey{{Name: "n0", Desc: true}, {Name: "user_name"}}, Locale: "pl", Spool: Spool{Memory: 1 << 30}})
}

func BenchmarkSortFromDisk(b *testing.B) {
	benchmarkSteps(b, 100_000, Sort{Keys: []SortKey{{Name: "n0", Desc: true}, {Name: "user_name"}}, Locale: "pl", Spool: Spool{Dir: b.TempDir(), Memory: 4 << 20}})
}

func BenchmarkTotals(b *testing.B) {
	in := report(100_000)
	b.ReportAllocs()
	for b.Loop() {
		in.cache.totals = nil
		if _, err := in.Totals(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSpoolWrite(b *testing.B) {
	in := report(100_000)
	dir := b.TempDir()
	b.ReportAllocs()
	b.SetBytes(in.size)
	for b.Loop() {
		out, err := Collect(context.Background(), in.Rows(), Spool{Dir: dir, Memory: -1})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(out.file.end)/float64(in.n), "disk-B/row")
		if err := out.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCollect reports the most that was live on the heap while rows were kept: flat however many there are.
func BenchmarkCollect(b *testing.B) {
	in := report(100 * BatchRows)
	for _, times := range []int{1, 10} {
		b.Run(fmt.Sprint(times*in.n, " rows"), func(b *testing.B) {
			for b.Loop() {
				var base, most, now runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&base)
				most = base
				rows := Rows{Fields: in.fields, Seq: func(yield func(*Batch, error) bool) {
					for range times {
						for i, batch := range in.batches {
							fresh := builder{fields: in.fields}
							fresh.appendRange(batch, 0, batch.N)
							if !yield(fresh.take(), nil) {
								return
							}
							if runtime.ReadMemStats(&now); i%10 == 0 && now.HeapInuse > most.HeapInuse {
								most = now
							}
						}
					}
				}}
				out, err := Collect(context.Background(), rows, Spool{Dir: b.TempDir()})
				if err != nil {
					b.Fatal(err)
				}
				if err := out.Close(); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(most.HeapInuse-base.HeapInuse)/(1<<20), "peak-MB")
			}
		})
	}
}

func BenchmarkSpoolRead(b *testing.B) {
	in := report(100_000)
	out, err := Collect(context.Background(), in.Rows(), Spool{Dir: b.TempDir(), Memory: -1})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(in.size)
	for b.Loop() {
		for _, err := range out.Rows().Seq {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
}

// peak is a context that looks at the heap whenever it is asked whether it has ended.
type peak struct {
	context.Context
	most uint64
}

func (p *peak) Err() error {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	p.most = max(p.most, now.HeapInuse)
	return nil
}

// BenchmarkSplit divides rows on disk into 200 and into 1,000 parts, and reports the most that was on the heap meanwhile.
func BenchmarkSplit(b *testing.B) {
	for _, n := range []int{100_000, 400_000} {
		in := onDisk(b, n)
		for _, column := range []string{"user_name", "n0"} {
			b.Run(fmt.Sprint(n, " rows by ", column), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					closeAll(b, split(b, in, column, Spool{Dir: b.TempDir()}))
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
				var base runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&base)
				ctx := &peak{Context: context.Background()}
				parts, err := Split(ctx, in, column, Spool{Dir: b.TempDir()})
				if err != nil {
					b.Fatal(err)
				}
				closeAll(b, parts)
				b.ReportMetric(float64(ctx.most-base.HeapInuse)/(1<<20), "peak-MB")
			})
		}
	}
}

func BenchmarkProof(b *testing.B) {
	const n = 100_000
	in := onDisk(b, n)
	for _, column := range []string{"user_name", "n0"} {
		b.Run(column, func(b *testing.B) {
			parts := split(b, in, column, Spool{Dir: b.TempDir()})
			b.ReportAllocs()
			for b.Loop() {
				if err := Proof(context.Background(), in, column, parts); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			closeAll(b, parts)
		})
	}
}

// onDisk makes a report whose rows lie on disk.
func onDisk(b *testing.B, n int) *Table {
	t, err := Collect(context.Background(), report(n).Rows(), Spool{Dir: b.TempDir(), Memory: -1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = t.Close() })
	return t
}

// BenchmarkPivot has 25 columns for each of two values, and one of them a mean that takes its parts along.
func BenchmarkPivot(b *testing.B) {
	benchmarkSteps(b, 1_000_000, Pivot{Rows: []string{"user_name"}, Column: "series", Values: []string{"n0", "avg"}, Totals: true})
}

// BenchmarkPercentile holds a million values of two columns in 200 groups.
func BenchmarkPercentile(b *testing.B) {
	benchmarkSteps(b, 1_000_000, group(b, "user_name", "m", "p50(t0)", "p", "p90(t0)", "q", "p99(n0)"))
}

func BenchmarkTop(b *testing.B) {
	benchmarkSteps(b, 100_000, Top{N: 10, By: []SortKey{{Name: "n0", Desc: true}}, Others: "Others", Spool: Spool{Memory: 1 << 30}})
}
