package table

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/expr"
)

var words = CompareWords{Before: ", before", Change: ", change", Points: ", change (pp)", Minutes: ", change (min)", Percent: ", change %"}

// days is a range of whole days in UTC, through one that belongs to it.
func days(from, through string) calendar.Range {
	a, _ := time.Parse(time.DateOnly, from)
	b, _ := time.Parse(time.DateOnly, through)
	return calendar.Range{From: a, Until: b.AddDate(0, 0, 1)}
}

func compare(t *testing.T, this, before *Table, shift Shift, on ...string) *Table {
	t.Helper()
	out, err := Compare{On: on, Words: words}.Apply(context.Background(), this, before, shift, Spool{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestCompareByHand: each figure and each total was computed with a pencil.
func TestCompareByHand(t *testing.T) {
	this := FromValues(chats(), [][]expr.Value{
		{day("2026-11-09"), txt("Ewa"), num(30), num(20), dur("100m"), dur("9m"), dur("5m"), pct(90), dec("1.5")},
		{day("2026-11-10"), txt("Ewa"), num(10), num(10), dur("20m"), dur("7m"), dur("2m"), pct(50), none},
		{day("2026-11-10"), txt("Nowa"), num(4), num(4), dur("8m"), dur("3m"), dur("2m"), pct(100), dec("2")},
	})
	before := FromValues(chats(), [][]expr.Value{
		{day("2026-11-02"), txt("Ewa"), num(20), num(16), dur("160m"), dur("12m"), dur("10m"), pct(80), dec("0.5")},
		{day("2026-11-02"), txt("Jan"), num(2), num(1), dur("1m30s"), dur("90s"), dur("90s"), pct(50), dec("1")},
		{day("2026-11-03"), txt("Ewa"), num(0), num(0), none, none, none, none, dec("7")},
	})
	out := compare(t, this, before, NewShift(days("2026-11-09", "2026-11-15"), days("2026-11-02", "2026-11-08"), false))
	got := show(t, steps(t, out, Select{Names: strings.Fields("series series_prev user_name answered answered_prev answered_change answered_change_pct time_avg time_avg_prev time_avg_change time_avg_change_pct level level_prev level_change level_change_pct gross_change")}))
	// Jan, of the Monday before alone, stands where Monday is.
	want := strings.TrimPrefix(`
series | series_prev | user_name | answered | answered_prev | answered_change | answered_change_pct | time_avg | time_avg_prev | time_avg_change | time_avg_change_pct | level | level_prev | level_change | level_change_pct | gross_change
2026-11-09 | 2026-11-02 | Ewa | 20 | 16 | 4 | 0.25 | 0:05:00 | 0:10:00 | -5 | -0.5 | 90 | 80 | 10 | 0.125 | 1
2026-11-09 | 2026-11-02 | Jan | - | 1 | - | - | - | 0:01:30 | - | - | - | 50 | - | - | -
2026-11-10 | 2026-11-03 | Ewa | 10 | 0 | 10 | - | 0:02:00 | - | - | - | 50 | - | - | - | -
2026-11-10 | - | Nowa | 4 | - | - | - | 0:02:00 | - | - | - | 100 | - | - | - | -
`, "\n")
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// side makes rows of some days and agents, none of which comes twice.
func side(r *rand.Rand, fields []Field, first string, days int) *Table {
	start, _ := time.Parse(time.DateOnly, first)
	var rows [][]expr.Value
	for d := range days {
		for agent := range 4 {
			if r.IntN(3) == 0 {
				continue
			}
			row := make([]expr.Value, len(fields))
			for i, f := range fields {
				row[i] = figures(r, f)
			}
			row[0] = day(start.AddDate(0, 0, d).Format(time.DateOnly))
			row[1] = txt(fmt.Sprint("agent ", agent))
			rows = append(rows, row)
		}
	}
	return FromValues(fields, rows)
}

// TestChangeIsThisLessThat: in each row, in each total, and after whatever step; by another way of computing.
func TestChangeIsThisLessThat(t *testing.T) {
	this, before := days("2026-03-01", "2026-03-31"), days("2026-02-01", "2026-02-28")
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 11))
		a := steps(t, side(r, chats(), "2026-03-01", 31), derive(t, "rate", "ratio(answered - 1, incoming)"))
		b := steps(t, side(r, chats(), "2026-02-01", 28), derive(t, "rate", "ratio(answered - 1, incoming)"))
		out := compare(t, a, b, NewShift(this, before, false))
		changes(t, "rows", out)
		near(t, "this range", a, steps(t, out, Select{Names: visibleNames(a.Fields())}))
		back := Rename{}
		var kept []string
		for _, f := range b.Fields() {
			if !f.Hidden && f.Name != "user_name" {
				back.Pairs = append(back.Pairs, RenamePair{f.Name + "_prev", f.Name})
				kept = append(kept, f.Name+"_prev")
			}
		}
		near(t, "the earlier range", b, steps(t, out, Select{Names: kept}, back))
		grouped := steps(t, out, Group{By: []string{"user_name"}})
		changes(t, "group", grouped)
		near(t, "group", out, grouped)
		near(t, "group twice", out, steps(t, grouped, Group{}))
		var only []string
		for _, name := range visibleNames(out.Fields()) {
			if strings.Contains(name, "_change") {
				only = append(only, name)
			}
		}
		alone := steps(t, out, Select{Names: only})
		near(t, "changes alone", out, alone)
		near(t, "changes alone, grouped", out, steps(t, alone, Group{}))
	}
}

// changes holds the change of each figure against the figures, in the rows and in the totals.
func changes(t *testing.T, what string, in *Table) {
	t.Helper()
	fields := in.Fields()
	totals, err := in.Totals()
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]expr.Value{totals}
	for b, err := range in.Rows().Seq {
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.N {
			row := make([]expr.Value, len(fields))
			for c, f := range fields {
				row[c] = b.Cols[c].Value(f, i)
			}
			rows = append(rows, row)
		}
	}
	for i, f := range fields {
		at := index(fields, f.Name+"_change")
		if at < 0 || f.Hidden {
			continue
		}
		for n, row := range rows {
			x, y, change, share := row[i], row[index(fields, f.Name+"_prev")], row[at], row[index(fields, f.Name+"_change_pct")]
			a, b := amount(x), amount(y)
			want := a - b
			if f.Type == expr.Duration {
				want /= 60e6
			}
			switch {
			case change.Valid != (x.Valid && y.Valid):
				t.Errorf("%s: change of %s in row %d is %s, of %s and %s", what, f.Name, n, plain(change), plain(x), plain(y))
			case change.Valid && math.Abs(amount(change)-want) > 1e-6*math.Max(1, math.Abs(want)):
				t.Errorf("%s: change of %s in row %d is %s, want %v", what, f.Name, n, plain(change), want)
			case share.Valid != (change.Valid && b != 0):
				t.Errorf("%s: share of %s in row %d is %s, of %s and %s", what, f.Name, n, plain(share), plain(x), plain(y))
			case share.Valid && math.Abs(share.Float-(a-b)/math.Abs(b)) > 1e-6*math.Max(1, math.Abs((a-b)/b)):
				t.Errorf("%s: share of %s in row %d is %s, want %v", what, f.Name, n, plain(share), (a-b)/math.Abs(b))
			}
		}
	}
}

