package table

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

// Top keeps the first N rows in the order of By; rows of one place keep their order. With Others, one row stands for all
// that are left, as the last: each column has what those come to by its own rule, the first text column that is not an id
// (id, or a name that ends in _id) has the label, the first one where all are ids, and whatever has no rule is missing. The totals of the table stay what they were. Where no rows are left there is none.
type Top struct {
	N  int
	By []SortKey
	// Others is the label of the last row; empty drops what is left.
	Others string
	// Locale is a language such as "pl"; empty means "en".
	Locale string
	Spool  Spool
}

// OthersLabel is what the row of the others is called in a language where nobody says otherwise.
func OthersLabel(locale string) string {
	if locale == "pl" {
		return "Pozostałe"
	}
	return "Others"
}

// Fields implements Step.
func (t Top) Fields(in []Field, open bool) ([]Field, error) {
	for i, k := range t.By {
		if _, err := find(&in, open, k.Name, "by."+strconv.Itoa(i)); err != nil {
			return nil, err
		}
	}
	if t.Others == "" {
		return in, nil
	}
	p, err := t.plan(in, open)
	if err != nil {
		return nil, err
	}
	return p.fields, nil
}

func (t Top) bind(spool Spool, _ expr.Env) Step {
	t.Spool = spool
	return t
}

// Apply implements Step.
func (t Top) Apply(ctx context.Context, in Rows) Rows {
	if _, err := t.Fields(in.Fields, false); err != nil {
		return failed(err)
	}
	sorted := Sort{Keys: t.By, Locale: t.Locale, Spool: t.Spool}.Apply(ctx, in)
	if t.Others == "" {
		return Limit{N: t.N}.Apply(ctx, sorted)
	}
	p, err := t.plan(in.Fields, false)
	if err != nil {
		return failed(err)
	}
	return Rows{Fields: p.fields, Seq: func(yield func(*Batch, error) bool) {
		if err := p.run(ctx, sorted, t.N, func(b *Batch) bool { return yield(b, nil) }); err != nil {
			yield(nil, err)
		}
	}}
}

// topPlan is a top with others worked out for given fields: what is left is a group of one, and the rows that stay have
// the same columns.
type topPlan struct {
	*groupPlan
	// from has the column of the input that has each field's values for the rows that stay.
	from []int
}

func (t Top) plan(in []Field, open bool) (*topPlan, error) {
	p := &topPlan{groupPlan: newGroupPlan(slices.Clone(in), open, Outer{})}
	label := labelColumn(in)
	if label < 0 && !open {
		return nil, &Fault{Part: "others", Code: "no-label", Summary: "No place for the label",
			Detail: fmt.Sprintf("The row of the others is called %q in the first text column, and there is none. Leave others out, or derive a text:\n\n    - derive: {name: 'text(…)'}", t.Others)}
	}
	var shown []column
	for i, f := range in {
		if f.Hidden {
			continue
		}
		var c column
		switch {
		case i == label:
			name := expr.TextValue(t.Others)
			c = p.add(f, func(int) (expr.Value, error) { return name, nil })
			p.origins[c.slot] = i
		case f.Total.Kind == TotalNone:
			c = p.add(f, func(int) (expr.Value, error) { return expr.Missing(f.Type), nil })
			p.origins[c.slot] = i
		default:
			var err error
			if c, err = p.own(i); err != nil {
				return nil, err
			}
		}
		shown = append(shown, c)
	}
	p.fields, p.slots = p.layout.arrange(shown)
	p.from = make([]int, len(p.slots))
	for key, slot := range p.sums {
		p.origins[slot] = key.col
	}
	for i, slot := range p.slots {
		p.from[i] = p.origins[slot]
	}
	return p, nil
}

// labelColumn is the first text column, or the first that is not an id: a label among ids would be one more id that
// nothing has. It is -1 where there is no text.
func labelColumn(fields []Field) int {
	isText := func(f Field) bool { return f.Type == expr.Text && !f.Hidden }
	if i := slices.IndexFunc(fields, func(f Field) bool { return isText(f) && f.Name != "id" && !strings.HasSuffix(f.Name, "_id") }); i >= 0 {
		return i
	}
	return slices.IndexFunc(fields, isText)
}

// run hands out n rows and the one that stands for the others.
func (p *topPlan) run(ctx context.Context, sorted Rows, n int, emit func(*Batch) bool) error {
	p.ledger.grow(1)
	others := 0
	var zeros []int32
	for b, err := range sorted.Seq {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if n > 0 {
			kept := b.head(min(n, b.N))
			n -= kept.N
			if !emit(p.kept(kept)) {
				return nil
			}
			b = b.tail(kept.N)
		}
		if b.N == 0 {
			continue
		}
		others += b.N
		zeros = slices.Grow(zeros[:0], b.N)[:b.N]
		if err := p.ledger.add(b, zeros, 1); err != nil {
			return err
		}
	}
	if others == 0 {
		return nil
	}
	b, err := p.batch(0, 1)
	if err == nil {
		emit(b)
	}
	return err
}

// kept gives rows that stay the columns of the result.
func (p *topPlan) kept(b *Batch) *Batch {
	out := &Batch{Cols: make([]Vector, len(p.fields)), N: b.N}
	for i, col := range p.from {
		out.Cols[i] = b.Cols[col].as(p.in[col], p.fields[i])
	}
	return out
}

// as returns the rows of v, a column of field f, under the type of another: the mean of whole numbers is a decimal.
func (v *Vector) as(f, other Field) Vector {
	if f.Type == other.Type {
		return *v
	}
	out := NewVector(other, len(v.Valid))
	for i := range v.Valid {
		x, _ := expr.Convert(v.Value(f, i), other.Type) // whole numbers become decimals without loss
		out.Append(other, x)
	}
	return out
}

// tail returns the rows from n on, sharing memory with b.
func (b *Batch) tail(n int) *Batch {
	out := &Batch{Cols: make([]Vector, len(b.Cols)), N: b.N - n}
	for i := range b.Cols {
		v := &b.Cols[i]
		out.Cols[i] = Vector{Valid: rest(v.Valid, n), Ints: rest(v.Ints, n), Floats: rest(v.Floats, n), Decs: rest(v.Decs, n), Strs: rest(v.Strs, n)}
	}
	return out
}

func rest[T any](s []T, n int) []T {
	if s == nil {
		return nil
	}
	return s[n:]
}
