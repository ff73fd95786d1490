package calendar

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestNext(t *testing.T) {
	c := warsaw(t)
	for _, test := range []struct {
		text, at string
		n        int
		want     string
	}{
		{"last_week", "2026-11-22T10:00", 3, `
			2026-11-23T00:00+01:00 2026-11-16..2026-11-22
			2026-11-30T00:00+01:00 2026-11-23..2026-11-29
			2026-12-07T00:00+01:00 2026-11-30..2026-12-06`},
		// The very moment at which a range falls due is not ahead any more.
		{"last_week", "2026-11-23T00:00", 1, `
			2026-11-30T00:00+01:00 2026-11-23..2026-11-29`},
		{"previous 2 weeks", "2026-11-22T10:00", 2, `
			2026-11-23T00:00+01:00 2026-11-09..2026-11-22 repeats 7 days of the range before
			2026-11-30T00:00+01:00 2026-11-16..2026-11-29 repeats 7 days of the range before`},
		{"week_to_date", "2026-11-21T10:00", 3, `
			2026-11-22T00:00+01:00 2026-11-16..2026-11-21 repeats 5 days of the range before
			2026-11-24T00:00+01:00 2026-11-23 leaves out 1 day since the range before
			2026-11-25T00:00+01:00 2026-11-23..2026-11-24 repeats 1 day of the range before`},
		{"last_month", "2026-11-22", 2, `
			2026-12-01T00:00+01:00 2026-11-01..2026-11-30
			2027-01-01T00:00+01:00 2026-12-01..2026-12-31`},
		{"last_fiscal_year", "2026-11-22", 2, `
			2027-04-01T00:00+02:00 2026-04-01..2027-03-31
			2028-04-01T00:00+02:00 2027-04-01..2028-03-31`},
		{"previous 1 hour", "2026-10-25T01:30:00+02:00", 3, `
			2026-10-25T02:00+02:00 2026-10-25T01:00+02:00..2026-10-25T02:00+02:00
			2026-10-25T02:00+01:00 2026-10-25T02:00+02:00..2026-10-25T02:00+01:00
			2026-10-25T03:00+01:00 2026-10-25T02:00+01:00..2026-10-25T03:00+01:00`},
		{"today", "2026-11-22T10:00", 2, `
			2026-11-23T00:00+01:00 2026-11-23
			2026-11-24T00:00+01:00 2026-11-24`},
		// Workdays: what is unfinished is due when it ends, and the weekend is left out.
		{"from start_of_week through start_of_week+4days", "2026-11-18T10:00", 2, `
			2026-11-21T00:00+01:00 2026-11-16..2026-11-20
			2026-11-28T00:00+01:00 2026-11-23..2026-11-27 leaves out 2 days since the range before`},
		{"from start_of_week through start_of_week+4days", "2026-11-22T10:00", 1, `
			2026-11-28T00:00+01:00 2026-11-23..2026-11-27 leaves out 2 days since the range before`},
		{"from start_of_month until today", "2026-11-30T10:00", 2, `
			2026-12-02T00:00+01:00 2026-12-01 leaves out 1 day since the range before
			2026-12-03T00:00+01:00 2026-12-01..2026-12-02 repeats 1 day of the range before`},
		{"from today-6hours until today-90min", "2026-11-22T10:00", 1, `
			2026-11-23T00:00+01:00 2026-11-22T18:00+01:00..2026-11-22T22:30+01:00 leaves out 19h30m since the range before`},
		{"from 2026-12-01 through 2026-12-24", "2026-11-22", 5, `
			2026-12-25T00:00+01:00 2026-12-01..2026-12-24`},
		{"from 2026-12-01 until today", "2026-11-22", 1, `
			2026-12-02T00:00+01:00 2026-12-01`},
		{"from 2026-11-01 through 2026-11-15", "2026-11-22", 5, ""},
		{"from now-1day until now", "2026-11-22", 5, ""},
		{"last_week", "2026-11-22", 0, ""},
		// In months of 30 days the 30th ends when the words mean the next month already.
		{"from start_of_month+29days through start_of_month+29days", "2026-11-22", 1, `
			2026-12-31T00:00+01:00 2026-12-30`},
	} {
		t.Run(test.text, func(t *testing.T) {
			list, err := mustParse(t, test.text).Next(readMoment(t, c.Location, test.at), c, test.n)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for _, u := range list {
				fmt.Fprintln(&b, strings.TrimSpace(u.At.Format("2006-01-02T15:04-07:00")+" "+u.Key()+" "+u.Note()))
			}
			if got, want := b.String(), strings.TrimLeft(strings.ReplaceAll(test.want+"\n", "\t", ""), "\n"); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// A gap and an overlap are what elapses, which a change of clocks makes longer or shorter.
func TestGapOverAClockChange(t *testing.T) {
	c := warsaw(t)
	list, err := mustParse(t, "week_to_date").Next(readMoment(t, c.Location, "2026-10-25T10:00"), c, 2)
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	if list[0].Gap != 25*time.Hour || list[0].Overlap != 0 || list[1].Gap != 0 || list[1].Overlap != 24*time.Hour {
		t.Errorf("gaps %v %v, overlaps %v %v", list[0].Gap, list[1].Gap, list[0].Overlap, list[1].Overlap)
	}
}

// What can never be is said, not passed over.
func TestNextSaysWhatIsWrong(t *testing.T) {
	c := warsaw(t)
	for _, text := range []string{"from start_of_week until start_of_week-1day", "from 2026-03-29T02:30 until 2026-04-01"} {
		if list, err := mustParse(t, text).Next(readMoment(t, c.Location, "2026-11-22"), c, 3); err == nil {
			t.Errorf("%s: %v", text, list)
		}
	}
}
