package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// parallel is how many reports are built at once; what they ask of one connection is bounded there.
const parallel = 2

// consulting is how many reports ask the state at once: on an object store each answer takes a while.
const consulting = 16

// planning is what the instances of a plan share.
type planning struct {
	r       *Runner
	options PlanOptions
	claimer state.Claimer
	// known are the ranges that the state has records of, by address; asked for once, and only where a report looks back.
	known func() (map[string][]string, error)
	// root is the state's.
	root func() (state.Root, error)
	// claims bounds the reports that are claimed ahead, building those that are fetched and rendered at once.
	claims, building chan struct{}
}

// Plan decides what is due, fetches and builds it, and delivers nothing.
// A diagnostic of severity error goes with every delivery that is blocked;
// the error is of our surroundings, and then nothing is decided.
// Where the options say so, what is due is claimed: the plan is then to be released.
func (r *Runner) Plan(ctx context.Context, o PlanOptions) (*Plan, diag.List, error) {
	pl := &planning{
		r: r, options: o, claims: make(chan struct{}, claiming), building: make(chan struct{}, parallel),
		claimer: state.Claimer{Store: r.Store, By: r.ID, Now: r.Clock},
		known:   sync.OnceValues(func() (map[string][]string, error) { return r.known(ctx) }),
		root:    sync.OnceValues(func() (state.Root, error) { return r.Store.Root(ctx) }),
	}
	if pl.options.Claim {
		// A state that nobody has begun has nobody to share with; its first delivery begins it.
		if _, err := pl.root(); errors.Is(err, state.ErrNoRoot) {
			pl.options.Claim = false
		} else if err != nil {
			return nil, nil, err
		}
	}
	instances, err := pl.expand()
	if err != nil {
		return nil, nil, err
	}
	err = pl.run(ctx, instances)
	p := &Plan{At: r.At, Offline: o.Offline, Documents: map[string]outputs.Document{}}
	var problems diag.List
	for _, in := range instances {
		in.gather(p, &problems)
	}
	if err == nil {
		err = p.matched(o)
	}
	if err == nil {
		err = pl.renamed(ctx, p, &problems)
	}
	if err != nil {
		p.Release(ctx)
		return nil, nil, err
	}
	problems.Extend(p.sharedPaths())
	for _, c := range p.Changes {
		r.Observer.Observe(PlannedChange{c})
	}
	r.Observer.Observe(PlanSummary{p.Counts()})
	return p, problems, nil
}

// run plans all instances. Runs that share the work begin at different ones, so that they seldom reach for the same.
func (pl *planning) run(ctx context.Context, instances []*instance) error {
	first := 0
	if pl.options.Claim && len(instances) > 0 {
		for _, c := range pl.r.ID {
			first = (first*31 + int(c)) % len(instances)
		}
	}
	errs := make([]error, len(instances))
	slots := make(chan struct{}, consulting)
	var running sync.WaitGroup
	for i := range instances {
		i = (first + i) % len(instances)
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			if errs[i] = ctx.Err(); errs[i] == nil {
				errs[i] = instances[i].plan(ctx)
			}
			instances[i].release(ctx)
		})
	}
	running.Wait()
	return errors.Join(errs...)
}

// gather adds an instance's decisions to the plan.
func (in *instance) gather(p *Plan, problems *diag.List) {
	for _, part := range in.parts {
		part.gather(p, problems)
	}
	p.Changes = append(p.Changes, in.changes...)
	p.Older = append(p.Older, in.older...)
	p.splits = append(p.splits, in.found...)
	if in.settled && in.earlier.From.IsZero() {
		p.Settled = append(p.Settled, in.rep)
	}
	problems.Extend(in.problems)
	if in.doc != nil {
		p.Documents[in.rep.Address] = *in.doc
	}
}

// release gives back what was claimed and turned out not to be due, so that no other run waits for it.
func (in *instance) release(ctx context.Context) {
	for _, part := range in.parts {
		part.release(ctx)
	}
	for _, c := range in.changes {
		if !c.Due() && !c.skip {
			c.release(ctx)
		}
	}
}

// Release gives back what the plan has claimed and nobody delivered. Twice is as good as once.
func (p *Plan) Release(ctx context.Context) {
	for _, c := range p.Changes {
		c.release(ctx)
	}
}

func (c *Change) release(ctx context.Context) {
	if c.claim != nil {
		_ = c.claim.Release(context.WithoutCancel(ctx)) // where it cannot be given back, it expires
		c.claim = nil
	}
}

// matched makes sure that everything that was named is there.
func (p *Plan) matched(o PlanOptions) error {
	if len(p.Changes) == 0 && !o.From.IsZero() {
		return fmt.Errorf("no range lies wholly within the days from %s through %s and has been due\nOne of which they have only a part does not count: give its first day and its last", o.From.Format(time.DateOnly), o.Through.Format(time.DateOnly))
	}
	for _, pattern := range slices.Concat(o.Selection.named(), o.Again) {
		if !slices.ContainsFunc(p.Changes, func(c *Change) bool {
			return couldFit(pattern, c.Report) || fitsDestination(pattern, c.Report, c.Destination.Name)
		}) {
			var known []string
			for _, c := range p.Changes {
				known = append(known, c.Key.Address)
			}
			near := ""
			if name := diag.Nearest(pattern, known); name != "" {
				near = fmt.Sprintf(" Did you mean '%s'?", name)
			}
			return fmt.Errorf("no report or destination here fits '%s'.%s", pattern, near)
		}
	}
	return nil
}

// sharedPaths blocks files of which two would be written in one place.
func (p *Plan) sharedPaths() diag.List {
	writers := map[string][]*Change{}
	for _, c := range p.Changes {
		if c.Due() && c.Destination.File != nil && c.Artifact != nil {
			writers[strings.ToLower(c.Target)] = append(writers[strings.ToLower(c.Target)], c)
		}
	}
	var problems diag.List
	for _, c := range p.Changes {
		rivals := writers[strings.ToLower(c.Target)]
		if len(rivals) < 2 || !slices.Contains(rivals, c) {
			continue
		}
		other := rivals[0]
		if other == c {
			other = rivals[1]
		}
		problem := changePlace(c).problem("same-path", "Two deliveries write one file", fmt.Sprintf(
			"%s and %s would both write %q. Give each a path of its own: with ${range.from} for each range, with ${each.key} or ${split.key} for each instance.",
			c.Key, other.Key, c.Target))
		problems.Add(*problem)
		c.block(problem, "another delivery writes the same file")
	}
	return problems
}

// Rehearses reports whether a delivery is only tried out: made-up rows, or a mail into an outbox.
func Rehearses(rep *spec.Report, d *spec.Destination) bool {
	return d.Email != nil && d.Email.Via.Outbox != nil ||
		slices.ContainsFunc(rep.Datasets, func(d *spec.Dataset) bool { return d.Connection != nil && d.Connection.Type == "demo" })
}
