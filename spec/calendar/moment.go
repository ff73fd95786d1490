package calendar

import "time"

// moment is a bound as it was written: an anchor, and then so many units before or after it.
type moment struct {
	anchor anchor
	// unit belongs to startOf, and literal to aDay and aTime; zone to an aTime that was written with its offset.
	unit    unit
	literal wall
	zone    *time.Location
	offsets []offset
	text    string
}

type anchor uint8

const (
	noAnchor anchor = iota
	startOf
	now
	aDay
	aTime
)

// offset is one step from an anchor.
type offset struct {
	count int // negative: before
	unit  unit
}

// finerThanDay reports whether the moment may lie within a day, so that it does not name a day.
func (m moment) finerThanDay() bool {
	if m.anchor == now || m.anchor == aTime || m.unit == hour {
		return true
	}
	for _, o := range m.offsets {
		if o.unit <= hour {
			return true
		}
	}
	return false
}

// alwaysAhead reports whether the moment, and so many days, is always after the one it is computed for.
func (m moment) alwaysAhead(days int) bool {
	if m.anchor != startOf {
		return false
	}
	months, rest := 0, time.Duration(days)*day.longest()
	for _, o := range m.offsets {
		if o.unit.months() > 0 {
			months += o.count * o.unit.months()
		} else {
			rest += time.Duration(o.count) * o.unit.longest()
		}
	}
	if m.unit.months() > 0 && months >= m.unit.months() && rest >= 0 {
		return true
	}
	const shortestMonth = 28 * 24 * time.Hour
	return time.Duration(months)*shortestMonth+rest >= m.unit.longest()
}

// resolve finds the moment, and what the wall clock is meant to show then (which differs where a midnight or a whole day
// was left out). Days and longer units go along the calendar, and find their moment on the wall clock there;
// hours and minutes elapse.
func (m moment) resolve(at time.Time, c Calendar) (t time.Time, w wall, fault *SyntaxError) {
	loc := at.Location()
	switch {
	case m.anchor == now:
		t, w = at, wallOf(at)
	case m.anchor == startOf && m.unit == hour:
		t = startOfHour(at)
		w = wallOf(t)
	case m.anchor == startOf:
		w = c.startOf(m.unit, dayOf(at))
		t = first(w, loc)
	case m.anchor == aDay:
		w = m.literal
		t = first(w, loc)
	case m.anchor == aTime && m.zone != nil:
		t = first(m.literal, m.zone).In(loc)
		w = wallOf(t)
	case m.anchor == aTime:
		w = m.literal
		t = first(w, loc)
		if fault = m.checkTime(t); fault != nil {
			return t, w, fault
		}
	}
	for _, o := range m.offsets {
		if o.unit <= hour {
			t = t.Add(time.Duration(o.count) * o.unit.longest())
			w = wallOf(t)
			continue
		}
		w = add(o.unit, w, o.count)
		t = first(w, loc)
	}
	return t, w, nil
}

// checkTime refuses a time of day that clocks never showed, or showed twice, on that day.
func (m moment) checkTime(t time.Time) *SyntaxError {
	const layout = "2006-01-02T15:04"
	written, zone := m.literal.Format(layout), t.Location()
	if wallOf(t) != m.literal {
		return &SyntaxError{
			Code: "impossible-time", Summary: "Impossible time",
			Detail: "In " + zone.String() + " clocks were put forward over " + written + ". The next moment is " + t.Format(layout+"-07:00") + ".",
		}
	}
	if second, ok := repeated(t); ok {
		return &SyntaxError{
			Code: "ambiguous-time", Summary: "Ambiguous time",
			Detail: "In " + zone.String() + " clocks showed " + written + " twice. Write which one is meant:\n\n  " +
				t.Format(layout+"-07:00") + "\n  " + second.Format(layout+"-07:00"),
		}
	}
	return nil
}
