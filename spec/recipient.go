package spec

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// addresses decodes recipients: a list, or one.
func (d *decoder) addresses(n *tree.Node, s scope) []*Template {
	if n == nil {
		return nil
	}
	items := n.Items
	if n.Kind != tree.List {
		items = []*tree.Node{n}
	}
	var out []*Template
	for _, item := range items {
		if t := d.address(item, s); t != nil {
			out = append(out, t)
		}
	}
	return out
}

// address decodes an address, with or without a name before it. One that is computed is checked by
// checkRecipients, or when it is known.
func (d *decoder) address(n *tree.Node, s scope) *Template {
	t := d.template(n, s)
	if t == nil {
		return nil
	}
	if strings.ContainsAny(t.Text, "\r\n") {
		d.fault(n.At, "bad-address", "Not an address", "An address stands on one line. Several are a list, each an item of its own.")
		return nil
	}
	if !t.isFixed() {
		return t
	}
	text := t.fixed()
	if _, err := mail.ParseAddress(text); err != nil {
		d.fault(n.At, "bad-address", "Not an address", "%q is no mail address.%s", text, addressHint(text))
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

// checkRecipients checks the recipients that are known while loading, of every instance: that they are addresses, and
// within the domains that the connection sends to. Of a template's faults the first is told.
func (d *decoder) checkRecipients(m *EmailDestination, r *Report) {
	for _, t := range slices.Concat(m.To, m.Cc, m.Bcc) {
		for _, env := range d.environments(r) {
			if d.checkRecipient(t, m.Via, r, env) {
				break
			}
		}
	}
}

// checkRecipient checks the recipients that a template makes in an instance. True means that something was reported.
func (d *decoder) checkRecipient(t *Template, via *Connection, r *Report, env loadEnv) bool {
	in := ""
	if env.each != nil && t.refersTo("each") {
		in = fmt.Sprintf(" This is so in the instance %s.", r.instanceAddress(env.each))
	}
	for _, text := range t.knownTexts(env) {
		address, err := mail.ParseAddress(text)
		if err != nil {
			d.fault(t.Range, "bad-address", "Not an address", "%q is no mail address.%s%s", text, addressHint(text), in)
			return true
		}
		if !via.SendsTo(address.Address) {
			d.fault(t.Range, "domain-not-allowed", "Recipient outside the allowed domains", "The connection %q sends only to %s (its allow_domains), and not to %q.%s", via.Name, strings.Join(via.SMTP.AllowDomains, ", "), domainOf(address.Address), in)
			return true
		}
	}
	return false
}

// knownTexts are the texts that a template makes, one or those of a list; none where they are not known while loading.
func (t *Template) knownTexts(env loadEnv) []string {
	v, fault := t.Eval(env)
	if fault != nil || !v.Valid {
		return nil
	}
	items := v.Items
	if v.Type != expr.List {
		items = []expr.Value{v}
	}
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = strings.TrimSpace(t.text(item))
	}
	return out
}

// SendsTo reports whether the connection's allow_domains admit an address. A domain is admitted in whatever case and in
// either spelling, with its own letters or in the ASCII form that the DNS has; its subdomains are domains of their own.
func (c *Connection) SendsTo(address string) bool {
	if c == nil || c.SMTP == nil || c.SMTP.AllowDomains == nil {
		return true
	}
	domain := spelled(domainOf(address))
	return slices.ContainsFunc(c.SMTP.AllowDomains, func(allowed string) bool { return spelled(allowed) == domain })
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// spelled is a domain in the one form by which domains are compared.
func spelled(domain string) string {
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
		return ascii
	}
	return strings.ToLower(domain)
}
