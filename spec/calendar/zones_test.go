package calendar

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// Where clocks change, midnights or days are left out, years leap, and weeks and fiscal years begin on any day.
func TestResolveInZones(t *testing.T) {
	monday, fiscal := time.Monday, Calendar{FiscalMonth: time.February, FiscalDay: 29}
	for _, test := range []struct {
		name, zone, at, text string
		week                 time.Weekday
		fiscal               Calendar
		from, until          string
		days                 int
		hours                float64
		notes                string
	}{
		{name: "forward in Warsaw", zone: "Europe/Warsaw", at: "2026-03-30T08:00", text: "yesterday",
			from: "2026-03-29T00:00:00+01:00", until: "2026-03-30T00:00:00+02:00", days: 1, hours: 23,
			notes: "29 Mar 2026: clocks go forward 1h, from 02:00 to 03:00"},
		{name: "back in Warsaw", zone: "Europe/Warsaw", at: "2026-10-26T08:00", text: "last_week", week: monday,
			from: "2026-10-19T00:00:00+02:00", until: "2026-10-26T00:00:00+01:00", days: 7, hours: 169,
			notes: "25 Oct 2026: clocks go back 1h, from 03:00 to 02:00"},
		{name: "the hour that comes twice, first", zone: "Europe/Warsaw", at: "2026-10-25T02:10:00+01:00", text: "previous 1 hour",
			from: "2026-10-25T02:00:00+02:00", until: "2026-10-25T02:00:00+01:00", days: 1, hours: 1},
		{name: "the hour that comes twice, second", zone: "Europe/Warsaw", at: "2026-10-25T03:10", text: "previous 1 hour",
			from: "2026-10-25T02:00:00+01:00", until: "2026-10-25T03:00:00+01:00", days: 1, hours: 1},
		{name: "the hour that is left out", zone: "Europe/Warsaw", at: "2026-03-29T03:10", text: "previous 2 hours",
			from: "2026-03-29T00:00:00+01:00", until: "2026-03-29T03:00:00+02:00", days: 1, hours: 2},
		{name: "hours elapse", zone: "Europe/Warsaw", at: "2026-03-29T12:00", text: "from today+6hours until today+7hours",
			from: "2026-03-29T07:00:00+02:00", until: "2026-03-29T08:00:00+02:00", days: 1, hours: 1},
		{name: "days keep the time of day", zone: "Europe/Warsaw", at: "2026-03-29T12:00", text: "from start_of_hour-1day until start_of_hour",
			from: "2026-03-28T12:00:00+01:00", until: "2026-03-29T12:00:00+02:00", days: 2, hours: 23,
			notes: "29 Mar 2026: clocks go forward 1h, from 02:00 to 03:00"},
		{name: "forward in New York", zone: "America/New_York", at: "2026-03-09T00:30", text: "yesterday",
			from: "2026-03-08T00:00:00-05:00", until: "2026-03-09T00:00:00-04:00", days: 1, hours: 23,
			notes: "8 Mar 2026: clocks go forward 1h, from 02:00 to 03:00"},
		{name: "back in New York", zone: "America/New_York", at: "2026-11-02T00:30", text: "yesterday",
			from: "2026-11-01T00:00:00-04:00", until: "2026-11-02T00:00:00-05:00", days: 1, hours: 25,
			notes: "1 Nov 2026: clocks go back 1h, from 02:00 to 01:00"},
		{name: "half an hour back in Lord Howe", zone: "Australia/Lord_Howe", at: "2026-04-06T09:00", text: "yesterday",
			from: "2026-04-05T00:00:00+11:00", until: "2026-04-06T00:00:00+10:30", days: 1, hours: 24.5,
			notes: "5 Apr 2026: clocks go back 30m, from 02:00 to 01:30"},
		{name: "half an hour forward in Lord Howe", zone: "Australia/Lord_Howe", at: "2026-10-05T09:00", text: "yesterday",
			from: "2026-10-04T00:00:00+10:30", until: "2026-10-05T00:00:00+11:00", days: 1, hours: 23.5,
			notes: "4 Oct 2026: clocks go forward 30m, from 02:00 to 02:30"},
		{name: "the half hour that comes twice", zone: "Australia/Lord_Howe", at: "2026-04-05T02:05", text: "previous 2 hours",
			from: "2026-04-05T01:00:00+11:00", until: "2026-04-05T02:00:00+10:30", days: 1, hours: 1.5,
			notes: "5 Apr 2026: clocks go back 30m, from 02:00 to 01:30"},
		{name: "the hour that begins late", zone: "Australia/Lord_Howe", at: "2026-10-04T03:05", text: "previous 1 hour",
			from: "2026-10-04T02:30:00+11:00", until: "2026-10-04T03:00:00+11:00", days: 1, hours: 0.5},
		{name: "no midnight in São Paulo", zone: "America/Sao_Paulo", at: "2018-11-05T07:00", text: "yesterday",
			from: "2018-11-04T01:00:00-02:00", until: "2018-11-05T00:00:00-02:00", days: 1, hours: 23},
		{name: "a step from no midnight", zone: "America/Sao_Paulo", at: "2018-11-04T07:00", text: "from today-1day until today",
			from: "2018-11-03T00:00:00-03:00", until: "2018-11-04T01:00:00-02:00", days: 1, hours: 24},
		{name: "no midnight in Cairo", zone: "Africa/Cairo", at: "2024-04-27T07:00", text: "yesterday",
			from: "2024-04-26T01:00:00+03:00", until: "2024-04-27T00:00:00+03:00", days: 1, hours: 23},
		{name: "an evening twice in Cairo", zone: "Africa/Cairo", at: "2024-11-01T07:00", text: "yesterday",
			from: "2024-10-31T00:00:00+03:00", until: "2024-11-01T00:00:00+02:00", days: 1, hours: 25,
			notes: "1 Nov 2024: clocks go back 1h, from 00:00 to 23:00 on 31 Oct 2024"},
		{name: "back over midnight in Newfoundland", zone: "America/St_Johns", at: "2010-11-06T23:30:00-03:30", text: "yesterday",
			from: "2010-11-06T00:00:00-02:30", until: "2010-11-07T00:00:00-02:30", days: 1, hours: 24},
		{name: "no Friday in Samoa", zone: "Pacific/Apia", at: "2011-12-31T10:00", text: "yesterday",
			from: "2011-12-29T00:00:00-10:00", until: "2011-12-31T00:00:00+14:00", days: 1, hours: 24},
		{name: "days without it", zone: "Pacific/Apia", at: "2012-01-01T10:00", text: "previous 2 days",
			from: "2011-12-29T00:00:00-10:00", until: "2012-01-01T00:00:00+14:00", days: 2, hours: 48,
			notes: "30 Dec 2011: clocks go forward 24h, from 00:00 to 00:00 on 31 Dec 2011"},
		{name: "its week", zone: "Pacific/Apia", at: "2012-01-02T10:00", text: "last_week", week: monday,
			from: "2011-12-26T00:00:00-10:00", until: "2012-01-02T00:00:00+14:00", days: 6, hours: 144,
			notes: "30 Dec 2011: clocks go forward 24h, from 00:00 to 00:00 on 31 Dec 2011"},
		{name: "through it", zone: "Pacific/Apia", at: "2012-01-02T10:00", text: "from 2011-12-29 through 2011-12-30",
			from: "2011-12-29T00:00:00-10:00", until: "2011-12-31T00:00:00+14:00", days: 1, hours: 24},
		{name: "weeks from Sunday", zone: "America/New_York", at: "2026-11-22T00:00", text: "last_week", week: time.Sunday,
			from: "2026-11-15T00:00:00-05:00", until: "2026-11-22T00:00:00-05:00", days: 7, hours: 168},
		{name: "weeks from Saturday", zone: "Africa/Cairo", at: "2026-11-20T23:59", text: "last_week", week: time.Saturday,
			from: "2026-11-07T00:00:00+02:00", until: "2026-11-14T00:00:00+02:00", days: 7, hours: 168},
		{name: "week 53", zone: "Europe/Warsaw", at: "2027-01-04T07:00", text: "last_week", week: monday,
			from: "2026-12-28T00:00:00+01:00", until: "2027-01-04T00:00:00+01:00", days: 7, hours: 168},
		{name: "leap day", zone: "Europe/Warsaw", at: "2028-03-01T07:00", text: "yesterday",
			from: "2028-02-29T00:00:00+01:00", until: "2028-03-01T00:00:00+01:00", days: 1, hours: 24},
		{name: "last day of a leap year to come", zone: "Europe/Warsaw", at: "2040-12-31T23:30", text: "from today until start_of_hour+1hour",
			from: "2040-12-31T00:00:00+01:00", until: "2041-01-01T00:00:00+01:00", days: 1, hours: 24},
		{name: "February of a leap year", zone: "Europe/Warsaw", at: "2028-03-31T07:00", text: "last_month",
			from: "2028-02-01T00:00:00+01:00", until: "2028-03-01T00:00:00+01:00", days: 29, hours: 696},
		{name: "clamped month", zone: "Europe/Warsaw", at: "2026-03-31T07:00", text: "from today-1month until today-1month+1day",
			from: "2026-02-28T00:00:00+01:00", until: "2026-03-01T00:00:00+01:00", days: 1, hours: 24},
		{name: "clamped leap day", zone: "Europe/Warsaw", at: "2028-02-29T07:00", text: "from today-1year through today-1year",
			from: "2027-02-28T00:00:00+01:00", until: "2027-03-01T00:00:00+01:00", days: 1, hours: 24},
		{name: "clamped quarter", zone: "Europe/Warsaw", at: "2026-05-31T07:00", text: "from today-1quarter through today-1quarter",
			from: "2026-02-28T00:00:00+01:00", until: "2026-03-01T00:00:00+01:00", days: 1, hours: 24},
		{name: "fiscal year from a leap day", zone: "UTC", at: "2028-02-29T07:00", text: "last_fiscal_year", fiscal: fiscal,
			from: "2027-02-28T00:00:00Z", until: "2028-02-29T00:00:00Z", days: 366, hours: 366 * 24},
		{name: "fiscal year before a leap day", zone: "UTC", at: "2028-02-28T07:00", text: "last_fiscal_year", fiscal: fiscal,
			from: "2026-02-28T00:00:00Z", until: "2027-02-28T00:00:00Z", days: 365, hours: 365 * 24},
		{name: "fiscal year after a leap year", zone: "UTC", at: "2029-03-01T07:00", text: "previous 1 day", fiscal: fiscal,
			from: "2029-02-28T00:00:00Z", until: "2029-03-01T00:00:00Z", days: 1, hours: 24},
		{name: "start of a fiscal year", zone: "UTC", at: "2026-11-22", text: "from start_of_fiscal_year-1year until start_of_fiscal_year",
			fiscal: Calendar{FiscalMonth: time.July, FiscalDay: 6},
			from:   "2025-07-06T00:00:00Z", until: "2026-07-06T00:00:00Z", days: 365, hours: 365 * 24},
		{name: "no fiscal year set", zone: "UTC", at: "2026-11-22", text: "last_fiscal_year",
			from: "2025-01-01T00:00:00Z", until: "2026-01-01T00:00:00Z", days: 365, hours: 365 * 24},
		{name: "a time with its offset", zone: "Europe/Warsaw", at: "2026-11-22", text: "from 2026-10-25T02:30+02:00 until 2026-10-25T02:30+01:00",
			from: "2026-10-25T02:30:00+02:00", until: "2026-10-25T02:30:00+01:00", days: 1, hours: 1,
			notes: "25 Oct 2026: clocks go back 1h, from 03:00 to 02:00"},
		{name: "a time in another offset", zone: "Europe/Warsaw", at: "2026-11-22", text: "from 2026-11-21T08:00 until 2026-11-21T08:00Z",
			from: "2026-11-21T08:00:00+01:00", until: "2026-11-21T09:00:00+01:00", days: 1, hours: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := test.fiscal
			c.Location, c.WeekStart = load(t, test.zone), test.week
			r, err := mustParse(t, test.text).Resolve(readMoment(t, c.Location, test.at), c)
			if err != nil {
				t.Fatal(err)
			}
			from, until := r.From.Format(time.RFC3339), r.Until.Format(time.RFC3339)
			if from != test.from || until != test.until {
				t.Errorf("got  %s to %s\nwant %s to %s", from, until, test.from, test.until)
			}
			if days, hours := r.Days(), r.length().Hours(); days != test.days || hours != test.hours {
				t.Errorf("%d days and %v hours, want %d and %v", days, hours, test.days, test.hours)
			}
			if notes := strings.Join(r.ClockNotes(), "; "); notes != test.notes {
				t.Errorf("clocks: %q, want %q", notes, test.notes)
			}
			if len(r.ClockChanges()) != len(r.ClockNotes()) {
				t.Errorf("%d changes of clocks, %d notes", len(r.ClockChanges()), len(r.ClockNotes()))
			}
		})
	}
}

