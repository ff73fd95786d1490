package outputs_test

import (
	"slices"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

func TestShortNamesOfPoints(t *testing.T) {
	at := func(year, month, day, hour int) time.Time {
		return time.Date(year, time.Month(month), day, hour, 0, 0, 0, time.UTC)
	}
	for _, test := range []struct {
		name   string
		field  table.Field
		locale string
		times  []time.Time
		want   []string
	}{
		{"days", table.Field{Type: expr.Period, Grain: "day"}, "en", []time.Time{at(2026, 11, 9, 0), at(2026, 11, 10, 0)}, []string{"9 Nov", "10 Nov"}},
		{"dates", table.Field{Type: expr.Date}, "pl", []time.Time{at(2026, 11, 9, 0)}, []string{"9 lis"}},
		{"days of two years", table.Field{Type: expr.Period, Grain: "day"}, "en", []time.Time{at(2026, 12, 31, 0), at(2027, 1, 1, 0)}, []string{"31 Dec 26", "1 Jan 27"}},
		{"weeks", table.Field{Type: expr.Period, Grain: "week"}, "en", []time.Time{at(2026, 11, 9, 0), at(2026, 12, 28, 0)}, []string{"W46", "W53"}},
		{"weeks of two years", table.Field{Type: expr.Period, Grain: "week"}, "en", []time.Time{at(2026, 12, 28, 0), at(2027, 1, 4, 0)}, []string{"2026-W53", "2027-W01"}},
		{"months", table.Field{Type: expr.Period, Grain: "month"}, "pl", []time.Time{at(2026, 10, 1, 0), at(2026, 11, 1, 0)}, []string{"paź", "lis"}},
		{"hours of a day", table.Field{Type: expr.Period, Grain: "hour"}, "en", []time.Time{at(2026, 11, 9, 8), at(2026, 11, 9, 9)}, []string{"08:00", "09:00"}},
		{"hours of two days", table.Field{Type: expr.Period, Grain: "hour"}, "en", []time.Time{at(2026, 11, 9, 23), at(2026, 11, 10, 0)}, []string{"9 Nov 23:00", "10 Nov 00:00"}},
		{"as the column says", table.Field{Type: expr.Date, Format: "yyyy/mm/dd"}, "en", []time.Time{at(2026, 11, 9, 0)}, []string{"2026/11/09"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := outputs.Points{XField: test.field}
			for _, moment := range test.times {
				v := expr.Value{Type: test.field.Type, Valid: true, Int: expr.Civil(moment)}
				p.XValues, p.X = append(p.XValues, v), append(p.X, outputs.Show(v, test.field, test.locale))
			}
			if got := p.Names(test.locale); !slices.Equal(got, test.want) {
				t.Errorf("names %q, want %q", got, test.want)
			}
		})
	}
}

func TestLegibleColours(t *testing.T) {
	for _, test := range []struct{ colour, behind string }{{"2F5D8A", "FFFFFF"}, {"FFE680", "FFFFFF"}, {"1F3A5F", "1E2125"}, {"C0392B", "F5E1DF"}} {
		got := outputs.Legible(test.colour, test.behind, outputs.SmallContrast)
		if c := outputs.Contrast(got, test.behind); c < outputs.SmallContrast {
			t.Errorf("%s on %s became %s, whose contrast is %.1f", test.colour, test.behind, got, c)
		}
	}
	if got := outputs.Legible("2F5D8A", "FFFFFF", outputs.SmallContrast); got != "2F5D8A" {
		t.Errorf("a legible colour became %s", got)
	}
	if c := outputs.Contrast("000000", "FFFFFF"); c < 20.99 || c > 21.01 {
		t.Errorf("black on white has a contrast of %v", c)
	}
}
