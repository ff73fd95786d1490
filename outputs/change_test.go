package outputs_test

import (
	"testing"
	"time"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/expr"
)

func TestChange(t *testing.T) {
	minutes := func(m int) expr.Value { return expr.DurationValue(time.Duration(m) * time.Minute) }
	money := func(s string) expr.Value { return expr.DecimalValue(decimal.MustParse(s)) }
	for _, c := range []struct {
		name                string
		value, before       expr.Value
		good, format        string
		locale, arrow, text string
		tone                outputs.Tone
	}{
		{"a number grows", expr.IntegerValue(1123), expr.IntegerValue(1000), "up", "", "en", "▲", "+12.3%", outputs.ToneGood},
		{"a number falls", expr.IntegerValue(500), expr.IntegerValue(1000), "up", "", "pl", "▼", "-50,0%", outputs.ToneBad},
		{"nothing says what is good", expr.IntegerValue(500), expr.IntegerValue(1000), "", "", "en", "▼", "-50.0%", outputs.ToneNone},
		{"from nothing", expr.IntegerValue(1500), expr.IntegerValue(0), "down", "", "en", "▲", "+1,500", outputs.ToneBad},
		{"from less than nothing", money("10"), money("-40"), "up", "", "en", "▲", "+125.0%", outputs.ToneGood},
		{"points of a percent", expr.PercentValue(91.2), expr.PercentValue(90), "up", "", "en", "▲", "+1.2\u00a0pp", outputs.ToneGood},
		{"points of a ratio", expr.RatioValue(0.5), expr.RatioValue(0.625), "down", "", "pl", "▼", "-12,5\u00a0p.p.", outputs.ToneGood},
		{"time", minutes(5), minutes(95), "down", "", "en", "▼", "-1:30:00", outputs.ToneGood},
		{"time as it is shown", minutes(95), minutes(5), "down", "[h]:mm", "en", "▲", "+1:30", outputs.ToneBad},
		{"a change that cannot be seen", expr.PercentValue(91.2), expr.PercentValue(91.21), "up", "", "en", "●", "0.0\u00a0pp", outputs.ToneNone},
		{"the same", expr.IntegerValue(7), expr.IntegerValue(7), "up", "", "en", "●", "0.0%", outputs.ToneNone},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := outputs.KPI{Value: c.value, Before: &c.before, Good: c.good, Format: c.format}.Change(c.locale)
			if !ok || got.Arrow != c.arrow || got.Text != c.text || got.Tone != c.tone {
				t.Errorf("%v %+v", ok, got)
			}
		})
	}
	missing := expr.Missing(expr.Integer)
	for name, k := range map[string]outputs.KPI{
		"nothing to compare with": {Value: expr.IntegerValue(1)},
		"nothing before":          {Value: expr.IntegerValue(1), Before: &missing},
		"nothing now":             {Value: missing, Before: &missing},
	} {
		if got, ok := k.Change("en"); ok {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