func TestISOWeek(t *testing.T) {
	c := warsaw(t)
	for _, test := range []struct{ at, text, want string }{
		{"2026-11-22", "last_week", "2026-W46"},
		{"2027-01-04", "last_week", "2026-W53"},
		{"2021-01-04", "last_week", "2020-W53"},
		{"2020-01-06", "last_week", "2020-W01"},
		{"2026-10-26", "last_week", "2026-W43"},
		{"2026-11-22", "from 2026-11-09 through 2026-11-15", "2026-W46"},
		{"2026-11-22", "this_week", "2026-W47"},
		{"2026-11-22", "previous 2 weeks", ""},
		{"2026-11-22", "previous 7 days", ""},
		{"2026-11-22", "week_to_date", ""},
		{"2026-11-22", "yesterday", ""},
		{"2026-11-22", "last_month", ""},
		{"2026-11-22", "from 2026-11-09T01:00 until 2026-11-16T01:00", ""},
	} {
		r, err := mustParse(t, test.text).Resolve(readMoment(t, c.Location, test.at), c)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := r.ISOWeek(); got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s at %s: %q, %v; want %q", test.text, test.at, got, err, test.want)
		}
	}
	c.WeekStart = time.Sunday
	r, err := mustParse(t, "last_week").Resolve(readMoment(t, c.Location, "2026-11-22"), c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.ISOWeek(); err == nil || !strings.Contains(err.Error(), "2026-11-15..2026-11-21 is not one ISO week") {
		t.Errorf("a week from Sunday: %v", err)
	}
	c.WeekStart = time.Monday
	c.Location = load(t, "Pacific/Apia")
	r, err = mustParse(t, "last_week").Resolve(readMoment(t, c.Location, "2012-01-02T10:00"), c)
	if got, iso := r.ISOWeek(); err != nil || iso != nil || got != "2011-W52" {
		t.Errorf("a week of six days: %q, %v, %v", got, iso, err)
	}
}

