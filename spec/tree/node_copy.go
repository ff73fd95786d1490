package tree

import (
	"slices"

	"github.com/reportform/reportform/spec/diag"
)

// Copy copies a value with all that it holds.
func (n *Node) Copy() *Node {
	out := *n
	out.Items = slices.Clone(n.Items)
	for i, item := range out.Items {
		out.Items[i] = item.Copy()
	}
	out.Entries = slices.Clone(n.Entries)
	for i := range out.Entries {
		out.Entries[i].Value = out.Entries[i].Value.Copy()
	}
	return &out
}

// Place moves a value, with all that it holds, to a place.
func (n *Node) Place(at diag.Range) {
	n.At, n.TextAt = at, nil
	for _, item := range n.Items {
		item.Place(at)
	}
	for i := range n.Entries {
		n.Entries[i].KeyAt = at
		n.Entries[i].Value.Place(at)
	}
}
