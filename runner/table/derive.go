package table

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/reportform/reportform/spec/expr"
)

// Derive computes columns from those there are, in order: each sees the ones before it. One with the name of a column
// that exists takes its place and its label. A comparison with a missing value is false, as it is in Where.
//
// How a derived column adds up, unless Total says so: one that is wholly ratio(a, b) from its numerator and denominator,
// one that is a column alone as that column, sums and differences of columns that add up by adding up, others not.
type Derive struct {
	Columns []Derived
	Outer   Outer
}

// Derived is one computed column. Zero fields other than Name and Expr take what follows from the expression.
type Derived struct {
	Name          string
	Expr          *expr.Expr
	Type          expr.Type
	Label, Format string
	Total         *Total
}

// Fields implements Step.
func (d Derive) Fields(in []Field, open bool) ([]Field, error) {
	p, err := d.plan(in, open)
	if err != nil {
		return nil, err
	}
	return p.fields, nil
}

func (d Derive) bind(_ Spool, env expr.Env) Step {
	d.Outer.Env = env
	return d
}

// Apply implements Step.
func (d Derive) Apply(ctx context.Context, in Rows) Rows {
	p, err := d.plan(in.Fields, false)
	if err != nil {
		return failed(err)
	}
	envs := make([]*row, len(p.computed))
	slots := make([]Field, len(p.layout.slots))
	for i, c := range p.layout.slots {
		slots[i] = c.Field
	}
	for i, c := range p.computed {
		envs[i] = &row{fields: slots, names: c.names, outer: d.Outer}
	}
	return mapped(ctx, in, p.fields, func(b *Batch) (*Batch, error) {
		wide := &Batch{Cols: slices.Grow(slices.Clone(b.Cols), len(p.computed)), N: b.N}
		for i, c := range p.computed {
			envs[i].cols = wide.Cols
			v, err := c.column(envs[i], b.N)
			if err != nil {
				return nil, err
			}
			wide.Cols = append(wide.Cols, v)
		}
		return project(wide, p.slots), nil
	})
}

// computedColumn is an expression whose values become a slot.
type computedColumn struct {
	part  string
	expr  *expr.Expr
	field Field
	names map[string]int // what names meant at its place in the order
}

// column computes n rows.
func (c *computedColumn) column(env *row, n int) (Vector, error) {
	out := NewVector(c.field, n)
	isTest := c.expr.IsTest()
	for env.i = 0; env.i < n; env.i++ {
		v, err := c.expr.Eval(env)
		if err != nil {
			return out, fault(c.part, err)
		}
		if v.Sensitive {
			return out, &Fault{Part: c.part, Code: "secret-column", Summary: "Secret in a column",
				Detail: fmt.Sprintf("The column %q would show a value that is secret.", c.part)}
		}
		if !v.Valid && isTest {
			v = expr.BooleanValue(false)
		}
		x, ok := expr.Convert(v, c.field.Type)
		if !ok {
			return out, unconvertible(c.part, v.Type, c.field.Type)
		}
		out.Append(c.field, x)
	}
	return out, nil
}

func unconvertible(part string, from, to expr.Type) *Fault {
	f := &Fault{Part: part, Code: "wrong-type", Summary: "Wrong type",
		Detail: fmt.Sprintf("The expression of %q is of type %s, which does not become %s without loss.", part, expr.TypeName(from), expr.TypeName(to))}
	if to == expr.Text {
		f.Detail += " Write text(…) around it."
	}
	return f
}

// derivePlan is a derive worked out for given fields. Slots from the width of the input on are computed, in order.
type derivePlan struct {
	outer    Outer
	open     bool
	layout   *layout
	shown    []column
	computed []*computedColumn
	fields   []Field
	slots    []int
}

func (d Derive) plan(in []Field, open bool) (*derivePlan, error) {
	p := &derivePlan{outer: d.Outer, open: open, layout: newLayout(in)}
	p.shown = p.layout.visible()
	for _, c := range d.Columns {
		if err := p.derive(c); err != nil {
			return nil, err
		}
	}
	p.fields, p.slots = p.layout.arrange(p.shown)
	return p, nil
}

// current are the columns that an expression sees by now, and the slots of their names.
func (p *derivePlan) current() (fields []Field, names map[string]int) {
	names = make(map[string]int, len(p.shown))
	for _, c := range p.shown {
		fields = append(fields, c.Field)
		names[c.Name] = c.slot
	}
	return fields, names
}

// compute gives an expression a slot.
func (p *derivePlan) compute(part string, e *expr.Expr, f Field, names map[string]int, needs ...int) column {
	p.computed = append(p.computed, &computedColumn{part, e, f, names})
	return p.layout.add(f, needs...)
}

