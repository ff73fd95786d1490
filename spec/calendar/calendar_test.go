package calendar

import (
	"errors"
	"testing"
	"time"
)

func load(t testing.TB, zone string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func warsaw(t testing.TB) Calendar {
	return Calendar{Location: load(t, "Europe/Warsaw"), WeekStart: time.Monday, FiscalMonth: time.April, FiscalDay: 1}
}

// readMoment reads a moment in a zone: a wall clock, or one with its offset.
func readMoment(t testing.TB, loc *time.Location, text string) time.Time {
	t.Helper()
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, text, loc); err == nil {
			return at.In(loc)
		}
	}
	t.Fatalf("no moment: %q", text)
	return time.Time{}
}

func mustParse(t testing.TB, text string) Expr {
	t.Helper()
	e, fault := Parse(text)
	if fault != nil {
		t.Fatalf("Parse(%q): %v", text, fault)
	}
	return e
}

// The table of the language's page: what is written, and what it means on Sunday 2026-11-22 at 10:00.
func TestTheTableOfThePage(t *testing.T) {
	c := warsaw(t)
	at := readMoment(t, c.Location, "2026-11-22T10:00")
	for _, test := range []struct {
		text, key, en, pl string
		days              int
		partial           bool
	}{
		{text: "yesterday", key: "2026-11-21", en: "21 Nov 2026", pl: "21 listopada 2026", days: 1},
		{text: "last_week", key: "2026-11-09..2026-11-15", en: "9–15 Nov 2026", pl: "9–15 listopada 2026", days: 7},
		{text: "last_month", key: "2026-10-01..2026-10-31", en: "Oct 2026", pl: "październik 2026", days: 31},
		{text: "last_quarter", key: "2026-07-01..2026-09-30", en: "Q3 2026", pl: "III kwartał 2026", days: 92},
		{text: "last_year", key: "2025-01-01..2025-12-31", en: "2025", pl: "2025", days: 365},
		{text: "last_fiscal_year", key: "2025-04-01..2026-03-31", en: "Apr 2025 – Mar 2026", pl: "kwiecień 2025 – marzec 2026", days: 365},
		{text: "previous 4 weeks", key: "2026-10-19..2026-11-15", en: "19 Oct – 15 Nov 2026", pl: "19 października – 15 listopada 2026", days: 28},
		{text: "previous 1 week", key: "2026-11-09..2026-11-15", en: "9–15 Nov 2026", pl: "9–15 listopada 2026", days: 7},
		{text: "previous 7 days", key: "2026-11-15..2026-11-21", en: "15–21 Nov 2026", pl: "15–21 listopada 2026", days: 7},
		{text: "previous 1 day", key: "2026-11-21", en: "21 Nov 2026", pl: "21 listopada 2026", days: 1},
		{text: "previous 3 months", key: "2026-08-01..2026-10-31", en: "Aug–Oct 2026", pl: "sierpień–październik 2026", days: 92},
		{text: "previous 2 quarters", key: "2026-04-01..2026-09-30", en: "Apr–Sep 2026", pl: "kwiecień–wrzesień 2026", days: 183},
		{text: "previous 2 years", key: "2024-01-01..2025-12-31", en: "2024–2025", pl: "2024–2025", days: 731},
		{text: "previous 1 hour", key: "2026-11-22T09:00+01:00..2026-11-22T10:00+01:00", en: "22 Nov 2026, 09:00–10:00", pl: "22 listopada 2026, 09:00–10:00", days: 1},
		{text: "previous 12 hours", key: "2026-11-21T22:00+01:00..2026-11-22T10:00+01:00", en: "21 Nov 2026, 22:00 – 22 Nov 2026, 10:00", pl: "21 listopada 2026, 22:00 – 22 listopada 2026, 10:00", days: 2},
		{text: "week_to_date", key: "2026-11-16..2026-11-21", en: "16–21 Nov 2026", pl: "16–21 listopada 2026", days: 6},
		{text: "month_to_date", key: "2026-11-01..2026-11-21", en: "1–21 Nov 2026", pl: "1–21 listopada 2026", days: 21},
		{text: "quarter_to_date", key: "2026-10-01..2026-11-21", en: "1 Oct – 21 Nov 2026", pl: "1 października – 21 listopada 2026", days: 52},
		{text: "year_to_date", key: "2026-01-01..2026-11-21", en: "1 Jan – 21 Nov 2026", pl: "1 stycznia – 21 listopada 2026", days: 325},
		{text: "fiscal_year_to_date", key: "2026-04-01..2026-11-21", en: "1 Apr – 21 Nov 2026", pl: "1 kwietnia – 21 listopada 2026", days: 235},
		{text: "today", key: "2026-11-22", en: "22 Nov 2026, so far", pl: "22 listopada 2026, do tej pory", days: 1, partial: true},
		{text: "this_week", key: "2026-11-16..2026-11-22", en: "16–22 Nov 2026, so far", pl: "16–22 listopada 2026, do tej pory", days: 7, partial: true},
		{text: "this_month", key: "2026-11-01..2026-11-30", en: "Nov 2026, so far", pl: "listopad 2026, do tej pory", days: 30, partial: true},
		{text: "this_quarter", key: "2026-10-01..2026-12-31", en: "Q4 2026, so far", pl: "IV kwartał 2026, do tej pory", days: 92, partial: true},
		{text: "this_year", key: "2026-01-01..2026-12-31", en: "2026, so far", pl: "2026, do tej pory", days: 365, partial: true},
		{text: "this_fiscal_year", key: "2026-04-01..2027-03-31", en: "Apr 2026 – Mar 2027, so far", pl: "kwiecień 2026 – marzec 2027, do tej pory", days: 365, partial: true},
		{text: "from 2026-11-01 through 2026-11-15", key: "2026-11-01..2026-11-15", en: "1–15 Nov 2026", pl: "1–15 listopada 2026", days: 15},
		{text: "from 2026-11-01 until 2026-11-15", key: "2026-11-01..2026-11-14", en: "1–14 Nov 2026", pl: "1–14 listopada 2026", days: 14},
		{text: "from start_of_month-1month until start_of_month", key: "2026-10-01..2026-10-31", en: "Oct 2026", pl: "październik 2026", days: 31},
		{text: "from today-6days through today", key: "2026-11-16..2026-11-22", en: "16–22 Nov 2026, so far", pl: "16–22 listopada 2026, do tej pory", days: 7, partial: true},
		{text: "from start_of_hour-6hours until start_of_hour-30min", key: "2026-11-22T04:00+01:00..2026-11-22T09:30+01:00", en: "22 Nov 2026, 04:00–09:30", pl: "22 listopada 2026, 04:00–09:30", days: 1},
		{text: "from today-2hours until today", key: "2026-11-21T22:00+01:00..2026-11-22T00:00+01:00", en: "21 Nov 2026, 22:00–24:00", pl: "21 listopada 2026, 22:00–24:00", days: 1},
		{text: "from 2026-12-28 through 2027-01-03", key: "2026-12-28..2027-01-03", en: "28 Dec 2026 – 3 Jan 2027, so far", pl: "28 grudnia 2026 – 3 stycznia 2027, do tej pory", days: 7, partial: true},
	} {
		t.Run(test.text, func(t *testing.T) {
			r, err := mustParse(t, test.text).Resolve(at, c)
			if test.days == 0 {
				if !errors.Is(err, ErrNothing) {
					t.Fatalf("got %v, %v", r, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if r.Key() != test.key || r.Label("en") != test.en || r.Label("pl") != test.pl || r.Days() != test.days || r.Partial != test.partial {
				t.Errorf("got\n{%q %q %q %q %d %v}, want\n%v", test.text, r.Key(), r.Label("en"), r.Label("pl"), r.Days(), r.Partial, test)
			}
		})
	}
}
