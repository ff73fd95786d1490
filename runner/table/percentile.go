package table

import (
	"cmp"
	"fmt"
	"math/big"
	"math/bits"
	"slices"
	"strings"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
)

// rank is the rank of a percentile: num of den, from 0 to 1.
type rank struct{ num, den uint64 }

// mostRankPlaces keeps a rank's denominator far from 64 bits.
const mostRankPlaces = 6

// percentileOf returns the rank of a percentile function, such as "p90" or "p99.9".
func percentileOf(fn string) (rank, bool) {
	text, ok := strings.CutPrefix(fn, "p")
	if !ok {
		return rank{}, false
	}
	d, err := decimal.Parse(text)
	if err != nil || d.Scale() > mostRankPlaces {
		return rank{}, false
	}
	r := rank{num: d.Coef(), den: 100}
	for range d.Scale() {
		r.den *= 10
	}
	return r, !d.IsNeg() && r.num <= r.den
}

// place returns where among n values in order the percentile lies: behind value i, by part of den of the way to the next.
func (r rank) place(n int) (i int, part uint64) {
	hi, lo := bits.Mul64(uint64(n-1), r.num)
	whole, part := bits.Div64(hi, lo, r.den) // num is at most den, so that the quotient is at most n-1
	return int(whole), part
}

// MaxHeld is how many values percentiles hold in memory at once, for all columns and groups of a step together: some
// 200 MB. Beyond it there is a fault rather than an estimate.
const MaxHeld = 10_000_000

// holder keeps the values of a column, for percentiles, which are exact. One of the slices is used, by the column's type.
type holder struct {
	col   int
	field Field
	held  *int // by all holders of the ledger
	ints  grouped[int64]
	nums  grouped[float64]
	decs  grouped[decimal.Decimal]
	n     int // groups
}

// grouped are values with the group of each; once put in order, the values of group g stand from starts[g] to starts[g+1].
type grouped[T any] struct {
	values []T
	groups []int32
	starts []int
}

// add takes in a column of a batch and returns how many values it has.
func (h *grouped[T]) add(values []T, valid []bool, groups []int32) int {
	before := len(h.values)
	for i, ok := range valid {
		if ok {
			h.values, h.groups = append(h.values, values[i]), append(h.groups, groups[i])
		}
	}
	return len(h.values) - before
}

// of returns the values of a group in order; the first call puts them all in order.
func (h *grouped[T]) of(group, n int, compare func(a, b T) int) []T {
	if h.starts == nil {
		h.deal(n)
		for g := range n {
			slices.SortFunc(h.values[h.starts[g]:h.starts[g+1]], compare)
		}
	}
	return h.values[h.starts[group]:h.starts[group+1]]
}

// deal puts the values of each group together.
func (h *grouped[T]) deal(n int) {
	h.starts = make([]int, n+1)
	for _, g := range h.groups {
		h.starts[g+1]++
	}
	for g := range n {
		h.starts[g+1] += h.starts[g]
	}
	if n == 1 {
		h.groups = nil
		return
	}
	next, dealt := slices.Clone(h.starts), make([]T, len(h.values))
	for i, g := range h.groups {
		dealt[next[g]] = h.values[i]
		next[g]++
	}
	h.values, h.groups = dealt, nil
}

func (x *holder) grow(n int) { x.n = max(x.n, n) }

func (x *holder) columns() []int { return []int{x.col} }

func (x *holder) add(b *Batch, groups []int32) error {
	v := &b.Cols[x.col]
	switch storageOf(x.field.Type) {
	case ints:
		*x.held += x.ints.add(v.Ints, v.Valid, groups)
	case floats:
		*x.held += x.nums.add(v.Floats, v.Valid, groups)
	default:
		*x.held += x.decs.add(v.Decs, v.Valid, groups)
	}
	if *x.held > MaxHeld {
		return &Fault{Code: "too-many-values", Summary: "Too many values for a percentile",
			Detail: fmt.Sprintf("A percentile is exact and holds every value, at most 10,000,000 of them, and %q has more. Leave rows out by a where step, or ask for percentiles of fewer columns at once.", x.field.Name)}
	}
	return nil
}

// value is the median.
func (x *holder) value(group int) (expr.Value, error) { return x.percentile(group, rank{1, 2}) }

// percentile is the value at a rank among those of a group, between two of them in proportion; missing where the group has
// none.
func (x *holder) percentile(group int, r rank) (expr.Value, error) {
	low, high := expr.Missing(x.field.Type), expr.Missing(x.field.Type)
	var part uint64
	switch storageOf(x.field.Type) {
	case ints:
		values := x.ints.of(group, x.n, cmp.Compare[int64])
		low.Int, high.Int, part, low.Valid = around(values, r)
	case floats:
		values := x.nums.of(group, x.n, cmp.Compare[float64])
		low.Float, high.Float, part, low.Valid = around(values, r)
	default:
		values := x.decs.of(group, x.n, decimal.Decimal.Cmp)
		low.Dec, high.Dec, part, low.Valid = around(values, r)
	}
	high.Valid = low.Valid
	return proportion(low, high, rank{part, r.den}, meanType(x.field.Type))
}

// around returns the values on both sides of a rank's place, and how far it is from the first to the second; false where
// there are no values.
func around[T any](values []T, r rank) (low, high T, part uint64, ok bool) {
	if len(values) == 0 {
		return low, high, 0, false
	}
	i, part := r.place(len(values))
	return values[i], values[min(i+1, len(values)-1)], part, true
}

// proportion returns what lies a share of the way from low to high, as a value of type t.
func proportion(low, high expr.Value, share rank, t expr.Type) (expr.Value, error) {
	if !low.Valid || share.num == 0 {
		x, _ := expr.Convert(low, t) // a whole number becomes a decimal
		return x, nil
	}
	x := expr.Value{Type: t, Valid: true}
	if storageOf(t) == floats {
		part := float64(share.num) / float64(share.den)
		x.Float = low.Float*(1-part) + high.Float*part
		return x, nil
	}
	from, way := exactly(low), exactly(high)
	part := new(big.Rat).SetFrac(new(big.Int).SetUint64(share.num), new(big.Int).SetUint64(share.den))
	exact := from.Add(from, part.Mul(part, way.Sub(way, from)))
	var err error
	if t == expr.Duration {
		x.Int, err = wholeRat(exact)
	} else {
		x.Dec, err = parseRat(exact)
	}
	return x, err
}
