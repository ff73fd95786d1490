package table

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/reportform/reportform/spec/expr"
)

// Fill adds rows for the time buckets that have none, so that a chart shows a gap where nothing happened: from the first
// to the last bucket of the range that the rows were asked for and of those that are there, once for each combination of
// values in Of. The other columns of a new row are missing, but for Values.
//
// Rows come out by time, then by Of; rows whose bucket is missing or was not understood come last, as in [Sort].
type Fill struct {
	By     string
	Of     []string
	Values []FillValue
	// Locale is a language such as "pl"; empty means "en".
	Locale string
	Spool  Spool
	// Range is that of the rows; nil: only what is there is known.
	Range Ranged
}

// FillValue is what a column has in new rows.
type FillValue struct {
	Name  string
	Value expr.Value
}

// Ranged is an expr.Env that knows the range which rows were asked for.
type Ranged interface {
	// RowRange returns the range, without its end, in the zone of the rows' clocks.
	RowRange() (from, until time.Time)
}

// MaxFilled is how many rows a fill makes at most: more come of a wrong grain, or of too many combinations.
const MaxFilled = 100_000

// Fields implements Step.
func (f Fill) Fields(in []Field, open bool) ([]Field, error) {
	_, err := f.plan(in, open)
	return in, err
}

func (f Fill) bind(spool Spool, env expr.Env) Step {
	f.Spool = spool
	f.Range, _ = env.(Ranged)
	return f
}

// Apply implements Step.
func (f Fill) Apply(ctx context.Context, in Rows) Rows {
	p, err := f.plan(in.Fields, false)
	if err != nil {
		return failed(err)
	}
	all := Rows{Fields: in.Fields, Seq: func(yield func(*Batch, error) bool) {
		for b, err := range in.Seq {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(nil, err)
				return
			}
			p.see(b)
			if !yield(b, nil) {
				return
			}
		}
		p.missing(func(b *Batch, err error) bool { return yield(b, err) })
	}}
	order := Sort{Keys: []SortKey{{Name: f.By}}, Locale: f.Locale, Spool: f.Spool}
	for _, name := range f.Of {
		order.Keys = append(order.Keys, SortKey{Name: name})
	}
	return order.Apply(ctx, all)
}

// fillPlan is a fill worked out for given fields, and the buckets that it has seen.
type fillPlan struct {
	Fill
	in   []Field
	by   int
	of   []int
	made []expr.Value // a new row, but for its bucket and its combination

	combinations *grouper
	keys         *groupKeys
	seen         map[filledBucket]bool
	last         filledBucket
	numbers      []int32
}

// filledBucket is a bucket of a combination, as the rows have it.
type filledBucket struct {
	combination int32
	at          int64
}

func (f Fill) plan(in []Field, open bool) (*fillPlan, error) {
	p := &fillPlan{Fill: f, in: slices.Clone(in), seen: map[filledBucket]bool{}}
	var err error
	if p.by, err = find(&p.in, open, f.By, "by"); err != nil {
		return nil, err
	}
	if err := checkBuckets(p.in[p.by]); err != nil {
		return nil, err
	}
	if p.of, err = findAll(&p.in, open, f.Of, "of."); err != nil {
		return nil, err
	}
	if i := slices.Index(p.of, p.by); i >= 0 {
		return nil, duplicate("of."+strconv.Itoa(i), f.By)
	}
	values := map[int]expr.Value{}
	for _, v := range f.Values {
		part := "values." + v.Name
		col, err := find(&p.in, open, v.Name, part)
		if err != nil {
			return nil, err
		}
		if col == p.by || slices.Contains(p.of, col) {
			return nil, &Fault{Part: part, Code: "wrong-fill", Summary: "Value of a new row is given already",
				Detail: fmt.Sprintf("The column %q has its bucket or its combination in a new row, so that no value can be given for it.", v.Name)}
		}
		x, ok := expr.Convert(v.Value, p.in[col].Type)
		if !ok {
			return nil, &Fault{Part: part, Code: "wrong-type", Summary: "Wrong type",
				Detail: fmt.Sprintf("The column %q is of type %s, and the value for its new rows is of type %s.", v.Name, expr.TypeName(p.in[col].Type), expr.TypeName(v.Value.Type))}
		}
		values[col] = x
	}
	p.made = make([]expr.Value, len(p.in))
	for i := range p.in {
		p.made[i] = values[i]
	}
	p.combinations, p.keys = newGrouper(p.in, p.of), newGroupKeys(p.in, p.of)
	return p, nil
}

