package calendar

import (
	"fmt"
	"strings"
	"time"
)

// wholeDays reports whether the range begins and ends where days begin.
func (r Range) wholeDays() bool {
	return r.From.Equal(startOfDay(r.From)) && r.Until.Equal(startOfDay(r.Until))
}

// end is Until in From's location.
func (r Range) end() time.Time { return r.Until.In(r.From.Location()) }

// Through returns the first moment of the last day that belongs to the range.
func (r Range) Through() time.Time { return startOfDay(r.end().Add(-1)) }

// Days counts the calendar days that the range touches: 1 for an hour, 7 for a week, 6 for the week of
// Samoa that had no Friday.
func (r Range) Days() int {
	n := daysBetween(r.From, r.Through()) + 1
	for _, change := range r.ClockChanges() {
		// Two days that a change lies between follow each other, unless some were left out.
		n -= max(0, daysBetween(change.Add(-1), change)-1)
	}
	return n
}

// daysBetween counts the dates from the one of a to the one of b.
func daysBetween(a, b time.Time) int {
	return int((dayOf(b).Unix() - dayOf(a).Unix()) / (24 * 60 * 60)) // a Duration ends at 292 years
}

// ISOWeek returns the week as ISO 8601 names it, "2026-W46". It is an error unless the range is one such week,
// from a Monday through a Sunday, whichever day the calendar's weeks begin with.
func (r Range) ISOWeek() (string, error) {
	day := dayOf(r.From)
	loc := r.From.Location()
	if !r.wholeDays() || day.Weekday() != time.Monday || !r.Until.Equal(first(addDays(day, 7), loc)) {
		return "", fmt.Errorf("%s is not one ISO week, which goes from a Monday through a Sunday", r.Key())
	}
	year, week := day.ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, week), nil
}

// ClockChanges returns the moments within the range at which clocks are put forward or back.
func (r Range) ClockChanges() []time.Time {
	var changes []time.Time
	for t := r.From; ; {
		_, end := zoneBounds(t)
		if end.IsZero() || !end.Before(r.Until) {
			return changes
		}
		if shifts(end) {
			changes = append(changes, end)
		}
		t = end
	}
}

// ClockNotes says in words what happens at each of ClockChanges: "25 Oct 2026: clocks go back 1h, from 03:00 to 02:00".
func (r Range) ClockNotes() []string {
	var notes []string
	for _, change := range r.ClockChanges() {
		_, before := change.Add(-1).Zone()
		_, after := change.Zone()
		direction, shift := "forward", after-before
		if shift < 0 {
			direction, shift = "back", -shift
		}
		old := wallOf(change).Add(time.Duration(before-after) * time.Second)
		note := fmt.Sprintf("%s: clocks go %s %s, from %s to %s",
			old.Format("2 Jan 2006"), direction, shortDuration(time.Duration(shift)*time.Second), old.Format("15:04"), change.Format("15:04"))
		if old.YearDay() != change.YearDay() {
			note += change.Format(" on 2 Jan 2006")
		}
		notes = append(notes, note)
	}
	return notes
}

// DueAt returns the first moment at which the range is due: where notBefore is more than 0, that time of day on the day after
// the range's last; else the range's end. A time of day that clocks leave out on that day is the moment of the change.
func (r Range) DueAt(notBefore time.Duration) time.Time {
	if notBefore <= 0 {
		return r.end()
	}
	next := addDays(dayOf(r.Through()), 1)
	return first(wall{next.Add(notBefore)}, r.From.Location())
}

// shortDuration leaves out the zeros at the end of a duration: 1h, 30m, 1h30m.
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
