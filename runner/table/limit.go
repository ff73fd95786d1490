package table

import "context"

// Limit keeps the first N rows and reads no further.
type Limit struct{ N int }

// Fields implements Step.
func (l Limit) Fields(in []Field, open bool) ([]Field, error) { return in, nil }

// Apply implements Step.
func (l Limit) Apply(ctx context.Context, in Rows) Rows {
	return Rows{Fields: in.Fields, Seq: func(yield func(*Batch, error) bool) {
		left := l.N
		if left <= 0 {
			return
		}
		for b, err := range in.Seq {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if b.N > left {
				b = b.head(left)
			}
			left -= b.N
			if !yield(b, nil) || left == 0 {
				return
			}
		}
	}}
}

// head returns the first n rows, sharing memory with b.
func (b *Batch) head(n int) *Batch {
	out := &Batch{Cols: make([]Vector, len(b.Cols)), N: n}
	for i := range b.Cols {
		out.Cols[i] = b.Cols[i].head(n)
	}
	return out
}
