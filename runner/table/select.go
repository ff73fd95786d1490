package table

import (
	"context"
	"strconv"
)

// Select keeps columns, in the order named. What a kept column needs for its total goes along, hidden.
type Select struct{ Names []string }

// Fields implements Step.
func (s Select) Fields(in []Field, open bool) ([]Field, error) {
	fields, _, err := s.plan(in, open)
	return fields, err
}

// Apply implements Step.
func (s Select) Apply(ctx context.Context, in Rows) Rows {
	return rearranged(ctx, in, s.plan)
}

func (s Select) plan(in []Field, open bool) ([]Field, []int, error) {
	cols := make([]int, len(s.Names))
	seen := map[string]bool{}
	for i, name := range s.Names {
		var err error
		if cols[i], err = find(&in, open, name, strconv.Itoa(i)); err != nil {
			return nil, nil, err
		}
		if seen[name] {
			return nil, nil, duplicate(strconv.Itoa(i), name)
		}
		seen[name] = true
	}
	l := newLayout(in)
	shown := make([]column, len(cols))
	for i, c := range cols {
		shown[i] = l.slots[c]
		shown[i].Unasked = false
	}
	fields, slots := l.arrange(shown)
	return fields, slots, nil
}

// rearranged applies a plan that only takes columns from where they are.
func rearranged(ctx context.Context, in Rows, plan func([]Field, bool) ([]Field, []int, error)) Rows {
	fields, slots, err := plan(in.Fields, false)
	if err != nil {
		return failed(err)
	}
	return mapped(ctx, in, fields, func(b *Batch) (*Batch, error) { return project(b, slots), nil })
}
