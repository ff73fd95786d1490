package table

import "time"

// Ranged is an expr.Env that knows the range which rows were asked for.
type Ranged interface {
	// RowRange returns the range, without its end, in the zone of the rows' clocks.
	RowRange() (from, until time.Time)
}
