package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec/diag"
)

// Apply delivers what the plan says is due: files first, then mails. What another run holds it waits for, and what a
// server refused for the moment it tries again, both within the budget. What another run delivered meanwhile is left alone.
// A stopped context ends the work after the delivery in flight.
func (r *Runner) Apply(ctx context.Context, p *Plan) (Result, diag.List, error) {
	defer p.Release(ctx)
	a := &applying{r: r, patience: &patience{left: r.Budget, sleep: r.Sleep}}
	if a.patience.sleep == nil {
		a.patience.sleep = state.Sleep
	}
	a.claimer = state.Claimer{Store: r.Store, By: r.ID, Now: r.Clock, Wait: a.patience.wait, Waiting: func(k state.Key, until time.Time) {
		r.Observer.Observe(DeliverWait{Key: k, Until: until})
	}}
	if err := a.prepare(ctx, p); err != nil {
		return a.result, nil, err
	}
	for _, is := range []func(*Change) bool{
		func(c *Change) bool { return !c.Held && c.Destination.File != nil },
		func(c *Change) bool { return !c.Held && c.Destination.File == nil },
	} {
		if err := a.each(ctx, p.Changes, is, a.change); err != nil {
			return a.result, a.problems, err
		}
	}
	if err := a.tryAgain(ctx); err != nil {
		return a.result, a.problems, err
	}
	if err := a.each(ctx, p.Changes, func(c *Change) bool { return c.Held }, a.await); err != nil {
		return a.result, a.problems, err
	}
	if err := a.alarm(ctx, p); err != nil {
		return a.result, a.problems, err
	}
	r.Observer.Observe(ApplySummary{a.result})
	return a.result, a.problems, nil
}

// applying is an apply under way.
type applying struct {
	r        *Runner
	claimer  state.Claimer
	patience *patience
	root     state.Root
	result   Result
	problems diag.List
	// open was handed over, and its outcome is not recorded yet.
	open *handedOver
	// later were refused for the moment.
	later []*Change
}

// each works on the changes that are meant, until the context ends. An error is of the state: without one that can be
// trusted, all stops.
func (a *applying) each(ctx context.Context, changes []*Change, meant func(*Change) bool, work func(context.Context, *Change) error) error {
	for _, c := range changes {
		if !meant(c) {
			continue
		}
		err := ctx.Err()
		if err == nil {
			if err = work(ctx, c); err != nil {
				err = fmt.Errorf("%s: %w", c.Key, err)
			}
		}
		if err != nil {
			return errors.Join(err, a.settle(ctx))
		}
	}
	return a.settle(ctx)
}

// prepare reads the state's root, and makes it when there is something to record for the first time; then it records what
// splits have found, so that a later run knows what there is to deliver.
func (a *applying) prepare(ctx context.Context, p *Plan) error {
	if !slices.ContainsFunc(p.Changes, func(c *Change) bool { return c.Due() || c.skip || c.problem != nil && c.Report.OnFailure != nil }) {
		return nil
	}
	var err error
	a.root, err = a.r.Store.Root(ctx)
	if errors.Is(err, state.ErrNoRoot) {
		err = a.r.Store.Init(ctx, state.NewRoot(a.r.Clock(), a.r.Random))
		if err == nil || errors.Is(err, state.ErrTaken) {
			a.root, err = a.r.Store.Root(ctx)
		}
	}
	if err != nil {
		return err
	}
	for _, s := range p.splits {
		if err := a.recordParts(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s.key, err)
		}
	}
	return nil
}

