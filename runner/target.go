package runner

import (
	"fmt"
	"net/mail"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// target evaluates a destination. A preview delivers nothing and needs no mail server's secrets.
func (r *Runner) target(s *scope, d *spec.Destination, preview bool) (outputs.Target, *diag.Diagnostic) {
	at := destinationPlace(s.report, d)
	if d.File != nil {
		p, problem := r.filePath(s, d.File, at)
		return outputs.Target{File: &outputs.FileTarget{Root: r.Root, Path: p, Data: dataFormat(d.File.Data)}}, problem
	}
	m, problem := r.mailTarget(s, d.Email, at)
	switch {
	case problem != nil:
	case preview:
		m.Outbox = &outputs.Folder{Root: r.Dir, Path: "."}
	case d.Email.Via.SMTP != nil:
		m.Server, problem = r.mailServer(d.Email.Via, at)
	default:
		m.Outbox, problem = r.outbox(d.Email.Via.Outbox, at)
	}
	return outputs.Target{Mail: m}, problem
}

// whereTo says where a destination leads: a path, or how many recipients. It needs neither secrets nor data.
func (r *Runner) whereTo(s *scope, d *spec.Destination) (string, *diag.Diagnostic) {
	at := destinationPlace(s.report, d)
	if d.File != nil {
		return r.filePath(s, d.File, at)
	}
	m := &outputs.MailTarget{}
	problem := r.recipients(s, m, d.Email, at)
	return describe(outputs.Target{Mail: m}), problem
}

func (r *Runner) filePath(s *scope, f *spec.FileDestination, at place) (string, *diag.Diagnostic) {
	p, problem := f.Path.Str(s.naming())
	if problem != nil {
		return "", problem
	}
	return path.Clean(p), checkPath(p, at)
}

// checkPath keeps what is written in the configuration's folder, out of the folders of git and of the state, and under
// names that can be shown and typed.
func checkPath(p string, at place) *diag.Diagnostic {
	if strings.Contains(p, `\`) || !isLocal(p) {
		return at.problem("path-outside", "Path leaves the configuration's folder",
			fmt.Sprintf("The path %q does not name a file in the configuration's folder.", p))
	}
	if strings.ContainsFunc(p, func(c rune) bool {
		return unicode.In(c, unicode.C, unicode.Zl, unicode.Zp) || strings.ContainsRune(`<>:"|?*`, c)
	}) {
		return at.problem("bad-file-name", "Not a name for a file",
			fmt.Sprintf("The path %q has characters that cannot stand in the name of a file everywhere, such as a control character or one of < > : \" | ? *.", p))
	}
	for part := range strings.SplitSeq(path.Clean(p), "/") {
		if part == ".git" || part == ".reportform" {
			return at.problem("path-reserved", "Folder is not for reports", fmt.Sprintf("The path %q lies in %s, which is not a folder for reports.", p, part))
		}
	}
	return nil
}

func (r *Runner) outbox(c *spec.OutboxConnection, at place) (*outputs.Folder, *diag.Diagnostic) {
	dir, problem := c.Directory.Str(&scope{r: r})
	if problem == nil {
		problem = checkPath(dir, at)
	}
	return &outputs.Folder{Root: r.Root, Path: path.Clean(dir)}, problem
}

// isLocal reports whether a slash-separated path stays beneath its folder.
func isLocal(p string) bool {
	return p != "" && !path.IsAbs(p) && p != ".." && !strings.HasPrefix(path.Clean(p), "../") && path.Clean(p) != "."
}

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
	return nil
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
	for _, a := range e.Attach {
		name, problem := a.Name.Str(s.naming())
		if problem != nil {
			return nil, problem
		}
		if name == "" {
			name = fileName(s.report.Address) + "-" + fileName(s.rng.Key()) + ".xlsx"
		}
		m.Attachments = append(m.Attachments, name)
	}
	var from *spec.Template
	replyTo := e.ReplyTo
	if c := e.Via.SMTP; c != nil {
		from, replyTo, m.MaxSize = c.From, firstOf(replyTo, c.ReplyTo), c.MaxMessageSize
	} else {
		from, replyTo = e.Via.Outbox.From, firstOf(replyTo, e.Via.Outbox.ReplyTo)
	}
	if from == nil {
		m.From = &mail.Address{Address: outboxSender}
	} else if m.From, problem = r.sender(s, from, at); problem != nil {
		return nil, problem
	}
	if replyTo != nil {
		m.ReplyTo, problem = r.sender(s, replyTo, at)
	}
	return m, problem
}

func (r *Runner) mailServer(via *spec.Connection, at place) (*outputs.MailServer, *diag.Diagnostic) {
	s, c := &scope{r: r}, via.SMTP
	m := &outputs.MailServer{Port: c.Port, Security: c.Security, AllowPlaintext: c.AllowPlaintext, Auth: c.Auth, Timeout: c.Timeout}
	var problem *diag.Diagnostic
	if m.Host, problem = c.Host.Str(s); problem != nil {
		return nil, problem
	}
	if !r.Policy.AllowsHost(m.Host) {
		return nil, at.problem("policy-host", "Host is not allowed", fmt.Sprintf("The policy does not let definitions use the host %q.", m.Host))
	}
	if m.Username, problem = c.Username.Str(s); problem != nil {
		return nil, problem
	}
	if m.Password, problem = r.secret(s, c.Password); problem != nil {
		return nil, problem
	}
	if c.CAFile != "" {
		pem, err := readBeneath(r.Root, c.CAFile, 1<<20)
		if err != nil {
			return nil, connectionPlace(via).problem("unreadable-file", "File cannot be read",
				fmt.Sprintf("The ca_file %q cannot be read: %v.", c.CAFile, err))
		}
		m.CAs = pem
	}
	return m, nil
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
	if via.SMTP == nil || via.SMTP.AllowDomains == nil {
		return nil
	}
	for _, a := range addresses {
		domain := a.Address[strings.LastIndexByte(a.Address, '@')+1:]
		if !slices.ContainsFunc(via.SMTP.AllowDomains, func(d string) bool { return strings.EqualFold(d, domain) }) {
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

func firstOf(a, b *spec.Template) *spec.Template {
	if a != nil {
		return a
	}
	return b
}

// describe says where a target leads.
func describe(t outputs.Target) string {
	if t.File != nil {
		return t.File.Path
	}
	each := map[string]bool{} // they get one mail, however often and in whatever case they are named
	for _, a := range slices.Concat(t.Mail.To, t.Mail.Cc, t.Mail.Bcc) {
		each[strings.ToLower(a.Address)] = true
	}
	return count(len(each), "recipient", "recipients")
}

// fileName makes part of a file name of an address or range key.
func fileName(s string) string {
	s = strings.Map(func(c rune) rune {
		if c == '"' || c == ']' {
			return -1
		}
		if strings.ContainsRune(`[/\:<>|?*`, c) || c < ' ' {
			return '-'
		}
		return c
	}, s)
	return strings.ReplaceAll(s, "..", "_")
}
