package calendar

import "time"

// Before returns the range that a range is compared with: the same words one period earlier. R is what the words mean,
// and at is the moment for which.
//
//   - Complete units stand against as many before them: last_week against the week before, October against September,
//     previous 4 weeks against the 4 before those.
//   - A unit to date stands against the same part of the unit before, through the same day of it or its last one:
//     1–30 March against 1–28 February. The running unit stands against the unit before up to the same time of its clock.
//   - Bounds from a first of a month up to another are months, and stand against as many months. Other bounds stand against
//     as many days before them, or as much time where they are no days.
func (e Expr) Before(r Range, at time.Time, c Calendar) (Range, error) {
	loc := r.From.Location()
	from, until := dayOf(r.From), dayOf(r.end())
	out := Range{Until: r.From}
	switch u := e.elapsing(); {
	case u == fiscalYear:
		out = e.soFar(r, at, c.step(u, from, -1), yearBack)
	case u != noUnit:
		back := func(w wall) wall { return add(u, w, -1) }
		out = e.soFar(r, at, back(from), back)
	case !r.wholeDays() || e.form == completed && e.unit == hour:
		out.From = r.From.Add(-r.length())
	case e.form == completed && e.unit != day:
		out.From = first(c.step(e.unit, from, -e.count), loc)
	case from.Day() == 1 && until.Day() == 1:
		n := (until.Year()-from.Year())*12 + int(until.Month()-from.Month())
		out.From = first(addMonths(from, -n), loc)
	default:
		out.From = r.From
		for range r.Days() {
			out.From = startOfDay(out.From.Add(-1)) // a day that a zone left out is none
		}
	}
	return out.reckoned(e)
}

// YearBefore returns the range of the same dates a year earlier, 29 February being the 28th where there is none; whole
// months stay whole. Words of weeks, and all words where weekdays are to stay, mean 52 weeks earlier, so that a Monday
// stands against a Monday.
func (e Expr) YearBefore(r Range, at time.Time, c Calendar, weekdays bool) (Range, error) {
	const weeks = 52
	loc, back := r.From.Location(), yearBack
	if weekdays || e.unit == week || e.from.unit == week {
		back = func(w wall) wall { return addDays(w, -7*weeks) }
	}
	from, until := dayOf(r.From), dayOf(r.end())
	start := back(from)
	if e.unit == fiscalYear {
		start = c.step(fiscalYear, from, -1)
	}
	switch {
	case e.elapsing() != noUnit:
		return e.soFar(r, at, start, back).reckoned(e)
	case !r.wholeDays():
		begin := first(back(wallOf(r.From)), loc)
		return Range{From: begin, Until: begin.Add(r.length())}.reckoned(e)
	case from.Day() == 1 && until.Day() == 1:
		until = back(until)
	default:
		until = addDays(back(dayOf(r.Through())), 1)
	}
	return Range{From: first(start, loc), Until: first(until, loc)}.reckoned(e)
}

func yearBack(w wall) wall { return addMonths(w, -12) }

// elapsing is the unit whose elapsed part the words mean: that of the words themselves, or of bounds that begin with a unit
// and end within it, today or now. It is none for words of complete units and for other bounds.
func (e Expr) elapsing() unit {
	switch e.form {
	case toDate, running:
		return e.unit
	case untilForm, throughForm:
		within := e.to.anchor == now || e.to.anchor == startOf && e.to.unit < e.from.unit
		if e.from.anchor == startOf && within && len(e.from.offsets)+len(e.to.offsets) == 0 {
			return e.from.unit
		}
	}
	return noUnit
}

// soFar is the elapsed part of a range, moved by back to begin with start.
func (e Expr) soFar(r Range, at time.Time, start wall, back func(wall) wall) Range {
	loc := r.From.Location()
	end := r.end()
	if r.Until.After(at) {
		end = at.In(loc).Truncate(time.Minute)
	}
	if e.from.unit == hour { // hours elapse, and are of no day
		return Range{From: r.From.Add(-time.Hour), Until: end.Add(-time.Hour)}
	}
	out := Range{From: first(start, loc)}
	if end.Equal(startOfDay(end)) {
		// The last day is what is moved: 1–30 March would lose 28 February where its end were.
		out.Until = first(addDays(back(dayOf(end.Add(-1))), 1), loc)
	} else {
		out.Until = first(back(wallOf(end)), loc)
	}
	if !out.From.Before(out.Until) { // at its first moment a unit has no elapsed part: its first day is taken
		out.Until = first(addDays(dayOf(out.From), 1), loc)
	}
	return out
}

// reckoned is the range, or why it cannot be.
func (r Range) reckoned(e Expr) (Range, error) {
	if !reckonable(r.From) || !reckonable(r.Until) {
		return Range{}, tooFar(e.Text)
	}
	return r, nil
}
