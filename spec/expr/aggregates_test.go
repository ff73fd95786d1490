package expr

import (
	"fmt"
	"testing"
)

func TestAggregates(t *testing.T) {
	for _, test := range []struct{ text, all, whole string }{
		{"1 + 2", "[]", ""},
		{"sum(a)", "[{sum [a]}]", "{sum [a]}"},
		{" ( count() ) ", "[{count []}]", "{count []}"},
		{`sum(row["a (b), c"])`, "[{sum [row a (b), c]}]", "{sum [row a (b), c]}"},
		{`upper("sum(a)") + "count(b)"`, "[]", ""},
		{"-sum(a)", "[{sum [a]}]", ""},
		{"sum(a) > 0 ? avg(b) : max(a)", "[{sum [a]} {avg [b]} {max [a]}]", ""},
		{"ratio(sum(a), count()) + round(sum(a) / total(b), 1)", "[{sum [a]} {count []} {total [b]}]", ""},
		{`not (first(a) in [1, last(a)]) and coalesce(min(b), 1) < 2 or missing(sum(c))`,
			"[{first [a]} {last [a]} {min [b]} {sum [c]}]", ""},
		{`sum(by_day.incoming) > rows(by_day)`, "[{sum [by_day incoming]} {rows [by_day]}]", ""},
	} {
		e, f := Parse(test.text)
		if f != nil {
			t.Errorf("%s: %v", test.text, f)
			continue
		}
		if got := fmt.Sprint(e.Aggregates()); got != test.all {
			t.Errorf("%s asks for %s, want %s", test.text, got, test.all)
		}
		got := ""
		if c, ok := e.Aggregate(); ok {
			got = fmt.Sprint(c)
		}
		if got != test.whole {
			t.Errorf("%s is wholly %q, want %q", test.text, got, test.whole)
		}
	}
}
