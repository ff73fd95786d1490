package calendar

import "time"

// wall is what calendar and clock on the wall show, kept as a time in UTC so that it can be reckoned with.
// It is no moment until [first] finds it in a zone.
type wall struct{ time.Time }

func wallDay(year int, month time.Month, day int) wall {
	return wall{time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
}

// wallOf reads the wall clock at a moment, in the moment's location.
func wallOf(t time.Time) wall {
	_, offset := t.Zone()
	return wall{t.Add(time.Duration(offset) * time.Second).UTC()}
}

// first returns the earliest moment at which the wall clock shows w or later. Where clocks are put forward over w, that
// is the moment of the change; where they show w twice, the first of both; where a whole day is left out, its successor.
func first(w wall, loc *time.Location) time.Time {
	// No zone was ever more than 16 hours from UTC, so w has not come yet.
	t := w.Add(-24 * time.Hour).In(loc)
	for {
		_, offset := t.Zone()
		_, end := zoneBounds(t)
		found := w.Add(-time.Duration(offset) * time.Second).In(loc)
		if found.Before(t) {
			found = t
		}
		if end.IsZero() || found.Before(end) {
			return found
		}
		t = end
	}
}

// zoneBounds returns the moments between which the offset from UTC is t's; they may be more narrow than that.
func zoneBounds(t time.Time) (start, end time.Time) {
	start, end = t.ZoneBounds()
	// Beyond its table of changes the time package bounds a zone by a year of 365 days, so that on the
	// last day of a leap year the end has passed. No clock is changed on that day.
	if !end.IsZero() && !end.After(t) {
		end = t.Add(time.Hour)
	}
	return start, end
}

// dayOf returns the day that a moment belongs to. Where clocks are put back over midnight, the evening that comes again
// belongs to the day that has begun, so that days are whole.
func dayOf(t time.Time) wall {
	y, m, d := t.Date()
	day := wallDay(y, m, d)
	if next := addDays(day, 1); !first(next, t.Location()).After(t) {
		return next
	}
	return day
}

// startOfDay returns the first moment of a day; that of a day that was left out is its successor's.
func startOfDay(t time.Time) time.Time { return first(dayOf(t), t.Location()) }

// startOfHour returns the last moment up to t at which an hour began on the wall clock. A change of clocks within an hour
// (Lord Howe's half hour) begins one as well.
func startOfHour(t time.Time) time.Time {
	start := t.Add(-sinceHour(t))
	if change, _ := zoneBounds(t); start.Before(change) && shifts(change) {
		return change
	}
	return start
}

// nextHour returns the first moment after t at which an hour begins.
func nextHour(t time.Time) time.Time {
	next := t.Add(time.Hour - sinceHour(t))
	if _, change := zoneBounds(t); !change.IsZero() && change.Before(next) && shifts(change) {
		return change
	}
	return next
}

// sinceHour is what the wall clock shows beyond the full hour.
func sinceHour(t time.Time) time.Duration {
	return time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
}

// shifts reports whether the clock is put forward or back at a bound of a zone; some bounds only rename it.
func shifts(change time.Time) bool {
	_, before := change.Add(-1).Zone()
	_, after := change.Zone()
	return before != after
}

// repeated returns the other moment at which the wall clock shows the same, where there is one.
func repeated(t time.Time) (time.Time, bool) {
	start, end := zoneBounds(t)
	for _, change := range []time.Time{start, end} {
		if change.IsZero() {
			continue
		}
		_, before := change.Add(-1).Zone()
		_, after := change.Zone()
		shift := time.Duration(before-after) * time.Second
		if change.After(t) {
			shift = -shift
		}
		// Before a change that puts clocks back, the same comes later, and after it earlier.
		if other := t.Add(-shift); other != t && wallOf(other) == wallOf(t) {
			return other, true
		}
	}
	return time.Time{}, false
}

func addDays(day wall, n int) wall { return wall{day.AddDate(0, 0, n)} }

// addMonths keeps the day of the month, or takes the last one of a shorter month.
func addMonths(w wall, n int) wall {
	y, m, d := w.Date()
	last := wallDay(y, m+time.Month(n)+1, 0).Day()
	day := wallDay(y, m+time.Month(n), min(d, last))
	return wall{day.Add(w.Sub(wallDay(y, m, d).Time))}
}
