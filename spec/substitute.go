package spec

import (
	"regexp"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/diag"
)

var wholeVariable = regexp.MustCompile(`^\$\{\s*var\.([A-Za-z_][A-Za-z0-9_]*)\s*\}$`)

// substitute puts the values of variables where a string is one whole ${var.NAME}, so that fields of every type
// can take one and the schema checks what came out. Secrets stay references, and are put in when they are used.
func (d *decoder) substitute(united *node) {
	for _, e := range united.entries {
		if e.key != "variables" {
			d.substituteIn(e.value)
		}
	}
}

func (d *decoder) substituteIn(n *node) {
	if n == nil {
		return
	}
	for _, item := range n.items {
		d.substituteIn(item)
	}
	for _, e := range n.entries {
		d.substituteIn(e.value)
	}
	if n.kind != stringNode {
		return
	}
	m := wholeVariable.FindStringSubmatch(n.text)
	if m == nil {
		return
	}
	v, value := d.values[m[1]], d.given[m[1]]
	if v == nil || value == nil || v.Secret {
		return
	}
	at := n.at
	*n = *value.copy()
	n.place(at)
	n.escape()
	d.filled[n] = v
}

// escape makes ${ in a variable's value mean itself: what comes from outside is no template.
func (n *node) escape() {
	if n.kind == stringNode {
		n.text = strings.ReplaceAll(n.text, "${", "$${")
	}
	for _, item := range n.items {
		item.escape()
	}
	for _, e := range n.entries {
		e.value.escape()
	}
}

// copy copies a value with all that it holds.
func (n *node) copy() *node {
	out := *n
	out.items = slices.Clone(n.items)
	for i, item := range out.items {
		out.items[i] = item.copy()
	}
	out.entries = slices.Clone(n.entries)
	for i := range out.entries {
		out.entries[i].value = out.entries[i].value.copy()
	}
	return &out
}

// place moves a value, with all that it holds, to a place.
func (n *node) place(at diag.Range) {
	n.at, n.textAt = at, nil
	for _, item := range n.items {
		item.place(at)
	}
	for i := range n.entries {
		n.entries[i].keyAt = at
		n.entries[i].value.place(at)
	}
}
