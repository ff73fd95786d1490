package runner

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// compare asks for a dataset's rows of a range and of the earlier one that it is compared with, at the same time, and lays
// them side by side.
func (r *Runner) compare(ctx context.Context, s *scope, d *spec.Dataset, rng calendar.Range, others map[string]*table.Table, at place) (*table.Table, diag.List, error) {
	window := s.report.Window
	if d.Window != nil {
		window = *d.Window
	}
	earlier, err := d.Compare.Earlier(window, rng, s.at, s.report.Calendar)
	if err != nil {
		return nil, diag.List{*at.problem("bad-range", "Range cannot be computed", sentence(err))}, nil
	}
	var sides [2]side
	var both sync.WaitGroup
	both.Go(func() { sides[0].ask(ctx, r, s, d, rng, others, at) })
	both.Go(func() { sides[1].ask(ctx, r, s.before(d, earlier), d, earlier, others, at) })
	both.Wait()
	for _, side := range sides {
		if side.rows != nil {
			defer side.rows.Close()
		}
	}
	for _, side := range sides {
		if side.rows == nil {
			return nil, side.problems, side.err // the other's problem is most likely the same
		}
	}
	o := sides[0].origin
	o.requests += sides[1].origin.requests
	o.fetched += sides[1].origin.fetched
	o.compared = earlier.Label(s.Locale())
	o.alsoAbsent(sides[1].origin.absent)
	s.origins.note(d.Name, o)
	shift := table.NewShift(rng, earlier, d.Compare.Weekdays)
	problems := o.warnings(d, at)
	if shift.Uneven() && slices.ContainsFunc(sides[0].rows.Fields(), isWeek) {
		problems.Add(d.Compare.UnevenWeeks())
	}
	out, err := d.Compare.Table.Apply(ctx, sides[0].rows, sides[1].rows, shift, r.spool())
	var fault *table.Fault
	switch {
	case errors.As(err, &fault):
		return nil, diag.List{d.Compare.Diagnose(fault)}, nil
	case err != nil && ctx.Err() == nil:
		return nil, diag.List{*at.problem("compare", "Ranges cannot be compared", sentence(err))}, nil
	}
	if err == nil {
		// Each pair is one row of two. By time alone it is no wonder: a quiet week has other days than a busy one.
		this, before := sides[0].rows, sides[1].rows
		if on := d.Compare.Table.Keys(this.Fields()); len(on) > 0 && this.Len() > 0 && before.Len() > 0 && out.Len() == this.Len()+before.Len() {
			problems.Add(d.Compare.NonePaired(on))
		}
	}
	return out, problems, err
}

func isWeek(f table.Field) bool { return f.Type == expr.Period && f.Grain == "week" && !f.Hidden }

// side is the rows of one of the ranges that are compared, or why there are none.
type side struct {
	rows     *table.Table
	origin   origin
	problems diag.List
	err      error
}

func (x *side) ask(ctx context.Context, r *Runner, s *scope, d *spec.Dataset, rng calendar.Range, others map[string]*table.Table, at place) {
	x.rows, x.origin, x.problems, x.err = r.asked(ctx, s, d, rng, others, at)
}

// before is the scope of a dataset's rows of an earlier range, which range.from and the like are of there. Where the dataset
// has a range of its own, they are of the report's at that time.
func (s *scope) before(d *spec.Dataset, earlier calendar.Range) *scope {
	out := &scope{r: s.r, report: s.report, rng: earlier, at: s.at, title: s.title, part: s.part, earlier: true}
	if d.Window != nil {
		if rng, err := d.Compare.Earlier(s.report.Window, s.rng, s.at, s.report.Calendar); err == nil {
			out.rng = rng
		}
	}
	return out
}
