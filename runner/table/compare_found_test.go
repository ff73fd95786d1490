package table

import (
	"context"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

// A column that nobody declared has whole numbers in one range and fractions in the other: it is compared as decimals. Where
// an author declared it, or it is a text in one of them, that is told.
func TestCompareOfColumnsThatWereFound(t *testing.T) {
	shift := NewShift(days("2026-11-09", "2026-11-15"), days("2026-11-02", "2026-11-08"), false)
	fields := func(of expr.Type, unasked bool) []Field {
		return []Field{{Name: "id", Type: expr.Text}, {Name: "score", Type: of, Unasked: unasked}}
	}
	whole, half := [][]expr.Value{{txt("a"), num(5)}}, [][]expr.Value{{txt("a"), dec("4.5")}}
	const want = "id | score | score_prev | score_change | score_change_pct\n"
	if got := show(t, compare(t, FromValues(fields(expr.Integer, true), whole), FromValues(fields(expr.Decimal, true), half), shift)); got != want+"a | 5 | 4.5 | 0.5 | 0.111111111111111\n" {
		t.Errorf("got\n%s", got)
	}
	if got := show(t, compare(t, FromValues(fields(expr.Decimal, true), half), FromValues(fields(expr.Integer, true), whole), shift)); got != want+"a | 4.5 | 5 | -0.5 | -0.1\n" {
		t.Errorf("got\n%s", got)
	}
	for name, before := range map[string]*Table{
		"declared": FromValues(fields(expr.Decimal, false), half),
		"a text":   FromValues(fields(expr.Text, true), [][]expr.Value{{txt("a"), txt("x")}}),
	} {
		if _, err := (Compare{Words: words}).Apply(context.Background(), FromValues(fields(expr.Integer, true), whole), before, shift, Spool{}); err == nil {
			t.Errorf("%s: no fault", name)
		}
	}
}
