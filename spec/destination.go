package spec

import (
	"strings"
	"unicode"

	"github.com/reportform/reportform/spec/diag"
)

// destination decodes where a report goes: a file or a mail.
func (d *decoder) destination(e entry, r *Report, plain, data scope) *Destination {
	defer d.in("destinations", e.key)()
	if e.key == OwnersDestination {
		d.fault(e.keyAt, "bad-name", "Not a name", "%q cannot be a destination's name: what the report's owners were told of is remembered under it. Give the destination another one.", e.key)
	}
	n := e.value
	dest := &Destination{Name: e.key, Range: e.keyAt, When: d.condition(n.get("when"), "when", data)}
	if file := n.get("file"); file != nil {
		dest.File = d.file(file, r, plain)
	}
	if email := n.get("email"); email != nil {
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

func (d *decoder) email(n *node, r *Report, plain, data scope) *EmailDestination {
	defer d.in("email")()
	m := &EmailDestination{
		Via: d.via(n.get("via")),
		To:  d.addresses(n.get("to"), plain), Cc: d.addresses(n.get("cc"), plain), Bcc: d.addresses(n.get("bcc"), plain),
		ReplyTo: d.address(n.get("reply_to"), plain),
		Subject: d.subject(n.get("subject"), data),
		Body:    d.blocks(n.get("body"), r, data),
		Resend:  d.text(n.get("in_doubt")) == "resend",
	}
	for _, item := range n.get("attach").list() {
		m.Attach = append(m.Attach, d.attachment(item, plain))
	}
	d.checkRecipients(m, r)
	return m
}

// subject decodes a mail's subject.
func (d *decoder) subject(n *node, s scope) *Template {
	t := d.prose(n, s)
	if t != nil && strings.ContainsFunc(t.Text, unicode.IsControl) {
		d.fault(t.Range, "bad-subject", "Not a subject", "A subject is one line without control characters.")
	}
	return t
}

// via finds the mail server. Nil means that it was reported.
func (d *decoder) via(n *node) *Connection {
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
		d.fault(n.at, "unknown-connection", "Unknown connection", "There is no connection %q.%s", name, suggest(name, mailers))
	case found.misfit:
	case found.SMTP == nil && found.Outbox == nil:
		d.fault(n.at, "wrong-connection", "Wrong kind of connection", "The connection %q is of type %s and sends no mail.%s", name, found.Type, suggest("", mailers))
		return nil
	}
	return found
}

// attachment decodes the workbook under a name: the word workbook, or a mapping.
func (d *decoder) attachment(n *node, s scope) *Attachment {
	a := &Attachment{Range: n.at, Name: d.template(n.get("name"), s)}
	if a.Name == nil {
		return a
	}
	if strings.ContainsAny(a.Name.Text, "/\\\r\n") {
		d.fault(a.Name.Range, "bad-file-name", "Not a file name", "%q has a slash or a line break in it. The name is what the reader saves the attachment as.", a.Name.Text)
	}
	if last := a.Name.segments[len(a.Name.segments)-1]; !strings.HasSuffix(last.Text, ".xlsx") {
		d.fault(a.Name.Range, "unknown-format", "Unknown file format", "The name of an attached workbook ends in .xlsx.")
	}
	return a
}
