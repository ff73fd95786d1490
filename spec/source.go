package spec

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// ParseSources reads a document {sources: {NAME: …}} in the form that connections use: the built-in catalogs.
func ParseSources(data []byte, file string) (map[string]*Source, diag.List) {
	root, diags := parseYAML(file, data)
	if root == nil {
		return nil, diags
	}
	d := newDecoder(Options{})
	d.remember(diags)
	out := map[string]*Source{}
	for _, e := range root.entries {
		if e.key != "sources" {
			d.fault(e.keyAt, "unknown-key", "Unknown key", "A file of sources has one key, \"sources\".")
		}
	}
	for _, e := range root.get("sources").all() {
		d.checkSchema(e.value, "source")
		done := d.in("sources", e.key)
		out[e.key] = d.source(e, nil)
		done()
	}
	return out, d.diags.Sorted()
}

// source decodes an endpoint. Over is the built-in one of the same name, whose parts hold where nothing else is said.
func (d *decoder) source(e entry, over *Source) *Source {
	s := &Source{Name: e.key}
	if over != nil {
		*s = *over
		s.Parameters, s.Columns = slices.Clone(over.Parameters), slices.Clone(over.Columns)
	}
	n := e.value
	s.Range = e.keyAt
	s.Title = d.textOr(n.get("title"), s.Title)
	s.Description = d.textOr(n.get("description"), s.Description)
	s.Certainty = d.textOr(n.get("certainty"), s.Certainty)
	s.Records = d.textOr(n.get("records"), s.Records)
	if p := n.get("path"); p != nil {
		s.Path = d.sourcePath(p)
	}
	if keys := n.get("key"); keys != nil {
		s.Key = d.texts(keys)
	}
	if w := n.get("range"); w != nil {
		s.Window = &Window{
			From: d.text(w.get("from")), Until: d.text(w.get("until")),
			Layout: d.textOr(w.get("layout"), "2006-01-02 15:04:05"), Inclusive: d.text(w.get("end")) == "inclusive",
		}
	}
	if g := n.get("grain"); g != nil {
		s.Grain = &Grain{
			Parameter: d.text(g.get("parameter")), Allowed: d.texts(g.get("allowed")),
			Default: d.text(g.get("default")), Column: d.text(g.get("column")),
		}
	}
	if p := n.get("paging"); p != nil {
		s.Paging = d.paging(p)
	}
	for _, p := range n.get("parameters").all() {
		done := d.in("parameters", p.key)
		i := slices.IndexFunc(s.Parameters, func(x *Parameter) bool { return x.Name == p.key })
		if i < 0 {
			s.Parameters = append(s.Parameters, d.parameter(p, Parameter{Type: expr.Text}))
		} else {
			s.Parameters[i] = d.parameter(p, *s.Parameters[i])
		}
		done()
	}
	s.Columns = d.columns(n.get("columns"), s.Columns)
	for _, r := range n.get("rules").list() {
		s.Rules = append(s.Rules, Rule{
			Status: int(d.whole(r.get("status"))), BodyContains: d.text(r.get("body_contains")), Action: d.text(r.get("action")),
		})
	}
	if over == nil && s.Path == "" && !d.misfit(n) {
		d.fault(e.keyAt, "missing-path", "No path", "The source %q says no path: what is asked for, behind the connection's address.", e.key)
	}
	return s
}

// list returns a list's items; none of what is no list.
func (n *node) list() []*node {
	if n == nil {
		return nil
	}
	return n.items
}

// sourcePath reads a path that stays beneath the connection's address.
func (d *decoder) sourcePath(n *node) string {
	p := strings.TrimPrefix(d.text(n), "/")
	if strings.Contains(p, "://") || strings.ContainsAny(p, "?#") || slices.Contains(strings.Split(p, "/"), "..") {
		d.fault(n.at, "bad-path", "Not a path of the API", "%q is no path behind the connection's address. Parameters stand under parameters, and other addresses in a connection of their own.", p)
	}
	return p
}

func (d *decoder) paging(n *node) Paging {
	o := n.get("offset")
	if o == nil {
		return Paging{}
	}
	p := &OffsetPaging{
		Offset: d.textOr(o.get("offset"), "offset"), Limit: d.textOr(o.get("limit"), "limit"),
		Size: int(d.whole(o.get("size"))), Total: d.text(o.get("total")), MaxPages: int(d.whole(o.get("max_pages"))),
	}
	if p.Size == 0 {
		p.Size = 100
	}
	return Paging{Offset: p}
}

// parameter decodes a filter that a source takes, over p.
func (d *decoder) parameter(e entry, p Parameter) *Parameter {
	n := e.value
	p.Name, p.Range = e.key, e.keyAt
	if t := n.get("type"); t != nil {
		p.Type, p.List = d.typeOf(t)
	}
	p.Style = d.textOr(n.get("style"), p.Style)
	p.Required = d.flag(n.get("required"), p.Required)
	p.Default = d.textOr(n.get("default"), p.Default)
	if allowed := n.get("allowed"); allowed != nil {
		p.Allowed = d.texts(allowed)
	}
	if least := n.get("min"); least != nil {
		i := d.whole(least)
		p.Min = &i
	}
	if most := n.get("max"); most != nil {
		i := d.whole(most)
		p.Max = &i
	}
	p.Description = d.textOr(n.get("description"), p.Description)
	p.Certainty = d.textOr(n.get("certainty"), p.Certainty)
	return &p
}

