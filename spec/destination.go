package spec

import (
	"strings"
	"unicode"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// destination decodes where a report goes: a file or a mail.
func (d *decoder) destination(e tree.Entry, r *Report, plain, data scope) *Destination {
	defer d.in("destinations", e.Key)()
	if e.Key == OwnersDestination {
		d.fault(e.KeyAt, "bad-name", "Not a name", "%q cannot be a destination's name: what the report's owners were told of is remembered under it. Give the destination another one.", e.Key)
	}
	n := e.Value
	dest := &Destination{Name: e.Key, Range: e.KeyAt, When: d.condition(n.Get("when"), "when", data)}
	if file := n.Get("file"); file != nil {
		dest.File = d.file(file, r, plain)
	}
	if email := n.Get("email"); email != nil {
		dest.Email = d.email(email, r, plain, data)
	}
	return dest
}

// once reports a name that is there already, with the place of the first. True means that it was reported.
func (d *decoder) once(name string, at diag.Range, seen map[string]diag.Range, code, summary, detail string) bool {
	first, twice := seen[name]
	if !twice {
		seen[name] = at
		return false
	}
	found := d.diagnostic(at, code, summary, "%s", detail)
	found.Related = []diag.Related{{Message: "the first is here", Range: first}}
	d.diags.Add(found)
	return true
}

func (d *decoder) email(n *tree.Node, r *Report, plain, data scope) *EmailDestination {
	defer d.in("email")()
	m := &EmailDestination{
		Via: d.via(n.Get("via")),
		To:  d.addresses(n.Get("to"), plain), Cc: d.addresses(n.Get("cc"), plain), Bcc: d.addresses(n.Get("bcc"), plain),
		ReplyTo: d.address(n.Get("reply_to"), plain),
		Subject: d.subject(n.Get("subject"), data),
		Body:    d.blocks(n.Get("body"), r, data),
		Resend:  d.text(n.Get("in_doubt")) == "resend",
	}
	d.attachments(m, n.Get("attach"), r, plain)
	d.individually(m, n)
	d.oversize(m, n.Get("oversize"))
	d.checkRecipients(m, r)
	return m
}

// subject decodes a mail's subject.
func (d *decoder) subject(n *tree.Node, s scope) *Template {
	t := d.prose(n, s)
	if t != nil && strings.ContainsFunc(t.Text, unicode.IsControl) {
		d.fault(t.Range, "bad-subject", "Not a subject", "A subject is one line without control characters.")
	}
	return t
}

// via finds the mail server. Nil means that it was reported.
func (d *decoder) via(n *tree.Node) *Connection {
	name, ok := d.literal(n)
	if !ok {
		return nil
	}
	var mailers []string
	var found *Connection
	for _, c := range d.config.Connections {
		if c.Name == name {
			found = c
		}
		if c.SMTP != nil || c.Outbox != nil {
			mailers = append(mailers, c.Name)
		}
	}
	switch {
	case found == nil:
		d.fault(n.At, "unknown-connection", "Unknown connection", "There is no connection %q.%s", name, suggest(name, mailers))
	case found.misfit:
	case found.SMTP == nil && found.Outbox == nil:
		d.fault(n.At, "wrong-connection", "Wrong kind of connection", "The connection %q is of type %s and sends no mail.%s", name, found.Type, suggest("", mailers))
		return nil
	}
	return found
}
