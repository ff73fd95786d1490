package table

import "context"

// Rename gives columns other names, all at once: two can change places. Rules of totals follow.
type Rename struct{ Pairs []RenamePair }

// RenamePair is a column's name and its new one.
type RenamePair struct{ From, To string }

// Fields implements Step.
func (r Rename) Fields(in []Field, open bool) ([]Field, error) {
	fields, _, err := r.plan(in, open)
	return fields, err
}

// Apply implements Step.
func (r Rename) Apply(ctx context.Context, in Rows) Rows {
	return rearranged(ctx, in, r.plan)
}

func (r Rename) plan(in []Field, open bool) ([]Field, []int, error) {
	names := map[int]string{}
	for _, p := range r.Pairs {
		i, err := find(&in, open, p.From, p.From)
		if err != nil {
			return nil, nil, err
		}
		names[i] = p.To
	}
	l := newLayout(in)
	shown := l.visible()
	seen := map[string]bool{}
	for i, c := range shown {
		if to, ok := names[c.slot]; ok {
			shown[i].Name, shown[i].Unasked = to, false
		}
	}
	for _, c := range shown {
		if seen[c.Name] {
			return nil, nil, duplicate(r.partOf(c.Name), c.Name)
		}
		seen[c.Name] = true
	}
	fields, slots := l.arrange(shown)
	return fields, slots, nil
}

// partOf returns the key under which a new name was given.
func (r Rename) partOf(to string) string {
	for _, p := range r.Pairs {
		if p.To == to {
			return p.From
		}
	}
	return ""
}