func TestDueAt(t *testing.T) {
	c := warsaw(t)
	for _, test := range []struct {
		at, text  string
		notBefore time.Duration
		want      string
	}{
		{"2026-11-22", "last_week", 7 * time.Hour, "2026-11-16T07:00:00+01:00"},
		{"2026-11-22", "last_week", 0, "2026-11-16T00:00:00+01:00"},
		{"2026-10-25T12:00", "from 2026-10-24 through 2026-10-24", 7 * time.Hour, "2026-10-25T07:00:00+01:00"},
		{"2026-03-29T12:00", "yesterday", 150 * time.Minute, "2026-03-29T03:00:00+02:00"},
		{"2026-10-25T12:00", "yesterday", 150 * time.Minute, "2026-10-25T02:30:00+02:00"},
		{"2026-11-22T10:20", "previous 1 hour", 0, "2026-11-22T10:00:00+01:00"},
		{"2026-11-22T10:20", "previous 1 hour", 7 * time.Hour, "2026-11-23T07:00:00+01:00"},
	} {
		r, err := mustParse(t, test.text).Resolve(readMoment(t, c.Location, test.at), c)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.DueAt(test.notBefore).Format(time.RFC3339); got != test.want {
			t.Errorf("%s, not before %s: due at %s, want %s", test.text, test.notBefore, got, test.want)
		}
	}
}

