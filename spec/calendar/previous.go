package calendar

import (
	"errors"
	"time"
)

// Previous returns the n ranges that fell due before the one that the words mean at a moment, the latest first, as somebody
// has seen them who looked all the time: it is the mirror of [Expr.Next]. There may be fewer: bounds that are written out
// have none before them, and what is not due yet at the moment is not among them. The error says why the words mean
// nothing at the moment, where they meant nothing before it either.
func (e Expr) Previous(at time.Time, c Calendar, n int) ([]Upcoming, error) {
	if e.UsesNow() || n <= 0 {
		return nil, nil
	}
	at = at.In(c.location())
	current, err := e.Resolve(at, c)
	if errors.Is(err, ErrNothing) {
		err = nil
	}
	fault := err
	// One more than asked for is looked for, since the gap before a range is known from the one before it.
	var list []Upcoming
	for t, steps := at, 4000+400*n; steps > 0; steps-- {
		start, more := e.changed(t, c)
		if !more || !reckonable(start) {
			break
		}
		r, due, err := e.dueFrom(start, c)
		switch last := len(list) - 1; {
		case err != nil || r.same(current):
		case last >= 0 && r.same(list[last].Range):
			list[last].At = due // it was due earlier than was known
		default:
			list = append(list, Upcoming{At: due, Range: r})
		}
		if len(list) > n || e.from.isFixed() && e.isNothing(start, c) {
			break // before a bound that is written out there never was anything
		}
		t = start.Add(-1)
	}
	if len(list) == 0 {
		return nil, fault
	}
	for i, before := range list[1:] {
		list[i] = upcoming(list[i].At, list[i].Range, before.Range)
	}
	return list[:min(n, len(list))], nil
}

// changed returns the last moment up to t at which the words may have come to mean what they mean at t; ok is false where
// there is none.
func (e Expr) changed(t time.Time, c Calendar) (last time.Time, ok bool) {
	for _, u := range e.turns() {
		if start := c.began(u, t.In(c.location())); start.After(last) {
			last = start
		}
	}
	return last, !last.IsZero()
}

// isNothing reports whether the words mean no range at t.
func (e Expr) isNothing(t time.Time, c Calendar) bool {
	_, err := e.Resolve(t, c)
	return err != nil
}
