package runner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
)

// notice is a mail to the owners of a report about one of its ranges; about all parts of a split.
type notice struct {
	report *spec.Report
	rng    calendar.Range
	// troubled are the deliveries that came to nothing; causes digests of what kept them from it, one each.
	troubled []*Change
	causes   []string
}

// untold is a notice of what its owners do not know yet. What a notice in doubt may have told them is not told again.
func (n *notice) untold(s state.Status) *notice {
	rest := &notice{report: n.report, rng: n.rng}
	for i, cause := range n.causes {
		if !slices.Contains(s.Causes, cause) && (s.Kind != state.InDoubt || !slices.Contains(s.Record.Causes, cause)) {
			rest.troubled, rest.causes = append(rest.troubled, n.troubled[i]), append(rest.causes, cause)
		}
	}
	return rest
}

// of says what a notice is about.
func (n *notice) of() string {
	if n.rng.From.IsZero() {
		return n.report.Address // its range could not be computed
	}
	return n.report.Address + ", " + n.rng.Key()
}

// alarm tells the owners of reports that say on_failure what kept deliveries from being made: once for a key and cause.
func (a *applying) alarm(ctx context.Context, p *Plan) error {
	var notices []*notice
	for _, c := range p.Changes {
		if c.problem == nil || c.Report.OnFailure == nil {
			continue
		}
		i := slices.IndexFunc(notices, func(n *notice) bool { return n.report == c.whole && n.rng.Key() == c.Range.Key() })
		if i < 0 {
			i = len(notices)
			notices = append(notices, &notice{report: c.whole, rng: c.Range})
		}
		notices[i].troubled = append(notices[i].troubled, c)
		notices[i].causes = append(notices[i].causes, cause(c))
	}
	for _, n := range notices {
		if err := a.notify(ctx, n); err != nil {
			return fmt.Errorf("%s: %w", n.report.Address, err)
		}
	}
	return nil
}

// cause tells one reason of a delivery from another, whatever figures its words have.
func cause(c *Change) string {
	sum := sha256.Sum256([]byte(c.Key.Address + "\x00" + c.problem.Code + "\x00" + c.problem.Subject.String()))
	return hex.EncodeToString(sum[:8])
}

// notify sends a notice whose causes are new. That it cannot be sent is told, and changes nothing else.
func (a *applying) notify(ctx context.Context, n *notice) error {
	key := state.Key{Project: a.r.Config.Settings.Project, Address: n.report.Address + "." + spec.OwnersDestination, Range: n.rng.Key()}
	if n.rng.From.IsZero() {
		key.Range = a.r.At.Format("2006-01-02") // its range could not be computed
	}
	email := n.report.OnFailure.Email
	rehearsal := email.Via.Outbox != nil || n.troubled[0].Rehearsal
	claim, status, err := a.claimer.Acquire(ctx, key, rehearsal, func(s state.Status) bool { return len(n.untold(s).causes) > 0 })
	if errors.Is(err, errPatience) {
		a.problems.Add(*a.ignorant(n, errors.New("another run is at it")))
		return nil
	}
	if err != nil || claim == nil {
		return err
	}
	n = n.untold(status)
	output, artifact, problem, err := a.write(ctx, n, outputs.Key{Project: key.Project, Address: key.Address, Range: key.Range, Attempt: status.Attempts + 1})
	if problem == nil && err != nil {
		problem = a.ignorant(n, err)
	}
	if problem != nil {
		a.problems.Add(*problem)
		return claim.Release(ctx)
	}
	record := state.Record{
		Content: string(artifact.Content), MessageID: artifact.Envelope.MessageID, Date: artifact.Envelope.Date,
		Attempt: status.Attempts + 1, Causes: n.causes,
	}
	if status.Kind == state.InDoubt {
		record.Causes = slices.Concat(status.Record.Causes, n.causes)
	}
	if err := claim.Intend(ctx, record); err != nil {
		claim.Close()
		if errors.Is(err, state.ErrLost) {
			a.problems.Add(*a.ignorant(n, err))
			return nil
		}
		return err
	}
	ctx = context.WithoutCancel(ctx)
	receipt, err := output.Deliver(ctx, artifact, outputs.Key{})
	switch {
	case outputs.IsInDoubt(err):
		record.Kind = state.InDoubt
	case err != nil:
		record.Kind = state.Failed
	default:
		record.Kind = state.Delivered
	}
	if err != nil {
		record.Reason = hideAddresses(err.Error(), &artifact)
		a.problems.Add(*a.ignorant(n, err))
	} else {
		a.r.Observer.Observe(OwnersTold{Report: n.report.Address, Where: receipt.Where})
	}
	return claim.Finish(ctx, record)
}

