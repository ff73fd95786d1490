package spec

import (
	"slices"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// round are the charts of one series, and lying those whose values run from left to right: neither has a second axis.
var (
	round = []string{"pie", "doughnut"}
	lying = []string{"bar", "stacked_bar"}
)

// chart decodes a chart: which columns are drawn, and against which.
func (d *decoder) chart(n *tree.Node, r *Report, s scope) *Chart {
	defer d.in("chart")()
	c := &Chart{
		Type: d.text(n.Get("type")), Dataset: d.text(n.Get("dataset")), X: d.text(n.Get("x")), Title: d.prose(n.Get("title"), s),
		Height: int(d.whole(n.Get("height"))), Half: d.text(n.Get("width")) == "half", Range: n.At,
	}
	ds := d.datasetOf(n.Get("dataset"), r)
	if x := n.Get("x"); x != nil {
		d.tableColumn(x, ds, s)
	}
	c.Y, c.Y2 = d.series(n.Get("y"), ds, s), d.series(n.Get("y2"), ds, s)
	second := n.Get("y2")
	switch {
	case d.misfit(n):
	case slices.Contains(round, c.Type) && len(c.Y) > 1:
		d.fault(n.Get("y").At, "one-series", "One column only", "A %s shows the shares of one column, and %d stand here. Take a column or a bar chart for several.", c.Type, len(c.Y))
	case second != nil && (slices.Contains(round, c.Type) || slices.Contains(lying, c.Type)):
		d.fault(second.At, "no-second-axis", "No second axis", "A %s has no second axis. Take a combo chart: its \"y\" are columns, and its \"y2\" lines.", c.Type)
	case second == nil && c.Type == "combo":
		d.fault(n.Get("type").At, "no-second-axis", "No second axis", "A combo chart draws \"y\" as columns and \"y2\" as lines against a second axis, and \"y2\" is missing. Without one it is a column chart.")
	}
	return c
}

// series decodes the columns that are drawn: one, or a list of them.
func (d *decoder) series(n *tree.Node, ds *Dataset, s scope) []*TableColumn {
	if n == nil {
		return nil
	}
	items := n.List()
	if n.Kind != tree.List {
		items = []*tree.Node{n}
	}
	var out []*TableColumn
	for _, item := range items {
		c := d.tableColumn(item, ds, s)
		if c == nil {
			continue
		}
		out = append(out, c)
		if t, known := ds.typeOf(c.Key); known && !isNumber(t) && t != expr.Duration && t != expr.Any {
			d.fault(item.At, "not-drawn", "Not a figure", "A chart draws figures, and the column %q is of type %s.", c.Key, expr.TypeName(t))
		}
	}
	return out
}

// typeOf returns the type of a column as far as that is known without data.
func (ds *Dataset) typeOf(name string) (t expr.Type, known bool) {
	if ds == nil || ds.unknown {
		return expr.Any, false
	}
	i := slices.IndexFunc(ds.Fields, func(f table.Field) bool { return f.Name == name })
	if i < 0 {
		return expr.Any, false
	}
	return ds.Fields[i].Type, true
}
