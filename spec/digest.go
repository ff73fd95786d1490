package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

// ordered are the maps in which the order of keys is seen in what is delivered.
var ordered = map[string]bool{"datasets": true, "derive": true, "measures": true, "columns": true}

// digest is of a report as written with its variables, without comments and layout. Secrets are never in it:
// they stay references.
func (d *decoder) digest(n *node) string {
	h := sha256.New()
	hashNode(h, n, "")
	for _, name := range slices.Sorted(maps.Keys(d.used)) {
		if v := d.values[name]; v != nil && !v.Secret {
			fmt.Fprintf(h, "var %q=%q\n", name, expr.Plain(v.Value))
		}
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// narrowed is a report as one of its destinations sees it: without the others.
func narrowed(report *node, destination string) *node {
	out := *report
	out.entries = slices.Clone(report.entries)
	for i, e := range out.entries {
		if e.key == "destinations" {
			all := *e.value
			all.entries = slices.DeleteFunc(slices.Clone(all.entries), func(e entry) bool { return e.key != destination })
			out.entries[i].value = &all
		}
	}
	return &out
}

// hashNode writes a value so that no two different ones read the same.
func hashNode(h hash.Hash, n *node, key string) {
	switch n.kind {
	case mapNode:
		entries := n.entries
		if !ordered[key] {
			entries = slices.SortedFunc(slices.Values(entries), func(a, b entry) int { return strings.Compare(a.key, b.key) })
		}
		fmt.Fprintf(h, "{%d ", len(entries))
		for _, e := range entries {
			fmt.Fprintf(h, "%q:", e.key)
			hashNode(h, e.value, e.key)
		}
	case listNode:
		fmt.Fprintf(h, "[%d ", len(n.items))
		for _, item := range n.items {
			hashNode(h, item, key)
		}
	default:
		fmt.Fprintf(h, "%d%q ", n.kind, n.text)
	}
}
