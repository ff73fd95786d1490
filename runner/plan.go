package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
)

// Plan decides what is due, fetches and builds it, and delivers nothing.
// A diagnostic of severity error goes with every delivery that is blocked;
// the error is of our surroundings, and then nothing is decided.
func (r *Runner) Plan(ctx context.Context, o PlanOptions) (*Plan, diag.List, error) {
	instances := make([]*instance, len(r.Config.Reports))
	errs := make([]error, len(instances))
	slots := make(chan struct{}, parallel)
	var running sync.WaitGroup
	for i, rep := range r.Config.Reports {
		in := &instance{r: r, rep: rep, options: o}
		instances[i] = in
		running.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if errs[i] = ctx.Err(); errs[i] == nil {
				errs[i] = in.plan(ctx)
			}
		})
	}
	running.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	p := &Plan{At: r.At, Offline: o.Offline, Documents: map[string]outputs.Document{}}
	var problems diag.List
	for _, in := range instances {
		p.Changes = append(p.Changes, in.changes...)
		problems.Extend(in.problems)
		if in.doc != nil {
			p.Documents[in.rep.Address] = *in.doc
		}
	}
	for _, c := range p.Changes {
		r.Observer.Observe(PlannedChange{c})
	}
	r.Observer.Observe(PlanSummary{p.Counts()})
	return p, problems, nil
}

// instance is a report on its way through a plan.
type instance struct {
	r        *Runner
	rep      *spec.Report
	options  PlanOptions
	scope    *scope
	changes  []*Change
	problems diag.List
	doc      *outputs.Document
}

func (in *instance) plan(ctx context.Context) error {
	for _, d := range in.rep.Destinations {
		in.changes = append(in.changes, &Change{
			Key:    state.Key{Project: in.r.Config.Settings.Project, Address: in.rep.Address + "." + d.Name},
			Report: in.rep, Destination: d, Rehearsal: rehearses(in.rep, d), attempt: 1,
		})
	}
	if in.rep.Disabled && !in.options.Preview {
		in.all(Skip, "the report has enabled: false")
		return nil
	}
	if !in.resolve() {
		return nil
	}
	if !in.options.Offline && !in.options.Preview {
		for _, c := range in.changes {
			if err := in.consult(ctx, c); err != nil {
				return err
			}
		}
	}
	if !slices.ContainsFunc(in.changes, (*Change).Due) {
		return nil
	}
	if in.options.Offline {
		in.foresee()
		return nil
	}
	return in.build(ctx)
}

// rehearses reports whether a delivery is only tried out: made-up rows, or a mail into an outbox.
func rehearses(rep *spec.Report, d *spec.Destination) bool {
	return d.Email != nil && d.Email.Via.Outbox != nil ||
		slices.ContainsFunc(rep.Datasets, func(d *spec.Dataset) bool { return d.Connection.Type == "demo" })
}

// all gives every change that is still open the same end.
func (in *instance) all(a Action, reason string) {
	for _, c := range in.changes {
		if c.Action == "" || c.Due() {
			c.Action, c.Reason = a, reason
		}
	}
}

// block ends every open change with a problem of severity error.
func (in *instance) block(problem *diag.Diagnostic) {
	in.problems.Add(*problem)
	in.all(Blocked, clause(problem))
}

// resolve works out the range, the title and what is due by the clock alone; false when nothing is.
func (in *instance) resolve() bool {
	rep, r := in.rep, in.r
	at := place{rep.WindowRange, fmt.Sprintf("report %q > range", rep.Address)}
	rng, err := rep.Window.Resolve(r.At, rep.Calendar)
	if errors.Is(err, calendar.ErrNothing) {
		in.all(Skip, fmt.Sprintf("the range %s has no complete day yet", rep.Window.Text))
		return false
	}
	if err != nil {
		in.block(at.problem("bad-range", "Range cannot be computed", sentence(err)))
		return false
	}
	for _, c := range in.changes {
		c.Range, c.Key.Range = rng, rng.Key()
	}
	now := r.Clock()
	label := rng.Label("en")
	if !rng.From.Before(now) {
		in.block(at.problem("future-range", "Range lies in the future",
			fmt.Sprintf("The range %s (%s) begins after the present moment, so nothing can be known of it yet.", label, rng.Key())))
		return false
	}
	if rng.Until.After(now) && !rep.Partial {
		in.block(at.problem("future-range", "Range lies in the future",
			fmt.Sprintf("The range %s (%s) has not ended yet at the present moment. A report that is meant to cover an unfinished period says `partial: true`.", label, rng.Key())))
		return false
	}
	in.scope = &scope{r: r, report: rep, rng: rng, title: rep.Name}
	if rep.Title != nil {
		title, problem := rep.Title.Str(in.scope)
		if problem != nil {
			in.block(problem)
			return false
		}
		in.scope.title = title
	}
	if due := rng.DueAt(rep.NotBefore); r.At.Before(due) && !in.options.Preview && !rng.Partial {
		in.all(Wait, "not before "+due.Format("2006-01-02 15:04 MST"))
		return false
	}
	for _, c := range in.changes {
		c.Action = c.due()
	}
	return true
}

// foresee says of an offline plan's deliveries what is known without data.
func (in *instance) foresee() {
	for _, c := range in.changes {
		if !c.Due() {
			continue
		}
		c.Reason = "due unless delivered"
		c.Detail = "(after fetch)"
		where, problem := in.r.whereTo(in.scope, c.Destination)
		if problem != nil {
			in.problems.Add(*problem)
			c.Action, c.Reason = Blocked, clause(problem)
			continue
		}
		c.Target = where
	}
}
