package spec

import (
	"slices"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// fill decodes a step that adds rows for missing time buckets. A value is read as its column's type has it.
func (d *decoder) fill(s *Step, ds *Dataset, n *tree.Node) table.Step {
	by := n
	if n.Kind == tree.Map {
		by = n.Get("by")
	}
	if by == nil {
		return nil // which the schema has complained about
	}
	s.Parts["by"] = by.At
	out := table.Fill{By: d.text(by), Of: d.partsUnder(s, "of", n.Get("of")), Locale: d.config.Settings.Locale}
	for _, e := range n.Get("values").All() {
		s.Parts["values."+e.Key] = e.KeyAt
		v := table.FillValue{Name: e.Key}
		if i := slices.IndexFunc(ds.Fields, func(f table.Field) bool { return f.Name == e.Key }); i >= 0 {
			v.Value = d.constant(e.Value, ds.Fields[i])
		}
		out.Values = append(out.Values, v)
	}
	return out
}

// constant reads a value of a column. Nothing of a length is nothing in any unit.
func (d *decoder) constant(n *tree.Node, f table.Field) expr.Value {
	if zero, ok := n.Integer(); ok && zero == 0 && f.Type == expr.Duration {
		return expr.DurationValue(0)
	}
	v, problem := scalarValue(n, f.Type)
	if problem != "" {
		d.fault(n.At, "wrong-type", "Wrong type", "The column %q is of type %s; the value %s.", f.Name, expr.TypeName(f.Type), problem)
	}
	return v
}
