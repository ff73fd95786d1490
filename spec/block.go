package spec

import (
	"slices"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// blocks decodes what a sheet or a mail shows.
func (d *decoder) blocks(n *tree.Node, r *Report, s scope) []*Block {
	var out []*Block
	for _, item := range n.List() {
		b := &Block{Range: item.At, Heading: d.prose(item.Get("heading"), s), Text: d.prose(item.Get("text"), s)}
		for _, kpi := range item.Get("kpis").List() {
			b.KPIs = append(b.KPIs, d.kpi(kpi, s))
		}
		if table := item.Get("table"); table != nil {
			b.Table = d.tableBlock(table, r, s)
		}
		if chart := item.Get("chart"); chart != nil {
			b.Chart = d.chart(chart, r, s)
		}
		if image := item.Get("image"); image != nil {
			b.Image = d.image(image, s)
		}
		out = append(out, b)
	}
	return out
}

func (d *decoder) kpi(n *tree.Node, s scope) *KPI {
	defer d.in("kpis")()
	k := &KPI{Label: d.prose(n.Get("label"), s), Format: d.format(n.Get("format")), Good: d.text(n.Get("good")), Range: n.At}
	var value, before expr.Type
	k.Value, value = d.single(n.Get("value"), s)
	if k.Compare, before = d.single(n.Get("compare"), s); k.Compare != nil && !comparable(value, before) {
		d.fault(k.Compare.Range, "wrong-type", "Wrong type", "The figure is of type %s, and what it is compared with of type %s. Compare figures of one kind, such as sum(by_day.answered) with sum(by_day.answered_prev).", expr.TypeName(value), expr.TypeName(before))
	}
	return k
}

// single decodes an expression that gives one value.
func (d *decoder) single(n *tree.Node, s scope) (*Expression, expr.Type) {
	if n == nil {
		return nil, expr.Any
	}
	e, t := d.expression(n, s)
	if e != nil && !isSingle(t) {
		d.fault(e.Range, "wrong-type", "Wrong type", "A figure is one value, and this is %s. Add the rows up, such as: sum(by_day.answered)", wanted(t))
	}
	return e, t
}

// comparable reports whether the difference of a figure and the one before it means something. A plain number before a
// share is one of its kind: points of a percent, 0 to 1 of a ratio.
func comparable(figure, before expr.Type) bool {
	if figure == expr.Any || before == expr.Any || figure == before {
		return true
	}
	return isNumber(figure) && isNumber(before) && (isShare(figure) || !isShare(before))
}

func isShare(t expr.Type) bool { return t == expr.Percent || t == expr.Ratio }

func isNumber(t expr.Type) bool { return t == expr.Integer || t == expr.Decimal || isShare(t) }

// isSingle reports whether a value of the type is one value rather than many.
func isSingle(t expr.Type) bool {
	return t != expr.Table && t != expr.Column && t != expr.List && t != expr.Map
}

func (d *decoder) tableBlock(n *tree.Node, r *Report, s scope) *TableBlock {
	defer d.in("table")()
	b := &TableBlock{
		Dataset: d.text(n.Get("dataset")), Totals: d.flag(n.Get("totals"), false), Limit: int(d.whole(n.Get("limit"))),
		Object: d.objectName(n.Get("object")), Range: n.At,
	}
	ds := d.datasetOf(n.Get("dataset"), r)
	for _, item := range n.Get("columns").List() {
		if c := d.tableColumn(item, ds, s); c != nil {
			b.Columns = append(b.Columns, c)
		}
	}
	return b
}

// datasetOf finds the dataset that a block shows. Nil means that it was reported, or cannot be known.
func (d *decoder) datasetOf(n *tree.Node, r *Report) *Dataset {
	name, ok := d.literal(n)
	if !ok {
		return nil
	}
	var known []string
	for _, ds := range r.Datasets {
		if ds.Name == name {
			return ds
		}
		known = append(known, ds.Name)
	}
	if !r.misfit {
		d.fault(n.At, "unknown-dataset", "Unknown dataset", "The report has no dataset %q.%s", name, suggest(name, known))
	}
	return nil
}

// tableColumn decodes a column as the block shows it: its key, or a mapping.
func (d *decoder) tableColumn(n *tree.Node, ds *Dataset, s scope) *TableColumn {
	key := n
	c := &TableColumn{Range: n.At}
	if n.Kind == tree.Map {
		key = n.Get("key")
		c.Label, c.Format, c.Width = d.text(n.Get("label")), d.format(n.Get("format")), d.number(n.Get("width"))
		if total := n.Get("total"); total != nil {
			rule := d.total(total)
			c.Total = &rule
		}
	}
	name, ok := d.literal(key)
	if !ok {
		return nil
	}
	c.Key = name
	c.Highlight = d.highlight(n.Get("highlight"), name, ds, s)
	if ds == nil || ds.unknown {
		return c
	}
	ds.take(name)
	if i := slices.IndexFunc(ds.Fields, func(f table.Field) bool { return f.Name == name }); i >= 0 && c.Total != nil {
		d.checkSum(n.Get("total"), ds.Fields[i], *c.Total, ds.Fields[i].Total)
	}
	known := ds.columnNames()
	wanted := []string{name}
	if c.Total != nil {
		wanted = append(wanted, totalColumns(*c.Total)...)
	}
	for _, want := range wanted {
		if now := ds.renamed[want]; now != "" && !slices.Contains(known, want) {
			d.fault(key.At, "unknown-column", "Unknown column", "The column %q was renamed to %q.", want, now)
		} else if !slices.Contains(known, want) {
			d.fault(key.At, "unknown-column", "Unknown column", "The dataset %q has no column %q.%s%s", ds.Name, want, suggest(want, known), ds.undeclaredHint(want, known))
		}
	}
	return c
}

// columnNames lists what comes out of a dataset, as far as that is declared.
func (ds *Dataset) columnNames() []string {
	var names []string
	for _, f := range ds.Fields {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	}
	return names
}

// undeclaredHint says how a column that is found only in the data can be named.
func (ds *Dataset) undeclaredHint(name string, known []string) string {
	if !ds.Open || diag.Nearest(name, known) != "" {
		return ""
	}
	return ds.howDeclared()
}
