package table

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/reportform/reportform/spec/expr"
)

// Tables is an [expr.Env] that has other tables for the steps that take rows of them.
type Tables interface {
	// Table returns the table of a dataset, nil where there is none.
	Table(name string) *Table
}

// Join adds the columns of another dataset to the rows that have the same values in the columns On. Missing values are the
// same as nothing, as in SQL.
//
// Where rows of one side repeat for rows of the other, that side's columns have no totals any more: their sums would count
// a figure again and again. Relation says which side repeats, and the rows are held to it.
type Join struct {
	With string
	// Right are the other dataset's columns as far as they are known without data.
	Right []Field
	On    []JoinKey
	// Inner drops rows that have no partner.
	Inner    bool
	Relation Relation
	// Columns are those that are added; nil adds all that are neither hidden nor under On.
	Columns []JoinColumn
	// Prefix stands before the names of added columns that are given no other.
	Prefix string

	table *Table
}

// JoinKey is a column of the rows and the other dataset's that it is compared with.
type JoinKey struct{ Left, Right string }

// JoinColumn is a column of the other dataset and what it is called here.
type JoinColumn struct{ Name, As string }

// Relation says how many rows of a side have one key: those that come in, to those of the other dataset.
type Relation uint8

const (
	// ManyToOne is what looking something up is: many rows may find the same one.
	ManyToOne Relation = iota
	// OneToOne finds each row once.
	OneToOne
	// OneToMany repeats rows that come in.
	OneToMany
	// ManyToMany repeats both.
	ManyToMany
)

// rightRepeats and leftRepeats report whether a row of a side may come several times, with several of the other side.
func (r Relation) rightRepeats() bool { return r == ManyToOne || r == ManyToMany }
func (r Relation) leftRepeats() bool  { return r == OneToMany || r == ManyToMany }

// Parts of a fault: the column of a pair under On, or an added one.
func onPart(i int) string     { return "on." + strconv.Itoa(i) }
func columnPart(i int) string { return "columns." + strconv.Itoa(i) }

// Fields implements Step.
func (j Join) Fields(in []Field, open bool) ([]Field, error) {
	p, err := j.plan(in, j.Right, open)
	if err != nil {
		return nil, err
	}
	return p.fields, nil
}

func (j Join) bind(_ Spool, env expr.Env) Step {
	if t, ok := env.(Tables); ok {
		j.table = t.Table(j.With)
	}
	return j
}

// joinPlan is a join worked out for given columns. The layout's slots are the columns that come in, and then the other
// dataset's.
type joinPlan struct {
	left, right rowKey
	fields      []Field
	slots       []int
	// only are the columns of the other dataset that are read.
	only []bool
	// added are the places of those that are shown.
	added []int
}

func (j Join) plan(left, right []Field, open bool) (*joinPlan, error) {
	left = slices.Clone(left)
	p := &joinPlan{}
	for i, on := range j.On {
		l, err := find(&left, open, on.Left, onPart(i))
		if err != nil {
			return nil, err
		}
		r, err := j.find(right, on.Right, onPart(i))
		if err != nil {
			return nil, err
		}
		if err := j.alike(left[l], right[r], onPart(i)); err != nil {
			return nil, err
		}
		p.left.cols, p.right.cols = append(p.left.cols, l), append(p.right.cols, r)
	}
	p.left.fields, p.right.fields = left, right
	l := newLayout(left)
	for _, c := range newLayout(right).slots {
		needs := slices.Clone(c.needs)
		for i := range needs {
			needs[i] += len(left)
		}
		l.add(c.Field, needs...)
	}
	shown := l.visible()[:len(visibleNames(left))]
	if j.Relation.leftRepeats() {
		untotalled(shown)
	}
	added, err := j.added(p, l, right, shown)
	if err != nil {
		return nil, err
	}
	if j.Relation.rightRepeats() {
		untotalled(added)
	}
	p.fields, p.slots = l.arrange(append(shown, added...))
	p.only = make([]bool, len(right))
	for _, slot := range p.slots {
		if slot >= len(left) {
			p.only[slot-len(left)] = true
		}
	}
	for _, c := range p.right.cols {
		p.only[c] = true
	}
	return p, nil
}

