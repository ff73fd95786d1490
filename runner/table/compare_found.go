package table

import (
	"context"
	"slices"

	"github.com/reportform/reportform/spec/expr"
)

// oneType makes decimals of whole numbers found in the data of one range where those of the other have fractions: an author
// who declared no such column is not to be stopped for it. Other types that differ are left to be told of, since a text
// would be one more column by which rows belong together. The tables are to be closed where they are others.
func oneType(ctx context.Context, this, before *Table, spool Spool) (*Table, *Table, error) {
	ours, theirs := slices.Clone(this.fields), slices.Clone(before.fields)
	differ := false
	for i := range ours {
		j := visible(theirs, ours[i].Name)
		if j < 0 || ours[i].Hidden || !ours[i].Unasked || !theirs[j].Unasked {
			continue
		}
		if a, b := ours[i].Type, theirs[j].Type; a == expr.Integer && b == expr.Decimal || a == expr.Decimal && b == expr.Integer {
			ours[i].Type, theirs[j].Type, differ = expr.Decimal, expr.Decimal, true
		}
	}
	if !differ {
		return this, before, nil
	}
	one, err := this.under(ctx, ours, spool)
	if err != nil {
		return nil, nil, err
	}
	other, err := before.under(ctx, theirs, spool)
	if err != nil {
		_ = one.Close() // the first error is the one that tells
		return nil, nil, err
	}
	return one, other, nil
}

// under returns the rows with whole numbers as decimals where the fields say so.
func (t *Table) under(ctx context.Context, fields []Field, spool Spool) (*Table, error) {
	return Collect(ctx, Rows{Fields: fields, Seq: func(yield func(*Batch, error) bool) {
		for b, err := range t.scan(nil) {
			if err != nil {
				yield(nil, err)
				return
			}
			out := &Batch{Cols: make([]Vector, len(fields)), N: b.N}
			for i := range fields {
				out.Cols[i] = b.Cols[i].as(t.fields[i], fields[i])
			}
			if !yield(out, nil) {
				return
			}
		}
	}}, spool)
}
