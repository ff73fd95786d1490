package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
)

// instance is a report with one range on its way through a plan.
type instance struct {
	*planning
	rep *spec.Report
	// at is the moment that the range is computed for: the run's, or for an earlier range the first at which it was due.
	at time.Time
	// earlier is that range; zero for the one that is due at the run's moment.
	earlier  calendar.Range
	scope    *scope
	changes  []*Change
	problems diag.List
	doc      *outputs.Document
	// parts are the instances of a split; found the values to be recorded.
	parts []*instance
	found []*splitRecord
	// settled: the parts that are known are delivered, so that nobody looked for others.
	settled bool
	// older are the deliveries of earlier ranges that were never made.
	older []Older
}

// expand makes the instances: for each report that is meant the range of the run's moment, or those of a backfill,
// and those that a report catches up with.
func (pl *planning) expand() ([]*instance, error) {
	var all []*instance
	for _, rep := range pl.r.Config.Reports {
		if !pl.options.Selection.Takes(rep) {
			continue
		}
		if !pl.options.From.IsZero() {
			past, err := pl.past(rep)
			if err != nil {
				return nil, err
			}
			all = append(all, past...)
			continue
		}
		missed, err := pl.missed(rep)
		if err != nil {
			return nil, err
		}
		all = append(all, missed...)
		all = append(all, pl.instance(rep, pl.r.At, calendar.Range{}))
	}
	return all, nil
}

func (pl *planning) instance(rep *spec.Report, at time.Time, earlier calendar.Range) *instance {
	in := &instance{planning: pl, rep: rep, at: at, earlier: earlier}
	for _, d := range rep.Destinations {
		if !pl.options.Selection.takesDestination(rep, d.Name) && rep.Split == nil {
			continue
		}
		address := rep.Address
		if rep.Split != nil {
			address += unknownParts
		}
		in.changes = append(in.changes, &Change{
			Key:    state.Key{Project: pl.r.Config.Settings.Project, Address: address + "." + d.Name},
			Report: rep, whole: rep, Destination: d, Rehearsal: Rehearses(rep, d), attempt: 1,
		})
	}
	return in
}

func (in *instance) plan(ctx context.Context) error {
	if in.rep.Disabled && !in.options.Preview {
		in.all(Skip, "the report has enabled: false")
		return nil
	}
	if in.resolve() {
		if err := in.decide(ctx); err != nil {
			return err
		}
	}
	return in.lookBack(ctx)
}

// decide plans what is due by the clock.
func (in *instance) decide(ctx context.Context) error {
	if in.rep.Split != nil && !in.options.Offline {
		return in.planParts(ctx)
	}
	if err := in.consultAll(ctx); err != nil {
		return err
	}
	if in.options.Offline {
		in.foresee()
		return nil
	}
	return in.turn(ctx, in.build)
}

// consultAll asks the state about every delivery that is due by the clock.
func (in *instance) consultAll(ctx context.Context) error {
	if in.options.Offline || in.options.stateless() {
		return nil
	}
	for _, c := range in.changes {
		if !c.Key.Fits() {
			problem := changePlace(c).problem("long-key", "Key is too long", fmt.Sprintf(
				"The state cannot remember a delivery with so long a name, and without its word it could be made twice: %s. Shorten the key, for a split with a derive.", c.Key.Address))
			in.problems.Add(*problem)
			c.block(problem, clause(problem))
			continue
		}
		if err := in.consult(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// turn does the costly part of an instance with something due, when it is its turn.
func (in *instance) turn(ctx context.Context, work func(context.Context) error) error {
	if !in.due() {
		return nil
	}
	in.claims <- struct{}{}
	var err error
	if in.rep.Split == nil { // its parts are claimed when they are known
		err = in.claim(ctx)
	}
	in.building <- struct{}{}
	<-in.claims
	defer func() { <-in.building }()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil || !in.due() {
		return err
	}
	return work(ctx)
}

func (in *instance) due() bool { return slices.ContainsFunc(in.changes, (*Change).Due) }

// all gives every change that is still open the same end.
func (in *instance) all(a Action, reason string) {
	for _, c := range in.changes {
		if c.open() {
			c.Action, c.Reason = a, reason
		}
	}
}

// block ends every open change with a problem of severity error.
func (in *instance) block(problem *diag.Diagnostic) {
	in.blockFor(problem, clause(problem))
}

func (in *instance) blockFor(problem *diag.Diagnostic, reason string) {
	in.problems.Add(*problem)
	for _, c := range in.changes {
		if c.open() {
			c.block(problem, reason)
		}
	}
}

// resolve works out the range, the title and what is due by the clock alone; false when nothing is.
func (in *instance) resolve() bool {
	rep, r := in.rep, in.r
	at := place{rep.WindowRange, fmt.Sprintf("report %q > range", rep.Address)}
	rng, err := in.earlier, error(nil)
	if rng.From.IsZero() {
		rng, err = rep.Window.Resolve(in.at, rep.Calendar)
	}
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
		in.block(at.problem("future-range", "Range has not ended",
			fmt.Sprintf("The range %s (%s) has not ended yet at the present moment. A report that is meant to cover an unfinished period says `partial: true`.", label, rng.Key())))
		return false
	}
	in.scope = &scope{r: r, report: rep, rng: rng, at: in.at, title: rep.Name, origins: &origins{}}
	if rep.Title != nil && rep.Split == nil {
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
		if in.rep.Split != nil {
			c.Target = fmt.Sprintf("one for each %s", in.rep.Split.By)
			continue
		}
		where, problem := in.r.whereTo(in.scope, c.Destination)
		if problem != nil {
			in.problems.Add(*problem)
			c.block(problem, clause(problem))
			continue
		}
		c.Target = where
	}
}
