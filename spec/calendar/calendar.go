// Package calendar turns the words for a range, such as last_week, into the half-open stretch of time they mean.
//
// Everything is computed in the zone of a [Calendar], never in the machine's. Days are calendar days, which are 23, 24
// or 25 hours long where clocks change; a day begins with its first moment, which is not always midnight.
package calendar

import (
	"errors"
	"time"
	_ "time/tzdata" // every report has a zone, and slim images and some systems know none
)

// Calendar is what the words depend on.
type Calendar struct {
	// Location is the zone in which days begin; nil means UTC.
	Location *time.Location
	// WeekStart is the first day of a week.
	WeekStart time.Weekday
	// FiscalMonth and FiscalDay begin a fiscal year; zero means 1 January. In years without that day (29 February)
	// the fiscal year begins on the last day of the month.
	FiscalMonth time.Month
	FiscalDay   int
}

// location is the zone that days begin in.
func (c Calendar) location() *time.Location {
	if c.Location == nil {
		return time.UTC
	}
	return c.Location
}

// Range is [From, Until) in From's location.
type Range struct {
	From, Until time.Time
	// Partial: the range's last period is unfinished at the moment it was computed for.
	Partial bool
}

// ErrNothing is returned by [Expr.Resolve] where the range holds no complete day yet, as week_to_date on the first day
// of a week: nothing is wrong, and nothing is due.
var ErrNothing = errors.New("the period has no complete day yet")

// Expr is a range as it was written.
type Expr struct {
	// Text is what was written, in one line; Parse(Text) gives the same range.
	Text string

	form form
	// unit and count belong to the words.
	unit  unit
	count int
	// from and to belong to the bounds.
	from, to moment
}

// form is how a range was written.
type form uint8

const (
	noForm      form = iota
	completed        // count complete units before the running one
	toDate           // the complete days of the running unit
	running          // the whole running unit, with its unfinished part
	untilForm        // from a moment up to another
	throughForm      // from a moment to the end of a day
)

// IsZero reports whether nothing was written.
func (e Expr) IsZero() bool { return e.form == noForm }

// UsesNow reports whether the range ends or begins with the run's very moment. Such a range never comes twice,
// so that only a dataset's own range may be one: it is no part of a delivery's key.
func (e Expr) UsesNow() bool { return e.from.anchor == now || e.to.anchor == now }

// Recurs reports whether the words mean other ranges at other times. Bounds that are written out mean one for good, and what
// begins or ends with now is never due by itself.
func (e Expr) Recurs() bool { return !e.UsesNow() && len(e.turns()) > 0 }

// NeedsPartial reports whether the range is unfinished whenever it is computed, as today and this_week are,
// so that its report must say partial: true. A range that is only unfinished on some days, or up to now, does not need it.
func (e Expr) NeedsPartial() bool {
	switch e.form {
	case running:
		return true
	case untilForm:
		return e.to.alwaysAhead(0)
	case throughForm:
		return e.to.alwaysAhead(1)
	}
	return false
}
