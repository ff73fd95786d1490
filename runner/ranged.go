package runner

import (
	"slices"
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
)

// ranged is the scope of a dataset's steps: expressions see the report's range, and fill the one that the rows were asked
// for, which may be the dataset's own, by the API's clocks.
type ranged struct {
	*scope
	rows calendar.Range
	zone *time.Location // of the API; nil: the range's
	// others are the tables of the datasets that the steps take rows of, by name.
	others map[string]*table.Table
}

var (
	_ table.Ranged = (*ranged)(nil)
	_ table.Tables = (*ranged)(nil)
)

// of is the scope of the steps over what a dataset asked its source for.
func (s *scope) of(d *spec.Dataset, rows calendar.Range, others map[string]*table.Table) *ranged {
	return &ranged{s, rows, d.Connection.API.Timezone, others}
}

// Table implements table.Tables.
func (r *ranged) Table(name string) *table.Table { return r.others[name] }

// RowRange implements table.Ranged.
func (r *ranged) RowRange() (from, until time.Time) {
	from, until = r.rows.From, r.rows.Until
	if r.zone != nil {
		from, until = from.In(r.zone), until.In(r.zone)
	}
	return from, until
}

// asking is the dataset that asked for the rows of one that takes them from another.
func (s *scope) asking(d *spec.Dataset) *spec.Dataset {
	for d.From != "" {
		from := d.From
		d = s.report.Datasets[slices.IndexFunc(s.report.Datasets, func(other *spec.Dataset) bool { return other.Name == from })]
	}
	return d
}
