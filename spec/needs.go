package spec

import (
	"slices"
	"strings"
)

// NeedsSecret reports whether the template reads the environment or a secret file.
func (t *Template) NeedsSecret() bool {
	if t == nil {
		return false
	}
	for _, s := range t.segments {
		if s.Expr == nil {
			continue
		}
		for _, path := range s.Expr.References() {
			if path[0] == "env" || path[0] == "file" {
				return true
			}
		}
	}
	return false
}

// NamesHost reports whether the policy names a host itself: only then may the host be a private address.
func (p *Policy) NamesHost(host string) bool {
	return p != nil && slices.ContainsFunc(p.Hosts, func(h string) bool { return strings.EqualFold(h, host) })
}
