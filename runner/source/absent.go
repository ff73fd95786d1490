package source

import (
	"slices"
	"strings"
)

// seen says of each declared column whether a record of the page had a place for it. A null is one: the API knows the
// field. So is a missing value where the way to the place begins, such as "amount": null for "amount.gross".
func (d *decoder) seen() []bool {
	seen := make([]bool, len(d.fields))
	for i, c := range d.columns {
		seen[i] = len(c.SumOf) > 0 // made of others, which are told of themselves
	}
	var look func(n *node)
	look = func(n *node) {
		for _, c := range n.children {
			if c.column >= 0 && c.column < len(seen) {
				seen[c.column] = true
			}
			for i := range seen {
				seen[i] = seen[i] || c.gap && d.leads(c, i)
			}
			look(c)
		}
	}
	look(&d.root)
	return seen
}

// leads reports whether a place in the records is on the way to that of a declared column.
func (d *decoder) leads(n *node, column int) bool {
	if path := d.columns[column].Path; path != "" {
		return strings.HasPrefix(path, n.path+".")
	}
	return strings.HasPrefix(d.fields[column].Name, n.name+"_")
}

// either says of each column whether one of the two has seen it; nil has seen none.
func either(a, b []bool) []bool {
	if a == nil {
		return slices.Clone(b)
	}
	for i, seen := range b {
		a[i] = a[i] || seen
	}
	return a
}

// absent names the declared columns that no record had a place for. Where there are no records, nothing is said of any.
func (l *layout) absent(c *collector) []string {
	if c.kept.Len() == 0 {
		return nil
	}
	var names []string
	for i, seen := range c.seen {
		if !seen {
			names = append(names, l.fields[i].Name)
		}
	}
	return names
}
