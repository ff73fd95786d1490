package spec

import (
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
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
	root, diags := tree.Parse(file, data)
	if root != nil && !slices.ContainsFunc(root.Entries, func(e tree.Entry) bool { return e.Key != "version" }) {
		diags.Add(tree.EmptyFile(root.At))
		root = nil
	}
	if root == nil {
		// A file without a key would allow everything, which nobody writes a policy for.
		for i := range diags {
			if diags[i].Code == "empty-file" {
				diags[i].Detail = "The file holds no keys, so that it would allow everything. A policy says what definitions may ask for, such as:\n\n    hosts: [\"*.thulium.com\"]"
			}
		}
		return nil, diags
	}
	d := newDecoder(Options{})
	d.remember(diags)
	// A key that is passed over would allow what it was meant to forbid: the schema admits no others.
	d.checkSchema(root, "policy")
	return &Policy{
		Hosts:            d.patterns(root.Get("hosts")),
		Environment:      d.patterns(root.Get("environment")),
		RecipientDomains: d.patterns(root.Get("recipient_domains")),
		StateLocations:   d.patterns(root.Get("state_locations")),
	}, d.diags.Sorted()
}

// patterns reads a list of names with globs. It is not nil where the list is there: an empty one allows nothing.
func (d *decoder) patterns(n *tree.Node) []string {
	if n == nil {
		return nil
	}
	return append([]string{}, d.texts(n)...)
}

// AllowsHost reports whether requests and mail may go to a host.
func (p *Policy) AllowsHost(host string) bool {
	return p == nil || allows(p.Hosts, strings.ToLower(host), true)
}

// NamesHost reports whether the policy names a host itself: only then may the host be a private address.
func (p *Policy) NamesHost(host string) bool {
	return p != nil && slices.ContainsFunc(p.Hosts, func(h string) bool { return strings.EqualFold(h, host) })
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
