package source

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
)

func TestWindow(t *testing.T) {
	zone := warsaw(t)
	at := func(s string) time.Time {
		m, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	const seconds, days, offsets = "2006-01-02 15:04:05", "2006-01-02", time.RFC3339
	for name, c := range map[string]struct {
		from, until string
		layout      string
		inclusive   bool
		want        string // or, after "!", what the error says
	}{
		"inclusive":                {"2026-11-09T00:00:00+01:00", "2026-11-16T00:00:00+01:00", seconds, true, "2026-11-09 00:00:00..2026-11-15 23:59:59"},
		"exclusive":                {"2026-11-09T00:00:00+01:00", "2026-11-16T00:00:00+01:00", seconds, false, "2026-11-09 00:00:00..2026-11-16 00:00:00"},
		"whole days":               {"2026-11-09T00:00:00+01:00", "2026-11-16T00:00:00+01:00", days, true, "2026-11-09..2026-11-15"},
		"whole days, exclusive":    {"2026-11-09T00:00:00+01:00", "2026-11-16T00:00:00+01:00", days, false, "2026-11-09..2026-11-16"},
		"another zone":             {"2026-11-09T00:00:00Z", "2026-11-10T00:00:00Z", seconds, true, "2026-11-09 01:00:00..2026-11-10 00:59:59"},
		"a day of 25 hours":        {"2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00", seconds, true, "2026-10-25 00:00:00..2026-10-25 23:59:59"},
		"a day of 23 hours":        {"2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", seconds, true, "2026-03-29 00:00:00..2026-03-29 23:59:59"},
		"the hour's first showing": {"2026-10-25T02:00:00+02:00", "2026-10-26T00:00:00+01:00", seconds, true, "!twice"},
		"the hour's second":        {"2026-10-25T02:00:00+01:00", "2026-10-26T00:00:00+01:00", seconds, true, "!twice"},
		"an end in it":             {"2026-10-25T00:00:00+02:00", "2026-10-25T02:30:00+01:00", seconds, true, "!twice"},
		"behind it":                {"2026-10-25T03:00:00+01:00", "2026-10-26T00:00:00+01:00", seconds, true, "2026-10-25 03:00:00..2026-10-25 23:59:59"},
		"before it":                {"2026-10-25T01:59:59+02:00", "2026-10-26T00:00:00+01:00", seconds, true, "2026-10-25 01:59:59..2026-10-25 23:59:59"},
		"with an offset":           {"2026-10-25T02:00:00+01:00", "2026-10-26T00:00:00+01:00", offsets, false, "2026-10-25T02:00:00+01:00..2026-10-26T00:00:00+01:00"},
		"hours in days":            {"2026-11-09T14:00:00+01:00", "2026-11-16T00:00:00+01:00", days, true, "!cannot say 2026-11-09 14:00:00"},
		"days of another zone":     {"2026-11-09T00:00:00Z", "2026-11-10T00:00:00Z", days, true, "!cannot say"},
		"seconds in minutes":       {"2026-11-09T00:00:00+01:00", "2026-11-09T10:00:30+01:00", "2006-01-02 15:04", true, "!cannot say"},
	} {
		t.Run(name, func(t *testing.T) {
			r := Request{
				Zone:   zone,
				Range:  calendar.Range{From: at(c.from), Until: at(c.until)},
				Source: &spec.Source{Window: &spec.Window{From: "from", Until: "until", Layout: c.layout, Inclusive: c.inclusive}},
			}
			pairs, err := window(r)
			if says, failing := strings.CutPrefix(c.want, "!"); failing {
				if e, ok := errors.AsType[*Error](err); !ok || e.Kind != KindRange || !strings.Contains(e.Error(), says) {
					t.Errorf("error is %v", err)
				}
				return
			}
			if err != nil || pairs[0].value+".."+pairs[1].value != c.want {
				t.Errorf("gives %v, %v", pairs, err)
			}
		})
	}
}
