package table

import (
	"time"

	"github.com/reportform/reportform/spec/expr"
)

// grains are the lengths of time buckets that are known.
var grains = map[string]bool{"minute": true, "hour": true, "hour_of_day": true, "day": true, "week": true, "month": true, "year": true}

// Lengths of civil time, in microseconds.
const (
	civilMinute = int64(60_000_000)
	civilHour   = 60 * civilMinute
	civilDay    = 24 * civilHour
)

// buckets are the time buckets of a grain. They are of civil time: a day has 24 hours, whatever the clocks do.
type buckets struct {
	grain string
	// weekday is the day that weeks begin on.
	weekday time.Weekday
	// zone is where the clocks are that may leave an hour out; nil where that is not known.
	zone *time.Location
}

// buckets are those that the rows have.
func (p *fillPlan) buckets() buckets {
	b := buckets{grain: p.in[p.by].Grain, weekday: time.Monday}
	if p.in[p.by].Type == expr.Date {
		b.grain = "day"
	}
	if p.Range != nil {
		from, _ := p.Range.RowRange()
		b.zone = from.Location()
	}
	if b.grain == "week" {
		b.weekday = firstDay(p.seen)
	}
	return b
}

// firstDay is the day that all weeks begin on, as an API of Sundays has them, and Monday where they do not agree: the
// first week of a range may be told by the day that the range begins on.
func firstDay(seen map[filledBucket]bool) time.Weekday {
	day, known := time.Monday, false
	for at := range seen {
		d := expr.FromCivil(at.at).Weekday()
		if known && d != day {
			return time.Monday
		}
		day, known = d, true
	}
	return day
}

// floor returns the beginning of the bucket that a moment lies in.
func (b buckets) floor(us int64) int64 {
	t := expr.FromCivil(us)
	switch b.grain {
	case "minute":
		return us - mod(us, civilMinute)
	case "hour":
		return us - mod(us, civilHour)
	case "hour_of_day":
		return int64(t.Hour()) * civilHour // of the first of January 1970, as rows have it
	case "week":
		days := mod(int64(t.Weekday()-b.weekday), 7)
		return us - mod(us, civilDay) - days*civilDay
	case "month":
		return expr.Civil(time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC))
	case "year":
		return expr.Civil(time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC))
	default:
		return us - mod(us, civilDay)
	}
}

// next returns the bucket behind one.
func (b buckets) next(us int64) int64 {
	switch b.grain {
	case "minute":
		return us + civilMinute
	case "hour", "hour_of_day":
		return us + civilHour
	case "week":
		return us + 7*civilDay
	case "month":
		return expr.Civil(expr.FromCivil(us).AddDate(0, 1, 0))
	case "year":
		return expr.Civil(expr.FromCivil(us).AddDate(1, 0, 0))
	default:
		return us + civilDay
	}
}

// exists reports whether the clocks ever showed the beginning of a bucket: in spring they leave an hour out.
func (b buckets) exists(us int64) bool {
	if b.zone == nil || b.grain != "minute" && b.grain != "hour" {
		return true
	}
	t := expr.FromCivil(us)
	return expr.Civil(time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, b.zone)) == us
}

// span returns the first and the last bucket of the range and of the rows; false where there is neither.
func (b buckets) span(r Ranged, seen map[filledBucket]bool) (from, through int64, ok bool) {
	include := func(us int64) {
		at := b.floor(us)
		if !ok {
			from, through, ok = at, at, true
		}
		from, through = min(from, at), max(through, at)
	}
	for at := range seen {
		include(at.at)
	}
	if r == nil {
		return from, through, ok
	}
	start, end := r.RowRange()
	if first, last := expr.Civil(start), expr.Civil(end)-1; first <= last {
		include(first)
		include(last)
		if b.grain == "hour_of_day" && last/civilDay != first/civilDay {
			include(0)
			include(civilDay - 1)
		}
	}
	return from, through, ok
}

// mod is the remainder that is never negative.
func mod(a, m int64) int64 { return ((a % m) + m) % m }
