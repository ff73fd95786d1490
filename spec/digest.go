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
	"github.com/reportform/reportform/spec/tree"
)

// ordered are the maps in which the order of keys is seen in what is delivered.
var ordered = map[string]bool{"datasets": true, "derive": true, "measures": true, "columns": true}

// undelivered are the keys of a report that decide when it is looked at and who hears of a failure, and nothing of what
// is delivered. An instance's own key and value stand for for_each.
var undelivered = []string{"for_each", "catch_up", "on_failure", "tags", "enabled", "not_before"}

// digest is of a report as written with its variables, without comments and layout. Secrets are never in it:
// they stay references.
func (d *decoder) digest(n *tree.Node) string {
	h := sha256.New()
	hashNode(h, n, "")
	for _, name := range slices.Sorted(maps.Keys(d.used)) {
		if v := d.values[name]; v != nil && !v.Secret {
			fmt.Fprintf(h, "var %q=%q\n", name, expr.Plain(v.Value))
		}
	}
	return digestOf(h)
}

// digest is one instance's, made of the digest that all of them share: the others' keys are not in it.
func (e *Each) digest(shared string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s each %q=", shared, e.Key)
	hashValue(h, e.Value)
	return digestOf(h)
}

func digestOf(h hash.Hash) string { return "sha256:" + hex.EncodeToString(h.Sum(nil)) }

// narrowed is a report as one of its destinations sees it: without the others, without what is not delivered, and without
// names, so that a report or destination that was renamed has not changed.
func narrowed(report, destination *tree.Node) *tree.Node {
	out := *report
	out.Entries = slices.DeleteFunc(slices.Clone(report.Entries), func(e tree.Entry) bool {
		return e.Key == "destinations" || slices.Contains(undelivered, e.Key)
	})
	out.Entries = append(out.Entries, tree.Entry{Key: "destination", Value: withoutDoubt(destination)})
	return &out
}

// withoutDoubt is a destination without in_doubt: what is done after an accident is no part of what is sent.
func withoutDoubt(destination *tree.Node) *tree.Node {
	out := *destination
	out.Entries = slices.Clone(destination.Entries)
	for i, e := range out.Entries {
		if e.Key == "email" {
			email := *e.Value
			email.Entries = slices.DeleteFunc(slices.Clone(email.Entries), func(e tree.Entry) bool { return e.Key == "in_doubt" })
			out.Entries[i].Value = &email
		}
	}
	return &out
}

// hashNode writes a value so that no two different ones read the same.
func hashNode(h hash.Hash, n *tree.Node, key string) {
	switch n.Kind {
	case tree.Map:
		entries := n.Entries
		if !ordered[key] {
			entries = slices.SortedFunc(slices.Values(entries), func(a, b tree.Entry) int { return strings.Compare(a.Key, b.Key) })
		}
		fmt.Fprintf(h, "{%d ", len(entries))
		for _, e := range entries {
			fmt.Fprintf(h, "%q:", e.Key)
			hashNode(h, e.Value, e.Key)
		}
	case tree.List:
		fmt.Fprintf(h, "[%d ", len(n.Items))
		for _, item := range n.Items {
			hashNode(h, item, key)
		}
	default:
		fmt.Fprintf(h, "%d%q ", n.Kind, n.Text)
	}
}

// hashValue writes a computed value likewise. A whole number and a decimal of the same amount are one: which of them it
// is depends on the values of other keys.
func hashValue(h hash.Hash, v expr.Value) {
	switch v.Type {
	case expr.Map:
		fmt.Fprintf(h, "{%d ", len(v.Fields))
		for _, name := range slices.Sorted(maps.Keys(v.Fields)) {
			fmt.Fprintf(h, "%q:", name)
			hashValue(h, v.Fields[name])
		}
	case expr.List:
		fmt.Fprintf(h, "[%d ", len(v.Items))
		for _, item := range v.Items {
			hashValue(h, item)
		}
	case expr.Integer:
		fmt.Fprintf(h, "%v%q ", expr.Decimal, expr.Plain(v))
	default:
		fmt.Fprintf(h, "%v%q ", v.Type, expr.Plain(v))
	}
}
