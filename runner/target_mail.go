package runner

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// recipients evaluates to, cc and bcc.
func (r *Runner) recipients(s *scope, m *outputs.MailTarget, e *spec.EmailDestination, at place) *diag.Diagnostic {
	for _, l := range []struct {
		into *[]*mail.Address
		from []*spec.Template
	}{{&m.To, e.To}, {&m.Cc, e.Cc}, {&m.Bcc, e.Bcc}} {
		for _, t := range l.from {
			addresses, problem := r.addresses(s, t, at)
			if problem == nil {
				problem = allowed(e.Via, addresses, place{t.Range, at.context})
			}
			if problem != nil {
				return problem
			}
			*l.into = append(*l.into, addresses...)
		}
	}
	if len(m.To)+len(m.Cc)+len(m.Bcc) == 0 {
		return at.problem("no-recipients", "Mail has no recipients", "To, cc and bcc came out empty, so nobody would get this mail.")
	}
	if e.Individually {
		m.Individually = true
		m.To = eachOnce(m.To)
	}
	return nil
}

// eachOnce leaves of people who are named twice the first.
func eachOnce(list []*mail.Address) []*mail.Address {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(a *mail.Address) bool {
		same := strings.ToLower(a.Address)
		twice := seen[same]
		seen[same] = true
		return twice
	})
}

// mailTarget evaluates a message, but for where it is handed over.
func (r *Runner) mailTarget(s *scope, e *spec.EmailDestination, at place) (*outputs.MailTarget, *diag.Diagnostic) {
	m := &outputs.MailTarget{}
	problem := r.recipients(s, m, e, at)
	if problem != nil {
		return nil, problem
	}
	if m.Subject, problem = e.Subject.Str(s); problem != nil {
		return nil, problem
	}
	if m.Subject == "" {
		m.Subject = s.title
	}
	if m.Attachments, problem = r.attachments(s, e.Attach); problem != nil {
		return nil, problem
	}
	if m.Oversize = e.Oversize; slices.Contains(e.Oversize, outputs.OversizeNotice) {
		if m.Elsewhere, problem = r.elsewhere(s); problem != nil {
			return nil, problem
		}
	}
	var from *spec.Template
	replyTo := e.ReplyTo
	if c := e.Via.SMTP; c != nil {
		from, replyTo, m.MaxSize = c.From, firstOf(replyTo, c.ReplyTo), c.MaxMessageSize
	} else {
		c := e.Via.Outbox
		from, replyTo, m.MaxSize = c.From, firstOf(replyTo, c.ReplyTo), c.MaxMessageSize
	}
	if from == nil {
		m.From = &mail.Address{Address: outboxSender}
	} else if m.From, problem = r.sender(s, from, at); problem != nil {
		return nil, problem
	}
	if replyTo != nil {
		if m.ReplyTo, problem = r.sender(s, replyTo, at); problem != nil {
			return nil, problem
		}
	}
	if c := e.Via.SMTP; c != nil {
		back, at := m.From, connectionPlace(e.Via)
		if c.BounceTo != nil {
			if m.BounceTo, problem = r.sender(s, c.BounceTo, at); problem != nil {
				return nil, problem
			}
			back = m.BounceTo
		}
		problem = r.comesBack(back.Address, at)
	}
	return m, problem
}

// comesBack lets the policy have a say in who gets what cannot be delivered, since the report may be in it.
func (r *Runner) comesBack(to string, at place) *diag.Diagnostic {
	if r.Policy.AllowsRecipient(to) {
		return nil
	}
	return at.problem("policy-recipient", "Recipient is not allowed", fmt.Sprintf(
		"What cannot be delivered would come back to %q, with the report in it, and the policy does not let definitions send there. Have it come back to somebody else by the connection's `bounce_to`.", to))
}

// attachments are what goes along, each under a name.
func (r *Runner) attachments(s *scope, list []*spec.Attachment) ([]outputs.Attachment, *diag.Diagnostic) {
	var out []outputs.Attachment
	for _, a := range list {
		name, problem := a.Name.Str(s.naming())
		if problem != nil {
			return nil, problem
		}
		if name == "" {
			parts := []string{fileName(s.report.Address), fileName(s.rng.Key())}
			if a.Data.Dataset != "" {
				parts = slices.Insert(parts, 1, fileName(a.Data.Dataset))
			}
			name = strings.Join(parts, "-") + "." + a.Format
		}
		out = append(out, outputs.Attachment{Name: name, Data: dataFormat(a.Data)})
	}
	return out, nil
}

// elsewhere are the report's files that are written whatever the figures are.
func (r *Runner) elsewhere(s *scope) ([]string, *diag.Diagnostic) {
	var out []string
	for _, d := range s.report.Destinations {
		if d.File == nil || d.When != nil {
			continue
		}
		p, problem := r.filePath(s, d.File, destinationPlace(s.report, d))
		if problem != nil {
			return nil, problem
		}
		out = append(out, p)
	}
	return out, nil
}

// addresses evaluates a recipient: one address, or a list of them.
func (r *Runner) addresses(s *scope, t *spec.Template, at place) ([]*mail.Address, *diag.Diagnostic) {
	v, problem := t.Eval(s)
	if problem != nil {
		return nil, problem
	}
	items := v.Items
	if v.Type != expr.List {
		items = []expr.Value{v}
	}
	var out []*mail.Address
	for _, item := range items {
		a, err := mail.ParseAddress(item.Str)
		if err != nil {
			return nil, place{t.Range, at.context}.problem("bad-recipient", "Recipient is not a mail address",
				fmt.Sprintf("%q is not a mail address such as leads@example.com or Team leads <leads@example.com>.", item.Str))
		}
		if !r.Policy.AllowsRecipient(a.Address) {
			return nil, place{t.Range, at.context}.problem("policy-recipient", "Recipient is not allowed",
				fmt.Sprintf("The policy does not let definitions send to %q.", a.Address))
		}
		out = append(out, a)
	}
	return out, nil
}

// allowed keeps a mail server's allow_domains.
func allowed(via *spec.Connection, addresses []*mail.Address, at place) *diag.Diagnostic {
	for _, a := range addresses {
		if !via.SendsTo(a.Address) {
			return at.problem("recipient-domain", "Recipient's domain is not allowed",
				fmt.Sprintf("The connection %q sends to %s alone, by its allow_domains, and not to %q.", via.Name, strings.Join(via.SMTP.AllowDomains, ", "), a.Address))
		}
	}
	return nil
}

// outboxSender is who mails into an outbox come from where it names nobody: they are for trying out.
const outboxSender = "reports@localhost"

func (r *Runner) sender(s *scope, t *spec.Template, at place) (*mail.Address, *diag.Diagnostic) {
	text, problem := t.Str(s)
	if problem != nil {
		return nil, problem
	}
	a, err := mail.ParseAddress(text)
	if err != nil {
		return nil, at.problem("bad-sender", "Sender is not a mail address",
			fmt.Sprintf("%q is not a mail address such as Support reports <reports@example.com>.", text))
	}
	return a, nil
}
