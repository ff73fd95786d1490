package runner

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
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
