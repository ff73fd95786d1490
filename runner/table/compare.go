package table

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/reportform/reportform/spec/expr"
)

// Compare lays the rows of an earlier range beside those of this one. Rows belong together that agree in the columns On and
// in time: a bucket or a date stands against one of the earlier range by a [Shift]. Rows of one side alone are kept, those of the earlier
// range where their time would be.
//
// Each figure X that is not under On gets X_prev, X_change and X_change_pct. What X_prev comes to follows X's own rule,
// and a total's change is that of the totals: what only one side has counts there too.
type Compare struct {
	// On names the columns beside dates and periods; without any they are all texts and booleans.
	On    []string
	Words CompareWords
}

// CompareWords are what stands behind a column's label in those that are added. Points is the change of a share, Minutes
// that of a duration.
type CompareWords struct{ Before, Change, Points, Minutes, Percent string }

// Compared are the names of the columns that a comparison adds for one of that name.
func Compared(name string) []string {
	s := compareSuffixes
	return []string{name + s.before, name + s.change, name + s.percent}
}

// compareSuffixes are what stands behind a column's name in those that are added.
var compareSuffixes = struct{ before, change, percent string }{"_prev", "_change", "_change_pct"}

// Fields returns what the columns of the two ranges become, which are the same but for those that are found in the data.
// Its error is a [*Fault].
func (c Compare) Fields(in []Field, open bool) ([]Field, error) {
	p, err := c.plan(in, in, open)
	if err != nil {
		return nil, err
	}
	return p.fields, nil
}

// comparePlan is a compare worked out for the columns of both sides. The layout's slots are the columns of this range,
// those of the range before, and then those of made.
type comparePlan struct {
	this, before []Field
	layout       *layout
	// on are the columns of both sides by which rows belong together; the times among them are moved.
	on     []joined
	made   []madeColumn
	fields []Field
	slots  []int
}

// joined is a column of both sides: its place among those of this range and among those before, -1 where one has none.
// Moved times have another value in the earlier range, those of the clock (an hour of whatever day) the same.
type joined struct {
	this, before int
	moved, clock bool
}

// madeColumn is a column that neither side has as it is: what either has of a text or a time, or a figure's change.
type madeColumn struct {
	Field
	kind madeKind
	of   joined
}

type madeKind uint8

const (
	// asIs is what this range has, and the earlier one in rows that only that one has.
	asIs madeKind = iota
	// asChange is the difference of a figure, and asGrowth its share.
	asChange
	asGrowth
)

func (c Compare) plan(this, before []Field, open bool) (*comparePlan, error) {
	this = slices.Clone(this)
	p := &comparePlan{this: this, before: before}
	on, err := c.on(&p.this, open)
	if err != nil {
		return nil, err
	}
	p.layout = p.sides()
	var shown []column
	add := func(col joined, isKey bool) error {
		columns, err := p.add(c, col, isKey)
		shown = append(shown, columns...)
		return err
	}
	for i, f := range p.this {
		if f.Hidden {
			continue
		}
		if err := add(joined{this: i, before: visible(before, f.Name)}, slices.Contains(on, i)); err != nil {
			return nil, err
		}
	}
	for i, f := range before {
		if !f.Hidden && visible(p.this, f.Name) < 0 {
			if err := add(joined{this: -1, before: i}, false); err != nil {
				return nil, err
			}
		}
	}
	seen := map[string]bool{}
	for _, col := range shown {
		if seen[col.Name] {
			return nil, &Fault{Code: "duplicate-column", Summary: "Duplicate column", Detail: fmt.Sprintf(
				"The comparison would add a column %q, and there is one of that name. Give that another one by a step rename.", col.Name)}
		}
		seen[col.Name] = true
	}
	p.fields, p.slots = p.layout.arrange(shown)
	return p, nil
}

// visible returns where the column of that name stands that is not hidden, or -1.
func visible(fields []Field, name string) int {
	return slices.IndexFunc(fields, func(f Field) bool { return f.Name == name && !f.Hidden })
}

// on returns the columns by which rows belong together.
func (c Compare) on(fields *[]Field, open bool) ([]int, error) {
	var on []int
	for i, name := range c.On {
		col, err := find(fields, open, name, strconv.Itoa(i))
		if err != nil {
			return nil, err
		}
		on = append(on, col)
	}
	for i, f := range *fields {
		time := f.Type == expr.Date || f.Type == expr.Period
		dimension := c.On == nil && isDimension(f.Type)
		if !f.Hidden && (time || dimension) {
			on = append(on, i)
		}
	}
	return on, nil
}

