package table

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
)

// Values as the tests write them.
func txt(s string) expr.Value { return expr.TextValue(s) }
func num(i int64) expr.Value  { return expr.IntegerValue(i) }
func dec(s string) expr.Value { return expr.DecimalValue(decimal.MustParse(s)) }
func pct(f float64) expr.Value {
	return expr.PercentValue(f)
}
func dur(s string) expr.Value {
	d, err := time.ParseDuration(s)
	if err != nil {
		panic(err)
	}
	return expr.DurationValue(d)
}
func day(s string) expr.Value {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		panic(err)
	}
	return expr.Value{Type: expr.Period, Valid: true, Int: expr.Civil(t)}
}
func odd(s string) expr.Value {
	return expr.Value{Type: expr.Period, Valid: true, Int: expr.NoTime, Str: s}
}

var none = expr.Value{}

// chats are columns as the chat report has them.
func chats() []Field {
	return []Field{
		{Name: "series", Type: expr.Period, Grain: "day"},
		{Name: "user_name", Type: expr.Text, Label: "Agent"},
		{Name: "incoming", Type: expr.Integer, Total: Total{Kind: TotalSum}},
		{Name: "answered", Type: expr.Integer, Label: "Answered", Total: Total{Kind: TotalSum}},
		{Name: "time_sum", Type: expr.Duration, Total: Total{Kind: TotalSum}},
		{Name: "time_max", Type: expr.Duration, Total: Total{Kind: TotalMax}},
		{Name: "time_avg", Type: expr.Duration, Total: Total{Kind: TotalRatio, Num: "time_sum", Den: "answered"}},
		{Name: "level", Type: expr.Percent, Total: Total{Kind: TotalWeighted, Weight: "incoming"}},
		{Name: "gross", Type: expr.Decimal, Total: Total{Kind: TotalSum}},
	}
}

func chatRows() [][]expr.Value {
	return [][]expr.Value{
		{day("2026-11-09"), txt("Łucja"), num(10), num(8), dur("80m"), dur("30m"), dur("10m"), pct(90), dec("0.10")},
		{day("2026-11-09"), txt("Ewa"), num(30), num(30), dur("30h"), dur("3h"), dur("1h"), pct(50), dec("0.2")},
		{day("2026-11-10"), txt("Łucja"), num(0), num(0), none, none, none, none, none},
		{day("2026-11-10"), txt("Ewa"), num(5), num(4), dur("4m"), dur("2m"), dur("1m"), none, dec("1000000.05")},
		{odd("later"), none, num(1), none, dur("1m"), dur("1m"), none, pct(100), dec("-0.01")},
	}
}

