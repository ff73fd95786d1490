package expr

import "time"

// Zoned is an Env whose moments are what the clocks of a place showed: between two of them lies the time that passed there,
// which on a day of 25 hours is one more than the clocks tell.
type Zoned interface {
	// Location is that place; nil where clocks are never changed.
	Location() *time.Location
}

// location is where the moments are.
func (m *machine) location() *time.Location {
	if z, ok := m.env.(Zoned); ok {
		return z.Location()
	}
	return nil
}

// elapses reports whether l and r are two moments to take the distance of. That of two dates is in calendar days, which
// have 24 hours each.
func (n *arithmetic) elapses(l, r *Value) bool {
	return n.op == sub && moments.has(l.Type) && moments.has(r.Type) && (l.Type == DateTime || r.Type == DateTime) && l.Valid && r.Valid
}

// passed puts two moments on one scale of time. Of an hour that the clocks show twice the first is meant: which one it
// was, a wall clock does not tell.
func passed(l, r *Value, in *time.Location) (*Value, *Value) {
	if in == nil {
		return l, r
	}
	from, until := *r, *l
	from.Int, until.Int = instant(from.Int, in), instant(until.Int, in)
	return &until, &from
}

// instant is when the clocks of a place showed civil microseconds, in microseconds of universal time.
func instant(civil int64, in *time.Location) int64 {
	t := FromCivil(civil)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), in).UnixMicro()
}
