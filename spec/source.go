package spec

import (
	"slices"
	"strings"

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
		s := d.source(e, nil)
		for _, c := range s.Columns {
			c.Field.Unasked = true // until an author declares it
		}
		out[e.key] = s
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
	if p := n.get("path"); p != nil {
		s.Path = d.sourcePath(p)
	}
	d.requested(n, s)
	d.answered(n, s)
	if keys := n.get("key"); keys != nil {
		s.Key = d.texts(keys)
	}
	if personal := n.get("personal"); personal != nil {
		s.Personal = d.texts(personal)
	}
	if w := n.get("range"); w != nil {
		d.checkLayout(w.get("layout"))
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
	d.inPath(n.get("path"), s)
	d.requires(n.get("requires"), s)
	s.Columns = d.columns(n.get("columns"), s.Columns)
	d.checkKey(n.get("key"), s)
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

// checkKey tells columns of a key that are not declared: records that come twice are told by declared columns alone, and
// would pass in silence.
func (d *decoder) checkKey(n *node, s *Source) {
	if n == nil || d.misfit(n) {
		return
	}
	var known []string
	for _, c := range s.Columns {
		known = append(known, c.Field.Name)
	}
	items := n.items
	if items == nil {
		items = []*node{n}
	}
	for _, item := range items {
		if name := d.text(item); name != "" && !slices.Contains(known, name) && !d.misfit(item) {
			d.fault(item.at, "unknown-column", "Unknown column", "The source declares no column %q to tell its records apart by.%s Declare it under the source's columns, as what it is:\n\n    %s: {type: text}",
				name, suggest(name, known), name)
		}
	}
}

// requires decodes which filters are needed where none of them is by itself.
func (d *decoder) requires(n *node, s *Source) {
	if n == nil {
		return
	}
	s.Requires = nil
	var known []string
	for _, p := range s.Parameters {
		known = append(known, p.Name)
	}
	for _, group := range n.list() {
		for _, item := range group.list() {
			if name := d.text(item); !slices.Contains(known, name) && !d.misfit(item) {
				d.fault(item.at, "unknown-parameter", "Unknown parameter", "The source has no parameter %q.%s", name, suggest(name, known))
			}
		}
		s.Requires = append(s.Requires, d.texts(group))
	}
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

// parameter decodes a filter that a source takes, over p.
func (d *decoder) parameter(e entry, p Parameter) *Parameter {
	n := e.value
	p.Name, p.Range = e.key, e.keyAt
	if t := n.get("type"); t != nil {
		p.Type, p.List = d.typeOf(t)
	}
	p.Style = d.textOr(n.get("style"), p.Style)
	p.In = d.textOr(n.get("in"), p.In)
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
