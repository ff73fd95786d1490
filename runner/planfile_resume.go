package runner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// ResumeOptions are what a saved plan is held against.
type ResumeOptions struct {
	// File is where the plan was read from, and Calling how the program is called, for the commands that are shown.
	File, Calling string
	// MaxAge is how old a plan may be that has something left to deliver.
	MaxAge time.Duration
}

// Resume makes a saved plan one that [Runner.Apply] delivers: the bytes are the saved ones, the way there is today's.
// What an earlier apply of this very plan has delivered is up to date, and whom it could not serve is served with the
// same bytes. The plan is nil where it is refused; then the list has every reason there is. Beside a plan, the list has
// what is left alone: deliveries in doubt, and files that were changed.
func (r *Runner) Resume(ctx context.Context, s *Saved, o ResumeOptions) (*Plan, diag.List, error) {
	re := &resuming{Runner: r, saved: s, options: o}
	if err := re.sameState(ctx); err != nil {
		return nil, nil, err
	}
	if len(re.refused) > 0 {
		return nil, re.refused, nil // what its keys came to is not to be known here
	}
	p := s.Plan()
	for i, c := range p.Changes {
		if err := re.change(ctx, i, c); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", c.Key, err)
		}
	}
	if err := re.splits(ctx, p); err != nil {
		return nil, nil, err
	}
	re.aged(p)
	re.overtaken()
	if len(re.refused) > 0 {
		return nil, re.refused, nil
	}
	for _, c := range p.Changes {
		r.Observer.Observe(PlannedChange{c})
	}
	r.Observer.Observe(PlanSummary{p.Counts()})
	return p, re.problems, nil
}

// resuming is a Resume under way.
type resuming struct {
	*Runner
	saved   *Saved
	options ResumeOptions
	root    state.Root
	// refused says why the plan is not delivered; problems what of it is left alone.
	refused, problems diag.List
	// advanced are the keys that others have written to since, with what they wrote.
	advanced []string
}

func (re *resuming) refuse(code, summary, detail string, values ...any) {
	re.refused.Add(diag.Diagnostic{Code: code, Summary: summary, Detail: fmt.Sprintf(detail, values...)})
}

// anew is the command that makes the plan once more.
func (re *resuming) anew() string {
	line := re.options.Calling
	for _, word := range append(slices.Clone(re.saved.Command), "--out", re.options.File) {
		line += " " + ShellWord(word)
	}
	return line
}

// sameState refuses a plan that is not whole, or that was made over other records than there are here.
func (re *resuming) sameState(ctx context.Context) error {
	s := re.saved
	if !s.Complete {
		var blocked []string
		for _, c := range s.Plan().Changes {
			if c.Action == Blocked {
				blocked = append(blocked, c.Key.String()+": "+c.Reason)
			}
		}
		re.refuse("plan-incomplete", "Plan is incomplete",
			"When it was made, this was blocked, so that it does not say what becomes of it:\n    %s\n\nMend that and plan anew:\n    %s", strings.Join(blocked, "\n    "), re.anew())
	}
	if project := re.Config.Settings.Project; project != s.Project {
		re.refuse("plan-project", "Plan is of another project",
			"It was made for the project %q, and %s is that of %q now: under another name, everything counts as not delivered. Plan anew:\n    %s", s.Project, s.Configuration, project, re.anew())
	}
	root, err := re.Store.Root(ctx)
	if err != nil && !errors.Is(err, state.ErrNoRoot) {
		return err
	}
	re.root = root
	salt := root.Salt
	if s.Lineage == "" {
		salt = "" // the state was begun after the plan was made
	}
	// One that names no state was made before this one was begun; machines' clocks differ a little.
	const skew = 5 * time.Minute
	stripped := s.Lineage == "" && root.Lineage != "" && root.Created.Add(skew).Before(s.Created)
	if stripped || (s.Lineage == "" || s.Lineage == root.Lineage) && !s.sealed(salt) {
		re.refuse("plan-changed", "Plan was changed",
			"It is not what was saved: somebody has changed who gets what, or for which range. Nothing of it is delivered. Plan anew:\n    %s", re.anew())
	}
	if s.Lineage == "" || s.Lineage == root.Lineage {
		return nil
	}
	now := "has the lineage " + root.Lineage
	if root.Lineage == "" {
		now = "knows of no delivery at all"
	}
	re.refuse("plan-lineage", "Plan belongs to another state",
		"It was made with the state at %s, of lineage %s, and the one at %s %s: what was delivered is not to be known from it. Bring the state back that the plan was made with, or plan anew:\n    %s",
		s.State, s.Lineage, re.Config.State.Location, now, re.anew())
	return nil
}