// typeOf reads the name of a type. The schema knows the names; what it refused is Any.
func (d *decoder) typeOf(n *node) (t expr.Type, list bool) {
	t, list, ok := expr.ParseType(d.text(n))
	if !ok {
		return expr.Any, list
	}
	return t, list
}

// columns decodes declared columns over those that are there, and checks that the columns their totals name exist.
func (d *decoder) columns(n *node, over []*SourceColumn) []*SourceColumn {
	out := slices.Clone(over)
	for _, e := range n.all() {
		done := d.in("columns", e.key)
		i := slices.IndexFunc(out, func(c *SourceColumn) bool { return c.Field.Name == e.key })
		if i < 0 {
			out = append(out, d.column(e, SourceColumn{Field: table.Field{Name: e.key, Type: expr.Text}}))
		} else {
			out[i] = d.column(e, *out[i])
		}
		done()
	}
	known := make([]string, len(out))
	for i, c := range out {
		known[i] = c.Field.Name
	}
	for _, e := range n.all() {
		total := e.value.get("total")
		i := slices.Index(known, e.key)
		if total == nil || i < 0 {
			continue
		}
		for _, name := range totalColumns(out[i].Field.Total) {
			if !slices.Contains(known, name) {
				done := d.in("columns", e.key)
				d.fault(total.at, "unknown-column", "Unknown column", "The total refers to a column %q that is not declared.%s", name, suggest(name, known))
				done()
			}
		}
	}
	return out
}

// column decodes one column over c.
func (d *decoder) column(e entry, c SourceColumn) *SourceColumn {
	n := e.value
	c.Range = e.keyAt
	if t := n.get("type"); t != nil {
		c.Field.Type, _ = d.typeOf(t)
	}
	c.Path = d.textOr(n.get("path"), c.Path)
	c.Unit = d.textOr(n.get("unit"), c.Unit)
	c.Field.Format = d.textOr(n.get("format"), c.Field.Format)
	c.Field.Grain = d.textOr(n.get("grain"), c.Field.Grain)
	c.Field.Hidden = d.flag(n.get("hidden"), c.Field.Hidden)
	c.Description = d.textOr(n.get("description"), c.Description)
	c.Certainty = d.textOr(n.get("certainty"), c.Certainty)
	if total := n.get("total"); total != nil {
		c.Field.Total = d.total(total)
	}
	if label := n.get("label"); label != nil {
		c.Field.Label, c.Labels = "", maps.Clone(c.Labels)
		if label.kind == mapNode {
			c.Labels = map[string]string{}
			for _, l := range label.entries {
				c.Labels[l.key] = d.text(l.value)
			}
		} else {
			c.Field.Label, c.Labels = d.text(label), nil
		}
	}
	return &c
}

// label is the column's label in a locale, English where that locale has none.
func (c *SourceColumn) label(locale string) string {
	for _, l := range []string{locale, "en"} {
		if text := c.Labels[l]; text != "" {
			return text
		}
	}
	return c.Field.Label
}

var totalPattern = regexp.MustCompile(`^(ratio|weighted)\(\s*([^,()\s]+)\s*(?:,\s*([^,()\s]+)\s*)?\)$`)

var totalKinds = map[string]table.TotalKind{
	"none": table.TotalNone, "sum": table.TotalSum, "min": table.TotalMin, "max": table.TotalMax, "last": table.TotalLast,
}

// total reads how a column adds up: sum, min, max, last, none, ratio(num, den), weighted(col).
func (d *decoder) total(n *node) table.Total {
	text, ok := d.literal(n)
	if !ok {
		return table.Total{}
	}
	if k, ok := totalKinds[text]; ok {
		return table.Total{Kind: k}
	}
	m := totalPattern.FindStringSubmatch(text)
	switch {
	case m != nil && m[1] == "ratio" && m[3] != "":
		return table.Total{Kind: table.TotalRatio, Num: m[2], Den: m[3]}
	case m != nil && m[1] == "weighted" && m[3] == "":
		return table.Total{Kind: table.TotalWeighted, Weight: m[2]}
	}
	d.fault(n.at, "bad-total", "Not a rule for totals", "%q is no rule. Write one of sum, min, max, last, none, ratio(numerator, denominator) and weighted(column).", text)
	return table.Total{}
}

// totalColumns are the columns that a rule refers to.
func totalColumns(t table.Total) []string {
	switch t.Kind {
	case table.TotalRatio:
		return []string{t.Num, t.Den}
	case table.TotalWeighted:
		return []string{t.Weight}
	}
	return nil
}

// path_ decodes a path that is beneath the configuration's folder as far as that is known while loading.
func (d *decoder) path_(n *node) *Template {
	return d.filePath(n, d.connectionScope())
}

// filePath decodes a path of a file or folder to be written.
func (d *decoder) filePath(n *node, s scope) *Template {
	t := d.template(n, s)
	if t == nil {
		return nil
	}
	// What is computed stands for a plain name here; the whole path is checked again when it is known.
	var text strings.Builder
	for _, seg := range t.segments {
		if seg.Expr != nil {
			text.WriteString("x")
		}
		text.WriteString(seg.Text)
	}
	if !isBeneath(text.String()) || path.Clean(text.String()) == "." && t.isFixed() {
		d.fault(n.at, "outside-folder", "Path leads outside", "%q is not beneath the folder of the configuration. Write it with slashes, relative to that folder and without \"..\".", t.Text)
		return nil
	}
	return t
}
