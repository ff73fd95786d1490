package table

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

// derived are random chats with columns of every rule but last, which depends on the order.
func derived(t *testing.T, seed uint64) *Table {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 17))
	fields := append(chats(), Field{Name: "queue", Type: expr.Integer})
	in := randomTable(r, fields, r.IntN(80), func(r *rand.Rand, f Field) expr.Value {
		if f.Name == "queue" && r.IntN(4) > 0 {
			return num(r.Int64N(4))
		}
		return figures(r, f)
	})
	return steps(t, in, derive(t, "rate", "ratio(answered - 1, incoming)", "half", "ratio(answered, incoming)"))
}

var addingUp = []string{"incoming", "answered", "time_sum", "time_max", "time_avg", "level", "gross", "rate", "half"}

// unpivot makes rows of the columns of a pivot again: one for each key that a row has, with the values in their order.
// It knows cells without rows by their count.
func unpivot(t *testing.T, in *Table, rows, keys, values []string) (out []string) {
	t.Helper()
	fields := in.Fields()
	at := func(b *Batch, i int, name string) string {
		c := index(fields, name)
		if c < 0 {
			t.Fatalf("no column %q", name)
		}
		return plain(b.Cols[c].Value(fields[c], i))
	}
	for b := range in.Rows().Seq {
		for i := range b.N {
			for _, key := range keys {
				if at(b, i, "rows "+key) == "0" {
					continue
				}
				line := ""
				for _, name := range rows {
					line += at(b, i, name) + " | "
				}
				line += key
				for _, v := range values {
					line += " | " + at(b, i, v+" "+key)
				}
				out = append(out, line)
			}
		}
	}
	slices.Sort(out)
	return out
}

// TestPivotedBackIsTheGroup: a pivot has the figures of the group by its rows and its column, no more and no fewer.
func TestPivotedBackIsTheGroup(t *testing.T) {
	for seed := range uint64(40) {
		in := derived(t, seed)
		all := []Measure{{Name: "rows", Expr: parse(t, "count()")}}
		for _, name := range addingUp {
			all = append(all, Measure{Name: name, Expr: parse(t, "total("+name+")")})
		}
		pivoted := steps(t, in, Pivot{Rows: []string{"user_name"}, Column: "queue", Measures: all})
		var keys []string
		for _, f := range pivoted.Fields() {
			if key, ok := strings.CutPrefix(f.Name, "rows "); ok {
				keys = append(keys, key)
			}
		}
		got := unpivot(t, pivoted, []string{"user_name"}, keys, addingUp)
		names := append([]string{"user_name", "queue"}, addingUp...)
		want := lines(t, steps(t, in, Group{By: []string{"user_name", "queue"}, Measures: all}, derive(t, "queue", `coalesce(text(queue), "(none)")`), Select{Names: names}))
		slices.Sort(want)
		if in.Len() > 0 && !slices.Equal(got, want) {
			t.Fatalf("seed %d: %q, want %q", seed, got, want)
		}
	}
}

// TestTotalsHoldThroughPivots: what is derived, grouped and pivoted comes to the totals of the rows, in the column of
// totals and, for what adds up, in the columns of keys together.
func TestTotalsHoldThroughPivots(t *testing.T) {
	for seed := range uint64(40) {
		in := derived(t, seed)
		if in.Len() == 0 {
			continue
		}
		for _, path := range [][]Step{
			{Pivot{Rows: []string{"user_name"}, Column: "queue", Values: addingUp, Totals: true}},
			{Group{By: []string{"user_name", "series", "queue"}}, Pivot{Rows: []string{"series"}, Column: "queue", Values: addingUp, Totals: true}},
			{Pivot{Rows: []string{"user_name", "series"}, Column: "queue", Values: addingUp, Totals: true}, Group{By: []string{"series"}}},
			{Pivot{Rows: []string{"user_name", "series"}, Column: "queue", Values: addingUp, Totals: true}, Sort{Keys: []SortKey{{Name: "user_name"}}}, Group{}},
			{Pivot{Rows: []string{"user_name", "series"}, Column: "queue", Values: addingUp, Totals: true}, Top{N: 2, By: []SortKey{{Name: "incoming total", Desc: true}}, Others: "Others"}},
		} {
			back := Rename{}
			for _, name := range addingUp {
				back.Pairs = append(back.Pairs, RenamePair{name + " total", name})
			}
			out := steps(t, in, path...)
			near(t, fmt.Sprintf("seed %d, %d steps", seed, len(path)), steps(t, in, Select{Names: addingUp}), steps(t, out, back, Select{Names: addingUp}))
			sum := int64(0)
			got, err := out.Totals()
			if err != nil {
				t.Fatal(err)
			}
			for i, f := range out.Fields() {
				if strings.HasPrefix(f.Name, "incoming ") && f.Name != "incoming total" && !f.Hidden {
					sum += got[i].Int
				}
			}
			if want, err := in.Aggregate("sum", "incoming"); err != nil || want.Int != sum {
				t.Errorf("seed %d: %d in all columns, want %d, %v", seed, sum, want.Int, err)
			}
		}
	}
}

// TestOthersAndFillKeepTotals: neither the row of the others nor rows of buckets without any change a total.
func TestOthersAndFillKeepTotals(t *testing.T) {
	for seed := range uint64(40) {
		in := derived(t, seed)
		by := []SortKey{{Name: addingUp[int(seed)%len(addingUp)], Desc: seed%2 == 0}}
		near(t, fmt.Sprintf("seed %d: top", seed), in, steps(t, in, Top{N: 1 + int(seed%7), By: by, Others: "Others"}))
		near(t, fmt.Sprintf("seed %d: top twice", seed), in, steps(t, in, Top{N: 9, By: by, Others: "Others"}, Top{N: 2, By: by, Others: "Others"}))
		near(t, fmt.Sprintf("seed %d: group, then top", seed), in, steps(t, in, Group{By: []string{"user_name"}}, Top{N: 2, By: by, Others: "Others"}))
		filled := steps(t, in, Fill{By: "series", Of: []string{"user_name"}})
		near(t, fmt.Sprintf("seed %d: fill", seed), in, filled)
	}
}
