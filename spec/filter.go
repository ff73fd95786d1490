package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// filters decodes the endpoint's own parameters, checked by name, type, allowed words and bounds.
func (d *decoder) filters(ds *Dataset, n *tree.Node, s scope) {
	defer d.in("filters")()
	filters := n.Get("filters")
	for _, e := range filters.All() {
		p := d.parameterOf(ds, e)
		if p == nil {
			continue
		}
		if v, ok := d.filterValue(p, e.Value, p.List, s); ok {
			ds.Filters = append(ds.Filters, &Filter{Parameter: p, Value: v})
		}
	}
	if d.misfit(n) {
		return
	}
	at := ds.Range
	for _, e := range n.All() {
		if e.Key == "filters" {
			at = e.KeyAt // where any other missing key is told, too
		}
	}
	given := func(name string) bool {
		return ds.Source.provides(name) != "" || filters.Get(name) != nil || ds.Each != nil && ds.Each.Parameter.Name == name
	}
	for _, p := range ds.Source.Parameters {
		if p.Required && !given(p.Name) {
			d.fault(at, "missing-filter", "Missing filter", "The source %q needs the filter %q: %s.", d.sourceName(ds), p.Name, p.describe())
		}
	}
	for _, group := range ds.Source.Requires {
		if !slices.ContainsFunc(group, given) {
			d.fault(at, "missing-filter", "Missing filter", "The source %q needs at least one of the filters %s.", d.sourceName(ds), ds.Source.alternatives(group))
		}
	}
}

// alternatives names parameters with what each takes.
func (s *Source) alternatives(names []string) string {
	var out []string
	for _, p := range s.Parameters {
		if slices.Contains(names, p.Name) {
			out = append(out, fmt.Sprintf("%q (%s)", p.Name, p.describe()))
		}
	}
	return strings.Join(out, " and ")
}

// provides says what sets a parameter by itself; "" means that it is a filter.
func (s *Source) provides(parameter string) string {
	switch {
	case s.Window != nil && (parameter == s.Window.From || parameter == s.Window.Until):
		return "It is set from the report's range; a dataset may have a range of its own."
	case s.Grain != nil && parameter == s.Grain.Parameter:
		return "It is set by aggregate_by, which stands beside filters."
	case slices.Contains(s.Paging.parameters(), parameter):
		return "Pages are asked for by themselves until all rows are there; a transform step limit keeps the first ones."
	}
	return ""
}

// parameterOf finds the parameter that a filter names. Nil means that it was reported.
func (d *decoder) parameterOf(ds *Dataset, e tree.Entry) *Parameter {
	if why := ds.Source.provides(e.Key); why != "" {
		d.fault(e.KeyAt, "not-a-filter", "Not a filter", "%q is a parameter of the source %q, yet no filter. %s", e.Key, d.sourceName(ds), why)
		return nil
	}
	var known []string
	for _, p := range ds.Source.Filters() {
		if p.Name == e.Key {
			return p
		}
		known = append(known, p.Name)
	}
	d.fault(e.KeyAt, "unknown-filter", "Unknown filter", "The source %q has no filter %q.%s", d.sourceName(ds), e.Key, suggest(e.Key, known))
	return nil
}

// filterValue converts a value that is known while loading, and checks the type of one that is not.
// List says that a list is wanted at n, rather than one of its items.
func (d *decoder) filterValue(p *Parameter, n *tree.Node, list bool, s scope) (Value, bool) {
	if n.Kind == tree.List && list {
		out := Value{Range: n.At, Items: []Value{}}
		sound := true
		for _, item := range n.Items {
			v, ok := d.filterValue(p, item, false, s)
			sound = sound && ok
			out.Items = append(out.Items, v)
		}
		return out, sound
	}
	if n.Kind == tree.String && strings.Contains(n.Text, "${") {
		return d.filterTemplate(p, n, list, s)
	}
	v, problem := literalValue(n, p.Type, list)
	if problem != "" {
		d.fault(n.At, "wrong-type", "Wrong type", "The filter %q takes %s. The value %s.", p.Name, p.describe(), problem)
		return Value{}, false
	}
	if problem = p.refuses(n.Text, v); problem != "" {
		d.fault(n.At, "wrong-filter", "Wrong value of a filter", "The filter %q takes %s. The value %s", p.Name, p.describe(), problem)
		return Value{}, false
	}
	return Value{Range: n.At, Literal: v}, true
}

// filterTemplate decodes a value that is computed for each run.
func (d *decoder) filterTemplate(p *Parameter, n *tree.Node, list bool, s scope) (Value, bool) {
	t := d.template(n, s)
	if t == nil {
		return Value{}, false
	}
	want := p.Type
	if list {
		want = expr.List
	}
	if !fits(t.valueType, want) {
		cure := ""
		if list && t.isWhole() && fits(t.valueType, p.Type) {
			cure = fmt.Sprintf(" Write [%q]", n.Text)
		}
		d.fault(n.At, "wrong-type", "Wrong type", "The filter %q takes %s, and this is %s.%s", p.Name, p.describe(), wanted(t.valueType), cure)
		return Value{}, false
	}
	return Value{Range: n.At, Template: t}, true
}

// fits reports whether a value of one type can be written as another's.
func fits(have, want expr.Type) bool {
	switch {
	case have == want || have == expr.Any || want == expr.Any:
		return true
	case have == expr.Integer:
		return want == expr.Decimal || want == expr.Percent || want == expr.Ratio
	case have == expr.Date || have == expr.DateTime:
		return want == expr.Date || want == expr.DateTime
	}
	return false
}

// describe says what a parameter takes.
func (p *Parameter) describe() string {
	text := wanted(p.Type)
	if p.List {
		text = "a list, each item " + text
	}
	if len(p.Allowed) > 0 {
		text += ", one of " + strings.Join(p.Allowed, ", ")
	}
	return text
}

// refuses says what a value of the right type breaks of the allowed words and bounds.
func (p *Parameter) refuses(text string, v expr.Value) string {
	if len(p.Allowed) > 0 && !slices.Contains(p.Allowed, text) {
		return fmt.Sprintf("is %q.%s", text, suggest(text, p.Allowed))
	}
	if v.Type != expr.Integer {
		return ""
	}
	switch {
	case p.Min != nil && v.Int < *p.Min:
		return fmt.Sprintf("is %d, and the least is %d.", v.Int, *p.Min)
	case p.Max != nil && v.Int > *p.Max:
		return fmt.Sprintf("is %d, and the most is %d.", v.Int, *p.Max)
	}
	return ""
}