// recordParts remembers the values of a split, beside those that another run has found meanwhile.
func (a *applying) recordParts(ctx context.Context, s *splitRecord) error {
	for {
		records, err := a.r.Store.Records(ctx, s.key)
		if err != nil {
			return err
		}
		values := s.values
		switch known := state.Fold(records, s.rehearsal); {
		case known.Column == s.column || known.Column == "" && !s.anew:
			values = slices.Compact(slices.Sorted(slices.Values(slices.Concat(values, known.Parts))))
			if known.Column == s.column && slices.Equal(values, known.Parts) {
				return nil
			}
		case !s.anew:
			return fmt.Errorf("another run has split it by %q since this one was planned, and not by %q: plan anew", known.Column, s.column)
		}
		_, err = state.Add(ctx, a.r.Store, s.key, len(records), state.Record{
			Kind: state.Parts, At: a.r.Clock(), By: a.r.ID, Parts: values, Column: s.column, Rehearsal: s.rehearsal,
		})
		if !errors.Is(err, state.ErrTaken) {
			return err
		}
	}
}

// change does what the plan decided for one delivery.
func (a *applying) change(ctx context.Context, c *Change) error {
	switch {
	case c.Due():
		return a.deliver(ctx, c)
	case c.skip:
		return a.skip(ctx, c)
	case c.Action == Blocked:
		a.result.Blocked++
	case c.Action == Doubt:
		a.result.InDoubt++ // the plan has said it
	}
	return nil
}

func (a *applying) deliver(ctx context.Context, c *Change) error {
	claim, err := a.claim(ctx, c)
	if claim == nil {
		return err
	}
	if overtaken, err := a.overtaken(ctx, c); overtaken || err != nil {
		return errors.Join(err, claim.Release(context.WithoutCancel(ctx)))
	}
	intent := a.intent(c)
	if err := a.intend(ctx, claim, intent); err != nil {
		claim.Close()
		if errors.Is(err, state.ErrLost) {
			c.under = c.Key
			return a.await(ctx, c) // another run took it over, and knows what came of it
		}
		return err
	}
	a.r.Observer.Observe(DeliverStart{c})
	// From here on the delivery is finished whatever happens around it: half of it would be in doubt.
	ctx = context.WithoutCancel(ctx)
	receipt, err := c.output.Deliver(ctx, *c.Artifact, c.outputKey())
	a.open = &handedOver{c, claim, a.outcome(c, intent, receipt, err), receipt, err}
	return nil
}

// handedOver is a delivery whose outcome is still to be recorded. It is, together with what is handed over next where that
// can be, since a record may cost a push over the network; and before anything else is waited for.
type handedOver struct {
	change  *Change
	claim   *state.Claim
	outcome state.Record
	receipt outputs.Receipt
	err     error
}

// intend records what is about to be handed over, and the outcome of the delivery before.
func (a *applying) intend(ctx context.Context, claim *state.Claim, intent state.Record) error {
	before := a.open
	if before == nil {
		return claim.Intend(ctx, intent)
	}
	a.open = nil
	finished, intended := state.IntendNext(context.WithoutCancel(ctx), before.claim, before.outcome, claim, intent)
	if err := a.recorded(before, finished); err != nil {
		return err
	}
	return intended
}

// settle records the outcome of the last delivery.
func (a *applying) settle(ctx context.Context) error {
	before := a.open
	if before == nil {
		return nil
	}
	a.open = nil
	return a.recorded(before, before.claim.Finish(context.WithoutCancel(ctx), before.outcome))
}

// recorded says what became of a delivery, now that it is remembered.
func (a *applying) recorded(d *handedOver, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %s, but this could not be recorded: %w", d.change.Key, d.outcome.Kind, err)
	}
	a.tell(d.change, d.outcome, d.receipt, d.err)
	return nil
}

// claim takes a delivery for this run, if the plan has not; nil where another run has settled it meanwhile.
func (a *applying) claim(ctx context.Context, c *Change) (*state.Claim, error) {
	if claim := c.claim; claim != nil {
		c.claim = nil
		return claim, nil
	}
	if err := a.settle(ctx); err != nil {
		return nil, err
	}
	claim, status, err := a.claimer.Acquire(ctx, c.Key, c.Rehearsal, func(s state.Status) bool { return stillDue(c, s) })
	switch {
	case errors.Is(err, errPatience):
		a.held(c)
		return nil, nil
	case err == nil && claim == nil:
		a.elsewhere(c, status)
	case err == nil && status.Seq != c.seen:
		c.narrowEnvelope(status, a.root.Salt)
		if c.Artifact != nil && c.Artifact.Envelope != nil && len(c.Artifact.Envelope.Recipients) == 0 {
			a.failed(c, nobodyLeft(status))
			return nil, claim.Release(context.WithoutCancel(ctx))
		}
	}
	return claim, err
}

