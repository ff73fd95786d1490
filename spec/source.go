package spec

import (
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// ParseSources reads a document {sources: {NAME: …}} in the form that connections use: the built-in catalogs.
func ParseSources(data []byte, file string) (map[string]*Source, diag.List) {
	root, diags := tree.Parse(file, data)
	if root == nil {
		return nil, diags
	}
	d := newDecoder(Options{})
	d.remember(diags)
	out := map[string]*Source{}
	for _, e := range root.Entries {
		if e.Key != "sources" {
			d.fault(e.KeyAt, "unknown-key", "Unknown key", "A file of sources has one key, \"sources\".")
		}
	}
	for _, e := range root.Get("sources").All() {
		d.checkSchema(e.Value, "source")
		done := d.in("sources", e.Key)
		s := d.source(e, nil)
		for _, c := range s.Columns {
			c.Field.Unasked = true // until an author declares it
		}
		out[e.Key] = s
		done()
	}
	return out, d.diags.Sorted()
}

// source decodes an endpoint. Over is the built-in one of the same name, whose parts hold where nothing else is said.
func (d *decoder) source(e tree.Entry, over *Source) *Source {
	s := &Source{Name: e.Key}
	if over != nil {
		*s = *over
		s.Parameters, s.Columns = slices.Clone(over.Parameters), slices.Clone(over.Columns)
	}
	n := e.Value
	s.Range = e.KeyAt
	s.Title = d.textOr(n.Get("title"), s.Title)
	s.Description = d.textOr(n.Get("description"), s.Description)
	s.Certainty = d.textOr(n.Get("certainty"), s.Certainty)
	if p := n.Get("path"); p != nil {
		s.Path = d.sourcePath(p)
	}
	d.requested(n, s)
	d.answered(n, s)
	if keys := n.Get("key"); keys != nil {
		s.Key = d.texts(keys)
	}
	if personal := n.Get("personal"); personal != nil {
		s.Personal = d.texts(personal)
	}
	if w := n.Get("range"); w != nil {
		d.checkLayout(w.Get("layout"))
		s.Window = &Window{
			From: d.text(w.Get("from")), Until: d.text(w.Get("until")),
			Layout: d.textOr(w.Get("layout"), "2006-01-02 15:04:05"), Inclusive: d.text(w.Get("end")) == "inclusive",
		}
	}
	if g := n.Get("grain"); g != nil {
		s.Grain = &Grain{
			Parameter: d.text(g.Get("parameter")), Allowed: d.texts(g.Get("allowed")),
			Default: d.text(g.Get("default")), Column: d.text(g.Get("column")),
		}
	}
	for _, p := range n.Get("parameters").All() {
		done := d.in("parameters", p.Key)
		i := slices.IndexFunc(s.Parameters, func(x *Parameter) bool { return x.Name == p.Key })
		if i < 0 {
			s.Parameters = append(s.Parameters, d.parameter(p, Parameter{Type: expr.Text}))
		} else {
			s.Parameters[i] = d.parameter(p, *s.Parameters[i])
		}
		done()
	}
	d.inPath(n.Get("path"), s)
	d.requires(n.Get("requires"), s)
	s.Columns = d.columns(n.Get("columns"), s.Columns)
	d.checkKey(n.Get("key"), s)
	for _, r := range n.Get("rules").List() {
		s.Rules = append(s.Rules, Rule{
			Status: int(d.whole(r.Get("status"))), BodyContains: d.text(r.Get("body_contains")), Action: d.text(r.Get("action")),
		})
	}
	if over == nil && s.Path == "" && !d.misfit(n) {
		d.fault(e.KeyAt, "missing-path", "No path", "The source %q says no path: what is asked for, behind the connection's address.", e.Key)
	}
	return s
}

// checkKey tells columns of a key that are not declared: records that come twice are told by declared columns alone, and
// would pass in silence.
func (d *decoder) checkKey(n *tree.Node, s *Source) {
	if n == nil || d.misfit(n) {
		return
	}
	var known []string
	for _, c := range s.Columns {
		known = append(known, c.Field.Name)
	}
	items := n.Items
	if items == nil {
		items = []*tree.Node{n}
	}
	for _, item := range items {
		if name := d.text(item); name != "" && !slices.Contains(known, name) && !d.misfit(item) {
			d.fault(item.At, "unknown-column", "Unknown column", "The source declares no column %q to tell its records apart by.%s Declare it under the source's columns, as what it is:\n\n    %s: {type: text}",
				name, suggest(name, known), name)
		}
	}
}

// requires decodes which filters are needed where none of them is by itself.
func (d *decoder) requires(n *tree.Node, s *Source) {
	if n == nil {
		return
	}
	s.Requires = nil
	var known []string
	for _, p := range s.Parameters {
		known = append(known, p.Name)
	}
	for _, group := range n.List() {
		for _, item := range group.List() {
			if name := d.text(item); !slices.Contains(known, name) && !d.misfit(item) {
				d.fault(item.At, "unknown-parameter", "Unknown parameter", "The source has no parameter %q.%s", name, suggest(name, known))
			}
		}
		s.Requires = append(s.Requires, d.texts(group))
	}
}

// sourcePath reads a path that stays beneath the connection's address.
func (d *decoder) sourcePath(n *tree.Node) string {
	p := strings.TrimPrefix(d.text(n), "/")
	if strings.Contains(p, "://") || strings.ContainsAny(p, "?#") || slices.Contains(strings.Split(p, "/"), "..") {
		d.fault(n.At, "bad-path", "Not a path of the API", "%q is no path behind the connection's address. Parameters stand under parameters, and other addresses in a connection of their own.", p)
	}
	return p
}

// parameter decodes a filter that a source takes, over p.
func (d *decoder) parameter(e tree.Entry, p Parameter) *Parameter {
	n := e.Value
	p.Name, p.Range = e.Key, e.KeyAt
	if t := n.Get("type"); t != nil {
		p.Type, p.List = d.typeOf(t)
	}
	p.Style = d.textOr(n.Get("style"), p.Style)
	p.In = d.textOr(n.Get("in"), p.In)
	p.Required = d.flag(n.Get("required"), p.Required)
	p.Default = d.textOr(n.Get("default"), p.Default)
	if allowed := n.Get("allowed"); allowed != nil {
		p.Allowed = d.texts(allowed)
	}
	if least := n.Get("min"); least != nil {
		i := d.whole(least)
		p.Min = &i
	}
	if most := n.Get("max"); most != nil {
		i := d.whole(most)
		p.Max = &i
	}
	p.Description = d.textOr(n.Get("description"), p.Description)
	p.Certainty = d.textOr(n.Get("certainty"), p.Certainty)
	return &p
}

// typeOf reads the name of a type. The schema knows the names; what it refused is Any.
func (d *decoder) typeOf(n *tree.Node) (t expr.Type, list bool) {
	t, list, ok := expr.ParseType(d.text(n))
	if !ok {
		return expr.Any, list
	}
	return t, list
}
