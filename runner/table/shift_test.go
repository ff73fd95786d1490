package table

import (
	"testing"
	"time"

	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/expr"
)

// TestShift: against which bucket of a range one of the earlier range stands.
func TestShift(t *testing.T) {
	for _, test := range []struct {
		name         string
		this, before calendar.Range
		weekdays     bool
		grain        string
		bucket, want string // "" where there is none
	}{
		{"a week", days("2026-11-09", "2026-11-15"), days("2026-11-02", "2026-11-08"), false, "day", "2026-11-04", "2026-11-11"},
		{"week 53", days("2026-12-28", "2027-01-03"), days("2026-12-21", "2026-12-27"), false, "week", "2026-12-21", "2026-12-28"},
		{"a month, by place", days("2026-04-01", "2026-04-30"), days("2026-03-01", "2026-03-31"), false, "day", "2026-03-30", "2026-04-30"},
		{"a month, which has no 31st", days("2026-04-01", "2026-04-30"), days("2026-03-01", "2026-03-31"), false, "day", "2026-03-31", ""},
		{"weeks of months", days("2026-10-01", "2026-10-31"), days("2026-09-01", "2026-09-30"), false, "week", "2026-08-31", "2026-09-28"},
		{"months of a quarter", days("2026-07-01", "2026-09-30"), days("2026-04-01", "2026-06-30"), false, "month", "2026-06-01", "2026-09-01"},
		{"quarters of years", days("2026-01-01", "2026-12-31"), days("2025-01-01", "2025-12-31"), false, "quarter", "2025-10-01", "2026-10-01"},
		{"years", days("2024-01-01", "2025-12-31"), days("2022-01-01", "2023-12-31"), false, "year", "2023-01-01", "2025-01-01"},
		{"a year, by dates: after a leap day too", days("2028-01-01", "2028-12-31"), days("2027-01-01", "2027-12-31"), false, "day", "2027-03-01", "2028-03-01"},
		{"a year, by dates: a leap day stands alone", days("2029-01-01", "2029-12-31"), days("2028-01-01", "2028-12-31"), false, "day", "2028-02-29", ""},
		{"a year, the hour too", days("2028-01-01", "2028-12-31"), days("2027-01-01", "2027-12-31"), false, "hour", "2027-03-01T08", "2028-03-01T08"},
		{"a year, by weekdays", days("2026-10-01", "2026-10-31"), days("2025-10-02", "2025-11-01"), true, "day", "2025-10-03", "2026-10-02"},
		{"hours", days("2026-11-10", "2026-11-10"), days("2026-11-09", "2026-11-09"), false, "hour", "2026-11-09T23", "2026-11-10T23"},
		{"a month from a Monday, a Sunday a year before", days("2027-03-01", "2027-03-31"), days("2026-03-01", "2026-03-31"), false, "week", "2026-03-02", "2027-03-01"},
		{"the Sunday stands alone", days("2027-03-01", "2027-03-31"), days("2026-03-01", "2026-03-31"), false, "week", "2026-02-23", ""},
		{"a month from a Monday, a Friday the month before", days("2026-06-01", "2026-06-30"), days("2026-05-01", "2026-05-31"), false, "week", "2026-05-04", "2026-06-01"},
		{"a month from a Tuesday, a Sunday a year of 366 days before", days("2024-10-01", "2024-10-31"), days("2023-10-01", "2023-10-31"), false, "week", "2023-10-02", "2024-09-30"},
		{"whole years in weeks", days("2027-01-01", "2027-12-31"), days("2026-01-01", "2026-12-31"), false, "week", "2026-03-02", "2027-03-01"},
		{"months of weeks a year before", days("2026-08-31", "2026-09-27"), days("2025-09-01", "2025-09-28"), false, "month", "2025-09-01", "2026-09-01"},
		{"months of days before", days("2026-10-01", "2026-11-14"), days("2026-08-17", "2026-09-30"), false, "month", "2026-09-01", "2026-10-01"},
		{"one bucket each, by place", days("2027-01-01", "2027-01-31"), days("2026-12-01", "2026-12-31"), false, "year", "2026-01-01", "2027-01-01"},
		{"a year of which little is there", days("2026-12-28", "2027-12-26"), days("2025-12-29", "2026-12-27"), false, "year", "2026-01-01", "2027-01-01"},
		{"outside of the earlier range", days("2026-11-09", "2026-11-15"), days("2026-11-02", "2026-11-08"), false, "day", "2026-11-09", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			read := func(text string) int64 {
				at, err := time.Parse("2006-01-02T15", text)
				if err != nil {
					at, err = time.Parse(time.DateOnly, text)
				}
				if err != nil {
					t.Fatal(err)
				}
				return expr.Civil(at)
			}
			got, ok := NewShift(test.this, test.before, test.weekdays).of(Field{Type: expr.Period, Grain: test.grain})(read(test.bucket))
			if ok != (test.want != "") || ok && got != read(test.want) {
				t.Errorf("%s stands against %s, %v, want %q", test.bucket, expr.FromCivil(got), ok, test.want)
			}
		})
	}
}

// TestUneven: weeks that a range cuts are told where the other range has more or less of them.
func TestUneven(t *testing.T) {
	for _, test := range []struct {
		name         string
		this, before calendar.Range
		want         bool
	}{
		{"whole weeks", days("2026-11-09", "2026-11-22"), days("2026-10-26", "2026-11-08"), false},
		{"months", days("2026-10-01", "2026-10-31"), days("2025-10-01", "2025-10-31"), true},
		{"months of the same weekdays", days("2026-10-01", "2026-10-31"), days("2025-10-02", "2025-11-01"), false},
		{"a month that begins as the one before", days("2026-03-01", "2026-03-28"), days("2026-02-01", "2026-02-28"), false},
		{"weeks that only one has", days("2026-11-09", "2026-11-22"), days("2026-11-02", "2026-11-08"), false},
	} {
		if got := NewShift(test.this, test.before, false).Uneven(); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// TestShiftGoesByTheClockOnTheWall: an hour stands against the same hour, though clocks were changed in between.
func TestShiftGoesByTheClockOnTheWall(t *testing.T) {
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	date := func(day int) time.Time { return time.Date(2026, time.October, day, 0, 0, 0, 0, warsaw) }
	this := calendar.Range{From: date(26), Until: date(27)}
	before := calendar.Range{From: date(25), Until: date(26)} // of 25 hours
	f := Field{Type: expr.Period, Grain: "hour"}
	for hour := range 24 {
		got, ok := NewShift(this, before, false).of(f)(expr.Civil(date(25)) + int64(hour)*3600e6)
		if want := expr.Civil(date(26)) + int64(hour)*3600e6; !ok || got != want {
			t.Errorf("hour %d stands against %s, %v", hour, expr.FromCivil(got), ok)
		}
	}
}
