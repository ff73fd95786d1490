package spec

import (
	"net/mail"
	"slices"
	"strings"
	"unicode"

	"github.com/reportform/reportform/spec/diag"
)

// destination decodes where a report goes: a file or a mail.
func (d *decoder) destination(e entry, r *Report, plain, data scope) *Destination {
	defer d.in("destinations", e.key)()
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

func (d *decoder) file(n *node, r *Report, s scope) *FileDestination {
	defer d.in("file")()
	path := n.get("path")
	f := &FileDestination{Path: d.filePath(path, s)}
	if f.Path == nil {
		return f
	}
	if last := f.Path.segments[len(f.Path.segments)-1]; !strings.HasSuffix(last.Text, ".xlsx") {
		if ending, ok := laterEnding(last.Text); ok {
			d.fault(path.at, "not-yet", "Not in this version yet", "%s A path ends in .xlsx.", notYet(ending))
			return f
		}
		d.fault(path.at, "unknown-format", "Unknown file format", "The ending of a path says its format, and this one does not end in .xlsx.")
		return f
	}
	if !f.Path.refersTo("range") && r.recurs() {
		found := d.diagnostic(path.at, "path-without-range", "One path for every range",
			"A file that is there is never overwritten, so that the second range would be refused. Put the range into the path, such as:\n\n    %s-${range.from}.xlsx", strings.TrimSuffix(f.Path.Text, ".xlsx"))
		found.Severity = diag.Warning
		d.diags.Add(found)
	}
	d.once(f.Path.known(loadEnv{d.values, r.Name}), path.at, d.paths, "same-path", "Two destinations write one file",
		"Another destination writes the same path, and each would find the other's file there. Give one of them another name.")
	return f
}

// known is a template's text with all that is known while loading put in, so that the same path is recognised.
func (t *Template) known(env loadEnv) string {
	var out strings.Builder
	for _, s := range t.segments {
		if s.Expr == nil {
			out.WriteString(s.Text)
		} else if v, err := s.Expr.Eval(env); err == nil {
			out.WriteString(t.text(v))
		} else {
			out.WriteString("${" + s.Expr.Text() + "}")
		}
	}
	return out.String()
}

// once reports a name that is there already, with the place of the first.
func (d *decoder) once(name string, at diag.Range, seen map[string]diag.Range, code, summary, detail string) {
	first, twice := seen[name]
	if !twice {
		seen[name] = at
		return
	}
	found := d.diagnostic(at, code, summary, "%s", detail)
	found.Related = []diag.Related{{Message: "the first is here", Range: first}}
	d.diags.Add(found)
}

func (d *decoder) email(n *node, r *Report, plain, data scope) *EmailDestination {
	defer d.in("email")()
	m := &EmailDestination{
		Via: d.via(n.get("via")),
		To:  d.addresses(n.get("to"), plain), Cc: d.addresses(n.get("cc"), plain), Bcc: d.addresses(n.get("bcc"), plain),
		ReplyTo: d.address(n.get("reply_to"), plain),
		Subject: d.prose(n.get("subject"), data),
		Body:    d.blocks(n.get("body"), r, data),
	}
	if m.Subject != nil && strings.ContainsFunc(m.Subject.Text, unicode.IsControl) {
		d.fault(m.Subject.Range, "bad-subject", "Not a subject", "A subject is one line without control characters.")
	}
	for _, item := range n.get("attach").list() {
		m.Attach = append(m.Attach, d.attachment(item, plain))
	}
	if m.Via != nil && m.Via.SMTP != nil {
		for _, t := range slices.Concat(m.To, m.Cc, m.Bcc) {
			d.checkDomain(t, m.Via)
		}
	}
	return m
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

// addresses decodes recipients: a list, or one.
func (d *decoder) addresses(n *node, s scope) []*Template {
	if n == nil {
		return nil
	}
	items := n.items
	if n.kind != listNode {
		items = []*node{n}
	}
	var out []*Template
	for _, item := range items {
		if t := d.address(item, s); t != nil {
			out = append(out, t)
		}
	}
	return out
}

// address decodes an address, with or without a name before it. One that is computed is checked when it is known.
func (d *decoder) address(n *node, s scope) *Template {
	t := d.template(n, s)
	if t == nil {
		return nil
	}
	if strings.ContainsAny(t.Text, "\r\n") {
		d.fault(n.at, "bad-address", "Not an address", "An address stands on one line. Several are a list, each an item of its own.")
		return nil
	}
	if !t.isFixed() {
		return t
	}
	text := t.fixed()
	if _, err := mail.ParseAddress(text); err != nil {
		d.fault(n.at, "bad-address", "Not an address", "%q is no mail address.%s", text, addressHint(text))
		return nil
	}
	return t
}

// addressHint says what an address that cannot be read most likely lacks.
func addressHint(text string) string {
	list, err := mail.ParseAddressList(strings.ReplaceAll(text, ";", ","))
	switch {
	case err == nil && len(list) > 1:
		return " There are several in it: write them as a list, each an item of its own."
	case !strings.Contains(text, "@"):
		return " It has no @. Write it as name@example.com or Name <name@example.com>."
	case strings.Contains(text, "<") != strings.Contains(text, ">"):
		return " An angle bracket is missing. Write it as Name <name@example.com>."
	case strings.ContainsAny(text, ",:") && strings.Contains(text, "<"):
		return " A name with a comma or colon stands in quotes: '\"Nowak, Anna\" <a.nowak@example.com>'."
	default:
		return " Write it as name@example.com or Name <name@example.com>."
	}
}

// checkDomain reports a recipient outside the domains that the connection sends to.
func (d *decoder) checkDomain(t *Template, via *Connection) {
	if len(via.SMTP.AllowDomains) == 0 || !t.isFixed() {
		return
	}
	address, err := mail.ParseAddress(t.fixed())
	if err != nil {
		return
	}
	domain := address.Address[strings.LastIndex(address.Address, "@")+1:]
	if !slices.ContainsFunc(via.SMTP.AllowDomains, func(allowed string) bool { return strings.EqualFold(allowed, domain) }) {
		d.fault(t.Range, "domain-not-allowed", "Recipient outside the allowed domains", "The connection %q sends only to %s (its allow_domains).", via.Name, strings.Join(via.SMTP.AllowDomains, ", "))
	}
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
