package expr

import (
	"testing"
	"time"
	_ "time/tzdata"
)

// zonedRow is a row whose moments are those of a place.
type zonedRow struct {
	row
	in *time.Location
}

func (r zonedRow) Location() *time.Location { return r.in }

// Between two moments lies the time that passed, which the hands of a clock do not tell where it was changed.
func TestMomentsAcrossAClockChange(t *testing.T) {
	warsaw, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	names := Names{"a": {Type: DateTime}, "b": {Type: DateTime}, "d": {Type: Date}}
	for _, c := range []struct{ text, a, b, want string }{
		{"b - a", "2026-10-25T00:30", "2026-10-25T03:30", "4:00:00"},
		{"a - b", "2026-10-25T00:30", "2026-10-25T03:30", "-4:00:00"},
		{"b - a", "2026-10-24T12:00", "2026-10-26T12:00", "49:00:00"},
		{"b - a", "2026-03-29T00:30", "2026-03-29T03:30", "2:00:00"},
		{"b - a", "2026-11-08T00:30", "2026-11-08T03:30", "3:00:00"},
		{"b - d", "2026-10-25T00:00", "2026-10-25T12:00", "13:00:00"},
		{"date(b) - d", "2026-10-25T00:00", "2026-10-26T12:00", "24:00:00"},
	} {
		moment := func(text string) time.Time {
			at, err := time.Parse("2006-01-02T15:04", text)
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
		e, fault := Parse(c.text)
		if fault != nil {
			t.Fatal(fault)
		}
		if _, fault := e.Check(names); fault != nil {
			t.Fatal(fault)
		}
		env := zonedRow{row{"a": DateTimeValue(moment(c.a)), "b": DateTimeValue(moment(c.b)), "d": DateValue(moment(c.a))}, warsaw}
		got, err := e.Eval(env)
		if err != nil {
			t.Fatal(err)
		}
		if text := Display(got, "", "en"); text != c.want {
			t.Errorf("%s from %s to %s is %s, not %s", c.text, c.a, c.b, text, c.want)
		}
	}
}
