package runner

import (
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/calendar"
)

// ranged is the scope of a dataset's steps: expressions see the report's range, and fill the one that the rows were asked
// for, which may be the dataset's own.
type ranged struct {
	*scope
	rows calendar.Range
	// others are the tables of the datasets that the steps take rows of, by name.
	others map[string]*table.Table
}

var _ table.Ranged = (*ranged)(nil)

// RowRange implements table.Ranged.
func (r *ranged) RowRange() (from, until time.Time) { return r.rows.From, r.rows.Until }
