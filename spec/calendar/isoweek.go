package calendar

import "time"

// CanBeISOWeek reports whether the range is one ISO week at some moment, so that range.iso_week has a value then.
func (e Expr) CanBeISOWeek(c Calendar) bool {
	switch e.form {
	case completed:
		const hours = 24 * 7 // one more or less where clocks change
		return e.unit == week && e.count == 1 && c.WeekStart == time.Monday ||
			e.unit == day && e.count == 7 || e.unit == hour && e.count >= hours-1 && e.count <= hours+1
	case running:
		return e.unit == week && c.WeekStart == time.Monday
	case toDate:
		return e.unit > week // a week to date has six days at most
	}
	// Bounds of all kinds are tried out. Within 28 years each date falls on each day of the week; what has not seven days
	// within one year has them never.
	const aYear = 366
	sevenDays := false
	at := time.Date(2026, time.January, 1, 12, 0, 0, 0, c.location())
	for day := 0; day < 28*aYear && (sevenDays || day <= aYear); day++ {
		if r, err := e.Resolve(at, c); err == nil {
			if _, err := r.ISOWeek(); err == nil {
				return true
			}
			if e.from.isFixed() && e.to.isFixed() {
				return false
			}
			sevenDays = sevenDays || r.Days() == 7
		}
		at = at.AddDate(0, 0, 1)
	}
	return false
}
