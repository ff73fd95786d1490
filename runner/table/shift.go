package table

import (
	"time"

	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/expr"
)

// Shift says which time bucket of a range one of an earlier range stands against.
type Shift struct {
	// from and until are this range, and before is where the earlier one begins, as the wall clock shows them.
	from, until, before time.Time
	// dates: a day stands against the same date of another year, 1 March against 1 March after a 29 February too.
	dates bool
}

// NewShift returns how the buckets of an earlier range stand against those of this: those of a year before by their dates
// unless weekdays says otherwise, others by their place in the range, the first against the first.
func NewShift(this, before calendar.Range, weekdays bool) Shift {
	wall := func(t time.Time) time.Time { return expr.FromCivil(expr.Civil(t.In(this.From.Location()))) }
	s := Shift{from: wall(this.From), until: wall(this.Until), before: wall(before.From)}
	s.dates = !weekdays && s.before.AddDate(1, 0, 0).Equal(s.from)
	return s
}

// to returns the bucket of a column against which one of the earlier range stands, in civil microseconds; ok is false where
// this range has none, such as a 31st.
func (s Shift) to(bucket int64, f Field) (moved int64, ok bool) {
	t := expr.FromCivil(bucket)
	grain := f.Grain
	if f.Type == expr.Date {
		grain = "day"
	}
	first, before := startOf(grain, s.from), startOf(grain, s.before)
	switch grain {
	case "month", "quarter", "year":
		months := (first.Year()-before.Year())*12 + int(first.Month()-before.Month())
		t = t.AddDate(0, months, 0)
	case "week":
		t = t.Add(first.Sub(before))
	default:
		if !s.dates {
			t = t.Add(first.Sub(before))
			break
		}
		day := t.Day()
		if t = t.AddDate(1, 0, 0); t.Day() != day {
			return 0, false // 29 February
		}
	}
	return expr.Civil(t), !t.Before(first) && t.Before(s.until)
}

// startOf is the beginning of the bucket that a time of the wall clock lies in; of a grain that is not known, itself.
func startOf(grain string, t time.Time) time.Time {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	switch grain {
	case "minute":
		return t.Truncate(time.Minute)
	case "hour":
		return t.Truncate(time.Hour)
	case "day":
		return day
	case "week":
		return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	case "month":
		return day.AddDate(0, 0, 1-day.Day())
	case "quarter":
		return time.Date(t.Year(), (t.Month()-1)/3*3+1, 1, 0, 0, 0, 0, time.UTC)
	case "year":
		return time.Date(t.Year(), time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	return t
}
