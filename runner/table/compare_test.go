package table

import (
	"context"
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
