package table

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
)

// figures makes values whose sums are far from any bound, so that every order of adding gives the same to the last digit
// but for floats.
func figures(r *rand.Rand, f Field) expr.Value {
	if r.IntN(4) == 0 {
		return expr.Missing(f.Type)
	}
	v := expr.Value{Type: f.Type, Valid: true}
	switch storageOf(f.Type) {
	case ints:
		v.Int = r.Int64N(1000)
	case floats:
		v.Float = float64(r.IntN(1001)) / 10
	case decimals:
		v.Dec = decimal.MustNew(r.Int64N(100_000)-5_000, r.IntN(4))
	default:
		v.Str = fmt.Sprintf("user %d", r.IntN(6))
	}
	return v
}

// near compares totals column by column: exact ones must agree, quotients within a millionth.
func near(t *testing.T, what string, a, b *Table) {
	t.Helper()
	x, err := a.Totals()
	if err != nil {
		t.Fatal(err)
	}
	y, err := b.Totals()
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range a.Fields() {
		j := index(b.Fields(), f.Name)
		if f.Hidden || j < 0 {
			continue
		}
		p, q := x[i], y[j]
		ok := p.Valid == q.Valid
		switch {
		case !p.Valid || !ok:
		case f.Total.Kind == TotalSum || f.Total.Kind == TotalMin || f.Total.Kind == TotalMax || f.Total.Kind == TotalLast:
			ok = expr.Plain(p) == expr.Plain(q)
		case storageOf(p.Type) == ints:
			ok = max(p.Int-q.Int, q.Int-p.Int) <= 1
		default:
			ok = math.Abs(float(p)-float(q)) <= 1e-6*math.Max(1, math.Abs(float(p)))
		}
		if !ok {
			t.Errorf("%s: total of %s is %s, was %s", what, f.Name, plain(q), plain(p))
		}
	}
}

func float(v expr.Value) float64 {
	f, _ := v.Dec.Float64()
	return v.Float + f
}

func TestTotalsHoldAfterEveryStep(t *testing.T) {
	fields := chats()
	fields = append(fields, Field{Name: "final", Type: expr.Integer, Total: Total{Kind: TotalLast}},
		Field{Name: "price", Type: expr.Decimal, Total: Total{Kind: TotalWeighted, Weight: "incoming"}})
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 7))
		in := randomTable(r, fields, r.IntN(60), figures)
		in = steps(t, in, derive(t, "rate", "ratio(answered - 1, incoming)"), Derive{Columns: []Derived{
			{Name: "pct", Expr: parse(t, "ratio(answered, incoming)"), Type: expr.Percent}}})
		// The last row's value is that of the last group only where groups keep the order of the rows.
		grouped := slices.DeleteFunc(names(in.Fields()), func(n string) bool { return n == "final" || strings.Contains(n, "·") })
		in = steps(t, in, Select{Names: grouped})
		near(t, "group", in, steps(t, in, Group{By: []string{"user_name"}}))
		near(t, "group twice", in, steps(t, in, Group{By: []string{"user_name", "series"}}, Group{By: []string{"user_name"}}))
		near(t, "group by a part", in, steps(t, in, Group{By: []string{"incoming"}}, Group{}))
		kept := slices.Clone(grouped)
		r.Shuffle(len(kept), func(i, j int) { kept[i], kept[j] = kept[j], kept[i] })
		kept = kept[:1+r.IntN(len(kept))]
		near(t, "select", in, steps(t, in, Select{Names: kept}))
		if slices.Contains(kept, "user_name") {
			near(t, "select, then group", in, steps(t, in, Select{Names: kept}, Group{By: []string{"user_name"}}))
		}
		there, back, away := Rename{}, Rename{}, Select{}
		for i, n := range kept {
			other := fmt.Sprint("c", i)
			there.Pairs = append(there.Pairs, RenamePair{n, other})
			back.Pairs = append(back.Pairs, RenamePair{other, n})
			away.Names = append(away.Names, other)
		}
		near(t, "rename there and back", in, steps(t, in, there, away, back))
	}
}

// lines are a table's rows as texts, in order.
func lines(t testing.TB, in *Table) []string {
	all := strings.Split(strings.TrimSuffix(show(t, in), "\n"), "\n")
	return all[1:]
}