// ignorant says that owners do not know yet.
func (a *applying) ignorant(n *notice, err error) *diag.Diagnostic {
	at := place{n.report.OnFailure.Range, fmt.Sprintf("report %q > on_failure", n.report.Address)}
	return at.problem("owners-not-told", "Owners could not be told", fmt.Sprintf("The owners of %q do not know yet that it was not delivered: %s", n.report.Address, sentence(err)))
}

// write makes the mail of a notice. It has no figures: who owns a report need not be who may read it.
func (a *applying) write(ctx context.Context, n *notice, key outputs.Key) (outputs.Output, outputs.Artifact, *diag.Diagnostic, error) {
	r, email := a.r, n.report.OnFailure.Email
	at := place{n.report.OnFailure.Range, fmt.Sprintf("report %q > on_failure", n.report.Address)}
	s := &scope{r: r, report: n.report, rng: n.rng, at: r.At, title: n.report.Address}
	target, problem := r.mailTarget(s, email, at)
	if problem == nil {
		if email.Subject == nil {
			target.Subject = "Not delivered: " + n.of()
		}
		if email.Via.SMTP != nil {
			target.Server, problem = r.mailServer(email.Via, at)
		} else {
			target.Outbox, problem = r.outbox(email.Via.Outbox, at)
		}
	}
	if problem != nil {
		return nil, outputs.Artifact{}, problem, nil
	}
	output, err := r.Kinds(outputs.Target{Mail: target})
	if err != nil {
		return nil, outputs.Artifact{}, nil, err
	}
	dir, err := os.MkdirTemp(r.Dir, "notice-")
	if err != nil {
		return nil, outputs.Artifact{}, nil, err
	}
	artifact, err := output.Render(ctx, a.words(n, target.Subject), key, dir)
	return output, artifact, nil, err
}

// words are what a notice says: for each problem which deliveries it kept back, and what the program has said of it.
func (a *applying) words(n *notice, title string) outputs.Document {
	doc := outputs.Document{
		Title: title, Project: a.r.Config.Settings.Project, Author: a.r.Config.Settings.Project, Locale: "en",
		Modified: a.r.At,
	}
	if !n.rng.From.IsZero() {
		doc.Range, doc.Modified = fmt.Sprintf("%s (%s)", n.rng.Label("en"), n.rng.From.Location()), n.rng.Until
	}
	var told []*diag.Diagnostic
	for _, c := range n.troubled {
		if slices.Contains(told, c.problem) {
			continue
		}
		told = append(told, c.problem)
		var keys []string
		for _, other := range n.troubled {
			if other.problem == c.problem {
				keys = append(keys, strings.TrimSuffix(other.Key.String(), "@"))
			}
		}
		where := ""
		if c.problem.Subject.File != "" {
			where = fmt.Sprintf("\n\n%s, in %s", c.problem.Subject, c.problem.Context)
		}
		doc.Body = append(doc.Body, outputs.Heading{Text: c.problem.Summary},
			outputs.Text{Text: a.r.Redact(strings.Join(keys, "\n") + "\n\n" + c.problem.Detail + where)})
	}
	doc.Body = append(doc.Body, outputs.Text{Text: "This is told once for each cause."})
	return doc
}
