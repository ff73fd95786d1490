package runner

import (
	"context"
	"fmt"
	"net/mail"
	"os"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/diag"
)

// trial is a mail as it goes to whoever looks at a preview.
type trial struct {
	output   outputs.Output
	artifact outputs.Artifact
	key      outputs.Key
}

// TrialSent is what became of a mail of a preview.
type TrialSent struct {
	Change *Change
	// Where says where it went, for people.
	Where string
	// Problem is why it was not sent; nil where it was.
	Problem *diag.Diagnostic
}

// SendTrials hands the mails that a preview has made ready for PlanOptions.SendTo to that address alone. Nothing of it is
// remembered: the next time they are sent again.
func (r *Runner) SendTrials(ctx context.Context, p *Plan) []TrialSent {
	var out []TrialSent
	for _, c := range p.Changes {
		if c.trial == nil || ctx.Err() != nil {
			continue
		}
		receipt, err := c.trial.output.Deliver(ctx, c.trial.artifact, c.trial.key)
		sent := TrialSent{Change: c, Where: receipt.Where}
		if err != nil {
			sent.Problem = changePlace(c).problem("preview-not-sent", "Preview could not be sent", fmt.Sprintf("The preview of %s was not sent: %s", c.Key, sentence(err)))
		}
		out = append(out, sent)
	}
	return out
}

// try makes a mail ready for the one who looks at a preview. It goes the way that the real one will go, and says at its
// head whom that will be for.
func (in *instance) try(ctx context.Context, c *Change, doc outputs.Document, real outputs.MailTarget) (*diag.Diagnostic, error) {
	via, at, me := c.Destination.Email.Via, changePlace(c), in.options.SendTo
	if !in.r.Policy.AllowsRecipient(me.Address) {
		return at.problem("policy-recipient", "Recipient is not allowed", fmt.Sprintf("The policy does not let definitions send to %q, a preview neither.", me.Address)), nil
	}
	if problem := allowed(via, []*mail.Address{me}, at); problem != nil {
		return problem, nil
	}
	m := real
	m.To, m.Cc, m.Bcc, m.Individually, m.Outbox = []*mail.Address{me}, nil, nil, false, nil
	m.Subject = "[preview] " + real.Subject
	m.Notices = []string{outputs.Words(doc.Locale).Preview(addressed(real.To), addressed(real.Cc), addressed(real.Bcc))}
	var problem *diag.Diagnostic
	if via.SMTP != nil {
		m.Server, problem = in.r.mailServer(via, at)
	} else {
		m.Outbox, problem = in.r.outbox(via.Outbox, at)
	}
	if problem != nil {
		return problem, nil
	}
	output, err := in.r.Kinds(outputs.Target{Mail: &m})
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(in.r.Dir, "trial-")
	if err != nil {
		return nil, err
	}
	key := c.outputKey()
	key.Address += "-preview"
	key.Attempt = int(in.r.Clock().Unix()) // mail programs hide a second mail with the Message-ID of the first
	artifact, err := output.Render(ctx, doc, key, dir)
	if err != nil {
		return nil, err
	}
	c.trial = &trial{output, artifact, key}
	return nil, nil
}

// addressed are recipients as a sentence names them.
func addressed(list []*mail.Address) string {
	names := make([]string, len(list))
	for i, a := range list {
		names[i] = a.Address
	}
	return strings.Join(names, ", ")
}