func TestSortIsAStablePermutationInOrder(t *testing.T) {
	fields := append(everyType(), Field{Name: "at", Type: expr.Integer})
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 3))
		in := randomTable(r, everyType(), 1+r.IntN(3*BatchRows), anyValue)
		rows := lines(t, in)
		at := 0
		numbered := randomTable(rand.New(rand.NewPCG(seed, 3)), fields, 0, nil)
		for b := range in.Rows().Seq {
			v := NewVector(fields[len(fields)-1], b.N)
			for range b.N {
				v.Append(fields[len(fields)-1], num(int64(at)))
				at++
			}
			numbered.keep(&Batch{Cols: append(slices.Clone(b.Cols), v), N: b.N})
		}
		key := SortKey{Name: fields[r.IntN(len(fields)-1)].Name, Desc: r.IntN(2) == 0}
		out := steps(t, numbered, Sort{Keys: []SortKey{key}})
		onDisk, err := Collect(context.Background(), Sort{Keys: []SortKey{key}, Spool: Spool{Dir: t.TempDir(), Memory: 1}}.Apply(context.Background(), numbered.Rows()), Spool{})
		if err != nil {
			t.Fatal(err)
		}
		if show(t, out) != show(t, onDisk) {
			t.Errorf("seed %d: by %+v: merged from disk is another order", seed, key)
		}
		if got := lines(t, steps(t, out, Sort{Keys: []SortKey{{Name: "at"}}}, Select{Names: names(everyType())})); !slices.Equal(got, rows) {
			t.Errorf("seed %d: rows were lost or changed", seed)
		}
		inOrder(t, out, key)
	}
}

// inOrder compares neighbours by the rules of the expression language, the judge of order here (texts but for the locale's).
func inOrder(t *testing.T, in *Table, key SortKey) {
	t.Helper()
	col, last := index(in.Fields(), key.Name), index(in.Fields(), "at")
	f := in.Fields()[col]
	var before, beforeAt expr.Value
	first := true
	for b := range in.Rows().Seq {
		for i := range b.N {
			v, at := b.Cols[col].Value(f, i), b.Cols[last].Value(in.Fields()[last], i)
			order, ok := expr.Compare(before, v)
			if key.Desc {
				order = -order
			}
			switch {
			case first || f.Type == expr.Text:
			case !before.Valid && v.Valid:
				t.Errorf("%+v: a missing value before %s", key, plain(v))
			case ok && order > 0:
				t.Errorf("%+v: %s before %s", key, plain(before), plain(v))
			case (ok && order == 0 || !before.Valid && !v.Valid) && beforeAt.Int > at.Int:
				t.Errorf("%+v: rows of one place changed places", key)
			}
			before, beforeAt, first = v, at, false
		}
	}
}

func TestWhereNotWhereAndMissingAreAll(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 5))
		in := randomTable(r, chats(), r.IntN(100), figures)
		var parts []string
		for _, cond := range []string{"incoming > answered", "not (incoming > answered)", "missing(incoming) or missing(answered)"} {
			parts = append(parts, lines(t, steps(t, in, Where{Cond: parse(t, cond)}))...)
		}
		all := lines(t, in)
		slices.Sort(parts)
		slices.Sort(all)
		if !slices.Equal(parts, all) {
			t.Errorf("seed %d: %d rows of %d", seed, len(parts), len(all))
		}
	}
}

func TestGroupsAgreeWithAMap(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 9))
		in := randomTable(r, everyType(), 400, anyValue)
		by := names(everyType())
		r.Shuffle(len(by), func(i, j int) { by[i], by[j] = by[j], by[i] })
		by = by[:1+r.IntN(3)]
		out := steps(t, in, group(t, strings.Join(by, " "), "n", "count()"))
		counts := map[string]int{}
		var order []string
		for _, line := range lines(t, steps(t, in, Select{Names: by})) {
			if counts[line]++; counts[line] == 1 {
				order = append(order, line)
			}
		}
		var want []string
		for _, line := range order {
			want = append(want, fmt.Sprintf("%s | %d", line, counts[line]))
		}
		if got := lines(t, out); !slices.Equal(got, want) {
			t.Errorf("seed %d by %q: %d groups, want %d", seed, by, len(got), len(want))
		}
	}
}

func TestMergeRemovesItsRuns(t *testing.T) {
	in := randomTable(rand.New(rand.NewPCG(1, 1)), chats(), 5*BatchRows, figures)
	dir := t.TempDir()
	sorted := Sort{Keys: []SortKey{{Name: "answered"}}, Spool: Spool{Dir: dir, Memory: 1}}.Apply(context.Background(), in.Rows())
	for range sorted.Seq { // a reader that stops after the first batch
		if left, _ := os.ReadDir(dir); len(left) != 5 {
			t.Errorf("%d runs on disk, want 5", len(left))
		}
		break
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("%d runs are left", len(left))
	}
}