// nobodyLeft says why a mail has nobody to go to any more that another run has begun meanwhile.
func nobodyLeft(s state.Status) string {
	if len(s.RefusedForGood()) == len(s.Recipients) {
		return "another run has tried it, and the server refused every recipient"
	}
	return "another run has begun it, for other recipients"
}

// overtaken looks again under the names that a delivery had before: a run with the configuration of before the rename
// claims it under one of those, and may have been here since the plan.
func (a *applying) overtaken(ctx context.Context, c *Change) (bool, error) {
	for _, f := range c.former {
		records, err := a.r.Store.Records(ctx, f.key)
		if err != nil {
			return false, err
		}
		if len(records) != f.seen {
			a.failed(c, fmt.Sprintf("another run has been at it under its former name %s", f.key.Address))
			return true, nil
		}
	}
	c.former = nil // from here on its own records tell
	return false, nil
}

// stillDue looks again under the claim: since the plan, another run may have been here.
func stillDue(c *Change, s state.Status) bool {
	switch {
	case s.Seq == c.seen:
		return true // nobody has: it is as the plan decided
	case c.Action == Again:
		return s.Kind != state.Delivered && s.Kind != state.InDoubt // another run has done what was asked for
	case s.Kind == state.InDoubt:
		return c.Destination.File != nil || c.Destination.Email.Resend // a file stands there, or it does not
	}
	return s.Kind != state.Delivered && !(s.Kind == state.Skipped && s.Record.Final)
}

// skip records a decision for good, so that it is not made again with later data.
func (a *applying) skip(ctx context.Context, c *Change) error {
	claim, err := a.claim(ctx, c)
	if claim == nil {
		return err
	}
	a.result.Skipped++
	return claim.Finish(ctx, state.Record{Kind: state.Skipped, Reason: c.Reason, Final: true, Definition: c.Destination.Digest})
}

// await waits for the run that is at c right now, where there is one, and says what came of it.
func (a *applying) await(ctx context.Context, c *Change) error {
	_, status, err := a.claimer.Acquire(ctx, c.under, c.Rehearsal, func(state.Status) bool { return false })
	switch {
	case errors.Is(err, errPatience):
		a.held(c)
		return nil
	case err != nil:
		return err
	}
	a.elsewhere(c, status)
	return nil
}

// tryAgain delivers once more what was refused for the moment, after longer and longer pauses, for as long as the budget lasts.
func (a *applying) tryAgain(ctx context.Context) error {
	for pause := firstPause; len(a.later) > 0 && a.patience.lasts(pause); pause = min(2*pause, longestPause) {
		a.r.Observer.Observe(RetryWait{Deliveries: len(a.later), Wait: pause})
		if err := a.patience.wait(ctx, pause); err != nil {
			if !errors.Is(err, errPatience) {
				return err
			}
			break
		}
		again := a.later
		a.later = nil
		for _, c := range again {
			if err := a.deliver(ctx, c); err != nil {
				return errors.Join(fmt.Errorf("%s: %w", c.Key, err), a.settle(ctx))
			}
		}
		if err := a.settle(ctx); err != nil {
			return err
		}
	}
	for _, c := range a.later {
		a.failed(c, c.refusal)
	}
	a.later = nil
	return nil
}

// The pauses between tries of what a server refused for the moment: greylisting wants some minutes, a busy server less.
const (
	firstPause   = 10 * time.Second
	longestPause = 2 * time.Minute
)

func isTemporary(err error, receipt outputs.Receipt) bool {
	if err != nil {
		return outputs.IsTemporary(err)
	}
	return slices.ContainsFunc(receipt.Replies, func(r outputs.Reply) bool { return r.Temporary && !r.Accepted })
}
