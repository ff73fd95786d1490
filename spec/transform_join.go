package spec

import (
	"slices"
	"strconv"

	"github.com/reportform/reportform/runner/table"
)

// relations are the words for how many rows of a side have one key.
var relations = map[string]table.Relation{
	"many_to_one": table.ManyToOne, "one_to_one": table.OneToOne, "one_to_many": table.OneToMany, "many_to_many": table.ManyToMany,
}

// join decodes a step that adds columns of another dataset. Nil means that it was reported.
func (d *decoder) join(ds *Dataset, s *Step, n *node) table.Step {
	out := table.Join{
		With: d.text(n.get("with")), Inner: d.text(n.get("kind")) == "inner",
		Relation: relations[d.text(n.get("relationship"))], Prefix: d.text(n.get("prefix")),
	}
	other, on := d.other(n.get("with")), n.get("on")
	if other == nil || on == nil || other.unknown || d.misfit(n) {
		return nil
	}
	out.Right = other.Fields
	for _, key := range []string{"with", "relationship"} {
		if part := n.get(key); part != nil {
			s.Parts[key] = part.at
		}
	}
	if on.kind == mapNode {
		for i, e := range on.entries {
			s.Parts["on."+strconv.Itoa(i)] = e.keyAt
			out.On = append(out.On, table.JoinKey{Left: e.key, Right: d.text(e.value)})
		}
	} else {
		for _, name := range d.partsUnder(s, "on", on) {
			out.On = append(out.On, table.JoinKey{Left: name, Right: name})
		}
	}
	columns := n.get("columns")
	if columns == nil {
		ds.Open = ds.Open || other.Open
		return out
	}
	out.Columns = []table.JoinColumn{}
	for i, e := range columns.all() {
		s.Parts["columns."+strconv.Itoa(i)] = e.keyAt
		out.Columns = append(out.Columns, table.JoinColumn{Name: e.key, As: d.text(e.value)})
	}
	if columns.kind != mapNode {
		for _, name := range d.partsUnder(s, "columns", columns) {
			out.Columns = append(out.Columns, table.JoinColumn{Name: name})
		}
	}
	return out
}

// union decodes a step that puts the rows of other datasets below. Nil means that it was reported.
func (d *decoder) union(ds *Dataset, s *Step, n *node) table.Step {
	out := table.Union{As: d.text(n.get("as")), Own: ds.Name}
	if as := n.get("as"); as != nil {
		s.Parts["as"] = as.at
	}
	var names []string
	for i, item := range unionOf(n) {
		other := d.other(item)
		switch {
		case other == nil || other.unknown:
			return nil
		case slices.Contains(names, other.Name):
			d.fault(item.at, "union-twice", "Dataset stands twice", "The rows of %q would come twice. Name it once.", other.Name)
			return nil
		}
		s.Parts[strconv.Itoa(i)] = item.at
		ds.Open = ds.Open || other.Open
		names = append(names, other.Name)
		out.Others = append(out.Others, table.UnionPart{Name: other.Name, Label: other.Name, Fields: other.Fields})
	}
	names = append(names, ds.Name)
	for _, e := range n.get("labels").all() {
		i := slices.Index(names, e.key)
		switch label, ok := d.literal(e.value); {
		case i < 0:
			d.fault(e.keyAt, "unknown-dataset", "Unknown dataset", "The union has no rows of %q.%s", e.key, suggest(e.key, names))
		case !ok:
		case e.key == ds.Name:
			out.Own = label
		default:
			out.Others[i].Label = label
		}
	}
	if labels := n.get("labels"); labels != nil && out.As == "" {
		d.fault(labels.at, "labels-without-column", "Labels without a column", "The labels stand in a column of their own, and no name is given for it. Add one:\n\n    as: kind")
	}
	return out
}

// unionOf are the names of the datasets that a union adds.
func unionOf(n *node) []*node {
	if n != nil && n.kind == mapNode {
		n = n.get("with")
	}
	if n != nil && n.kind == stringNode {
		return []*node{n}
	}
	return n.list()
}