func amount(v expr.Value) float64 { return float(v) + float64(v.Int) }

// narrow is a table of a day, an agent and a count.
func narrow(rows ...[]expr.Value) *Table { return FromValues(chats()[:3], rows) }

func week() Shift {
	return NewShift(days("2026-11-09", "2026-11-15"), days("2026-11-02", "2026-11-08"), false)
}

func TestCompareKeepsWhatOneSideHas(t *testing.T) {
	for _, test := range []struct {
		name         string
		this, before *Table
		want         string
	}{
		{"rows of before alone come where their time is", narrow(
			[]expr.Value{day("2026-11-09"), txt("Ewa"), num(1)}, []expr.Value{day("2026-11-11"), txt("Ewa"), num(3)},
		), narrow(
			[]expr.Value{day("2026-11-08"), txt("Jan"), num(9)}, []expr.Value{day("2026-11-03"), txt("Ewa"), num(8)}, []expr.Value{day("2026-11-02"), txt("Jan"), num(7)},
		), `
			2026-11-09 | - | Ewa | 1 | -
			2026-11-09 | 2026-11-02 | Jan | - | 7
			2026-11-10 | 2026-11-03 | Ewa | - | 8
			2026-11-11 | - | Ewa | 3 | -
			2026-11-15 | 2026-11-08 | Jan | - | 9`},
		{"and at the end where the rows are in another order", narrow(
			[]expr.Value{day("2026-11-11"), txt("Ewa"), num(3)}, []expr.Value{day("2026-11-09"), txt("Ewa"), num(1)},
		), narrow([]expr.Value{day("2026-11-02"), txt("Jan"), num(7)}), `
			2026-11-11 | - | Ewa | 3 | -
			2026-11-09 | - | Ewa | 1 | -
			2026-11-09 | 2026-11-02 | Jan | - | 7`},
		{"nothing but before", narrow(), narrow([]expr.Value{day("2026-11-02"), none, num(7)}), `
			2026-11-09 | 2026-11-02 | - | - | 7`},
		{"missing values are the same", narrow([]expr.Value{day("2026-11-09"), none, num(5)}), narrow([]expr.Value{day("2026-11-02"), none, num(7)}), `
			2026-11-09 | 2026-11-02 | - | 5 | 7`},
		{"nothing at all", narrow(), narrow(), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := compare(t, test.this, test.before, week())
			got := show(t, steps(t, out, Select{Names: strings.Fields("series series_prev user_name incoming incoming_prev")}))
			_, got, _ = strings.Cut(got, "\n")
			if want := strings.TrimLeft(dedent(test.want), "\n"); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// TestCompareOfHours: an hour of whatever day stands against itself, and one of before alone comes in its order.
func TestCompareOfHours(t *testing.T) {
	hour := func(h int64) expr.Value { return expr.Value{Type: expr.Period, Valid: true, Int: h * 3600e6} }
	fields := []Field{{Name: "series", Type: expr.Period, Grain: "hour_of_day"}, chats()[2]}
	this := FromValues(fields, [][]expr.Value{{hour(8), num(1)}, {hour(10), num(3)}})
	before := FromValues(fields, [][]expr.Value{{hour(9), num(2)}, {hour(10), num(4)}, {hour(23), num(5)}})
	out := steps(t, compare(t, this, before, week()), Select{Names: []string{"series", "incoming", "incoming_prev"}})
	var hours []int64
	for b, err := range out.Rows().Seq {
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.N {
			hours = append(hours, b.Cols[0].Ints[i]/3600e6)
		}
	}
	if !slices.Equal(hours, []int64{8, 9, 10, 23}) {
		t.Errorf("the hours come as %v", hours)
	}
}

func TestCompareFaults(t *testing.T) {
	twice := narrow([]expr.Value{day("2026-11-02"), txt("Ewa"), num(1)}, []expr.Value{day("2026-11-02"), txt("Ewa"), num(2)})
	texts := FromValues([]Field{chats()[0], chats()[1], {Name: "incoming", Type: expr.Text}}, nil)
	for _, test := range []struct {
		name         string
		this, before *Table
		on           []string
		want         string
	}{
		{"two rows before of one key", narrow(), twice, nil, `The rows 1 and 2 of the earlier range have the same series 2026-11-02, user_name "Ewa"`},
		{"two rows of one key", narrow([]expr.Value{day("2026-11-09"), txt("Ewa"), num(1)}, []expr.Value{day("2026-11-09"), txt("Jan"), num(1)}), narrow(), []string{"incoming"}, `The rows 1 and 2 of this range have the same series 2026-11-09, incoming 1`},
		{"other types", narrow(), texts, nil, `"incoming" are of type integer in this range and of type text in the earlier one`},
		{"no time", narrow(), narrow([]expr.Value{odd("W/45"), txt("Ewa"), num(1)}), nil, `"series" has "W/45"`},
		{"no such column", narrow(), narrow(), []string{"user"}, `no column "user" here. Did you mean "user_name"?`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Compare{On: test.on, Words: words}.Apply(context.Background(), test.this, test.before, week(), Spool{})
			var f *Fault
			if !errors.As(err, &f) || !strings.Contains(f.Detail, test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestCompareTakesColumnsOfOneSide: a column that is found in the data of one range alone has missing values in the other.
func TestCompareTakesColumnsOfOneSide(t *testing.T) {
	plainField := Field{Name: "user_name", Type: expr.Text}
	this := FromValues([]Field{plainField, {Name: "old", Type: expr.Integer}}, [][]expr.Value{{txt("Ewa"), num(1)}})
	before := FromValues([]Field{plainField, {Name: "new", Type: expr.Integer}, {Name: "note", Type: expr.Text}}, [][]expr.Value{{txt("Ewa"), num(2), txt("x")}})
	got := show(t, compare(t, this, before, week()))
	if want := dedent(`
		user_name | old | old_prev | old_change | old_change_pct | new | new_prev | new_change | new_change_pct | note
		Ewa | 1 | - | - | - | - | 2 | - | - | x`); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
