package spec

import (
	"regexp"
	"strings"

	"github.com/reportform/reportform/spec/tree"
)

var wholeVariable = regexp.MustCompile(`^\$\{\s*var\.([A-Za-z_][A-Za-z0-9_]*)\s*\}$`)

// substitute puts the values of variables where a string is one whole ${var.NAME}, so that fields of every type
// can take one and the schema checks what came out. Secrets stay references, and are put in when they are used.
func (d *decoder) substitute(united *tree.Node) {
	for _, e := range united.Entries {
		if e.Key != "variables" {
			d.substituteIn(e.Value)
		}
	}
}

func (d *decoder) substituteIn(n *tree.Node) {
	if n == nil {
		return
	}
	for _, item := range n.Items {
		d.substituteIn(item)
	}
	for _, e := range n.Entries {
		d.substituteIn(e.Value)
	}
	if n.Kind != tree.String {
		return
	}
	m := wholeVariable.FindStringSubmatch(n.Text)
	if m == nil {
		return
	}
	v, value := d.values[m[1]], d.given[m[1]]
	if v == nil || value == nil || v.Secret {
		return
	}
	at := n.At
	*n = *value.Copy()
	n.Place(at)
	escape(n)
	d.filled[n] = v
}

// escape makes ${ in a variable's value mean itself: what comes from outside is no template.
func escape(n *tree.Node) {
	if n.Kind == tree.String {
		n.Text = strings.ReplaceAll(n.Text, "${", "$${")
	}
	for _, item := range n.Items {
		escape(item)
	}
	for _, e := range n.Entries {
		escape(e.Value)
	}
}
