package calendar

import "time"

// Resolve returns the range that the words mean at a moment. The error is [ErrNothing], or a *[SyntaxError] for what
// only the moment shows: bounds that leave nothing between them, or a time of day that does not exist in the zone.
func (e Expr) Resolve(at time.Time, c Calendar) (Range, error) {
	loc := c.location()
	at = at.In(loc)
	if !reckonable(at) {
		return Range{}, tooFar("")
	}
	var r Range
	today := dayOf(at)
	switch e.form {
	case completed:
		r = e.complete(at, c)
	case toDate:
		r = Range{From: first(c.startOf(e.unit, today), loc), Until: first(today, loc)}
		if !r.From.Before(r.Until) {
			return Range{}, ErrNothing
		}
	case running:
		start := c.startOf(e.unit, today)
		r = Range{From: first(start, loc), Until: first(c.step(e.unit, start, 1), loc)}
	case untilForm, throughForm:
		var fault *SyntaxError
		if r, fault = e.between(at, c); fault != nil {
			return Range{}, fault
		}
		if r.From.Equal(r.Until) {
			return Range{}, ErrNothing
		}
	default:
		return Range{}, ErrNothing
	}
	if !reckonable(r.From) || !reckonable(r.Until) {
		return Range{}, tooFar(e.Text)
	}
	r.Partial = r.Until.After(at)
	return r, nil
}

// complete returns the complete units before the running one.
func (e Expr) complete(at time.Time, c Calendar) Range {
	switch e.unit {
	case hour:
		r := Range{From: startOfHour(at), Until: startOfHour(at)}
		for range e.count {
			r.From = startOfHour(r.From.Add(-1))
		}
		return r
	case day:
		// Day by day, because a day that a zone left out (Apia's 30 December 2011) is none.
		r := Range{From: startOfDay(at), Until: startOfDay(at)}
		for range e.count {
			r.From = startOfDay(r.From.Add(-1))
		}
		return r
	}
	start := c.startOf(e.unit, dayOf(at))
	return Range{From: first(c.step(e.unit, start, -e.count), at.Location()), Until: first(start, at.Location())}
}

// between returns the range of two bounds, which may be empty unless both are written out.
func (e Expr) between(at time.Time, c Calendar) (Range, *SyntaxError) {
	part := "until"
	if e.form == throughForm {
		part = "through"
	}
	from, _, fault := e.from.resolve(at, c)
	if fault != nil {
		return Range{}, fault.in("from", e.from.text)
	}
	end, last, fault := e.to.resolve(at, c)
	if fault != nil {
		return Range{}, fault.in(part, e.to.text)
	}
	if e.form == throughForm {
		end = first(addDays(last, 1), at.Location())
	}
	// Moving bounds may meet for a day, as {from: start_of_month, until: today} do on the first of a month.
	if end.Before(from) || end.Equal(from) && e.from.isFixed() && e.to.isFixed() {
		return Range{}, e.empty(from, end).in(part, e.to.text)
	}
	return Range{From: from, Until: end}, nil
}

// empty says why nothing lies between the bounds.
func (e Expr) empty(from, end time.Time) *SyntaxError {
	fault := &SyntaxError{Code: "empty-range", Summary: "Empty range"}
	show := func(t time.Time) string {
		if e.from.finerThanDay() || e.to.finerThanDay() {
			return t.Format("2006-01-02T15:04-07:00")
		}
		return t.Format(time.DateOnly)
	}
	switch {
	case e.form == throughForm:
		last := end.Add(-1)
		fault.Detail = "The range would begin on " + show(from) + " and end with " + show(last) + ". Its last day must not come before its first."
	case from.Equal(end):
		fault.Detail = "The end under until does not belong to the range, so nothing is left. For that whole day write through in place of until."
	default:
		fault.Detail = "The range would begin at " + show(from) + " and end before " + show(end) + ". Its end must come after its beginning."
	}
	return fault
}

// reckonable reports whether a moment has a year that is written with four digits.
func reckonable(t time.Time) bool { return t.Year() >= 1 && t.Year() <= 9999 }

func tooFar(text string) *SyntaxError {
	return (&SyntaxError{
		Code: "impossible-range", Summary: "Impossible range",
		Detail: "The range reaches beyond the years 1 to 9999.",
	}).in("", text)
}