// checkBuckets reports a column that is no time bucket of a known length.
func checkBuckets(f Field) error {
	switch {
	case f.Type == expr.Any, f.Type == expr.Date, f.Type == expr.Period && grains[f.Grain]:
		return nil
	case f.Type == expr.Period:
		return &Fault{Part: "by", Code: "unclear-grain", Summary: "Unclear grain",
			Detail: fmt.Sprintf("How long the time buckets of %q are is not known. Say it where the column is declared:\n\n    columns: {%s: {type: period, grain: day}}", f.Name, f.Name)}
	}
	return &Fault{Part: "by", Code: "wrong-type", Summary: "Wrong type",
		Detail: fmt.Sprintf("The column %q is of type %s, and rows are filled in by time buckets: a period or a date.", f.Name, expr.TypeName(f.Type))}
}

// see notes the buckets of a batch.
func (p *fillPlan) see(b *Batch) {
	p.numbers = slices.Grow(p.numbers[:0], b.N)[:b.N]
	p.keys.add(b, p.combinations.number(b, p.numbers, nil))
	v := &b.Cols[p.by]
	for i, n := range p.numbers {
		if !v.Valid[i] || !v.understood(i) {
			continue
		}
		if at := (filledBucket{n, v.Ints[i]}); at != p.last || len(p.seen) == 0 {
			p.seen[at] = true
			p.last = at
		}
	}
}

// missing makes the rows that are not there.
func (p *fillPlan) missing(yield func(*Batch, error) bool) {
	b := p.buckets()
	from, through, ok := b.span(p.Range, p.seen)
	if !ok {
		return
	}
	seen := make(map[filledBucket]bool, len(p.seen))
	for at := range p.seen {
		seen[filledBucket{at.combination, b.floor(at.at)}] = true
	}
	combinations := p.combinations.n
	if len(p.of) == 0 {
		combinations = 1 // that of all rows, which exists even where there are none
	}
	out := builder{fields: p.in}
	made := 0
	for at := from; at <= through; at = b.next(at) {
		if !b.exists(at) {
			continue
		}
		for c := range combinations {
			if seen[filledBucket{int32(c), at}] {
				continue
			}
			if made++; made > MaxFilled {
				yield(nil, p.tooMany())
				return
			}
			p.add(&out, at, c)
			if out.free() == 0 && !yield(out.take(), nil) {
				return
			}
		}
	}
	if last := out.take(); last != nil {
		yield(last, nil)
	}
}

// add appends the row of a bucket and a combination.
func (p *fillPlan) add(out *builder, at int64, combination int) {
	b := out.room()
	for i, f := range p.in {
		x := p.made[i]
		if i == p.by {
			x = expr.Value{Type: f.Type, Valid: true, Int: at}
		} else if k := slices.Index(p.of, i); k >= 0 {
			x = p.keys.value(k, combination)
		}
		b.Cols[i].Append(f, x)
	}
	b.N++
}

func (p *fillPlan) tooMany() *Fault {
	return &Fault{Part: "by", Code: "too-many-rows", Summary: "Too many rows to fill in",
		Detail: fmt.Sprintf("More than 100,000 time buckets of %q have no rows. Take a coarser grain, a shorter range, or fewer combinations under of.", p.By)}
}
