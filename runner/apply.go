package runner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// Apply delivers what the plan says is due: files first, then mails. What another run delivered meanwhile is left alone.
// A stopped context ends the work after the delivery in flight.
func (r *Runner) Apply(ctx context.Context, p *Plan) (Result, diag.List, error) {
	a := &applying{r: r, claimer: state.Claimer{Store: r.Store, By: r.ID, Now: r.Clock, Waiting: func(k state.Key, until time.Time) {
		r.Observer.Observe(DeliverWait{Key: k, Until: until})
	}}}
	if err := a.prepare(ctx, p); err != nil {
		return a.result, nil, err
	}
	for _, files := range []bool{true, false} {
		for _, c := range p.Changes {
			if (c.Destination.File != nil) != files {
				continue
			}
			if err := ctx.Err(); err != nil {
				return a.result, a.problems, err
			}
			if err := a.change(ctx, c); err != nil {
				return a.result, a.problems, fmt.Errorf("%s: %w", c.Key, err)
			}
		}
	}
	r.Observer.Observe(ApplySummary{a.result})
	return a.result, a.problems, nil
}

// applying is an apply under way.
type applying struct {
	r        *Runner
	claimer  state.Claimer
	root     state.Root
	result   Result
	problems diag.List
}

// prepare reads the state's root, and makes it when there is something to record for the first time.
func (a *applying) prepare(ctx context.Context, p *Plan) error {
	needed := false
	for _, c := range p.Changes {
		needed = needed || c.Due() || c.skip
	}
	if !needed {
		return nil
	}
	var err error
	a.root, err = a.r.Store.Root(ctx)
	if !errors.Is(err, state.ErrNoRoot) {
		return err
	}
	err = a.r.Store.Init(ctx, state.NewRoot(a.r.Clock(), a.r.Random))
	if err != nil && !errors.Is(err, state.ErrTaken) {
		return err
	}
	a.root, err = a.r.Store.Root(ctx)
	return err
}

