package table

import "slices"

// A column adds up from others: a ratio from its numerator and denominator, a mean from its weight. Where a step leaves
// those out, gives them another name or puts another column in their place, they go along as hidden columns, so that
// totals stay right after every step. layout is where that is done, for all steps alike.

// column is one column of a step's result: a field whose data is in a slot, and the slots that its total is made of.
type column struct {
	Field
	slot int
	// needs has the slots of numerator and denominator, or of the weight; empty for other rules.
	needs []int
}

// layout knows all the columns that a step has at hand, by slot: those that came in, and those it computes.
type layout struct{ slots []column }

// newLayout returns the layout of the columns that come into a step; their slots are their positions.
func newLayout(in []Field) *layout {
	l := &layout{slots: make([]column, len(in))}
	for i, f := range in {
		l.slots[i] = column{Field: f, slot: i, needs: needsOf(in, f.Total)}
	}
	return l
}

// needsOf resolves the names in a rule. A name that is not there leaves the rule as it is: whoever computes the total
// will say so.
func needsOf(fields []Field, t Total) []int {
	var needs []int
	for _, name := range t.names() {
		i := index(fields, name)
		if i < 0 {
			return nil
		}
		needs = append(needs, i)
	}
	return needs
}

// add gives a computed column a slot.
func (l *layout) add(f Field, needs ...int) column {
	c := column{Field: f, slot: len(l.slots), needs: needs}
	l.slots = append(l.slots, c)
	return c
}

// visible returns the columns that came in and are not hidden.
func (l *layout) visible() []column {
	var out []column
	for _, c := range l.slots {
		if !c.Hidden {
			out = append(out, c)
		}
	}
	return out
}

// arrange returns the fields of a result that shows the given columns, with what they need behind them, hidden, and
// the slot each field's data is in.
func (l *layout) arrange(shown []column) (fields []Field, slots []int) {
	shown = slices.Clone(shown)
	names := make(map[int]string, len(shown))
	for _, c := range shown {
		if _, ok := names[c.slot]; !ok {
			names[c.slot] = c.Name
		}
		fields, slots = append(fields, c.Field), append(slots, c.slot)
	}
	for i := 0; i < len(shown); i++ {
		c := shown[i]
		if len(c.needs) == 0 {
			continue
		}
		refs := make([]string, len(c.needs))
		for k, slot := range c.needs {
			name, ok := names[slot]
			if !ok {
				// No name that a user can write has a NUL in it, so that none is ever taken.
				name = c.Name + "\x00" + c.Total.roles()[k]
				names[slot] = name
				h := l.slots[slot]
				h.Name, h.Hidden = name, true
				if !c.Total.compares() {
					h.Total, h.needs = Total{Kind: TotalSum}, nil
				}
				// What a difference is made of adds up by its own rule, and that may need columns in its turn.
				shown = append(shown, h)
				fields, slots = append(fields, h.Field), append(slots, slot)
			}
			refs[k] = name
		}
		fields[i].Total = c.Total.renamed(refs)
	}
	return fields, slots
}

// project returns the columns of b that stand in slots.
func project(b *Batch, slots []int) *Batch {
	out := &Batch{Cols: make([]Vector, len(slots)), N: b.N}
	for i, s := range slots {
		out.Cols[i] = b.Cols[s]
	}
	return out
}
