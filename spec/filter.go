package spec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

// filters decodes the endpoint's own parameters, checked by name, type, allowed words and bounds.
func (d *decoder) filters(ds *Dataset, n *node, s scope) {
	defer d.in("filters")()
	filters := n.get("filters")
	for _, e := range filters.all() {
		p := d.parameterOf(ds, e)
		if p == nil {
			continue
		}
		if v, ok := d.filterValue(p, e.value, s); ok {
			ds.Filters = append(ds.Filters, &Filter{Parameter: p, Value: v})
		}
	}
	for _, p := range ds.Source.Parameters {
		if p.Required && ds.Source.provides(p.Name) == "" && filters.get(p.Name) == nil && !d.misfit(n) {
			at := ds.Range
			if filters != nil {
				at = filters.at
			}
			d.fault(at, "missing-filter", "Missing filter", "The source %q needs the filter %q (%s).", d.sourceName(ds), p.Name, p.typeName())
		}
	}
}

// provides says what sets a parameter by itself; "" means that it is a filter.
func (s *Source) provides(parameter string) string {
	switch {
	case s.Window != nil && (parameter == s.Window.From || parameter == s.Window.Until):
		return "It is set from the report's range; a dataset may have a range of its own."
	case s.Grain != nil && parameter == s.Grain.Parameter:
		return "It is set by aggregate_by, which stands beside filters."
	case s.Paging.Offset != nil && (parameter == s.Paging.Offset.Offset || parameter == s.Paging.Offset.Limit):
		return "Pages are asked for by themselves until all rows are there; a transform step limit keeps the first ones."
	}
	return ""
}

// parameterOf finds the parameter that a filter names. Nil means that it was reported.
func (d *decoder) parameterOf(ds *Dataset, e entry) *Parameter {
	if why := ds.Source.provides(e.key); why != "" {
		d.fault(e.keyAt, "not-a-filter", "Not a filter", "%q is a parameter of the source %q, yet no filter. %s", e.key, d.sourceName(ds), why)
		return nil
	}
	var known []string
	for _, p := range ds.Source.Parameters {
		if p.Name == e.key {
			return p
		}
		if ds.Source.provides(p.Name) == "" {
			known = append(known, p.Name)
		}
	}
	d.fault(e.keyAt, "unknown-filter", "Unknown filter", "The source %q has no filter %q.%s", d.sourceName(ds), e.key, suggest(e.key, known))
	return nil
}

func (p *Parameter) typeName() string {
	if p.List {
		return "list of " + expr.TypeName(p.Type)
	}
	return expr.TypeName(p.Type)
}

// filterValue converts a value that is known while loading, and checks the type of one that is not.
func (d *decoder) filterValue(p *Parameter, n *node, s scope) (Value, bool) {
	if n.kind == listNode && p.List {
		out := Value{Range: n.at, Items: []Value{}}
		one := *p
		one.List = false
		sound := true
		for _, item := range n.items {
			v, ok := d.filterValue(&one, item, s)
			sound = sound && ok
			out.Items = append(out.Items, v)
		}
		return out, sound
	}
	if n.kind == stringNode && strings.Contains(n.text, "${") {
		return d.filterTemplate(p, n, s)
	}
	v, problem := literalValue(n, p.Type, p.List)
	code, summary := "wrong-type", "Wrong type"
	if problem == "" {
		code, summary = "wrong-filter", "Wrong value of a filter"
		problem = p.refuses(n.text, v)
	}
	if problem != "" {
		d.fault(n.at, code, summary, "The filter %q takes %s. The value %s.", p.Name, p.describe(), problem)
		return Value{}, false
	}
	return Value{Range: n.at, Literal: v}, true
}

// filterTemplate decodes a value that is computed for each run.
func (d *decoder) filterTemplate(p *Parameter, n *node, s scope) (Value, bool) {
	t := d.template(n, s)
	if t == nil {
		return Value{}, false
	}
	want := p.Type
	if p.List {
		want = expr.List
	}
	if !fits(t.valueType, want) {
		d.fault(n.at, "wrong-type", "Wrong type", "The filter %q takes %s, and this is %s.", p.Name, p.describe(), wanted(t.valueType))
		return Value{}, false
	}
	return Value{Range: n.at, Template: t}, true
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
		text = "a list of " + expr.TypeName(p.Type)
	}
	if len(p.Allowed) > 0 {
		text += ", one of " + strings.Join(p.Allowed, ", ")
	}
	return text
}

// refuses says what a value of the right type breaks of the allowed words and bounds.
func (p *Parameter) refuses(text string, v expr.Value) string {
	if len(p.Allowed) > 0 && !slices.Contains(p.Allowed, text) {
		return fmt.Sprintf("%q is none of them.%s", text, strings.TrimSuffix(suggest(text, p.Allowed), "."))
	}
	if v.Type != expr.Integer {
		return ""
	}
	switch {
	case p.Min != nil && v.Int < *p.Min:
		return "is " + text + ", and the least is " + strconv.FormatInt(*p.Min, 10)
	case p.Max != nil && v.Int > *p.Max:
		return "is " + text + ", and the most is " + strconv.FormatInt(*p.Max, 10)
	}
	return ""
}