// change works out what is left of one delivery, and makes it ready.
func (re *resuming) change(ctx context.Context, i int, c *Change) error {
	saved := &re.saved.Changes[i]
	known := re.define(c, saved)
	if c.skip || c.Action == Doubt {
		return re.decided(ctx, c)
	}
	if !c.Due() {
		return nil
	}
	c.plan = re.saved.ID
	if now := re.Config.Renamed(c.Key.Address); len(now) > 0 {
		re.refuse("plan-renamed", "Delivery was renamed",
			"%s was moved after the plan was made and is %s now: other runs deliver it under that name. Plan anew:\n    %s", c.Key, now[len(now)-1], re.anew())
		return nil
	}
	open, err := re.settle(ctx, c)
	if err != nil || !open {
		return err
	}
	re.needsReport(c, known)
	target, ok := re.target(c, saved)
	if !ok {
		return nil
	}
	if c.output, err = re.Kinds(target); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(re.Dir, "artifact-")
	if err != nil {
		return err
	}
	c.Artifact.Path, err = re.saved.extract(i, dir)
	var damaged *DamagedPlanError
	if errors.As(err, &damaged) {
		re.refuse("plan-damaged", "Plan is damaged", "%s. Plan anew:\n    %s", Capital(damaged.Reason), re.anew())
		return nil
	}
	return err
}

// decided looks again at what the plan does not deliver: a skip that was recorded since is not recorded once more, and what
// was in doubt may have been settled.
func (re *resuming) decided(ctx context.Context, c *Change) error {
	records, err := re.Store.Records(ctx, c.Key)
	if err != nil {
		return err
	}
	switch s := state.Fold(records, c.Rehearsal); {
	case s.Kind == state.Delivered:
		c.skip = false
		c.delivered(s.Record)
	case s.Kind == state.Skipped && s.Record.Final:
		c.Action, c.skip = UpToDate, false
	case s.Kind == state.InDoubt && !c.skip:
		c.problem = re.doubtful(c, doubt(s))
		re.problems.Add(*c.problem)
	case !c.skip:
		problem := changePlace(c).problem("plan-without", "Plan is without a delivery", fmt.Sprintf(
			"%s was in doubt when the plan was made, and is due again since. This plan does not have it; plan anew for it:\n    %s", c.Key, re.anew()))
		re.problems.Add(*problem)
		c.block(problem, "it is due again since the plan was made")
	}
	return nil
}

// define gives a change the report and the destination of today's configuration, under the digest of what was planned.
// It reports whether the report is there; a destination is not needed, since what it is to get was reviewed.
func (re *resuming) define(c *Change, saved *savedChange) (known bool) {
	for _, rep := range re.Config.Reports {
		if rep.Address != saved.Report && (rep.Split == nil || !strings.HasPrefix(saved.Report, rep.Address+"[")) {
			continue
		}
		known = true
		instance := *rep
		instance.Address, instance.Split = saved.Report, nil
		c.Report, c.whole, c.Destination.Range = &instance, rep, rep.Range
		for _, d := range rep.Destinations {
			if d.Name == saved.Destination {
				c.Destination.Range = d.Range
				if d.Email != nil && c.Destination.Email != nil {
					c.Destination.Email.Resend = d.Email.Resend
				}
			}
		}
	}
	if c.Destination.Email != nil {
		if via := re.connection(saved.Mail.Via); via != nil {
			c.Destination.Email.Via = via
		}
	}
	return known
}

// connection is a mail connection of today's configuration; nil where there is none of that name.
func (re *resuming) connection(name string) *spec.Connection {
	i := slices.IndexFunc(re.Config.Connections, func(c *spec.Connection) bool { return c.Name == name && (c.SMTP != nil || c.Outbox != nil) })
	if i < 0 {
		return nil
	}
	return re.Config.Connections[i]
}

// needsReport refuses a delivery whose report was taken out since, or switched off.
func (re *resuming) needsReport(c *Change, known bool) {
	switch {
	case known && c.Report.Disabled:
		re.refuse("plan-report-disabled", "Report is switched off",
			"%s is to be delivered by this plan, and %q has enabled: false now. Switch it on again, or plan anew without it:\n    %s", c.Key, c.Report.Address, re.anew())
		return
	case known:
		return
	}
	re.refuse("plan-report-gone", "Report is no longer there",
		"%s is to be delivered by this plan, and %s has no report %q now. If it was taken out on purpose, plan anew without it:\n    %s", c.Key, re.saved.Configuration, c.Report.Address, re.anew())
}

