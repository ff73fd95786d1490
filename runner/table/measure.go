package table

import (
	"errors"
	"fmt"

	"github.com/reportform/reportform/spec/expr"
)

// measures adds the columns that expressions make of a group.
func (p *groupPlan) measures(shown []column, ms []Measure) ([]column, error) {
	seen := map[string]bool{}
	for _, c := range shown {
		seen[c.Name] = true
	}
	names := p.outer.over(scope(p.in, p.open, func(f Field) expr.Name {
		return expr.Name{Type: expr.Column, Elem: f.Type, Recomputed: f.Recomputed(p.in)}
	}))
	for _, m := range ms {
		if seen[m.Name] {
			return nil, duplicate(m.Name, m.Name)
		}
		seen[m.Name] = true
		t, f := m.Expr.Check(names)
		if f != nil {
			return nil, &Fault{Part: m.Name, Expr: f}
		}
		c, err := p.measure(m, t)
		if err != nil {
			return nil, partOf(m.Name, err)
		}
		c.Name, c.Unasked = m.Name, false
		if m.Label != "" {
			c.Label = m.Label
		}
		if m.Format != "" {
			c.Format = m.Format
		}
		shown = append(shown, c)
	}
	return shown, nil
}

// partOf names the part of a fault that was found deeper down.
func partOf(name string, err error) error {
	var f *Fault
	if errors.As(err, &f) {
		named := *f
		named.Part = name
		return &named
	}
	return err
}

// measure is one measure of type t.
func (p *groupPlan) measure(m Measure, t expr.Type) (column, error) {
	if fn, col, ok := p.wholly(m.Expr); ok {
		return p.aggregate(m.Name, fn, col)
	}
	x := p.evaluated(m, t)
	f := Field{Name: m.Name, Type: t}
	if num, den, ok := m.Expr.Ratio(); ok {
		n, okNum := p.additive(num)
		d, okDen := p.additive(den)
		if okNum && okDen {
			f.Total.Kind = TotalRatio
			return p.add(f, x, n.slot, d.slot), f.Total.check(f, []Field{n.Field, d.Field})
		}
	}
	return p.add(f, x), nil
}

// wholly returns the aggregate that an expression is, and nothing beside it; col is all for count().
func (p *groupPlan) wholly(e *expr.Expr) (fn string, col int, ok bool) {
	call, ok := e.Aggregate()
	if !ok {
		return "", 0, false
	}
	col, ok = p.columnOf(call)
	return call.Fn, col, ok
}

// columnOf returns the column that an aggregate is over, all for count(); ok is false where it is none of the group's.
func (p *groupPlan) columnOf(call expr.Call) (col int, ok bool) {
	if call.Path == nil {
		return all, true
	}
	name, ok := columnOf(call.Path)
	if !ok || p.outer.has(call.Path) {
		return 0, false
	}
	col = index(p.in, name)
	return col, col >= 0
}

// additive returns the slot of a sum or a count, which stay right when they are added up again.
func (p *groupPlan) additive(e *expr.Expr) (column, bool) {
	fn, col, ok := p.wholly(e)
	switch {
	case ok && fn == "count":
		return p.count(col), true
	case ok && (fn == "sum" || fn == "total" && p.in[col].Total.Kind == TotalSum):
		return p.sum(col, all), true
	default:
		return column{}, false
	}
}

// aggregate is the measure that a function of a column is, with the rule by which that adds up.
func (p *groupPlan) aggregate(name, fn string, col int) (column, error) {
	if fn == "count" {
		return p.count(col).labelledFor(name), nil
	}
	x, err := p.ledger.aggregate(fn, col)
	if err != nil {
		return column{}, err
	}
	var c column
	switch fn {
	case "sum":
		c = p.sum(col, all)
	case "distinct", "duplicates": // what two groups have in common counts once in both together, so that they do not add up
		c = p.add(Field{Name: name, Type: expr.Integer}, x)
	case "total":
		if c, err = p.own(col); err != nil {
			return column{}, err
		}
	case "avg":
		f := p.in[col]
		f.Type, f.Total = meanType(f.Type), Total{Kind: TotalRatio}
		c = p.add(f, x, p.sum(col, all).slot, p.count(col).slot)
	default:
		f := p.in[col]
		if _, ok := percentileOf(fn); ok {
			f.Type = meanType(f.Type)
		}
		f.Total = Total{Kind: map[string]TotalKind{"min": TotalMin, "max": TotalMax, "last": TotalLast}[fn]}
		c = p.add(f, x)
	}
	return c.labelledFor(name), nil
}

// labelledFor returns c without the label of the column it is made of, unless it keeps that column's name:
// "Answered" would be wrong over the mean of what was answered.
func (c column) labelledFor(name string) column {
	if c.Name != name {
		c.Label = ""
	}
	return c
}

// evaluated is the figure of an expression over aggregates. Which of them it asks for depends on values (a condition
// takes one branch), so that all of them are added up.
func (p *groupPlan) evaluated(m Measure, t expr.Type) figure {
	env := &groupEnv{plan: p, figures: map[aggregateKey]figure{}}
	for _, call := range m.Expr.Aggregates() {
		col, ok := p.columnOf(call)
		if !ok {
			continue
		}
		// What the check has let pass and cannot be added up is a total whose rule is broken: that is said when it is
		// asked for.
		x, err := p.ledger.aggregate(call.Fn, col)
		if err != nil {
			x = func(int) (expr.Value, error) { return expr.Value{}, err }
		}
		env.figures[aggregateKey{call.Fn, col}] = x
	}
	return func(group int) (expr.Value, error) {
		env.group = group
		v, err := m.Expr.Eval(env)
		if err != nil {
			return v, fault(m.Name, err)
		}
		x, ok := expr.Convert(v, t)
		if !ok {
			return v, &Fault{Part: m.Name, Code: "wrong-type", Summary: "Wrong type",
				Detail: fmt.Sprintf("The measure %q is of type %s here and of type %s elsewhere.", m.Name, expr.TypeName(v.Type), expr.TypeName(t))}
		}
		return x, nil
	}
}
