package runner

import (
	"cmp"
	"fmt"
	"maps"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// intent is what is recorded of a delivery before it is handed over.
func (a *applying) intent(c *Change) state.Record {
	r := state.Record{
		Zone:       c.Range.From.Location().String(),
		Definition: c.Destination.Digest,
		Content:    string(c.Artifact.Content),
		Attempt:    c.attempt,
		Again:      c.anew,
		Plan:       c.plan,
	}
	e := c.Artifact.Envelope
	if e == nil {
		r.File, r.Path = string(c.Artifact.Digest), c.Target
		return r
	}
	r.MessageID, r.Date, r.Attempt = e.MessageID, e.Date, e.Attempt
	if c.recipients == nil {
		for _, address := range e.Recipients {
			c.recipients = append(c.recipients, recipientDigest(a.root.Salt, address))
			c.known = append(c.known, state.Reply{Temporary: true})
		}
	}
	r.Recipients, r.Replies = c.recipients, slices.Clone(c.known)
	c.anew = false // what this run tries again goes on from here
	return r
}

// outcome is what is recorded of a delivery after it was handed over, with what is known of each recipient by now.
func (a *applying) outcome(c *Change, intent state.Record, receipt outputs.Receipt, err error) state.Record {
	outcome := intent
	if e := c.Artifact.Envelope; e != nil {
		outcome.Replies = slices.Clone(c.known)
		for i, address := range e.Recipients {
			at := slices.Index(c.recipients, recipientDigest(a.root.Salt, address))
			if at < 0 {
				continue
			}
			outcome.Replies[at] = reply(receipt, i, err)
			outcome.Replies[at].Text = hideAddresses(outcome.Replies[at].Text, c.Artifact)
		}
		c.known = outcome.Replies
	}
	open := slices.ContainsFunc(outcome.Replies, func(r state.Reply) bool { return r.Temporary })
	switch {
	case outputs.IsInDoubt(err):
		outcome.Kind, outcome.Reason = state.InDoubt, hideAddresses(err.Error(), c.Artifact)
	case err != nil:
		outcome.Kind, outcome.Reason = state.Failed, hideAddresses(err.Error(), c.Artifact)
	case open:
		outcome.Kind, outcome.Reason = state.Failed, "some recipients were refused for the moment"
	default:
		outcome.Kind = state.Delivered
	}
	return outcome
}

// reply is what is known of the recipient number i of an envelope after a delivery.
func reply(receipt outputs.Receipt, i int, err error) state.Reply {
	r := outputs.Reply{Accepted: err == nil, Temporary: err != nil}
	if i < len(receipt.Replies) {
		r = receipt.Replies[i]
	}
	if r.InDoubt || outputs.IsInDoubt(err) && len(receipt.Replies) == 0 {
		return state.Reply{InDoubt: true, Text: r.Text}
	}
	return state.Reply{Accepted: r.Accepted, Temporary: r.Temporary && !r.Accepted, Text: r.Text}
}

// tell says what became of a delivery, and keeps what may be tried again.
func (a *applying) tell(c *Change, outcome state.Record, receipt outputs.Receipt, err error) {
	c.seen = 0 // this run's own records have come since the plan
	for _, r := range receipt.Replies {
		if !r.Accepted && !r.Temporary && !r.InDoubt {
			c.lost = append(c.lost, r)
		}
	}
	switch {
	case outcome.Kind == state.InDoubt && c.Destination.Email.Resend:
		a.postpone(c, err.Error())
	case outcome.Kind == state.InDoubt:
		a.inDoubt(c, err.Error())
	case outcome.Kind == state.Failed && isTemporary(err, receipt):
		reason := refused(receipt.Replies)
		if err != nil {
			reason = err.Error()
		}
		a.postpone(c, reason)
	case outcome.Kind == state.Failed:
		a.failed(c, err.Error())
	default:
		a.delivered(c, receipt)
	}
}

func (a *applying) delivered(c *Change, receipt outputs.Receipt) {
	switch {
	case receipt.Unchanged:
		a.result.Unchanged++
	case c.Destination.File != nil:
		a.result.Written++
	default:
		a.result.Sent++
	}
	a.r.Observer.Observe(DeliverComplete{Change: c, Where: receipt.Where, Path: receipt.Path, Unchanged: receipt.Unchanged})
	if closed := refused(c.lost); closed != "" {
		a.result.Refused++
		a.trouble(c, changePlace(c).problem("recipient-refused", "Recipient was refused", fmt.Sprintf(
			"%s was delivered, but not to everybody: %s. Whom a server refuses for good is not tried again for this range; correct the address or take it out.", c.Key, closed)))
	}
}

// trouble tells the user of what became of a delivery, and keeps it for the report's owners.
func (a *applying) trouble(c *Change, problem *diag.Diagnostic) {
	a.problems.Add(*problem)
	c.problem = problem
}

// refused names those who were not accepted, with the server's words.
func refused(replies []outputs.Reply) string {
	var names []string
	for _, r := range replies {
		if !r.Accepted {
			names = append(names, r.Recipient+" ("+r.Text+")")
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "the server refused " + strings.Join(names, ", ")
}

// withLost adds to a reason whom it does not name and the server has refused for good: no later run tells of them.
func (c *Change) withLost(reason string) string {
	unnamed := slices.DeleteFunc(slices.Clone(c.lost), func(r outputs.Reply) bool { return strings.Contains(reason, r.Recipient) })
	if also := refused(unnamed); also != "" {
		return strings.TrimSuffix(reason, ".") + "; for good " + also
	}
	return reason
}

// postpone keeps what is to be tried again within the budget.
func (a *applying) postpone(c *Change, reason string) {
	c.refusal = reason
	a.later = append(a.later, c)
}

// hideAddresses keeps recipients' addresses out of the state, where servers quote them, in whatever case.
func hideAddresses(text string, a *outputs.Artifact) string {
	if a.Envelope == nil {
		return text
	}
	names := map[string]string{}
	for i, address := range a.Envelope.Recipients {
		quoted := strings.Trim((&mail.Address{Address: address}).String(), "<>")
		for _, form := range []string{address, quoted} {
			names[form] = fmt.Sprintf("(recipient %d)", i+1)
		}
	}
	// One may end as another does: the longest is looked for first.
	longest := func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) }
	for _, form := range slices.SortedFunc(maps.Keys(names), longest) {
		text = regexp.MustCompile("(?i)"+regexp.QuoteMeta(form)).ReplaceAllLiteralString(text, names[form])
	}
	return text
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
		a.result.Left++
		c.Left = true
		c.Reason = "another run left it undone"
	}
}

