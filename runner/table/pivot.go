package table

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/reportform/reportform/spec/expr"
)

// Pivot makes one row of all rows that agree in the columns Rows, in order of first appearance, and one column for each
// value of Column and each of Values. A cell is what its rows come to by the value's own rule; a cell without rows is
// missing. Ratios and weighted means take along what they are made of, hidden, so that totals of the new columns, and
// whatever later steps add up, stay right.
//
// A column is named after its key where there is one value, and "VALUE KEY" where there are several. Keys are in
// ascending order, texts in that of the language; the one for missing values is called "(none)" and comes last.
type Pivot struct {
	Rows   []string
	Column string
	// Keys are the values of Column to make columns of, in this order, by name, whether they are found or not; one that
	// is found and not listed is a fault. Nil: whatever is found.
	Keys []string
	// Values are the columns to add up. Measures, where there are any, stand in their place.
	Values   []string
	Measures []Measure
	// Totals adds a column behind the others, one for each value, of all rows together.
	Totals bool
	// Locale is the readers' language; empty means "en".
	Locale string
	Outer  Outer
}

// MaxPivotColumns is how many columns a pivot makes at most: a column with more values is an id or a figure.
const MaxPivotColumns = 1000

// Fields implements Step. The columns of keys that are only found in the data are not among them.
func (p Pivot) Fields(in []Field, open bool) ([]Field, error) {
	plan, err := p.plan(in, open)
	if err != nil {
		return nil, err
	}
	keys, err := plan.declaredKeys()
	if err != nil {
		return nil, err
	}
	fields, _, err := plan.arrange(keys)
	return fields, err
}

func (p Pivot) bind(_ Spool, env expr.Env) Step {
	p.Outer.Env = env
	return p
}

// Apply implements Step. It reads all rows at once, since the columns are known only then.
func (p Pivot) Apply(ctx context.Context, in Rows) Rows {
	plan, err := p.plan(in.Fields, false)
	if err != nil {
		return failed(err)
	}
	r := plan.reader()
	if err := r.read(ctx, in); err != nil {
		return failed(err)
	}
	out, err := r.result()
	if err != nil {
		return failed(err)
	}
	return Rows{Fields: out.fields, Seq: func(yield func(*Batch, error) bool) {
		for from := 0; from < out.rows(); from += BatchRows {
			b, err := out.batch(from, min(out.rows(), from+BatchRows))
			if !yield(b, err) || err != nil {
				return
			}
		}
	}}
}

// pivotPlan is a pivot worked out for given fields.
type pivotPlan struct {
	Pivot
	in   []Field
	rows []int
	col  int
	// perCell adds up each cell, perRow each row; what one has in a slot, the other has in the same.
	perCell, perRow *groupPlan
	values          []column // of perCell, one for each value
}

func (p Pivot) plan(in []Field, open bool) (*pivotPlan, error) {
	x := &pivotPlan{Pivot: p, in: slices.Clone(in)}
	var err error
	if x.rows, err = findAll(&x.in, open, p.Rows, "rows."); err != nil {
		return nil, err
	}
	if x.col, err = find(&x.in, open, p.Column, "columns"); err != nil {
		return nil, err
	}
	if err := x.checkColumn(); err != nil {
		return nil, err
	}
	values, err := findAll(&x.in, open, p.Values, "values.")
	if err != nil {
		return nil, err
	}
	for i, v := range values {
		if f := x.in[v]; f.Total.Kind == TotalNone && f.Type != expr.Any {
			return nil, noRule("values."+strconv.Itoa(i), f)
		}
	}
	if x.perCell, x.values, err = x.adding(values, open); err != nil {
		return nil, err
	}
	if x.perRow, _, err = x.adding(values, open); err != nil {
		return nil, err
	}
	if n := len(p.Keys) * len(x.values); n > MaxPivotColumns {
		return nil, tooManyColumns(p.Column)
	}
	return x, nil
}

// findAll returns where columns stand, each named once; the parts are called by their numbers.
func findAll(fields *[]Field, open bool, names []string, part string) ([]int, error) {
	cols := make([]int, len(names))
	for i, name := range names {
		part := part + strconv.Itoa(i)
		var err error
		if cols[i], err = find(fields, open, name, part); err != nil {
			return nil, err
		}
		if slices.Index(names, name) < i {
			return nil, duplicate(part, name)
		}
	}
	return cols, nil
}

