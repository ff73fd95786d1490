package table

import (
	"context"
	"iter"
	"slices"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
)

// BatchRows is how many rows a batch has that is made here. Batches from elsewhere may be of any length.
const BatchRows = 1024

// builder gathers rows into batches of BatchRows.
type builder struct {
	fields []Field
	b      *Batch
}

// room returns the batch that is being filled, with at least one row free in it.
func (r *builder) room() *Batch {
	if r.b == nil {
		r.b = &Batch{Cols: make([]Vector, len(r.fields))}
		for i, f := range r.fields {
			r.b.Cols[i] = NewVector(f, BatchRows)
		}
	}
	return r.b
}

// appendRange adds rows from up to but without until of src, no more than fit.
func (r *builder) appendRange(src *Batch, from, until int) {
	b := r.room()
	for i := range b.Cols {
		b.Cols[i].appendRange(&src.Cols[i], from, until)
	}
	b.N += until - from
}

// free is how many rows fit into the batch that is being filled.
func (r *builder) free() int {
	if r.b == nil {
		return BatchRows
	}
	return BatchRows - r.b.N
}

// take hands out what was gathered, nil where nothing was, and begins anew.
func (r *builder) take() *Batch {
	b := r.b
	r.b = nil
	return b
}

// rechunk joins short batches so that most have BatchRows; long ones pass as they are.
func rechunk(in Rows) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		out := builder{fields: in.Fields}
		for b, err := range in.Seq {
			if err != nil {
				yield(nil, err)
				return
			}
			if out.b == nil && b.N >= BatchRows/2 {
				if !yield(b, nil) {
					return
				}
				continue
			}
			for from := 0; from < b.N; {
				until := min(b.N, from+out.free())
				out.appendRange(b, from, until)
				from = until
				if out.free() == 0 && !yield(out.take(), nil) {
					return
				}
			}
		}
		if last := out.take(); last != nil {
			yield(last, nil)
		}
	}
}

// failed is a stream that ends at once with err.
func failed(err error) Rows {
	return Rows{Failed: true, Seq: func(yield func(*Batch, error) bool) { yield(nil, err) }}
}

// mapped is a stream of what f makes of each batch; f returns nil to drop one.
func mapped(ctx context.Context, in Rows, fields []Field, f func(*Batch) (*Batch, error)) Rows {
	return Rows{Fields: fields, Seq: func(yield func(*Batch, error) bool) {
		for b, err := range in.Seq {
			if err == nil {
				err = ctx.Err()
			}
			var out *Batch
			if err == nil {
				out, err = f(b)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if out != nil && !yield(out, nil) {
				return
			}
		}
	}}
}

// gather returns the rows of b that stand in index, in that order.
func (b *Batch) gather(index []int32) *Batch {
	out := &Batch{Cols: make([]Vector, len(b.Cols)), N: len(index)}
	for i := range b.Cols {
		out.Cols[i] = b.Cols[i].gather(index)
	}
	return out
}

// rowRef is a row of some batch.
type rowRef struct {
	b *Batch
	i int
}

// together makes a batch of rows from anywhere.
func together(fields []Field, rows []rowRef) *Batch {
	out := &Batch{Cols: make([]Vector, len(fields)), N: len(rows)}
	for c, f := range fields {
		v := &out.Cols[c]
		v.Valid = collect(rows, func(b *Batch) []bool { return b.Cols[c].Valid })
		switch storageOf(f.Type) {
		case ints:
			v.Ints = collect(rows, func(b *Batch) []int64 { return b.Cols[c].Ints })
			if slices.ContainsFunc(rows, func(r rowRef) bool { return r.b.Cols[c].Strs != nil }) {
				v.Strs = collect(rows, func(b *Batch) []string { return b.Cols[c].Strs })
			}
		case floats:
			v.Floats = collect(rows, func(b *Batch) []float64 { return b.Cols[c].Floats })
		case decimals:
			v.Decs = collect(rows, func(b *Batch) []decimal.Decimal { return b.Cols[c].Decs })
		default:
			v.Strs = collect(rows, func(b *Batch) []string { return b.Cols[c].Strs })
		}
	}
	return out
}

// collect takes each row's value; a batch without that slice (a period's texts) gives zero values.
func collect[T any](rows []rowRef, slice func(*Batch) []T) []T {
	out := make([]T, len(rows))
	for i, r := range rows {
		if s := slice(r.b); s != nil {
			out[i] = s[r.i]
		}
	}
	return out
}

// bytes estimates the memory that b takes.
func (b *Batch) bytes() int64 {
	var n int64
	for i := range b.Cols {
		n += b.Cols[i].bytes()
	}
	return n
}

// FromValues makes a small table, in memory, of rows of values in the order of fields. A value must be missing or of
// its field's type.
func FromValues(fields []Field, rows [][]expr.Value) *Table {
	t := &Table{fields: fields}
	out := builder{fields: fields}
	for _, row := range rows {
		b := out.room()
		for i, f := range fields {
			b.Cols[i].Append(f, row[i])
		}
		b.N++
		if out.free() == 0 {
			t.keep(out.take())
		}
	}
	if last := out.take(); last != nil {
		t.keep(last)
	}
	return t
}