func (p *derivePlan) derive(d Derived) error {
	fields, names := p.current()
	t, f := d.Expr.Check(p.outer.over(Names(fields, p.open)))
	if f != nil {
		return &Fault{Part: d.Name, Expr: f}
	}
	field := Field{Name: d.Name, Type: t, Label: d.Label, Format: d.Format}
	if err := p.settleType(&field, d.Type, fields); err != nil {
		return err
	}
	needs, err := p.rule(&field, d, fields, names)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(p.shown, func(c column) bool { return c.Name == d.Name })
	if at < 0 {
		at = len(p.shown)
		p.shown = append(p.shown, column{})
	} else if field.Label == "" {
		field.Label = p.shown[at].Label
	}
	p.shown[at] = p.compute(d.Name, d.Expr, field, names, needs...)
	return nil
}

// rule gives f the rule by which it adds up, and returns the slots of what that needs.
func (p *derivePlan) rule(f *Field, d Derived, fields []Field, names map[string]int) (needs []int, err error) {
	from, plain := p.plainSlot(d.Expr, names)
	switch num, den, ratio := d.Expr.Ratio(); {
	case d.Total != nil:
		f.Total = *d.Total
		for _, n := range f.Total.names() {
			slot, ok := names[n]
			if !ok && p.open {
				return nil, nil
			}
			if !ok {
				return nil, unknownNeed(f.Name, n, fields)
			}
			needs = append(needs, slot)
		}
	case ratio:
		f.Total.Kind = TotalRatio
		for _, e := range []*expr.Expr{num, den} {
			slot, err := p.part(d.Name, e, fields, names)
			if err != nil {
				return nil, err
			}
			needs = append(needs, slot)
		}
	case plain:
		src := p.layout.slots[from]
		f.Grain, f.Total = src.Grain, src.Total
		if f.Format == "" && f.Type == src.Type {
			f.Format = src.Format
		}
		return src.needs, nil
	case addable(f.Type) && addsUp(d.Expr, fields, p.outer):
		f.Total.Kind = TotalSum
	}
	return needs, f.Total.check(*f, p.fieldsOf(needs))
}

// plainSlot returns the slot of the column that an expression wholly is.
func (p *derivePlan) plainSlot(e *expr.Expr, names map[string]int) (int, bool) {
	name, ok := plainColumn(e, p.outer)
	if !ok {
		return 0, false
	}
	slot, ok := names[name]
	return slot, ok
}

func (p *derivePlan) fieldsOf(slots []int) []Field {
	fields := make([]Field, len(slots))
	for i, s := range slots {
		fields[i] = p.layout.slots[s].Field
	}
	return fields
}

// part returns the slot of a ratio's numerator or denominator: the column that it is, or a hidden one.
func (p *derivePlan) part(name string, e *expr.Expr, fields []Field, names map[string]int) (int, error) {
	if slot, ok := p.plainSlot(e, names); ok {
		return slot, nil
	}
	t, f := e.Check(p.outer.over(Names(fields, p.open)))
	if f != nil {
		return 0, &Fault{Part: name, Expr: f}
	}
	return p.compute(name, e, Field{Name: e.Text(), Type: t, Hidden: true}, names).slot, nil
}

// settleType puts the declared type in place of the expression's, where the one becomes the other without loss.
func (p *derivePlan) settleType(f *Field, declared expr.Type, fields []Field) error {
	if declared != expr.Any && f.Type != expr.Any {
		if _, ok := expr.Convert(expr.Value{Type: f.Type, Valid: true}, declared); !ok {
			return unconvertible(f.Name, f.Type, declared)
		}
	}
	if declared != expr.Any {
		f.Type = declared
	}
	unknown := p.open || slices.ContainsFunc(fields, func(f Field) bool { return f.Type == expr.Any })
	switch {
	case f.Type == expr.Any && unknown:
		return nil
	case f.Type == expr.Any:
		return &Fault{Part: f.Name, Code: "unknown-type", Summary: "Unknown type",
			Detail: fmt.Sprintf("Nothing tells the type of %q. Say it beside the expression:\n    %s: {value: …, type: text}", f.Name, f.Name)}
	case f.Type >= expr.List:
		return &Fault{Part: f.Name, Code: "wrong-type", Summary: "Wrong type",
			Detail: fmt.Sprintf("The expression of %q is of type %s, which is no value of a row.", f.Name, expr.TypeName(f.Type))}
	}
	return nil
}

// addsUp reports whether an expression is made of sums and differences of columns that add up, and of nothing else.
// Its total is then the same sums and differences of their totals.
func addsUp(e *expr.Expr, fields []Field, outer Outer) bool {
	words := strings.FieldsFunc(e.Text(), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("+-()", r) })
	for _, w := range words {
		i := index(fields, w)
		if i < 0 || fields[i].Total.Kind != TotalSum || outer.has([]string{w}) {
			return false
		}
	}
	return len(words) > 0
}
