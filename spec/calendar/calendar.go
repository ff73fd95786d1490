// Package calendar turns the words for a range, such as last_week, into the half-open stretch of time they mean.
package calendar

import "time"

// Calendar is what the words depend on.
type Calendar struct {
	// Location is the zone in which days begin.
	Location *time.Location
	// WeekStart is the first day of a week.
	WeekStart time.Weekday
	// FiscalMonth and FiscalDay begin a fiscal year; zero means 1 January.
	FiscalMonth time.Month
	FiscalDay   int
}

// Range is [From, Until) in From's location.
type Range struct {
	From, Until time.Time
	// Partial: the range's last period is unfinished at the moment it was computed for.
	Partial bool
}

// Expr is a range as it was written.
type Expr struct {
	// Text is what was written, in one line.
	Text string
	// more by its owner
}
