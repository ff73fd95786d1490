package table

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/spec/expr"
)

// span is the range of a run, between two moments of a zone.
type span struct{ from, until time.Time }

func (s span) RowRange() (from, until time.Time) { return s.from, s.until }

func between(t testing.TB, zone, from, until string) Ranged {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	s := span{}
	for _, x := range []struct {
		to   *time.Time
		text string
	}{{&s.from, from}, {&s.until, until}} {
		if *x.to, err = time.ParseInLocation("2006-01-02 15:04", x.text, loc); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// bucket is a period as the rows have it.
func bucket(s string) expr.Value {
	t, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return expr.Value{Type: expr.Period, Valid: true, Int: expr.Civil(t)}
}

func TestFill(t *testing.T) {
	in := steps(t, FromValues(chats(), chatRows()), Select{Names: []string{"series", "user_name", "incoming", "level"}})
	for _, c := range []struct {
		name         string
		in           *Table
		fill         Fill
		want, totals string
	}{
		{
			"each combination has each bucket of the range, and rows come out by time",
			steps(t, in, Where{Cond: parse(t, `incoming > 5`)}),
			Fill{By: "series", Of: []string{"user_name"}, Values: []FillValue{{"incoming", num(0)}}, Range: between(t, "Europe/Warsaw", "2026-11-08 00:00", "2026-11-11 00:00")},
			`series | user_name | incoming | level
			2026-11-08 | Ewa | 0 | -
			2026-11-08 | Łucja | 0 | -
			2026-11-09 | Ewa | 30 | 50
			2026-11-09 | Łucja | 10 | 90
			2026-11-10 | Ewa | 0 | -
			2026-11-10 | Łucja | 0 | -`, "- | - | 40 | 60",
		},
		{
			"a bucket that any row has is there; what is not understood stays, at the end",
			in,
			Fill{By: "series", Range: between(t, "Europe/Warsaw", "2026-11-09 00:00", "2026-11-12 00:00")},
			`series | user_name | incoming | level
			2026-11-09 | Łucja | 10 | 90
			2026-11-09 | Ewa | 30 | 50
			2026-11-10 | Łucja | 0 | -
			2026-11-10 | Ewa | 5 | -
			2026-11-11 | - | - | -
			later | - | 1 | 100`, "- | - | 46 | 60.9756097560976",
		},
		{
			"without rows the buckets of the range are still there",
			steps(t, in, Limit{}),
			Fill{By: "series", Values: []FillValue{{"level", num(7)}}, Range: between(t, "Europe/Warsaw", "2026-11-09 00:00", "2026-11-11 00:00")},
			`series | user_name | incoming | level
			2026-11-09 | - | - | 7
			2026-11-10 | - | - | 7`, "- | - | - | -",
		},
		{
			"without rows there are no combinations",
			steps(t, in, Limit{}),
			Fill{By: "series", Of: []string{"user_name"}, Range: between(t, "Europe/Warsaw", "2026-11-09 00:00", "2026-11-11 00:00")},
			`series | user_name | incoming | level`, "- | - | - | -",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := steps(t, c.in, c.fill)
			equal(t, show(t, out), c.want)
			equal(t, totals(t, out), c.totals)
		})
	}
}

// TestFillByGrain: the buckets between those that are there, and of a range, by the calendar.
func TestFillByGrain(t *testing.T) {
	for _, c := range []struct {
		grain string
		have  string
		r     Ranged
		want  string
	}{
		{"minute", "2026-11-09 23:58, 2026-11-10 00:01", nil, "2026-11-09 23:58, 2026-11-09 23:59, 2026-11-10 00:00, 2026-11-10 00:01"},
		{"hour", "2026-11-09 22:00, 2026-11-10 01:00", nil, "2026-11-09 22:00, 2026-11-09 23:00, 2026-11-10 00:00, 2026-11-10 01:00"},
		// In spring there is no second hour, in autumn it is one bucket of two hours.
		{"hour", "", between(t, "Europe/Warsaw", "2026-03-29 00:00", "2026-03-29 05:00"), "2026-03-29 00:00, 2026-03-29 01:00, 2026-03-29 03:00, 2026-03-29 04:00"},
		{"hour", "", between(t, "Europe/Warsaw", "2026-10-25 01:00", "2026-10-25 04:00"), "2026-10-25 01:00, 2026-10-25 02:00, 2026-10-25 03:00"},
		{"hour", "", between(t, "UTC", "2026-03-29 01:30", "2026-03-29 03:00"), "2026-03-29 01:00, 2026-03-29 02:00"},
		{"day", "2026-03-30 00:00, 2026-03-28 00:00", nil, "2026-03-28 00:00, 2026-03-29 00:00, 2026-03-30 00:00"},
		{"day", "2026-02-27 00:00", between(t, "Europe/Warsaw", "2026-02-28 00:00", "2026-03-02 00:00"), "2026-02-27 00:00, 2026-02-28 00:00, 2026-03-01 00:00"},
		{"week", "2026-11-16 00:00, 2026-12-07 00:00", nil, "2026-11-16 00:00, 2026-11-23 00:00, 2026-11-30 00:00, 2026-12-07 00:00"},
		// Weeks of an API that begin on Sundays, and a first week told by the day that the range begins on.
		{"week", "2026-11-15 00:00", between(t, "Europe/Warsaw", "2026-11-15 00:00", "2026-11-29 00:00"), "2026-11-15 00:00, 2026-11-22 00:00"},
		{"week", "2026-11-11 00:00, 2026-11-23 00:00, 2026-11-30 00:00, 2026-12-07 00:00, 2026-12-14 00:00", nil, "2026-11-11 00:00, 2026-11-16 00:00, 2026-11-23 00:00, 2026-11-30 00:00, 2026-12-07 00:00, 2026-12-14 00:00"},
		{"week", "2026-11-11 00:00, 2026-11-23 00:00", between(t, "Europe/Warsaw", "2026-11-11 00:00", "2026-11-30 00:00"), "2026-11-11 00:00, 2026-11-16 00:00, 2026-11-23 00:00"},
		{"month", "2026-11-01 00:00", between(t, "Europe/Warsaw", "2026-10-15 00:00", "2027-02-01 00:00"), "2026-10-01 00:00, 2026-11-01 00:00, 2026-12-01 00:00, 2027-01-01 00:00"},
		{"year", "2026-01-01 00:00, 2023-01-01 00:00", nil, "2023-01-01 00:00, 2024-01-01 00:00, 2025-01-01 00:00, 2026-01-01 00:00"},
		{"hour_of_day", "1970-01-01 09:00, 1970-01-01 11:00", nil, "1970-01-01 09:00, 1970-01-01 10:00, 1970-01-01 11:00"},
		{"hour_of_day", "", between(t, "Europe/Warsaw", "2026-11-09 08:00", "2026-11-09 10:00"), "1970-01-01 08:00, 1970-01-01 09:00"},
		{"day", "", nil, ""},
	} {
		fields := []Field{{Name: "at", Type: expr.Period, Grain: c.grain}}
		var rows [][]expr.Value
		for _, s := range strings.Split(c.have, ", ") {
			if s != "" {
				rows = append(rows, []expr.Value{bucket(s)})
			}
		}
		out := steps(t, FromValues(fields, rows), Fill{By: "at", Range: c.r})
		var got []string
		for b := range out.Rows().Seq {
			for _, us := range b.Cols[0].Ints {
				got = append(got, expr.FromCivil(us).Format("2006-01-02 15:04"))
			}
		}
		if got := strings.Join(got, ", "); got != c.want {
			t.Errorf("%s of %q: %s, want %s", c.grain, c.have, got, c.want)
		}
	}
	whole := steps(t, FromValues([]Field{{Name: "at", Type: expr.Period, Grain: "hour_of_day"}}, nil), Fill{By: "at", Range: between(t, "Europe/Warsaw", "2026-11-09 00:00", "2026-11-16 00:00")})
	if whole.Len() != 24 {
		t.Errorf("%d hours of a day", whole.Len())
	}
	dates := FromValues([]Field{{Name: "on", Type: expr.Date}}, [][]expr.Value{{expr.DateValue(time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC))}, {expr.DateValue(time.Date(2026, 11, 11, 0, 0, 0, 0, time.UTC))}})
	equal(t, show(t, steps(t, dates, Fill{By: "on"})), "on\n2026-11-09\n2026-11-10\n2026-11-11")
}

func TestFillFaults(t *testing.T) {
	for _, c := range []struct {
		grain string
		fill  Fill
		part  string
		code  string
	}{
		{"minute", Fill{By: "series", Range: between(t, "UTC", "2026-01-01 00:00", "2026-04-01 00:00")}, "by", "too-many-rows"},
		{"quarter", Fill{By: "series"}, "by", "unclear-grain"},
		{"day", Fill{By: "user_name"}, "by", "wrong-type"},
		{"day", Fill{By: "series", Of: []string{"series"}}, "of.0", "duplicate-column"},
		{"day", Fill{By: "series", Values: []FillValue{{"incoming", txt("none")}}}, "values.incoming", "wrong-type"},
		{"day", Fill{By: "series", Of: []string{"user_name"}, Values: []FillValue{{"user_name", txt("Ewa")}}}, "values.user_name", "wrong-fill"},
	} {
		fields := chats()
		fields[0].Grain = c.grain
		_, err := apply(FromValues(fields, chatRows()), c.fill)
		var f *Fault
		if !errors.As(err, &f) || f.Code != c.code || f.Part != c.part {
			t.Errorf("%s: %+v", c.code, err)
		}
	}
}
