package spec

import (
	"fmt"
	"strconv"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/tree"
)

// pivot decodes a step that makes columns of a column's values: those that are found, or those that are declared.
func (d *decoder) pivot(s *Step, n *tree.Node) table.Step {
	out := table.Pivot{
		Rows: d.partsUnder(s, "rows", n.Get("rows")), Values: d.partsUnder(s, "values", n.Get("values")),
		Measures: d.measures(s, n.Get("measures")), Totals: d.flag(n.Get("totals"), false),
		Locale: d.config.Settings.Locale,
	}
	columns := n.Get("columns")
	if columns == nil {
		return nil // which the schema has complained about
	}
	s.Parts["columns"] = columns.At
	if columns.Kind != tree.Map {
		out.Column = d.text(columns)
		return out
	}
	for i, e := range columns.Entries {
		if i > 0 {
			d.fault(e.KeyAt, "too-many-keys", "Too many keys", "A pivot makes columns of the values of one column, and that is %q already. To make them of two, put both into one text by a derive step.", out.Column)
			break
		}
		s.Parts["columns"] = e.KeyAt
		out.Column, out.Keys = e.Key, d.partsUnder(s, "columns", e.Value)
	}
	return out
}

// partsUnder reads a list of names; each is a part, called by its key and its number.
func (d *decoder) partsUnder(s *Step, key string, n *tree.Node) []string {
	items := n.List()
	if n.IsScalar() {
		items = []*tree.Node{n}
	}
	names := make([]string, len(items))
	for i, item := range items {
		s.Parts[key+"."+strconv.Itoa(i)] = item.At
		names[i] = d.text(item)
	}
	return names
}

// howDeclared ends a detail about a column that may be there in the data.
func (ds *Dataset) howDeclared() string {
	for _, s := range ds.Transform {
		if p, ok := s.Step.(table.Pivot); ok && p.Keys == nil {
			return fmt.Sprintf(" The columns that a pivot makes are known here when they are declared in it, all of them:\n\n    columns: {%s: [VALUE, …]}", p.Column)
		}
	}
	return undeclared
}

// leavesOpen reports whether columns that are not listed may come out of a step into which they may come.
func (s Step) leavesOpen(open bool) bool {
	switch step := s.Step.(type) {
	case table.Select, table.Group:
		return false
	case table.Pivot:
		return step.Keys == nil
	default:
		return open
	}
}
