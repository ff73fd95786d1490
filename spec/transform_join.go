package spec

import (
	"slices"
	"strconv"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/tree"
)

// relations are the words for how many rows of a side have one key.
var relations = map[string]table.Relation{
	"many_to_one": table.ManyToOne, "one_to_one": table.OneToOne, "one_to_many": table.OneToMany, "many_to_many": table.ManyToMany,
}

// join decodes a step that adds columns of another dataset. Nil means that it was reported.
func (d *decoder) join(ds *Dataset, s *Step, n *tree.Node) table.Step {
	out := table.Join{
		With: d.text(n.Get("with")), Inner: d.text(n.Get("kind")) == "inner",
		Relation: relations[d.text(n.Get("relationship"))], Prefix: d.text(n.Get("prefix")),
	}
	other, on := d.other(n.Get("with")), n.Get("on")
	if other == nil || on == nil || other.unknown || d.misfit(n) {
		return nil
	}
	out.Right = other.Fields
	for _, key := range []string{"with", "relationship"} {
		if part := n.Get(key); part != nil {
			s.Parts[key] = part.At
		}
	}
	if on.Kind == tree.Map {
		for i, e := range on.Entries {
			s.Parts["on."+strconv.Itoa(i)] = e.KeyAt
			out.On = append(out.On, table.JoinKey{Left: e.Key, Right: d.text(e.Value)})
		}
	} else {
		for _, name := range d.partsUnder(s, "on", on) {
			out.On = append(out.On, table.JoinKey{Left: name, Right: name})
		}
	}
	columns := n.Get("columns")
	if columns == nil {
		ds.Open = ds.Open || other.Open
		return out
	}
	out.Columns = []table.JoinColumn{}
	for i, e := range columns.All() {
		s.Parts["columns."+strconv.Itoa(i)] = e.KeyAt
		out.Columns = append(out.Columns, table.JoinColumn{Name: e.Key, As: d.text(e.Value)})
	}
	if columns.Kind != tree.Map {
		for _, name := range d.partsUnder(s, "columns", columns) {
			out.Columns = append(out.Columns, table.JoinColumn{Name: name})
		}
	}
	return out
}

// union decodes a step that puts the rows of other datasets below. Nil means that it was reported.
func (d *decoder) union(ds *Dataset, s *Step, n *tree.Node) table.Step {
	out := table.Union{As: d.text(n.Get("as")), Own: ds.Name}
	if as := n.Get("as"); as != nil {
		s.Parts["as"] = as.At
	}
	var names []string
	for i, item := range unionOf(n) {
		other := d.other(item)
		switch {
		case other == nil || other.unknown:
			return nil
		case slices.Contains(names, other.Name):
			d.fault(item.At, "union-twice", "Dataset stands twice", "The rows of %q would come twice. Name it once.", other.Name)
			return nil
		}
		s.Parts[strconv.Itoa(i)] = item.At
		ds.Open = ds.Open || other.Open
		names = append(names, other.Name)
		out.Others = append(out.Others, table.UnionPart{Name: other.Name, Label: other.Name, Fields: other.Fields})
	}
	names = append(names, ds.Name)
	for _, e := range n.Get("labels").All() {
		i := slices.Index(names, e.Key)
		switch label, ok := d.literal(e.Value); {
		case i < 0:
			d.fault(e.KeyAt, "unknown-dataset", "Unknown dataset", "The union has no rows of %q.%s", e.Key, suggest(e.Key, names))
		case !ok:
		case e.Key == ds.Name:
			out.Own = label
		default:
			out.Others[i].Label = label
		}
	}
	if labels := n.Get("labels"); labels != nil && out.As == "" {
		d.fault(labels.At, "labels-without-column", "Labels without a column", "The labels stand in a column of their own, and no name is given for it. Add one:\n\n    as: kind")
	}
	return out
}

// unionOf are the names of the datasets that a union adds.
func unionOf(n *tree.Node) []*tree.Node {
	if n != nil && n.Kind == tree.Map {
		n = n.Get("with")
	}
	if n != nil && n.Kind == tree.String {
		return []*tree.Node{n}
	}
	return n.List()
}