// settle looks what the state has of a delivery since the plan was made, and reports whether it is still to be made.
func (re *resuming) settle(ctx context.Context, c *Change) (open bool, err error) {
	records, err := re.Store.Records(ctx, c.Key)
	if err != nil {
		return false, err
	}
	if len(records) < c.seen {
		re.advanced = append(re.advanced, fmt.Sprintf("%s: the state had %s of it and has %d", c.Key, count(c.seen, "record", "records"), len(records)))
		return false, nil
	}
	own, others := re.since(records[c.seen:], c)
	if others != nil {
		re.advanced = append(re.advanced, fmt.Sprintf("%s: %s %s", c.Key, strings.ReplaceAll(string(others.Kind), "_", " "), others.At.UTC().Format("2006-01-02 15:04 MST")))
		return false, nil
	}
	in := &instance{planning: &planning{r: re.Runner}, rep: c.Report}
	if !own {
		return re.unmoved(ctx, in, c)
	}
	c.anew = false
	if err := in.consult(ctx, c); err != nil {
		return false, err
	}
	re.problems.Extend(in.problems)
	if !c.Due() {
		return false, nil
	}
	if c.Destination.Email == nil || c.anew {
		return true, nil
	}
	s, _, err := in.status(ctx, c)
	if err != nil {
		return false, err
	}
	c.narrowEnvelope(s, re.root.Salt)
	left := len(c.Artifact.Envelope.Recipients)
	if left == 0 {
		c.Action, c.Reason = UpToDate, "who did not get it is not among the plan's recipients"
	}
	c.Target = count(left, "recipient", "recipients")
	return left > 0, nil
}

// unmoved reports whether a delivery that no record was added to is as the plan decided: it is not where a run with a
// configuration of before a rename has added to those under its former name.
func (re *resuming) unmoved(ctx context.Context, in *instance, c *Change) (open bool, err error) {
	reason := c.Reason
	s, _, err := in.status(ctx, c)
	if err != nil || c.Destination.Email == nil || c.anew {
		return true, err
	}
	c.resume(s)
	c.Reason = reason
	c.narrowEnvelope(s, re.root.Salt)
	if s.Kind == state.Delivered || s.Kind == state.InDoubt && !c.Destination.Email.Resend || len(c.Artifact.Envelope.Recipients) == 0 {
		re.advanced = append(re.advanced, fmt.Sprintf("%s: %s %s", c.under, strings.ReplaceAll(string(s.Kind), "_", " "), s.Record.At.UTC().Format("2006-01-02 15:04 MST")))
		return false, nil
	}
	return true, nil
}

// since sorts out what was recorded of a delivery after the plan was made: whether an apply of this very plan has been
// at it, and the last record of anybody else. Claims decide nothing, and what the user has said of a delivery in doubt
// by this plan belongs to it.
func (re *resuming) since(records []state.Record, c *Change) (own bool, others *state.Record) {
	runs := map[string]bool{}
	for i, r := range records {
		switch {
		case r.Kind == state.Claimed, r.Rehearsal != c.Rehearsal && r.Kind != state.Forgotten:
		case r.Plan == re.saved.ID:
			own = true
			runs[r.By] = true
		case r.By != "" && runs[r.By]:
		case own && (r.Kind == state.Resend || r.Resolved):
		default:
			others = &records[i]
		}
	}
	return own, others
}

// splits takes over what splits found and nobody has recorded yet.
func (re *resuming) splits(ctx context.Context, p *Plan) error {
	for _, split := range re.saved.Splits {
		k := state.Key{Project: re.saved.Project, Address: split.Report, Range: split.Range}
		records, err := re.Store.Records(ctx, k)
		if err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
		known := state.Fold(records, split.Rehearsal)
		if known.Column != split.Column || slices.ContainsFunc(split.Values, func(v string) bool { return !slices.Contains(known.Parts, v) }) {
			p.splits = append(p.splits, &splitRecord{key: k, column: split.Column, values: split.Values, rehearsal: split.Rehearsal, anew: split.Anew})
		}
	}
	return nil
}

// aged refuses a plan that is too old; one of which nothing is left may be as old as it is.
func (re *resuming) aged(p *Plan) {
	age := re.Clock().Sub(re.saved.Created)
	if age <= re.options.MaxAge || !slices.ContainsFunc(p.Changes, (*Change).Due) {
		return
	}
	hours := int(age/time.Hour) + 1
	re.refuse("plan-old", "Plan is too old",
		"It was made %s ago, on %s, and may be %s old. Its figures are those of that moment. To deliver them all the same:\n    %s apply --max-age %dh %s\n\nTo plan anew:\n    %s",
		Age(age), re.saved.Created.In(re.Config.Settings.Calendar.Location).Format("2006-01-02 15:04 MST"), Age(re.options.MaxAge), re.options.Calling, hours, ShellWord(re.options.File), re.anew())
}

// overtaken names what others have done since.
func (re *resuming) overtaken() {
	if len(re.advanced) == 0 {
		return
	}
	re.refuse("plan-overtaken", "Plan was overtaken",
		"Since it was made, its deliveries were advanced by another run, so that it no longer says what is due:\n    %s\n\nPlan anew:\n    %s", strings.Join(re.advanced, "\n    "), re.anew())
}