// adding is a plan that adds up the values.
func (p *pivotPlan) adding(values []int, open bool) (*groupPlan, []column, error) {
	g := newGroupPlan(p.in, open, p.Outer)
	if len(p.Measures) > 0 {
		columns, err := g.measures(nil, p.Measures)
		return g, columns, err
	}
	columns := make([]column, len(values))
	for i, v := range values {
		var err error
		if columns[i], err = g.own(v); err != nil {
			return nil, nil, err
		}
	}
	return g, columns, nil
}

// checkColumn reports values that make no columns.
func (p *pivotPlan) checkColumn() error {
	f := p.in[p.col]
	if slices.Contains(p.rows, p.col) {
		return &Fault{Part: "columns", Code: "wrong-pivot", Summary: "Not a column to pivot by",
			Detail: fmt.Sprintf("The column %q stands in rows already: each row would have a value under one column alone.", f.Name)}
	}
	switch f.Type {
	case expr.Any, expr.Text, expr.Integer, expr.Boolean, expr.Date, expr.Period:
		return nil
	}
	return &Fault{Part: "columns", Code: "wrong-type", Summary: "Wrong type",
		Detail: fmt.Sprintf("The column %q is of type %s. There is a column for each value, so it is of type text, integer, boolean, date or period.", f.Name, expr.TypeName(f.Type))}
}

// noRule says that a column cannot be a value.
func noRule(part string, f Field) *Fault {
	cure := fmt.Sprintf("Count rows, or take a value of theirs, by measures instead of values:\n\n    measures: {%[1]q: 'count(row[%[1]q])'}", f.Name)
	if addable(f.Type) {
		cure = fmt.Sprintf("Say by measures how it adds up, instead of values:\n\n    measures: {%[1]q: 'max(row[%[1]q])'}", f.Name)
	}
	return &Fault{Part: part, Code: "no-total", Summary: "Column does not add up",
		Detail: fmt.Sprintf("A cell stands for several rows, and the column %q has no rule by which it adds up. ", f.Name) + cure}
}

func tooManyColumns(column string) *Fault {
	return &Fault{Part: "columns", Code: "too-many-columns", Summary: "Too many columns",
		Detail: fmt.Sprintf("There would be a column for each value of %q, and at most 1,000 are made. Leave rows out by a where step, or pivot by a column with fewer values.", column)}
}

// pivotSlot says where the data of a result's column is: in figure slot of the cells of key, of the totals, or in a
// column of Rows.
type pivotSlot struct{ key, slot int }

// What a pivotSlot's key is where it is none of the keys.
const (
	ofRows   = -1
	ofTotals = -2
)

// arrange returns the fields of a result with columns for the given keys, and where each has its data.
func (p *pivotPlan) arrange(keys []pivotKey) ([]Field, []pivotSlot, error) {
	var l layout
	var data []pivotSlot
	known := map[pivotSlot]int{}
	add := func(f Field, at pivotSlot, needs ...int) column {
		known[at] = len(l.slots)
		data = append(data, at)
		return l.add(f, needs...)
	}
	// part is a slot of a cell, with what its own rule needs in its turn.
	var part func(at pivotSlot) int
	part = func(at pivotSlot) int {
		if slot, ok := known[at]; ok {
			return slot
		}
		c := p.perCell.layout.slots[at.slot]
		needs := make([]int, len(c.needs))
		for i, s := range c.needs {
			needs[i] = part(pivotSlot{at.key, s})
		}
		return add(c.Field, at, needs...).slot
	}
	var shown []column
	for i, c := range p.rows {
		f := p.in[c]
		f.Total, f.Unasked = Total{}, false // the keys of groups are not figures
		shown = append(shown, add(f, pivotSlot{ofRows, i}))
	}
	spread := func(key int, name, label string) {
		for _, v := range p.values {
			c := l.slots[part(pivotSlot{key, v.slot})]
			c.Field = v.Field // a measure names what it is made of
			c.Name, c.Label = p.titles(v, name, label)
			c.Unasked = false
			shown = append(shown, c)
		}
	}
	for i, k := range keys {
		spread(i, k.name, k.label)
	}
	if p.Totals {
		spread(ofTotals, totalName, totalLabel(p.Locale))
	}
	seen := map[string]bool{}
	for _, c := range shown {
		if seen[c.Name] {
			return nil, nil, duplicate("columns", c.Name)
		}
		seen[c.Name] = true
	}
	fields, slots := l.arrange(shown)
	out := make([]pivotSlot, len(slots))
	for i, s := range slots {
		out[i] = data[s]
	}
	return fields, out, nil
}

// titles are the name and the label of a value's column under a key.
func (p *pivotPlan) titles(v column, name, label string) (string, string) {
	if len(p.values) == 1 {
		return name, label
	}
	return v.Name + " " + name, label + " · " + v.titled("")
}
