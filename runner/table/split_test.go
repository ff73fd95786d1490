package table

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

func split(t testing.TB, in *Table, column string, spool Spool) []Part {
	t.Helper()
	parts, err := Split(context.Background(), in, column, spool)
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

func closeAll(t testing.TB, parts []Part) {
	t.Helper()
	for _, p := range parts {
		if err := p.Table.Close(); err != nil {
			t.Error(err)
		}
	}
}

// keyed makes random values, in the column of that name only those that can be keys.
func keyed(column string) func(*rand.Rand, Field) expr.Value {
	return func(r *rand.Rand, f Field) expr.Value {
		for {
			if v := random(r, f.Type); f.Name != column || strings.TrimSpace(expr.Plain(v)) != "" {
				return v
			}
		}
	}
}

func TestPartsAreTheRowsOfTheirKey(t *testing.T) {
	fields := everyType()
	for seed, f := range fields {
		r := rand.New(rand.NewPCG(uint64(seed), 11))
		in := randomTable(r, fields, 1+r.IntN(4*BatchRows), keyed(f.Name))
		all := lines(t, in)
		want := map[string][]string{}
		for i, key := range lines(t, steps(t, in, Select{Names: []string{f.Name}})) {
			want[key] = append(want[key], all[i])
		}
		dir := t.TempDir()
		for _, memory := range []int64{0, -1, in.size / 2} {
			parts := split(t, in, f.Name, Spool{Dir: dir, Memory: memory})
			if len(parts) != len(want) {
				t.Errorf("by %s: %d parts, want %d", f.Name, len(parts), len(want))
			}
			if !slices.IsSortedFunc(parts, func(a, b Part) int { return strings.Compare(a.Key, b.Key) }) {
				t.Errorf("by %s: parts are not in order", f.Name)
			}
			var wait sync.WaitGroup
			for _, p := range parts {
				wait.Go(func() {
					got := lines(t, p.Table)
					if !slices.Equal(got, want[p.Key]) || p.Table.Len() != len(got) {
						t.Errorf("by %s with %d bytes: part %q has %d rows, want %d, or others", f.Name, memory, p.Key, len(got), len(want[p.Key]))
					}
				})
			}
			wait.Wait()
			if err := Proof(context.Background(), in, f.Name, parts); err != nil {
				t.Errorf("by %s with %d bytes: %v", f.Name, memory, err)
			}
			if files, _ := os.ReadDir(dir); (memory == 0) != (len(files) == 0) || len(files) > 1 {
				t.Errorf("by %s with %d bytes: %d parts lie in %d files", f.Name, memory, len(parts), len(files))
			}
			closeAll(t, parts)
			if left, _ := os.ReadDir(dir); len(left) > 0 {
				t.Errorf("%d files are left", len(left))
			}
		}
		if !slices.Equal(lines(t, in), all) {
			t.Errorf("by %s: the whole has changed", f.Name)
		}
	}
}

func TestPartsTotalAndCloseEachForItself(t *testing.T) {
	rows := chatRows()[:4]
	for _, memory := range []int64{0, -1} {
		dir := t.TempDir()
		parts := split(t, FromValues(chats(), rows), "user_name", Spool{Dir: dir, Memory: memory})
		for _, p := range parts {
			alone := FromValues(chats(), slices.DeleteFunc(slices.Clone(rows), func(r []expr.Value) bool { return r[1].Str != p.Key }))
			equal(t, totals(t, p.Table), totals(t, alone))
			got, err := p.Table.Aggregate("max", "incoming")
			want, _ := alone.Aggregate("max", "incoming")
			if err != nil || plain(got) != plain(want) {
				t.Errorf("max of %q is %s, want %s: %v", p.Key, plain(got), plain(want), err)
			}
			if err := errors.Join(p.Table.Close(), p.Table.Close()); err != nil { // twice is no harm to the others
				t.Error(err)
			}
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%d files are left", len(left))
		}
	}
}

func TestValuesThatPrintAlikeAreOnePart(t *testing.T) {
	for _, c := range []struct {
		typ    expr.Type
		values []expr.Value
		want   string
	}{
		{expr.Decimal, []expr.Value{dec("0.5"), dec("0.50"), dec("10"), dec("9")}, "0.5:2 10:1 9:1"},
		{expr.Period, []expr.Value{day("2026-11-09"), odd("later"), odd("2026-11-09")}, "2026-11-09:2 later:1"},
		{expr.Date, []expr.Value{{Type: expr.Date, Valid: true, Int: day("2026-11-10").Int}, {Type: expr.Date, Valid: true, Int: day("2026-11-09").Int}}, "2026-11-09:1 2026-11-10:1"},
		{expr.Integer, []expr.Value{num(1000), num(-5)}, "-5:1 1000:1"},
		{expr.Text, []expr.Value{txt("Weiß"), txt("Weiss"), txt(" Ewa")}, " Ewa:1 Weiss:1 Weiß:1"},
	} {
		var rows [][]expr.Value
		for _, v := range c.values {
			rows = append(rows, []expr.Value{v})
		}
		in := FromValues([]Field{{Name: "x", Type: c.typ}}, rows)
		var got []string
		parts := split(t, in, "x", Spool{})
		for _, p := range parts {
			got = append(got, fmt.Sprint(p.Key, ":", p.Table.Len()))
		}
		equal(t, strings.Join(got, " "), c.want)
		if err := Proof(context.Background(), in, "x", parts); err != nil {
			t.Error(err)
		}
	}
}

func TestRowsWithoutKeyAreCounted(t *testing.T) {
	rows := slices.Repeat([][]expr.Value{{txt("Ewa")}}, BatchRows+10)
	rows[BatchRows+2], rows[BatchRows+5], rows[BatchRows+6] = []expr.Value{txt("\t ")}, []expr.Value{none}, []expr.Value{txt("")}
	_, err := Split(context.Background(), FromValues([]Field{{Name: "who", Type: expr.Text}}, rows), "who", Spool{})
	var missing *MissingKeyError
	if !errors.As(err, &missing) || *missing != (MissingKeyError{"who", 3, BatchRows + 3}) {
		t.Errorf("got %v", err)
	}
	equal(t, fmt.Sprint(err), fmt.Sprintf(`rows without a value in the column "who": 3, the first is row %d`, BatchRows+3))
}

func TestTablesThatCannotBeSplit(t *testing.T) {
	who := []Field{{Name: "who", Type: expr.Text}, {Name: "who\x00sum", Type: expr.Text, Hidden: true}}
	table := func(keys ...string) *Table {
		var rows [][]expr.Value
		for _, k := range keys {
			rows = append(rows, []expr.Value{txt(k), txt(k)})
		}
		return FromValues(who, rows)
	}
	var many []string
	for i := range MaxParts + 1 {
		many = append(many, fmt.Sprint("case ", i))
	}
	const unlike = ", which differ only in capitals or in blanks around them. " +
		"Each would be a part, and readers and file systems would take one for the other. Write them alike, for example:\n\n    - derive: {\"who\": 'lower(trim(row[\"who\"]))'}"
	for _, c := range []struct {
		in           *Table
		column, want string
	}{
		{table("a"), "whom", `unknown-column: There is no column "whom" here. Did you mean "who"?`},
		{table("a"), who[1].Name, `unknown-column: There is no column "who\x00sum" here. The columns are "who".`},
		{table("north", "south", "North"), "who", `parts-alike: The column "who" has the values "North" and "north"` + unlike},
		{table("łódź", "ŁÓDŹ"), "who", `parts-alike: The column "who" has the values "ŁÓDŹ" and "łódź"` + unlike},
		{table("Ewa", "Ewa "), "who", `parts-alike: The column "who" has the values "Ewa" and "Ewa "` + unlike},
		{table("Zoë", "Zoe\u0308"), "who", `parts-alike: The column "who" has the values "Zoe\u0308" and "Zo\u00eb", which are shown alike: an accented letter can be encoded as one character or as two. ` +
			"Each would be a part, and readers and file systems would take one for the other. Write them alike where they come from, or leave one out with a where."},
		{table(many...), "who", `too-many-parts: The column "who" has more than 1,000 different values, and there is a part for each: at most 1,000 are made.`},
	} {
		parts, err := Split(context.Background(), c.in, c.column, Spool{})
		var f *Fault
		if !errors.As(err, &f) || parts != nil {
			t.Errorf("%s: %d parts, %v", c.want, len(parts), err)
			continue
		}
		equal(t, f.Code+": "+f.Detail, c.want)
	}
	if parts := split(t, table(), "who", Spool{}); len(parts) != 0 {
		t.Errorf("an empty table has %d parts", len(parts))
	}
	parts := split(t, table(many[:MaxParts]...), "who", Spool{Dir: t.TempDir(), Memory: -1})
	if len(parts) != MaxParts {
		t.Errorf("%d parts", len(parts))
	}
	closeAll(t, parts)
}

func TestKeysOfSeveralTables(t *testing.T) {
	if err := CheckKeys("who", []string{"a", "b", "a"}); err != nil {
		t.Errorf("a key that several tables have: %v", err)
	}
	if err := CheckKeys("who", []string{"a", "b", "A"}); faultOf(err) == "" {
		t.Errorf("keys that look alike: %v", err)
	}
}

// endsAfter is a context that ends once it was asked so often.
type endsAfter struct {
	context.Context
	left int
}

func (c *endsAfter) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestSplitThatIsStoppedLeavesNothingBehind(t *testing.T) {
	in := randomTable(rand.New(rand.NewPCG(1, 1)), everyType(), 2*BatchRows, keyed("boolean"))
	dir := t.TempDir()
	seen := 0
	for asked := 0; ; asked++ {
		parts, err := Split(&endsAfter{context.Background(), asked}, in, "boolean", Spool{Dir: dir, Memory: -1})
		if err == nil {
			closeAll(t, parts)
			break
		}
		seen++
		if left, _ := os.ReadDir(dir); !errors.Is(err, context.Canceled) || parts != nil || len(left) > 0 {
			t.Errorf("stopped at step %d: %d parts, %d files are left, %v", asked, len(parts), len(left), err)
		}
	}
	if seen < 6 { // both readings of two batches, and writing two parts
		t.Errorf("it could be stopped at %d steps", seen)
	}
	if _, err := Split(context.Background(), in, "boolean", Spool{Dir: dir + "/nowhere", Memory: -1}); err == nil || !strings.Contains(err.Error(), "keep rows on disk") {
		t.Errorf("a folder that is not there: %v", err)
	}
}
