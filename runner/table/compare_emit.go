package table

import (
	"github.com/reportform/reportform/spec/expr"
)

// emit hands out the rows of this range with their partners. A row that only the earlier range has comes behind those of
// its time where this range is in the order of time, and else at the end.
func (m *matching) emit(t *Table, yield func(*Batch) bool) error {
	ordered, err := m.ordered(t)
	if err != nil {
		return err
	}
	out := &pairs{matching: m, yield: yield, none: &Batch{Cols: make([]Vector, len(t.fields)), N: 1}}
	for c, f := range t.fields {
		v := NewVector(f, 1)
		v.Append(f, expr.Value{})
		out.none.Cols[c] = v
	}
	alone, row := m.alone, 0
	for b, err := range t.scan(nil) {
		if err != nil {
			return err
		}
		from := 0
		for i := 0; ordered >= 0 && i < b.N && len(alone) > 0; i++ {
			for v := &b.Cols[ordered]; len(alone) > 0; alone = alone[1:] {
				at, ok := m.time(alone[0])
				if !ok || v.Valid[i] && v.Ints[i] <= at {
					break
				}
				if err := out.both(b, from, i, row); err != nil || out.done {
					return err
				}
				from = i
				if err := out.earlier(alone[:1]); err != nil || out.done {
					return err
				}
			}
		}
		if err := out.both(b, from, b.N, row); err != nil || out.done {
			return err
		}
		row += b.N
	}
	return out.earlier(alone)
}

// ordered is the column of times that the rows of this range are in the order of, -1 where there is none.
func (m *matching) ordered(t *Table) (int, error) {
	col, clock := -1, false
	for _, on := range m.plan.on {
		if on.moved || on.clock {
			col, clock = on.this, on.clock
			break
		}
	}
	if col < 0 {
		return -1, nil
	}
	only := make([]bool, len(t.fields))
	only[col] = true
	last, some := int64(0), false
	for b, err := range t.scan(only) {
		if err != nil {
			return -1, err
		}
		v := &b.Cols[col]
		for i := range b.N {
			if !v.Valid[i] || clock && !v.understood(i) {
				return -1, nil
			}
			if !v.understood(i) {
				return -1, notUnderstood(t.fields[col], v.Strs[i])
			}
			if some && v.Ints[i] < last {
				return -1, nil
			}
			last, some = v.Ints[i], true
		}
	}
	return col, nil
}

// pairs makes batches of rows of both sides.
type pairs struct {
	*matching
	yield func(*Batch) bool
	// none is a row of missing values of this range.
	none *Batch
	// done: the reader wants no more.
	done bool
}

// both hands out rows of this range from up to but without until, of a batch whose first is row number first.
func (p *pairs) both(b *Batch, from, until, first int) error {
	if from == until {
		return nil
	}
	rows := make([]int32, 0, until-from)
	for i := from; i < until; i++ {
		rows = append(rows, int32(i))
	}
	return p.pair(b, rows, p.partner[first+from:first+until])
}

// earlier hands out rows that only the earlier range has.
func (p *pairs) earlier(rows []int32) error {
	if len(rows) == 0 {
		return nil
	}
	return p.pair(p.none, make([]int32, len(rows)), rows)
}

func (p *pairs) pair(this *Batch, rows, before []int32) error {
	wide := this.gather(rows)
	wide.Cols = append(wide.Cols, p.before.gather(before).Cols...)
	for _, c := range p.plan.made {
		v, err := p.make(c, wide, before, this == p.none)
		if err != nil {
			return tooLarge(c.Name, err)
		}
		wide.Cols = append(wide.Cols, v)
	}
	p.done = !p.yield(project(wide, p.plan.slots))
	return nil
}

// make computes a column that neither side has as it is, for rows with those of before beside them. Alone: only the earlier
// range has them.
func (p *pairs) make(c madeColumn, wide *Batch, before []int32, alone bool) (Vector, error) {
	out := NewVector(c.Field, wide.N)
	this := wide.side(p.plan.this, 0, c.of.this)
	earlier := wide.side(p.plan.before, len(p.plan.this), c.of.before)
	if moved, ok := p.moved[c.of.before]; ok && c.of.moved {
		earlier = func(i int) expr.Value { return moved.Value(p.plan.before[c.of.before], int(before[i])) }
	}
	for i := range wide.N {
		var x expr.Value
		var err error
		switch {
		case c.kind == asChange:
			x, err = difference(this(i), earlier(i))
		case c.kind == asGrowth:
			x = growth(this(i), earlier(i))
		case alone || c.of.this < 0:
			x = earlier(i)
		default:
			x = this(i)
		}
		if err != nil {
			return out, err
		}
		// The mean of whole numbers is a decimal in totals, and so is its change.
		x, _ = expr.Convert(x, c.Type)
		out.Append(c.Field, x)
	}
	return out, nil
}

// side reads a column of those that begin at a slot; one that is not there, -1, is missing in all rows.
func (b *Batch) side(fields []Field, at, col int) func(i int) expr.Value {
	if col < 0 {
		return func(int) expr.Value { return expr.Value{} }
	}
	return func(i int) expr.Value { return b.Cols[at+col].Value(fields[col], i) }
}