// Counting the days of a long range does not take a step for each.
func TestDaysOfALongRange(t *testing.T) {
	for text, want := range map[string]int{
		"from 2001-01-01 through 2200-12-31": 73048,
		"from 1800-01-01 through 2300-12-31": 182986,
	} {
		r, err := mustParse(t, text).Resolve(time.Unix(0, 0), warsaw(t))
		if err != nil || r.Days() != want {
			t.Errorf("%s: %d days, %v; want %d", text, r.Days(), err, want)
		}
	}
}

// Hours carry their offset, so that the hour that comes twice has two keys and two labels.
func TestHoursThatComeTwice(t *testing.T) {
	c := warsaw(t)
	e := mustParse(t, "previous 1 hour")
	var keys, labels []string
	for at := readMoment(t, c.Location, "2026-10-25T01:30:00+02:00"); len(keys) < 4; at = at.Add(time.Hour) {
		r, err := e.Resolve(at, c)
		if err != nil {
			t.Fatal(err)
		}
		keys, labels = append(keys, r.Key()), append(labels, r.Label("en"))
	}
	if want := []string{
		"2026-10-25T00:00+02:00..2026-10-25T01:00+02:00",
		"2026-10-25T01:00+02:00..2026-10-25T02:00+02:00",
		"2026-10-25T02:00+02:00..2026-10-25T02:00+01:00",
		"2026-10-25T02:00+01:00..2026-10-25T03:00+01:00",
	}; !slices.Equal(keys, want) {
		t.Errorf("keys %q, want %q", keys, want)
	}
	if want := []string{
		"25 Oct 2026, 00:00–01:00",
		"25 Oct 2026, 01:00+02:00–02:00+02:00",
		"25 Oct 2026, 02:00+02:00–02:00+01:00",
		"25 Oct 2026, 02:00+01:00–03:00+01:00",
	}; !slices.Equal(labels, want) {
		t.Errorf("labels %q, want %q", labels, want)
	}
}

func TestParseKeyRefusesWhatIsNoKey(t *testing.T) {
	loc := load(t, "Europe/Warsaw")
	for _, key := range []string{
		"", "..", "2026-11-21..", "2026-11-21..2026-11-21", "2026-11-22..2026-11-21", "2026-02-30", "last_week",
		"2026-11-21T08:00..2026-11-21T09:00", "2026-11-21T08:00+01:00", "2026-11-21T08:00+02:00..2026-11-21T09:00+02:00",
		"2026-11-21T00:00+01:00..2026-11-22T00:00+01:00",
	} {
		if r, err := ParseKey(key, loc); err == nil {
			t.Errorf("ParseKey(%q) = %v", key, r)
		}
	}
}
