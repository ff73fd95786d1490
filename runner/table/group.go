package table

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/reportform/reportform/spec/expr"
)

// Group makes one row of all rows that agree in the columns By, in order of first appearance; missing values agree
// with each other. Without By all rows are one group, which exists even where there are no rows, as in SQL.
//
// Measures are what else the rows have: aggregates over the group. Without measures every column adds up by its own
// rule, and columns that have none are left out: one value of many would be chance.
//
// What a measure's own total is: sum and count add up, min, max and last stay what they are, avg, ratio(sum(a), sum(b))
// and total(x) are made anew from what they are made of; others have none.
type Group struct {
	By       []string
	Measures []Measure
	Outer    Outer
}

// Measure is one aggregate expression. Label and Format are those of the column it is made of unless they are set.
type Measure struct {
	Name          string
	Expr          *expr.Expr
	Label, Format string
}

// Fields implements Step.
func (g Group) Fields(in []Field, open bool) ([]Field, error) {
	p, err := g.plan(in, open)
	if err != nil {
		return nil, err
	}
	return p.fields, nil
}

func (g Group) bind(_ Spool, env expr.Env) Step {
	g.Outer.Env = env
	return g
}

// Apply implements Step.
func (g Group) Apply(ctx context.Context, in Rows) Rows {
	p, err := g.plan(in.Fields, false)
	if err != nil {
		return failed(err)
	}
	return Rows{Fields: p.fields, Seq: func(yield func(*Batch, error) bool) {
		n, err := p.read(ctx, in)
		for from := 0; err == nil && from < n; from += BatchRows {
			var b *Batch
			if b, err = p.batch(from, min(n, from+BatchRows)); err == nil && !yield(b, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}}
}

// groupPlan is a group worked out for given fields, and what it added up.
type groupPlan struct {
	in     []Field
	open   bool
	outer  Outer
	by     []int
	ledger *ledger
	keys   *groupKeys

	// What the result's slots hold, and where the parts of totals are: the sums and counts of columns of the input.
	layout  layout
	figures []figure
	sums    map[leafKey]int
	// origins has the column of the input that stands, by its own rule, in a slot that is no sum.
	origins map[int]int

	fields []Field
	slots  []int
}

// newGroupPlan is a plan over given fields with neither keys nor figures yet.
func newGroupPlan(in []Field, open bool, outer Outer) *groupPlan {
	return &groupPlan{in: in, open: open, outer: outer, ledger: newLedger(in), sums: map[leafKey]int{}, origins: map[int]int{}}
}

func (g Group) plan(in []Field, open bool) (*groupPlan, error) {
	in = slices.Clone(in)
	by := make([]int, len(g.By))
	for i, name := range g.By {
		var err error
		if by[i], err = find(&in, open, name, strconv.Itoa(i)); err != nil {
			return nil, err
		}
		if slices.Index(g.By, name) < i {
			return nil, duplicate(strconv.Itoa(i), name)
		}
	}
	p := newGroupPlan(in, open, g.Outer)
	p.by, p.keys = by, newGroupKeys(in, by)
	var shown []column
	for i, c := range p.by {
		f := p.in[c]
		f.Total, f.Unasked = Total{}, false // the keys of groups are not figures
		shown = append(shown, p.add(f, func(group int) (expr.Value, error) { return p.keys.value(i, group), nil }))
	}
	var err error
	if len(g.Measures) == 0 {
		shown, err = p.ownRules(shown)
	} else {
		shown, err = p.measures(shown, g.Measures)
	}
	if err != nil {
		return nil, err
	}
	p.fields, p.slots = p.layout.arrange(shown)
	return p, nil
}

// add gives a figure a slot.
func (p *groupPlan) add(f Field, x figure, needs ...int) column {
	p.figures = append(p.figures, x)
	return p.layout.add(f, needs...)
}

// ownRules adds the columns that add up by their own rule.
func (p *groupPlan) ownRules(shown []column) ([]column, error) {
	for i, f := range p.in {
		if f.Hidden || f.Total.Kind == TotalNone || slices.Contains(p.by, i) {
			continue
		}
		c, err := p.own(i)
		if err != nil {
			return nil, err
		}
		shown = append(shown, c)
	}
	return shown, nil
}

// own is a column of the input that adds up by its own rule, now and from here on.
func (p *groupPlan) own(col int) (column, error) {
	f := p.in[col]
	if f.Total.Kind == TotalSum {
		return p.sum(col, all), nil
	}
	x, err := p.ledger.total(col)
	if err != nil {
		return column{}, err
	}
	var needs []int
	switch f.Total.Kind {
	case TotalRatio:
		for _, n := range f.Total.names() {
			needs = append(needs, p.sum(index(p.in, n), all).slot)
		}
	case TotalDifference, TotalGrowth:
		for _, n := range f.Total.names() {
			c, err := p.own(index(p.in, n))
			if err != nil {
				return column{}, err
			}
			needs = append(needs, c.slot)
		}
	case TotalWeighted:
		// The weight of the rows that have a value: with the others in it, the total of groups would be another figure.
		needs = append(needs, p.sum(index(p.in, f.Total.Weight), col).slot)
	}
	f.Type = f.Total.Type(f.Type)
	c := p.add(f, x, needs...)
	p.origins[c.slot] = col
	return c, nil
}

// sum is the sum of a column, over the rows where with is not missing; one slot for all who need it.
func (p *groupPlan) sum(col, with int) column {
	f := p.in[col]
	f.Total = Total{Kind: TotalSum}
	return p.shared(leafKey{adding, col, with}, f)
}

// count is the number of rows, or of those where col is not missing.
func (p *groupPlan) count(col int) column {
	return p.shared(leafKey{counting, col, all}, Field{Name: "count", Type: expr.Integer, Total: Total{Kind: TotalSum}})
}

func (p *groupPlan) shared(k leafKey, f Field) column {
	if slot, ok := p.sums[k]; ok {
		return p.layout.slots[slot]
	}
	c := p.add(f, p.ledger.leaf(k).value)
	p.sums[k] = c.slot
	return c
}

// read takes in all rows and returns the number of groups.
func (p *groupPlan) read(ctx context.Context, in Rows) (int, error) {
	keys := newGrouper(p.in, p.by)
	if len(p.by) == 0 {
		keys.n = 1
		p.ledger.grow(1)
	}
	var groups, firsts []int32
	for b, err := range in.Seq {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return 0, err
		}
		groups = slices.Grow(groups[:0], b.N)[:b.N]
		firsts = keys.number(b, groups, firsts[:0])
		p.keys.add(b, firsts)
		if err := p.ledger.add(b, groups, keys.n); err != nil {
			return 0, err
		}
	}
	return keys.n, nil
}

// batch returns the rows of some groups.
func (p *groupPlan) batch(from, until int) (*Batch, error) {
	b := &Batch{Cols: make([]Vector, len(p.fields)), N: until - from}
	for i, f := range p.fields {
		b.Cols[i] = NewVector(f, b.N)
		for g := from; g < until; g++ {
			x, err := p.figures[p.slots[i]](g)
			if err != nil {
				return nil, tooLarge(f.Name, err)
			}
			b.Cols[i].Append(f, x)
		}
	}
	return b, nil
}

// groupEnv is the expr.Env of one measure, for one group after the other.
type groupEnv struct {
	plan    *groupPlan
	figures map[aggregateKey]figure
	group   int
}

type aggregateKey struct {
	fn  string
	col int
}

var (
	_ expr.Env   = (*groupEnv)(nil)
	_ expr.Zoned = (*groupEnv)(nil)
)

// Locale implements expr.Localizer.
func (e *groupEnv) Locale() string { return e.plan.outer.locale() }

// Location implements expr.Zoned.
func (e *groupEnv) Location() *time.Location { return e.plan.outer.location() }

// Lookup implements expr.Env: columns stand in aggregates alone, so that it is an outer name.
func (e *groupEnv) Lookup(path []string) (expr.Value, error) { return e.plan.outer.lookup(path) }

// Aggregate implements expr.Env.
func (e *groupEnv) Aggregate(fn string, path []string) (expr.Value, error) {
	col := all
	if len(path) > 0 {
		name, _ := columnOf(path)
		col = index(e.plan.in, name)
	}
	x, ok := e.figures[aggregateKey{fn, col}]
	if !ok {
		return expr.Value{}, fmt.Errorf("%s of %v was not added up", fn, path)
	}
	return x(e.group)
}
