package expr

import (
	"fmt"
	"strings"
	"testing"
)

func TestPercentiles(t *testing.T) {
	for _, c := range []struct{ text, asked, want, fault string }{
		{`p90(by_day.incoming)`, "[{p90 [by_day incoming]}]", "decimal", ""},
		{`p50(by_day.wait)`, "[{p50 [by_day wait]}]", "duration", ""},
		{`p95(price_of.net) + p99(price_of.net)`, "[{p95 [price_of net]} {p99 [price_of net]}]", "decimal", ""},
		{`percentile(by_day.sla, 99.90)`, "[{p99.9 [by_day sla]}]", "percent", ""},
		{`percentile(by_day.incoming, 100 - 5)`, "[{p95 [by_day incoming]}]", "decimal", ""},
		{`percentile(measured, 0)`, "[{p0 [measured]}]", "decimal", ""},
		{`p90(by_day.user_name)`, "", "", "p90 takes an integer, a decimal, a percent, a ratio or a duration, and by_day.user_name is a text."},
		{`p90(by_day)`, "", "", "name one of its columns, as in p90(by_day.column)"},
		{`p90(wait + wait)`, "", "", "takes a column as it is"},
		{`percentile(by_day.wait)`, "", "", "percentile(dataset.column, 90)"},
		{`percentile(by_day.wait, gap)`, "", "", "known before there are rows"},
		{`percentile(by_day.wait, "90")`, "", "", "a number from 0 to 100"},
		{`percentile(by_day.wait, 101)`, "", "", "101 is no rank"},
		{`percentile(by_day.wait, -1)`, "", "", "-1 is no rank"},
		{`percentile(by_day.wait, 99.9999999)`, "", "", "six digits"},
		{`median(by_day.wait)`, "", "", "Write p50(dataset.column)."},
	} {
		names := Names{"price_of": {Type: Table, Fields: Names{"net": {Type: Decimal}}}}
		for name, n := range sampleNames {
			names[name] = n
		}
		e, f := Parse(c.text)
		var typ Type
		if f == nil {
			typ, f = e.Check(names)
		}
		switch {
		case c.fault != "" && (f == nil || !strings.Contains(f.Detail, c.fault)):
			t.Errorf("%s: %+v", c.text, f)
		case c.fault != "":
		case f != nil:
			t.Errorf("%s: %s", c.text, f.Detail)
		case fmt.Sprint(e.Aggregates()) != c.asked || TypeName(typ) != c.want:
			t.Errorf("%s asks for %v and is %s", c.text, e.Aggregates(), typ)
		}
	}
	env := row{"p99.9(by_day.wait)": DurationValue(7)}
	if v, err := mustParse(t, `percentile(by_day.wait, 99.9)`).Eval(env); err != nil || v.Type != Duration {
		t.Errorf("%v, %v", v, err)
	}
}

// TestPercentileOfAverages: it is allowed, and doubted.
func TestPercentileOfAverages(t *testing.T) {
	e := mustParse(t, `1 + 1 > 2 ? p50(averaged) : percentile(averaged, 90)`)
	if _, f := e.Check(sampleNames); f != nil {
		t.Fatal(f)
	}
	doubts := e.Doubts(sampleNames)
	if len(doubts) != 2 || doubts[0].Code != "percentile-of-averages" || !strings.Contains(doubts[0].Detail, "total(averaged)") {
		t.Errorf("%+v", doubts)
	}
	if doubts := mustParse(t, `p90(measured)`).Doubts(sampleNames); len(doubts) > 0 {
		t.Errorf("%+v", doubts)
	}
}