// Keys are the columns of given fields by which rows belong together, beside dates and periods.
func (c Compare) Keys(fields []Field) []string {
	if c.On != nil {
		return c.On
	}
	var names []string
	for _, f := range fields {
		if !f.Hidden && isDimension(f.Type) {
			names = append(names, f.Name)
		}
	}
	return names
}

// isDimension reports whether values of the type tell rows apart where no author has said which columns do.
func isDimension(t expr.Type) bool { return t == expr.Text || t == expr.Boolean }

// sides lays out the columns of both sides: a rule of one before needs columns of that side.
func (p *comparePlan) sides() *layout {
	l := newLayout(p.this)
	for _, c := range newLayout(p.before).slots {
		needs := slices.Clone(c.needs)
		for i := range needs {
			needs[i] += len(p.this)
		}
		f := c.Field
		f.Name += compareSuffixes.before
		l.add(f, needs...)
	}
	return l
}

// add adds what a column becomes.
func (p *comparePlan) add(c Compare, col joined, isKey bool) ([]column, error) {
	f := p.field(col)
	if col.this >= 0 && col.before >= 0 {
		if b := p.before[col.before]; b.Type != f.Type {
			return nil, &Fault{Code: "wrong-type", Summary: "Wrong type", Detail: fmt.Sprintf(
				"The values of %q are of type %s in this range and of type %s in the earlier one. Declare the column under columns, so that it is of one type.",
				f.Name, expr.TypeName(f.Type), expr.TypeName(b.Type))}
		}
	}
	if !isKey && addable(f.Type) && f.Type != expr.Any {
		return p.figure(c, col), nil
	}
	if time := f.Type == expr.Date || f.Type == expr.Period; isKey && time && col.before >= 0 {
		col.clock = f.Grain == "hour_of_day"
		col.moved = !col.clock
	}
	if isKey {
		p.on = append(p.on, col)
	}
	f.Total = Total{}
	shown := []column{p.make(f, asIs, col)}
	if col.moved {
		before := p.layout.slots[len(p.this)+col.before]
		before.Label, before.Total, before.needs = f.titled(c.Words.Before), Total{}, nil
		shown = append(shown, before)
	}
	return shown, nil
}

// field is a column as the side has it that has it.
func (p *comparePlan) field(col joined) Field {
	if col.this >= 0 {
		return p.this[col.this]
	}
	return p.before[col.before]
}

// make gives a column that is made here a slot.
func (p *comparePlan) make(f Field, kind madeKind, of joined, needs ...int) column {
	p.made = append(p.made, madeColumn{f, kind, of})
	return p.layout.add(f, needs...)
}

// figure adds a figure with what it was, its change and the share of that.
func (p *comparePlan) figure(c Compare, col joined) []column {
	f := p.field(col)
	// A side that has not the column has missing values in its place.
	side := func(i, at int, name string) column {
		if i >= 0 {
			return p.layout.slots[at+i]
		}
		absent := f
		absent.Name = name
		return p.make(absent, asIs, joined{this: -1, before: -1})
	}
	this := side(col.this, 0, f.Name)
	before := side(col.before, len(p.this), f.Name+compareSuffixes.before)
	before.Label = f.titled(c.Words.Before)

	change := Field{Name: f.Name + compareSuffixes.change, Unasked: f.Unasked, Type: changeType(f.Total.Type(f.Type)), Label: f.titled(c.Words.Change), Format: f.signed()}
	switch f.Type {
	case expr.Duration:
		change.Label, change.Format = f.titled(c.Words.Minutes), signedMinutes
	case expr.Percent, expr.Ratio:
		change.Label = f.titled(c.Words.Points)
	}
	percent := Field{Name: f.Name + compareSuffixes.percent, Unasked: f.Unasked, Type: expr.Ratio, Label: f.titled(c.Words.Percent), Format: signedShare}
	var needs []int
	if f.Total.Kind != TotalNone {
		change.Total, percent.Total = Total{Kind: TotalDifference}, Total{Kind: TotalGrowth}
		needs = []int{this.slot, before.slot}
	}
	return []column{this, before, p.make(change, asChange, col, needs...), p.make(percent, asGrowth, col, needs...)}
}
