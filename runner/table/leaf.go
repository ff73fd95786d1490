package table

import (
	"cmp"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

// sums adds up a column, or its products with another, or counts rows.
type sums struct {
	key    leafKey
	field  Field // of the column
	weight Field // of the other, for products
	s      []sum
}

func newSums(k leafKey, fields []Field) *sums {
	x := &sums{key: k, field: Field{Type: expr.Integer}}
	if k.col != all && k.kind != counting {
		x.field = fields[k.col]
	}
	if k.kind == products {
		x.weight = fields[k.with]
	}
	return x
}

func (x *sums) grow(n int) { x.s = grown(x.s, n) }

func grown[T any](s []T, n int) []T {
	return slices.Grow(s, n-len(s))[:n]
}

func (x *sums) value(g int) (expr.Value, error) {
	if x.key.kind == counting {
		// A count of nothing is 0, where a sum of nothing is missing.
		return expr.IntegerValue(int64(x.s[g].lo)), nil
	}
	return x.s[g].value(x.field.Type)
}

func (x *sums) columns() []int {
	var cols []int
	for _, c := range []int{x.key.col, x.key.with} {
		if c != all {
			cols = append(cols, c)
		}
	}
	return cols
}

func (x *sums) add(b *Batch, groups []int32) error {
	switch x.key.kind {
	case counting:
		if x.key.col == all {
			for _, g := range groups {
				x.s[g].addInt(1)
			}
			return nil
		}
		for i, ok := range b.Cols[x.key.col].Valid {
			if ok {
				x.s[groups[i]].addInt(1)
			}
		}
		return nil
	case products:
		return x.addProducts(b, groups)
	}
	v := &b.Cols[x.key.col]
	valid := v.Valid
	if x.key.with != all {
		valid = both(valid, b.Cols[x.key.with].Valid)
	}
	switch storageOf(x.field.Type) {
	case ints:
		for i, ok := range valid {
			if ok {
				x.s[groups[i]].addInt(v.Ints[i])
			}
		}
	case floats:
		for i, ok := range valid {
			if ok {
				x.s[groups[i]].addFloat(v.Floats[i])
			}
		}
	default:
		for i, ok := range valid {
			if ok {
				if err := x.s[groups[i]].addDecimal(v.Decs[i]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (x *sums) addProducts(b *Batch, groups []int32) error {
	v, w := &b.Cols[x.key.col], &b.Cols[x.key.with]
	inFloats := storageOf(x.field.Type) == floats || storageOf(x.weight.Type) == floats
	for i, ok := range both(v.Valid, w.Valid) {
		if !ok {
			continue
		}
		s := &x.s[groups[i]]
		if inFloats {
			s.addFloat(v.float(i) * w.float(i))
			continue
		}
		if err := s.addProduct(v.number(i), w.number(i)); err != nil {
			return err
		}
	}
	return nil
}

// float returns row i, whatever number it is.
func (v *Vector) float(i int) float64 {
	switch {
	case v.Floats != nil:
		return v.Floats[i]
	case v.Ints != nil:
		return float64(v.Ints[i])
	default:
		f, _ := v.Decs[i].Float64()
		return f
	}
}

// number returns row i, a whole number or a decimal.
func (v *Vector) number(i int) scaled {
	if v.Ints == nil {
		return scaledDecimal(v.Decs[i])
	}
	if x := v.Ints[i]; x < 0 {
		return scaled{coef: -uint64(x), negative: true}
	}
	return scaled{coef: uint64(v.Ints[i])}
}

func both(a, b []bool) []bool {
	out := make([]bool, len(a))
	for i := range a {
		out[i] = a[i] && b[i]
	}
	return out
}

// pickers keep one value of each group: the least, the greatest, the first or the last that is not missing.
type pickers struct {
	kind  leafKind
	col   int
	field Field
	v     Vector
}

func (x *pickers) grow(n int) {
	for len(x.v.Valid) < n {
		x.v.Append(x.field, expr.Value{})
	}
}

func (x *pickers) value(g int) (expr.Value, error) { return x.v.Value(x.field, g), nil }

func (x *pickers) columns() []int { return []int{x.col} }

func (x *pickers) add(b *Batch, groups []int32) error {
	v := &b.Cols[x.col]
	for i, ok := range v.Valid {
		if g := int(groups[i]); ok && (!x.v.Valid[g] || x.wins(v, i, g)) {
			x.v.set(g, v, i)
		}
	}
	return nil
}

// wins reports whether row i of v takes the place of what group g has.
func (x *pickers) wins(v *Vector, i, g int) bool {
	switch x.kind {
	case least:
		return v.compare(i, &x.v, g) < 0
	case greatest:
		return v.compare(i, &x.v, g) > 0
	default:
		return x.kind == last
	}
}

// set puts row j of src, a vector of the same type, into row i.
func (v *Vector) set(i int, src *Vector, j int) {
	v.Valid[i] = src.Valid[j]
	switch {
	case src.Ints != nil:
		v.Ints[i] = src.Ints[j]
		if src.Strs != nil && v.Strs == nil {
			v.Strs = make([]string, len(v.Ints))
		}
		if v.Strs != nil {
			v.Strs[i] = ""
			if src.Strs != nil {
				v.Strs[i] = src.Strs[j]
			}
		}
	case src.Floats != nil:
		v.Floats[i] = src.Floats[j]
	case src.Decs != nil:
		v.Decs[i] = src.Decs[j]
	default:
		v.Strs[i] = src.Strs[j]
	}
}

// compare orders row i of v and row j of w, vectors of one type with values in both rows. Texts compare by their bytes,
// as in SQL; a period that names no moment comes after those that do, by its text.
func (v *Vector) compare(i int, w *Vector, j int) int {
	switch {
	case v.Ints != nil:
		a, b := v.understood(i), w.understood(j)
		switch {
		case a && b:
			return cmp.Compare(v.Ints[i], w.Ints[j])
		case a:
			return -1
		case b:
			return 1
		default:
			return strings.Compare(v.Strs[i], w.Strs[j])
		}
	case v.Floats != nil:
		return cmp.Compare(v.Floats[i], w.Floats[j])
	case v.Decs != nil:
		return v.Decs[i].Cmp(w.Decs[j])
	default:
		return strings.Compare(v.Strs[i], w.Strs[j])
	}
}

// understood reports whether row i of a column of whole numbers is one: a period may be a text that names no moment.
func (v *Vector) understood(i int) bool { return v.Strs == nil || v.Ints[i] != expr.NoTime }