// held says that another run still holds a delivery when the budget for waiting is used up.
func (a *applying) held(c *Change) {
	a.result.Held++
	a.r.Observer.Observe(DeliverErrored{Change: c, Err: "another run still holds it"})
	a.problems.Add(*changePlace(c).problem("still-held", "Another run still holds a delivery", fmt.Sprintf(
		"%s is in the hands of another run, and this one has waited for as long as it may. Wait longer for others, or look later what became of it:\n    %s apply --budget 30m\n    %s show %s", c.Key, a.r.Call, a.r.Call, ShellWord(c.Key.String()))))
}

func (a *applying) inDoubt(c *Change, reason string) {
	reason = c.withLost(reason)
	a.result.InDoubt++
	a.r.Observer.Observe(DeliverErrored{Change: c, InDoubt: true, Err: reason})
	a.trouble(c, a.r.doubtful(c, reason))
}

// doubtful says that a delivery is in doubt, and what to do about it.
func (r *Runner) doubtful(c *Change, reason string) *diag.Diagnostic {
	return changePlace(c).problem("in-doubt", "Delivery is in doubt", fmt.Sprintf(
		"Nobody can know whether %s has arrived: %s. It is not sent again by itself. Ask a recipient, then say which it is:\n    %s",
		c.Key, strings.TrimSuffix(reason, "."), strings.Join(Resolving(r.Call, c.Key.String()), "\n    ")))
}

// Resolving are the commands that settle a delivery in doubt, either of which a user may copy.
func Resolving(call, key string) []string {
	resolve := call + " state resolve " + ShellWord(key)
	return []string{resolve + " --delivered", resolve + " --resend"}
}

func (a *applying) failed(c *Change, reason string) {
	reason = c.withLost(reason)
	a.result.Failed++
	a.r.Observer.Observe(DeliverErrored{Change: c, Err: reason})
	next := "The next apply tries it again."
	served, open, doubtful := 0, 0, 0
	for _, r := range c.known {
		switch {
		case r.Accepted:
			served++
		case r.InDoubt:
			doubtful++
		case r.Temporary:
			open++
		}
	}
	switch {
	case doubtful > 0:
		a.trouble(c, changePlace(c).problem("delivery-failed", "Delivery failed", fmt.Sprintf(
			"Whether %s has arrived is not known: %s. The next apply sends it again, as in_doubt: resend says.", c.Key, strings.TrimSuffix(reason, "."))))
		return
	case served > 0 && served+open < len(c.known):
		next = fmt.Sprintf("%d of %s have it, %d refused for good; the next apply tries %d again.",
			served, count(len(c.known), "recipient", "recipients"), len(c.known)-served-open, open)
	case served > 0:
		next = fmt.Sprintf("%d of %s have it; the next apply tries the rest again.", served, count(len(c.known), "recipient", "recipients"))
	case len(c.known) > 0 && !slices.ContainsFunc(c.known, func(r state.Reply) bool { return r.Temporary }):
		next = "Correct the addresses; the next apply tries again."
	}
	a.trouble(c, changePlace(c).problem("delivery-failed", "Delivery failed",
		fmt.Sprintf("%s was not delivered: %s. %s", c.Key, strings.TrimSuffix(reason, "."), next)))
}

func changePlace(c *Change) place { return destinationPlace(c.Report, c.Destination) }

func destinationPlace(rep *spec.Report, d *spec.Destination) place {
	return place{d.Range, fmt.Sprintf("report %q > destinations > %s", rep.Address, d.Name)}
}
