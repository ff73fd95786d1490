package calendar

import "time"

// unit is a stretch of the calendar.
type unit uint8

const (
	noUnit unit = iota
	minute
	hour
	day
	week
	month
	quarter
	year
	fiscalYear
)

// String is the unit as it is written after start_of_.
func (u unit) String() string {
	return [...]string{"", "min", "hour", "day", "week", "month", "quarter", "year", "fiscal_year"}[u]
}

// longest is a bound for how long a unit takes.
func (u unit) longest() time.Duration {
	const day = 24 * time.Hour
	return [...]time.Duration{0, time.Minute, time.Hour, day, 7 * day, 31 * day, 92 * day, 366 * day, 366 * day}[u]
}

// months is how many months a unit takes, 0 where it takes less than one.
func (u unit) months() int { return [...]int{0, 0, 0, 0, 0, 1, 3, 12, 12}[u] }

// startOf returns the first day of the unit (a day or longer) that a day belongs to.
func (c Calendar) startOf(u unit, d wall) wall {
	switch u {
	case week:
		return addDays(d, -(int(d.Weekday()-c.WeekStart)+7)%7)
	case month:
		return wallDay(d.Year(), d.Month(), 1)
	case quarter:
		return wallDay(d.Year(), (d.Month()-1)/3*3+1, 1)
	case year:
		return wallDay(d.Year(), time.January, 1)
	case fiscalYear:
		if start := c.fiscalYear(d.Year()); !start.After(d.Time) {
			return start
		}
		return c.fiscalYear(d.Year() - 1)
	}
	return d
}

// fiscalYear returns the first day of the fiscal year that begins in a calendar year.
func (c Calendar) fiscalYear(y int) wall {
	// 2000 is a leap year, so that 29 February stands until it is clamped.
	return addMonths(wallDay(2000, max(c.FiscalMonth, time.January), max(c.FiscalDay, 1)), 12*(y-2000))
}

// step returns the start of the n-th unit after the one that begins with start.
func (c Calendar) step(u unit, start wall, n int) wall {
	if u == fiscalYear {
		return c.fiscalYear(start.Year() + n)
	}
	return add(u, start, n)
}

// add goes n units (a day or longer) along the calendar.
func add(u unit, w wall, n int) wall {
	switch u {
	case day:
		return addDays(w, n)
	case week:
		return addDays(w, 7*n)
	}
	return addMonths(w, u.months()*n)
}

// next returns the first moment after t at which a unit begins.
func (c Calendar) next(u unit, t time.Time) time.Time {
	if u == hour {
		return nextHour(t)
	}
	return first(c.step(u, c.startOf(u, dayOf(t)), 1), t.Location())
}

// began returns the last moment up to t at which a unit began.
func (c Calendar) began(u unit, t time.Time) time.Time {
	if u == hour {
		return startOfHour(t)
	}
	return first(c.startOf(u, dayOf(t)), t.Location())
}
