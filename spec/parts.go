package spec

import (
	"crypto/sha256"
	"slices"

	"github.com/reportform/reportform/spec/tree"
)

// Parts are digests of what is written under each key of a report or a connection, by the path of the key: range,
// datasets.by_day, destinations.leads.email.to. Two versions of a configuration are compared by them, so that a reviewer
// is told what has changed. Comments, layout and the order of keys are not in them, values of variables neither.
type Parts map[string]string

// opened are the keys whose own keys are parts by themselves, by their path; * is any name.
var opened = []string{"datasets", "destinations", "destinations.*", "destinations.*.email", "destinations.*.file", "sources"}

// unreviewed are the keys of a report that its instances share, and that say of each instance nothing.
var unreviewed = []string{"for_each"}

// parts digests a report or a connection.
func parts(n *tree.Node) Parts {
	out := Parts{}
	out.add(n, "", "")
	return out
}

// add digests the keys of a map. The path is theirs, kind the path with * for names.
func (p Parts) add(n *tree.Node, path, kind string) {
	for _, e := range n.All() {
		at, of := path+e.Key, kind+e.Key
		if kind == "destinations." {
			of = kind + "*"
		}
		switch {
		case path == "" && slices.Contains(unreviewed, e.Key):
		case slices.Contains(opened, of) && e.Value.Kind == tree.Map:
			p.add(e.Value, at+".", of+".")
		default:
			h := sha256.New()
			hashNode(h, e.Value, e.Key)
			p[at] = digestOf(h)
		}
	}
}

// NeedsParts reports whether the template refers to a part of a split, so that it cannot be computed before rows are there.
func (t *Template) NeedsParts() bool { return t != nil && t.refersTo("split") }