func steps(t *testing.T, in *Table, ss ...Step) *Table {
	t.Helper()
	out, err := apply(in, ss...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func apply(in *Table, ss ...Step) (*Table, error) {
	rows := in.Rows()
	for _, s := range ss {
		rows = s.Apply(context.Background(), rows)
	}
	return Collect(context.Background(), rows, Spool{})
}

func parse(t testing.TB, text string) *expr.Expr {
	t.Helper()
	e, f := expr.Parse(text)
	if f != nil {
		t.Fatalf("%s: %s", text, f.Detail)
	}
	return e
}

func derive(t testing.TB, pairs ...string) Derive {
	t.Helper()
	var d Derive
	for i := 0; i < len(pairs); i += 2 {
		d.Columns = append(d.Columns, Derived{Name: pairs[i], Expr: parse(t, pairs[i+1])})
	}
	return d
}

func group(t testing.TB, by string, pairs ...string) Group {
	t.Helper()
	g := Group{By: strings.Fields(by)}
	for i := 0; i < len(pairs); i += 2 {
		g.Measures = append(g.Measures, Measure{Name: pairs[i], Expr: parse(t, pairs[i+1])})
	}
	return g
}

// show writes a table as a text: names of columns that are not hidden, then a line a row.
func show(t testing.TB, in *Table) string {
	t.Helper()
	var b strings.Builder
	line := func(cell func(i int, f Field) string) {
		var cells []string
		for i, f := range in.Fields() {
			if !f.Hidden {
				cells = append(cells, cell(i, f))
			}
		}
		b.WriteString(strings.Join(cells, " | ") + "\n")
	}
	line(func(_ int, f Field) string { return f.Name })
	for batch, err := range in.Rows().Seq {
		if err != nil {
			t.Fatal(err)
		}
		for r := range batch.N {
			line(func(i int, f Field) string { return plain(batch.Cols[i].Value(f, r)) })
		}
	}
	return b.String()
}

// totals are those of columns that are not hidden.
func totals(t testing.TB, in *Table) string {
	t.Helper()
	values, err := in.Totals()
	if err != nil {
		t.Fatal(err)
	}
	var cells []string
	for i, f := range in.Fields() {
		if !f.Hidden {
			cells = append(cells, plain(values[i]))
		}
	}
	return strings.Join(cells, " | ")
}

func plain(v expr.Value) string {
	if !v.Valid {
		return "-"
	}
	return expr.Plain(v)
}

func equal(t *testing.T, got, want string) {
	t.Helper()
	if strings.TrimSpace(got) != strings.TrimSpace(strings.ReplaceAll(want, "\t", "")) {
		t.Errorf("got:\n%s\nwant:\n%s", got, strings.ReplaceAll(want, "\t", ""))
	}
}

func faultOf(err error) string {
	var f *Fault
	if !errors.As(err, &f) {
		return fmt.Sprint(err)
	}
	if f.Expr != nil {
		return f.Part + ": " + f.Expr.Code // the words are the expression language's own
	}
	return fmt.Sprintf("%s: %s: %s", f.Part, f.Code, f.Detail)
}

func TestTotals(t *testing.T) {
	// time_avg is (80 + 1800 + 4 + 1) minutes ÷ 42 answered; level (10 × 90 + 30 × 50 + 1 × 100) ÷ 41 incoming.
	equal(t, totals(t, FromValues(chats(), chatRows())),
		"- | - | 46 | 42 | 31:25:00 | 3:00:00 | 0:44:52.857143 | 60.9756097560976 | 1000000.34")
}

func TestTotalsOfNothing(t *testing.T) {
	equal(t, totals(t, FromValues(chats(), nil)), "- | - | - | - | - | - | - | - | -")
}

func TestAggregates(t *testing.T) {
	in := FromValues(chats(), chatRows())
	for _, c := range []struct{ fn, column, want string }{
		{"rows", "", "5"}, {"count", "", "5"},
		{"count", "user_name", "4"}, {"count", "level", "3"},
		{"sum", "answered", "42"}, {"avg", "answered", "10.5"}, {"avg", "gross", "250000.085"},
		{"avg", "time_max", "0:53:15"}, {"min", "answered", "0"}, {"max", "gross", "1000000.05"},
		{"min", "user_name", "Ewa"}, {"max", "series", "later"}, {"min", "series", "2026-11-09"},
		{"first", "level", "90"}, {"last", "level", "100"}, {"last", "user_name", "Ewa"},
		{"total", "time_avg", "0:44:52.857143"}, {"total", "user_name", "-"},
	} {
		for range 2 { // the second answer comes from the cache
			v, err := in.Aggregate(c.fn, c.column)
			if err != nil || plain(v) != c.want {
				t.Errorf("%s(%s) = %s, %v; want %s", c.fn, c.column, plain(v), err, c.want)
			}
		}
	}
	for fn, want := range map[string]string{"sum": `sum needs a number or a duration, and "user_name" is of type text.`} {
		if _, err := in.Aggregate(fn, "user_name"); faultOf(err) != ": wrong-type: "+want {
			t.Errorf("%s: %s", fn, faultOf(err))
		}
	}
	in.batches = nil // what was computed once is not computed again
	if v, err := in.Aggregate("sum", "answered"); err != nil || plain(v) != "42" {
		t.Errorf("again: %s, %v", plain(v), err)
	}
	if _, err := in.Aggregate("sum", "answerd"); !strings.Contains(faultOf(err), `Did you mean "answered"?`) {
		t.Error(faultOf(err))
	}
}

func TestStepsOnPointers(t *testing.T) {
	// The loader makes steps as pointers; both are steps.
	for _, s := range []Step{&Where{}, &Derive{}, &Select{}, &Rename{}, &Sort{}, &Limit{}, &Group{}} {
		if b := Bind(s, Spool{Dir: "d"}, nil); b == nil {
			t.Errorf("%T was lost", s)
		}
	}
	if s := Bind(&Sort{}, Spool{Dir: "d"}, nil).(Sort); s.Spool.Dir != "d" {
		t.Error("sort did not get its spool")
	}
}

func names(fields []Field) (out []string) {
	for _, f := range fields {
		out = append(out, strings.ReplaceAll(f.Name, "\x00", "·"))
	}
	return out
}

func TestHiddenColumnsKeepTotals(t *testing.T) {
	in := FromValues(chats(), chatRows())
	out := steps(t, in, Select{Names: []string{"level", "time_avg"}})
	if got, want := names(out.Fields()), []string{"level", "time_avg", "level·weight", "time_avg·numerator", "time_avg·denominator"}; !slices.Equal(got, want) {
		t.Errorf("columns %q, want %q", got, want)
	}
	equal(t, totals(t, out), "60.9756097560976 | 0:44:52.857143")
	out = steps(t, out, Rename{Pairs: []RenamePair{{"level", "sla"}}}, derive(t, "answered", "1"), Select{Names: []string{"time_avg", "sla", "answered"}})
	equal(t, totals(t, out), "0:44:52.857143 | 60.9756097560976 | -")
	for _, name := range []string{"incoming", out.Fields()[len(out.Fields())-1].Name} {
		if _, err := apply(out, Select{Names: []string{name}}); !strings.Contains(faultOf(err), "unknown-column") {
			t.Errorf("the hidden column %q was reached: %v", name, err)
		}
	}
}
