package spec

import (
	"regexp"
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

// scheme is what stands literally around a header's or a bearer's secret: Bearer ${…}, session=${…}; lang=${…}.
var scheme = regexp.MustCompile(`^["';, ]*(?:[A-Za-z][A-Za-z_-]{0,19}[ =:]+["']?)*$`)

// holdsLiteral reports whether a template for a secret has some of it written in the file: text beside ${…} that allowed
// does not match, or an expression of nothing else.
func (t *Template) holdsLiteral(allowed *regexp.Regexp) bool {
	if t.isFixed() {
		return true
	}
	for _, s := range t.segments {
		switch {
		case s.Expr != nil && isLiteral(s.Expr):
			return true
		case s.Expr == nil && strings.TrimSpace(s.Text) != "" && (allowed == nil || !allowed.MatchString(s.Text)):
			return true
		}
	}
	return false
}

// isLiteral reports whether an expression takes nothing from outside.
func isLiteral(e *expr.Expr) bool {
	return len(e.References()) == 0 && !strings.Contains(e.Text(), "file(")
}

// loginPart is who asks, before the host of an address.
var loginPart = regexp.MustCompile(`//([^/?#]*)@`)

// hasLiteralLogin reports whether credentials stand literally in an address: a password, or a user without one.
func hasLiteralLogin(t *Template) bool {
	const computed = "\x00"
	var text strings.Builder
	for _, s := range t.segments {
		if s.Expr != nil {
			text.WriteString(computed)
		} else {
			text.WriteString(s.Text)
		}
	}
	found := loginPart.FindStringSubmatch(text.String())
	if found == nil {
		return false
	}
	user, password, both := strings.Cut(found[1], ":")
	if !both {
		password = user
	}
	return strings.Trim(password, computed) != ""
}
