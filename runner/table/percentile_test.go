package table

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

// TestPercentiles: the values that Excel's PERCENTILE.INC and PostgreSQL's percentile_cont give.
func TestPercentiles(t *testing.T) {
	numbers := []expr.Value{num(15), none, num(20), num(35), num(40), num(50)}
	for _, c := range []struct {
		typ    expr.Type
		values []expr.Value
		fn     string
		want   string
	}{
		{expr.Integer, numbers, "p50", "35"},
		{expr.Integer, numbers, "p40", "29"},
		{expr.Integer, numbers, "p90", "46"},
		{expr.Integer, numbers, "p0", "15"},
		{expr.Integer, numbers, "p100", "50"},
		{expr.Integer, numbers, "p99.9", "49.96"},
		{expr.Integer, []expr.Value{num(1), num(2), num(3), num(4)}, "p50", "2.5"},
		{expr.Integer, []expr.Value{num(1 << 62), num(1<<62 + 1)}, "p50", "4611686018427387904"}, // 19 digits and a half
		{expr.Integer, []expr.Value{num(-3), num(-8)}, "p90", "-3.5"},
		{expr.Integer, []expr.Value{none}, "p90", "-"},
		{expr.Integer, nil, "p90", "-"},
		{expr.Integer, []expr.Value{num(7)}, "p90", "7"},
		{expr.Decimal, []expr.Value{dec("0.10"), dec("0.3"), dec("-0.1")}, "p75", "0.2"},
		{expr.Decimal, []expr.Value{dec("1"), dec("2")}, "p33.333333", "1.33333333"},
		{expr.Duration, []expr.Value{dur("1m"), dur("2m"), dur("10m")}, "p90", "0:08:24"},
		{expr.Duration, []expr.Value{dur("1us"), dur("2us")}, "p50", "0:00:00.000002"},
		{expr.Percent, []expr.Value{pct(50), pct(100)}, "p25", "62.5"},
		{expr.Ratio, []expr.Value{expr.RatioValue(0.5), expr.RatioValue(1)}, "p90", "0.95"},
	} {
		var rows [][]expr.Value
		for _, v := range c.values {
			rows = append(rows, []expr.Value{v})
		}
		in := FromValues([]Field{{Name: "x", Type: c.typ}}, rows)
		got, err := in.Aggregate(c.fn, "x")
		if err != nil || plain(got) != c.want {
			t.Errorf("%s of %v: %s, %v, want %s", c.fn, c.values, plain(got), err, c.want)
		}
	}
}

// TestPercentileMeasures: by group, in expressions, in a pivot, and without a total.
func TestPercentileMeasures(t *testing.T) {
	in := FromValues(chats(), chatRows())
	out := steps(t, in, group(t, "user_name", "p90", "p90(incoming)", "longest", "percentile(time_max, 100)", "n", "count()", "spread", "p90(incoming) - p50(incoming)"))
	equal(t, show(t, out), `user_name | p90 | longest | n | spread
		Łucja | 9 | 0:30:00 | 2 | 4
		Ewa | 27.5 | 3:00:00 | 2 | 10
		- | 1 | 0:01:00 | 1 | 0`)
	equal(t, totals(t, out), "- | - | - | 5 | -")
	out = steps(t, in, Pivot{Rows: []string{"series"}, Column: "user_name", Measures: group(t, "", "m", "p50(incoming)").Measures, Totals: true, Locale: "pl"})
	equal(t, show(t, out), `series | Ewa | Łucja | (none) | total
		2026-11-09 | 30 | 10 | - | 20
		2026-11-10 | 5 | 0 | - | 2.5
		later | - | - | 1 | 1`)
	var f *Fault
	if _, err := in.Aggregate("p90", "user_name"); !errors.As(err, &f) || !strings.Contains(f.Detail, "p90 needs a number") {
		t.Errorf("%v", err)
	}
}

// TestPercentileOfMany agrees with a sorted copy, whatever the groups are.
func TestPercentileOfMany(t *testing.T) {
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 13))
		var rows [][]expr.Value
		groups := map[string][]int64{}
		for range r.IntN(3 * BatchRows) {
			name, x := fmt.Sprint(r.IntN(40)), r.Int64N(1000)-300
			rows = append(rows, []expr.Value{txt(name), num(x)})
			groups[name] = append(groups[name], x)
		}
		in := FromValues([]Field{{Name: "g", Type: expr.Text}, {Name: "x", Type: expr.Integer}}, rows)
		out := steps(t, in, group(t, "g", "p", "percentile(x, 95)"))
		for b := range out.Rows().Seq {
			for i := range b.N {
				values := groups[b.Cols[0].Strs[i]]
				slices.Sort(values)
				at := 95 * (len(values) - 1)
				low, high := values[at/100], values[min(at/100+1, len(values)-1)]
				want := float64(low) + float64(high-low)*float64(at%100)/100
				if got, _ := b.Cols[1].Decs[i].Float64(); got-want > 1e-9 || want-got > 1e-9 {
					t.Fatalf("seed %d, %s: %v, want %v", seed, b.Cols[0].Strs[i], got, want)
				}
			}
		}
	}
}

// TestPercentileBound: beyond what is held there is a fault and no estimate.
func TestPercentileBound(t *testing.T) {
	l := newLedger([]Field{{Name: "a", Type: expr.Integer}, {Name: "b", Type: expr.Integer}})
	for _, col := range []int{0, 1} {
		if _, err := l.aggregate("p90", col); err != nil {
			t.Fatal(err)
		}
	}
	l.held = MaxHeld - 2 // as if others had been added
	v := Vector{Valid: []bool{true, false}, Ints: []int64{1, 0}}
	b := &Batch{Cols: []Vector{v, v}, N: 2}
	if err := l.add(b, []int32{0, 0}, 1); err != nil {
		t.Fatal(err)
	}
	var f *Fault
	if err := l.add(b, []int32{0, 0}, 1); !errors.As(err, &f) || f.Code != "too-many-values" || !strings.Contains(f.Detail, `"a"`) {
		t.Errorf("%v", err)
	}
}
