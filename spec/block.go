package spec

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// workbook decodes the pages. Nil means that every dataset becomes a sheet with a table.
func (d *decoder) workbook(n *node, r *Report, s scope) *Workbook {
	if n == nil || n.kind != mapNode {
		return nil
	}
	defer d.in("workbook")()
	properties := n.get("properties")
	w := &Workbook{
		Title:   d.prose(properties.get("title"), s),
		Author:  d.prose(properties.get("author"), s),
		Subject: d.prose(properties.get("subject"), s),
	}
	names := map[string]diag.Range{}
	for i, item := range n.get("sheets").list() {
		sheet := &Sheet{Name: d.prose(item.get("name"), s), Range: item.at}
		if sheet.Name != nil {
			d.sheetName(sheet.Name, names)
		}
		done := d.in("sheets", word(item.get("name"), strconv.Itoa(i+1)))
		sheet.Blocks = d.blocks(item.get("blocks"), r, s)
		done()
		w.Sheets = append(w.Sheets, sheet)
	}
	return w
}

// blocks decodes what a sheet or a mail shows.
func (d *decoder) blocks(n *node, r *Report, s scope) []*Block {
	var out []*Block
	for _, item := range n.list() {
		b := &Block{Range: item.at, Heading: d.prose(item.get("heading"), s), Text: d.prose(item.get("text"), s)}
		for _, kpi := range item.get("kpis").list() {
			b.KPIs = append(b.KPIs, d.kpi(kpi, s))
		}
		if table := item.get("table"); table != nil {
			b.Table = d.tableBlock(table, r)
		}
		out = append(out, b)
	}
	return out
}

func (d *decoder) kpi(n *node, s scope) *KPI {
	defer d.in("kpis")()
	k := &KPI{Label: d.prose(n.get("label"), s), Format: d.format(n.get("format")), Range: n.at}
	var t expr.Type
	k.Value, t = d.expression(n.get("value"), s)
	if k.Value != nil && !isSingle(t) {
		d.fault(k.Value.Range, "wrong-type", "Wrong type", "A figure is one value, and this is %s. Add the rows up, such as: sum(by_day.answered)", wanted(t))
	}
	return k
}

// isSingle reports whether a value of the type is one value rather than many.
func isSingle(t expr.Type) bool {
	return t != expr.Table && t != expr.Column && t != expr.List && t != expr.Map
}

func (d *decoder) tableBlock(n *node, r *Report) *TableBlock {
	defer d.in("table")()
	b := &TableBlock{
		Dataset: d.text(n.get("dataset")), Totals: d.flag(n.get("totals"), false), Limit: int(d.whole(n.get("limit"))), Range: n.at,
	}
	ds := d.datasetOf(n.get("dataset"), r)
	for _, item := range n.get("columns").list() {
		if c := d.tableColumn(item, ds); c != nil {
			b.Columns = append(b.Columns, c)
		}
	}
	return b
}

// datasetOf finds the dataset that a block shows. Nil means that it was reported, or cannot be known.
func (d *decoder) datasetOf(n *node, r *Report) *Dataset {
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
		d.fault(n.at, "unknown-dataset", "Unknown dataset", "The report has no dataset %q.%s", name, suggest(name, known))
	}
	return nil
}

// tableColumn decodes a column as the block shows it: its key, or a mapping.
func (d *decoder) tableColumn(n *node, ds *Dataset) *TableColumn {
	key := n
	c := &TableColumn{Range: n.at}
	if n.kind == mapNode {
		key = n.get("key")
		c.Label, c.Format, c.Width = d.text(n.get("label")), d.format(n.get("format")), d.number(n.get("width"))
		if total := n.get("total"); total != nil {
			rule := d.total(total)
			c.Total = &rule
		}
	}
	name, ok := d.literal(key)
	if !ok {
		return nil
	}
	c.Key = name
	if ds == nil || ds.unknown {
		return c
	}
	if i := slices.IndexFunc(ds.Fields, func(f table.Field) bool { return f.Name == name }); i >= 0 && c.Total != nil {
		d.checkSum(n.get("total"), ds.Fields[i], *c.Total, ds.Fields[i].Total)
	}
	known := ds.columnNames()
	wanted := []string{name}
	if c.Total != nil {
		wanted = append(wanted, totalColumns(*c.Total)...)
	}
	for _, want := range wanted {
		if now := ds.renamed[want]; now != "" && !slices.Contains(known, want) {
			d.fault(key.at, "unknown-column", "Unknown column", "The column %q was renamed to %q.", want, now)
		} else if !slices.Contains(known, want) {
			d.fault(key.at, "unknown-column", "Unknown column", "The dataset %q has no column %q.%s%s", ds.Name, want, suggest(want, known), ds.undeclaredHint(want, known))
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
	return undeclared
}

// sheetName checks what Excel demands of a name that is known while loading.
func (d *decoder) sheetName(t *Template, names map[string]diag.Range) {
	if !t.isFixed() {
		return
	}
	name := t.fixed()
	if problem := sheetNameProblem(name); problem != "" {
		d.fault(t.Range, "bad-sheet-name", "Not a name for a sheet", "Excel does not take %q as a sheet's name: %s.", name, problem)
	}
	d.once(strings.ToLower(name), t.Range, names, "same-sheet", "Two sheets of one name", "Excel does not tell capitals apart in the names of sheets. Give one of them another name.")
}

// sheetNameProblem says what Excel would not take; "" means that it takes it.
func sheetNameProblem(name string) string {
	switch {
	case name == "":
		return "it is empty"
	case len(utf16.Encode([]rune(name))) > 31:
		return "it has more than 31 characters"
	case strings.ContainsAny(name, `[]:*?/\`):
		return `it has one of [ ] : * ? / \ in it`
	case strings.HasPrefix(name, "'") || strings.HasSuffix(name, "'"):
		return "it begins or ends with an apostrophe"
	case strings.EqualFold(name, "history"):
		return "Excel keeps that name for itself"
	}
	return ""
}
