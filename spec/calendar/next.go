package calendar

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Upcoming is a range with the moment at which it falls due, which for those of [Expr.Previous] has passed.
type Upcoming struct {
	// At is the first moment at which the range is due, not_before aside (see [Range.DueAt] for that):
	// the first at which it is what the words mean, and complete. A range that never is (today) is due as it begins.
	At time.Time
	Range
	// Gap is the time between the range before and this one that neither holds; Overlap the time that both hold.
	// Both are 0 where ranges abut, and for a first one that has none before it.
	Gap, Overlap time.Duration

	between Range // the gap or the overlap
}

// Note says a gap or an overlap in words, "leaves out 1 day since the range before"; empty where ranges abut.
func (u Upcoming) Note() string {
	if u.Gap == 0 && u.Overlap == 0 {
		return ""
	}
	size := shortDuration(u.Gap + u.Overlap)
	if u.between.wholeDays() {
		size = fmt.Sprintf("%d %s", u.between.Days(), plural(day, u.between.Days()))
	}
	if u.Gap > 0 {
		return "leaves out " + size + " since the range before"
	}
	return "repeats " + size + " of the range before"
}

// Next returns the next n ranges that fall due after a moment, as somebody sees them who looks all the time:
// for last_week those of the next n Mondays. There may be fewer: bounds that are written out fall due once at most,
// and what begins or ends with now is never due by itself.
func (e Expr) Next(at time.Time, c Calendar, n int) ([]Upcoming, error) {
	if e.UsesNow() || n <= 0 {
		return nil, nil
	}
	var (
		list   []Upcoming
		before Range
		fault  error
	)
	// Words of a day change each day, so that years without a range are passed, but not centuries.
	for t, steps := at, 4000+400*n; steps > 0; steps-- {
		r, due, err := e.dueFrom(t, c)
		switch {
		case errors.Is(err, ErrNothing):
		case err != nil:
			fault = err
		case !r.same(before):
			if due.After(at) {
				list = append(list, upcoming(due, r, before))
			}
			before = r
		}
		var more bool
		if t, more = e.changes(t, c); !more || len(list) == n {
			break
		}
	}
	if len(list) > 0 {
		return list, nil
	}
	return nil, fault
}

// dueFrom returns the range that the words mean at t, and from when on it is due: t, or its later end where the words still
// mean the same then. Otherwise it never is, unless it is one that is wanted unfinished.
func (e Expr) dueFrom(t time.Time, c Calendar) (Range, time.Time, error) {
	r, err := e.Resolve(t, c)
	if err != nil || !r.Partial || e.NeedsPartial() {
		return r, t.In(r.From.Location()), err
	}
	finished, err := e.Resolve(r.Until, c)
	if err == nil && !finished.same(r) {
		err = ErrNothing
	}
	return finished, r.Until, err
}

// changes returns the first moment after t at which the words may mean another range; ok is false where there is none.
func (e Expr) changes(t time.Time, c Calendar) (next time.Time, ok bool) {
	for _, u := range e.turns() {
		if start := c.next(u, t.In(c.location())); next.IsZero() || start.Before(next) {
			next = start
		}
	}
	return next, !next.IsZero()
}

// turns are the units with whose beginning the words may mean another range; none for bounds that are written out.
func (e Expr) turns() []unit {
	switch e.form {
	case completed, running:
		return []unit{e.unit}
	case toDate:
		return []unit{day}
	}
	var units []unit
	for _, m := range []moment{e.from, e.to} {
		if m.anchor == startOf {
			units = append(units, m.unit)
		}
	}
	return units
}

// Hourly reports whether the words mean another range within a day.
func (e Expr) Hourly() bool { return slices.Contains(e.turns(), hour) }

// upcoming compares a range with the one before it, which is zero for a first one.
func upcoming(due time.Time, r, before Range) Upcoming {
	u := Upcoming{At: due, Range: r}
	switch {
	case before.From.IsZero():
	case r.From.After(before.Until):
		u.between = Range{From: before.Until, Until: r.From}
		u.Gap = u.between.length()
	case r.From.Before(before.Until):
		u.between = Range{From: later(r.From, before.From), Until: earlier(r.Until, before.Until)}
		u.Overlap = max(0, u.between.length())
	}
	return u
}

// same reports whether two ranges hold the same time.
func (r Range) same(o Range) bool { return r.From.Equal(o.From) && r.Until.Equal(o.Until) }

// length is the time that elapses in the range.
func (r Range) length() time.Duration { return r.Until.Sub(r.From) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.After(b) {
		return b
	}
	return a
}
