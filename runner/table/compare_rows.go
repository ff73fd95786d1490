package table

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/reportform/reportform/spec/expr"
)

// Apply returns the rows of both ranges side by side. Rows that agree in all columns by which they belong together, in one
// range, are a [*Fault]: which of them belongs to which could only be guessed.
func (c Compare) Apply(ctx context.Context, this, before *Table, shift Shift, spool Spool) (*Table, error) {
	ours, theirs, err := oneType(ctx, this, before, spool)
	if err != nil {
		return nil, err
	}
	if ours != this {
		defer ours.Close()
		defer theirs.Close()
		this, before = ours, theirs
	}
	p, err := c.plan(this.fields, before.fields, false)
	if err != nil {
		return nil, err
	}
	m := &matching{plan: p, shift: shift}
	if err := m.readBefore(before); err != nil {
		return nil, err
	}
	if err := m.readThis(ctx, this); err != nil {
		return nil, err
	}
	return Collect(ctx, Rows{Fields: p.fields, Seq: func(yield func(*Batch, error) bool) {
		if err := m.emit(this, func(b *Batch) bool { return yield(b, nil) }); err != nil {
			yield(nil, err)
		}
	}}, spool)
}

// matching finds the rows that belong together.
type matching struct {
	plan  *comparePlan
	shift Shift
	// before are the rows of the earlier range with one of missing values behind them, and moved their times in this
	// range, by column of on.
	before *Batch
	moved  map[int]Vector
	// rows are those before by their key.
	rows map[string]int32
	// partner is of each row of this range the one before; none is the row of missing values.
	partner []int32
	// alone are the rows that only the earlier range has: those whose time this range has, in its order, then the others.
	alone []int32
}

// readBefore takes in the rows of the earlier range.
func (m *matching) readBefore(t *Table) error {
	only := make([]bool, len(t.fields))
	for i := range only {
		only[i] = true
	}
	var err error
	if m.before, err = held(t, only); err != nil {
		return err
	}
	m.moved = map[int]Vector{}
	for _, on := range m.plan.on {
		if on.moved {
			if m.moved[on.before], err = m.move(t.fields[on.before], &m.before.Cols[on.before]); err != nil {
				return err
			}
		}
	}
	key := m.key(t.fields, func(j joined) int { return j.before })
	b := &Batch{Cols: slices.Clone(m.before.Cols), N: m.before.N}
	for c, v := range m.moved {
		b.Cols[c] = v
	}
	m.rows = make(map[string]int32, t.n)
	first := rowKey{t.fields, key.cols}
	var buf []byte
	for i := range t.n {
		if !m.placed(i) {
			continue
		}
		buf, _ = key.append(buf[:0], b, i)
		if other, twice := m.rows[string(buf)]; twice {
			return m.ambiguous("the earlier range", first.describe(m.before, i), int(other), i)
		}
		m.rows[string(buf)] = int32(i)
	}
	return nil
}

// move puts the times of a column where they stand in this range; those that have no place there are missing.
func (m *matching) move(f Field, v *Vector) (Vector, error) {
	out, to := NewVector(f, len(v.Valid)), m.shift.of(f)
	for i, valid := range v.Valid {
		x := expr.Missing(f.Type)
		switch {
		case !valid:
		case !v.understood(i):
			return out, notUnderstood(f, v.Strs[i])
		default:
			if at, ok := to(v.Ints[i]); ok {
				x.Int, x.Valid = at, true
			}
		}
		out.Append(f, x)
	}
	return out, nil
}

func notUnderstood(f Field, text string) *Fault {
	return &Fault{Code: "unknown-time", Summary: "Time is not understood", Detail: fmt.Sprintf(
		"The column %q has %q, which names no time that is known, so that its place in the range is not known either. Leave the column out before, by a transform step group or select.", f.Name, text)}
}

// placed reports whether the times of a row before have their place in this range.
func (m *matching) placed(i int) bool {
	for c, v := range m.moved {
		if !v.Valid[i] && m.before.Cols[c].Valid[i] {
			return false
		}
	}
	return true
}

// key is that of a side. A column that the side has not is missing in all of its rows.
func (m *matching) key(fields []Field, of func(joined) int) rowKey {
	k := rowKey{fields: fields}
	for _, on := range m.plan.on {
		if on.this >= 0 && on.before >= 0 {
			k.cols = append(k.cols, of(on))
		}
	}
	return k
}

func (m *matching) ambiguous(side, key string, one, other int) *Fault {
	if key == "" {
		return &Fault{Code: "ambiguous-rows", Summary: "Rows cannot be told apart", Detail: fmt.Sprintf(
			"There is more than one row of %s, and no column says which belongs to which of the other range. Bring them together by a transform step group, or name the columns that tell them apart under on.", side)}
	}
	return &Fault{Code: "ambiguous-rows", Summary: "Rows cannot be told apart", Detail: fmt.Sprintf(
		"The rows %d and %d of %s have the same %s, so that which belongs to which of the other range could only be guessed. Name more columns under on, or bring such rows together:\n\n    transform:\n      - group: {by: [%s]}",
		one+1, other+1, side, key, m.names())}
}

// names lists the columns by which rows belong together.
func (m *matching) names() string {
	text := ""
	for i, on := range m.plan.on {
		if i > 0 {
			text += ", "
		}
		text += m.plan.field(on).Name
	}
	return text
}

// readThis finds for each row of this range the one before.
func (m *matching) readThis(ctx context.Context, t *Table) error {
	key := m.key(t.fields, func(j joined) int { return j.this })
	only := make([]bool, len(t.fields))
	for _, c := range key.cols {
		only[c] = true
	}
	none := int32(m.before.N - 1)
	seen, taken := make(map[string]int32, t.n), make([]bool, m.before.N)
	var buf []byte
	for b, err := range t.scan(only) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		for i := range b.N {
			buf, _ = key.append(buf[:0], b, i)
			if other, twice := seen[string(buf)]; twice {
				return m.ambiguous("this range", key.describe(b, i), int(other), len(m.partner))
			}
			seen[string(buf)] = int32(len(m.partner))
			row, ok := m.rows[string(buf)]
			if !ok {
				row = none
			}
			m.partner, taken[row] = append(m.partner, row), true
		}
	}
	for i := range m.before.N - 1 {
		if !taken[i] {
			m.alone = append(m.alone, int32(i))
		}
	}
	slices.SortStableFunc(m.alone, m.byTime)
	return nil
}

// time is where in this range a row before stands; ok is false where it has no place there, or there are no times.
func (m *matching) time(i int32) (t int64, ok bool) {
	for _, on := range m.plan.on {
		if on.moved {
			v := m.moved[on.before]
			return v.Ints[i], v.Valid[i] && m.placed(int(i))
		}
		if on.clock {
			v := &m.before.Cols[on.before]
			return v.Ints[i], v.Valid[i] && v.understood(int(i))
		}
	}
	return 0, false
}

func (m *matching) byTime(a, b int32) int {
	x, okA := m.time(a)
	y, okB := m.time(b)
	switch {
	case okA && okB:
		return cmp.Compare(x, y)
	case okA:
		return -1
	case okB:
		return 1
	default:
		return 0
	}
}
