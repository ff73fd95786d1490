package spec

import (
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/diag"
)

// Policy is what the operator lets definitions ask for, kept outside the tree that authors can change.
// A nil list allows everything, an empty one nothing.
type Policy struct {
	Hosts            []string // that may be asked, "*.thulium.com", "smtp.example.com"; with private addresses where they are named
	Environment      []string // names that may be read, with globs
	RecipientDomains []string
	StateLocations   []string // globs
}

// ParsePolicy reads a policy file: hosts, environment, recipient_domains and state_locations, each a list.
func ParsePolicy(data []byte, file string) (*Policy, diag.List) {
	root, diags := parseYAML(file, data)
	if root == nil || diags.HasErrors() {
		return nil, diags
	}
	d := newDecoder(Options{})
	defer d.in("policy")()
	p := &Policy{}
	lists := map[string]*[]string{
		"hosts": &p.Hosts, "environment": &p.Environment,
		"recipient_domains": &p.RecipientDomains, "state_locations": &p.StateLocations,
	}
	known := []string{"hosts", "environment", "recipient_domains", "state_locations"}
	if root.kind != mapNode {
		d.fault(root.at, "wrong-type", "Wrong type", "A policy is a mapping with the keys %s.", strings.Join(known, ", "))
	}
	for _, e := range root.entries {
		into, ok := lists[e.key]
		switch {
		case e.key == "version" && e.value.text == "1":
		case !ok:
			// A key that is passed over would allow what it was meant to forbid.
			d.fault(e.keyAt, "unknown-key", "Unknown key", "A policy has no key %q.%s", e.key, suggest(e.key, known))
		default:
			*into = d.patterns(e.value)
		}
	}
	return p, append(diags, d.diags...).Sorted()
}

// patterns reads a list of names with globs. It is never nil: a list that is there allows what it names alone.
func (d *decoder) patterns(n *node) []string {
	out := []string{}
	if n.kind != listNode {
		d.fault(n.at, "wrong-type", "Wrong type", "A list is wanted here, such as:\n  hosts: [\"*.thulium.com\"]")
		return out
	}
	for _, item := range n.items {
		if item.kind != stringNode {
			d.fault(item.at, "bad-pattern", "Not a pattern", "A name is wanted here, in which * stands for any characters.")
			continue
		}
		out = append(out, item.text)
	}
	return out
}

// AllowsHost reports whether requests and mail may go to a host.
func (p *Policy) AllowsHost(host string) bool {
	return p == nil || allows(p.Hosts, strings.ToLower(host), true)
}

// AllowsEnv reports whether an environment name may be read.
func (p *Policy) AllowsEnv(name string) bool { return p == nil || allows(p.Environment, name, false) }

// AllowsRecipient reports whether mail may go to an address.
func (p *Policy) AllowsRecipient(address string) bool {
	at := strings.LastIndex(address, "@")
	return p == nil || p.RecipientDomains == nil || at >= 0 && allows(p.RecipientDomains, strings.ToLower(address[at+1:]), true)
}

// AllowsState reports whether deliveries may be remembered at a location.
func (p *Policy) AllowsState(location string) bool {
	return p == nil || allows(p.StateLocations, location, false)
}

func allows(patterns []string, name string, fold bool) bool {
	return patterns == nil || slices.ContainsFunc(patterns, func(pattern string) bool {
		if fold {
			pattern = strings.ToLower(pattern)
		}
		return glob(pattern, name)
	})
}

// glob matches * with any characters, slashes too: state locations are addresses, not paths.
func glob(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(name) < len(first)+len(last) || !strings.HasPrefix(name, first) || !strings.HasSuffix(name, last) {
		return false
	}
	name = name[len(first) : len(name)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name = name[i+len(part):]
	}
	return true
}