// untotalled takes their totals from columns whose rows repeat.
func untotalled(columns []column) {
	for i := range columns {
		columns[i].Total, columns[i].needs = Total{}, nil
	}
}

func visibleNames(fields []Field) []string {
	var names []string
	for _, f := range fields {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	}
	return names
}

// find returns where a column of the other dataset stands.
func (j Join) find(right []Field, name, part string) (int, error) {
	if i := visible(right, name); i >= 0 {
		return i, nil
	}
	return 0, &Fault{Part: part, Code: "unknown-column", Summary: "Unknown column",
		Detail: fmt.Sprintf("The dataset %q has no column %q.", j.With, name) + suggestion(right, name)}
}

// alike checks that two columns can have the same values.
func (j Join) alike(left, right Field, part string) error {
	if left.Type != right.Type && left.Type != expr.Any && right.Type != expr.Any {
		fix := fmt.Sprintf("Make them of one type by a step before, such as derive: {%s: text(%s)}.", left.Name, left.Name)
		if right.Type != expr.Text {
			fix = fmt.Sprintf("Make them of one type in %q, such as by derive: {%s: text(%s)}.", j.With, right.Name, right.Name)
		}
		return &Fault{Part: part, Code: "wrong-type", Summary: "Wrong type", Detail: fmt.Sprintf(
			"%q is of type %s here and %q of %q of type %s, so that none would be the same. %s",
			left.Name, expr.TypeName(left.Type), right.Name, j.With, expr.TypeName(right.Type), fix)}
	}
	if left.Grain != right.Grain && left.Grain != "" && right.Grain != "" {
		return &Fault{Part: part, Code: "wrong-grain", Summary: "Other time buckets", Detail: fmt.Sprintf(
			"%q is a %s here and %q of %q a %s. A bucket is the same as another where both take as long.", left.Name, left.Grain, right.Name, j.With, right.Grain)}
	}
	return nil
}

// added are the columns of the other dataset under the names that they have here.
func (j Join) added(p *joinPlan, l *layout, right []Field, shown []column) ([]column, error) {
	wanted := j.Columns
	if wanted == nil {
		for i, f := range right {
			if !f.Hidden && !slices.Contains(p.right.cols, i) {
				wanted = append(wanted, JoinColumn{Name: f.Name})
			}
		}
	}
	at := len(l.slots) - len(right)
	taken := map[string]bool{}
	for _, c := range shown {
		taken[c.Name] = true
	}
	var added []column
	for i, w := range wanted {
		r, err := j.find(right, w.Name, columnPart(i))
		if err != nil {
			return nil, err
		}
		c := l.slots[at+r]
		if c.Name = w.As; c.Name == "" {
			c.Name = j.Prefix + w.Name
		}
		if taken[c.Name] {
			part, fix := columnPart(i), fmt.Sprintf("Say what that one is called here:\n\n    columns: {%s: %s_%s}", w.Name, j.With, w.Name)
			if j.Columns == nil {
				part, fix = "with", fmt.Sprintf("Name those that are wanted under columns, or put something before the names of all:\n\n    prefix: %s_", j.With)
			}
			return nil, &Fault{Part: part, Code: "duplicate-column", Summary: "Duplicate column", Detail: fmt.Sprintf(
				"There is a column %q here, and %q would add one as well. %s", c.Name, j.With, fix)}
		}
		taken[c.Name], c.Unasked = true, c.Unasked && j.Columns == nil
		p.added = append(p.added, r)
		added = append(added, c)
	}
	return added, nil
}

// Apply implements Step.
func (j Join) Apply(ctx context.Context, in Rows) Rows {
	if j.table == nil {
		return failed(fmt.Errorf("join: there are no rows of %q", j.With))
	}
	p, err := j.plan(in.Fields, j.table.fields, false)
	if err != nil {
		return failed(err)
	}
	return Rows{Fields: p.fields, Seq: func(yield func(*Batch, error) bool) {
		x, err := j.partners(p)
		if err != nil {
			yield(nil, err)
			return
		}
		for b, err := range mapped(ctx, in, p.fields, x.join).Seq {
			if !yield(b, err) || err != nil {
				return
			}
		}
	}}
}