// change does what the plan decided for one delivery. Its error is of the state: without one that can be trusted, all stops.
func (a *applying) change(ctx context.Context, c *Change) error {
	switch {
	case c.Due():
		return a.deliver(ctx, c)
	case c.skip:
		return a.skip(ctx, c)
	case c.Action == Blocked:
		a.result.Blocked++
	case c.Held:
		return a.await(ctx, c)
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
	intent := a.intent(c)
	if err := claim.Intend(ctx, intent); err != nil {
		claim.Close()
		if errors.Is(err, state.ErrLost) {
			a.failed(c, "another run took it over")
			return nil
		}
		return err
	}
	a.r.Observer.Observe(DeliverStart{c})
	// From here on the delivery is finished whatever happens around it: half of it would be in doubt.
	ctx = context.WithoutCancel(ctx)
	receipt, err := c.output.Deliver(ctx, *c.Artifact, outputs.Key{Project: c.Key.Project, Address: c.Key.Address, Range: c.Key.Range, Attempt: c.attempt})
	outcome := intent
	for _, reply := range receipt.Replies {
		outcome.Replies = append(outcome.Replies, state.Reply{Accepted: reply.Accepted, Temporary: reply.Temporary, Text: hideAddresses(reply.Text, c.Artifact)})
	}
	switch {
	case outputs.IsInDoubt(err):
		outcome.Kind, outcome.Reason = state.InDoubt, hideAddresses(err.Error(), c.Artifact)
	case err != nil:
		outcome.Kind, outcome.Reason = state.Failed, hideAddresses(err.Error(), c.Artifact)
	default:
		outcome.Kind = state.Delivered
	}
	if err := claim.Finish(ctx, outcome); err != nil {
		return fmt.Errorf("%s, but this could not be recorded: %w", outcome.Kind, err)
	}
	switch outcome.Kind {
	case state.InDoubt:
		a.inDoubt(c, err.Error())
	case state.Failed:
		a.failed(c, err.Error(), receipt.Replies...)
	default:
		if c.Destination.File != nil {
			a.result.Written++
		} else {
			a.result.Sent++
		}
		a.r.Observer.Observe(DeliverComplete{Change: c, Where: receipt.Where, Path: receipt.Path, Unchanged: receipt.Unchanged})
	}
	return nil
}

// claim takes a delivery for this run; nil where another run has settled it meanwhile.
func (a *applying) claim(ctx context.Context, c *Change) (*state.Claim, error) {
	claim, status, err := a.claimer.Acquire(ctx, c.Key, c.Rehearsal, func(s state.Status) bool { return stillDue(c, s) })
	if err == nil && claim == nil {
		a.elsewhere(c, status)
	}
	return claim, err
}

// stillDue looks again under the claim: since the plan, another run may have been here.
func stillDue(c *Change, s state.Status) bool {
	switch {
	case s.Seq == c.seen:
		return true // nobody has: it is as the plan decided
	case s.Kind == state.InDoubt:
		return c.Destination.File != nil // a file stands there, or it does not
	}
	return s.Kind != state.Delivered && !(s.Kind == state.Skipped && s.Record.Final)
}

// intent is what is recorded of a delivery before it is handed over.
func (a *applying) intent(c *Change) state.Record {
	r := state.Record{
		Zone:       c.Range.From.Location().String(),
		Definition: c.Destination.Digest,
		Content:    string(c.Artifact.Content),
		Attempt:    c.attempt,
	}
	if e := c.Artifact.Envelope; e != nil {
		r.MessageID, r.Date = e.MessageID, e.Date
		for _, address := range e.Recipients {
			r.Recipients = append(r.Recipients, recipientDigest(a.root.Salt, address))
		}
	} else {
		r.File, r.Path = string(c.Artifact.Digest), c.Target
	}
	return r
}

// recipientDigest tells recipients apart in the state without naming them there.
func recipientDigest(salt, address string) string {
	sum := sha256.Sum256([]byte(salt + "\x00" + strings.ToLower(address)))
	return hex.EncodeToString(sum[:16])
}

// hideAddresses keeps recipients' addresses out of the state, where servers quote them.
func hideAddresses(text string, a *outputs.Artifact) string {
	if a.Envelope == nil {
		return text
	}
	for i, address := range a.Envelope.Recipients {
		text = strings.ReplaceAll(text, address, fmt.Sprintf("(recipient %d)", i+1))
	}
	return text
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

// await waits for the run that is delivering c right now, and says what came of it.
func (a *applying) await(ctx context.Context, c *Change) error {
	_, status, err := a.claimer.Acquire(ctx, c.Key, c.Rehearsal, func(state.Status) bool { return false })
	if err != nil {
		return err
	}
	a.elsewhere(c, status)
	return nil
}

// elsewhere says what another run has made of a delivery.
func (a *applying) elsewhere(c *Change, s state.Status) {
	switch s.Kind {
	case state.Delivered, state.Skipped:
		a.result.Elsewhere++
		c.Action, c.Reason = UpToDate, "delivered by another run"
	case state.InDoubt:
		a.inDoubt(c, doubt(s))
	default:
		a.failed(c, "another run tried it and failed; the next run tries it again")
	}
}

func (a *applying) inDoubt(c *Change, reason string) {
	a.result.InDoubt++
	a.r.Observer.Observe(DeliverErrored{Change: c, InDoubt: true, Err: reason})
	a.problems.Add(*c.doubtful(reason))
}

// doubtful says that a delivery is in doubt, and what to do about it.
func (c *Change) doubtful(reason string) *diag.Diagnostic {
	return changePlace(c).problem("in-doubt", "Delivery is in doubt", fmt.Sprintf(
		"Nobody can know whether %s has arrived: %s. It is not sent again by itself. Ask a recipient, then say which it is:\n    reportform state resolve '%s' --delivered\n    reportform state resolve '%s' --resend",
		c.Key, strings.TrimSuffix(reason, "."), c.Key, c.Key))
}

func (a *applying) failed(c *Change, reason string, replies ...outputs.Reply) {
	a.result.Failed++
	a.r.Observer.Observe(DeliverErrored{Change: c, Err: reason})
	next := "The next apply tries it again."
	for _, r := range replies {
		if !r.Accepted && !r.Temporary {
			next = "Correct the address or take it out; the next apply tries again."
		}
	}
	a.problems.Add(*changePlace(c).problem("delivery-failed", "Delivery failed",
		fmt.Sprintf("%s was not delivered: %s. %s", c.Key, strings.TrimSuffix(reason, "."), next)))
}

func changePlace(c *Change) place { return destinationPlace(c.Report, c.Destination) }

func destinationPlace(rep *spec.Report, d *spec.Destination) place {
	return place{d.Range, fmt.Sprintf("report %q > destinations > %s", rep.Address, d.Name)}
}
