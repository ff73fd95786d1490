package expr

import (
	"cmp"
	"strings"
)

// Compare orders two values of one kind: figures among each other (a percent and a ratio as the same quantity in two
// units), texts by code point, durations, dates with moments and periods by their start, false before true.
// A period that was not understood comes after those that were, by its text. ok is false where the values cannot be
// ordered: one is missing, or they are of different kinds.
func Compare(a, b Value) (order int, ok bool) { return compare(&a, &b) }

// compare is Compare without copying its values, which are large.
func compare(a, b *Value) (order int, ok bool) {
	if !a.Valid || !b.Valid {
		return 0, false
	}
	switch {
	case a.Type == b.Type:
		return compareLike(a, b)
	case numbers.has(a.Type) && numbers.has(b.Type):
		return asDecimal(a).Cmp(asDecimal(b)), true
	case shares.has(a.Type) && shares.has(b.Type):
		return cmp.Compare(asPoints(a), asPoints(b)), true
	case figures.has(a.Type) && figures.has(b.Type):
		return cmp.Compare(asFloat(a), asFloat(b)), true
	case times.has(a.Type) && times.has(b.Type):
		return compareTimes(a, b), true
	default:
		return 0, false
	}
}

func compareLike(a, b *Value) (int, bool) {
	switch a.Type {
	case Text:
		return strings.Compare(a.Str, b.Str), true
	case Integer, Duration, Boolean, Date, DateTime:
		return cmp.Compare(a.Int, b.Int), true
	case Decimal:
		return a.Dec.Cmp(b.Dec), true
	case Percent, Ratio:
		return cmp.Compare(a.Float, b.Float), true
	case Period:
		return compareTimes(a, b), true
	default:
		return 0, false
	}
}

func compareTimes(a, b *Value) int {
	switch {
	case a.Int == NoTime && b.Int == NoTime:
		return strings.Compare(a.Str, b.Str)
	case a.Int == NoTime:
		return 1
	case b.Int == NoTime:
		return -1
	default:
		return cmp.Compare(a.Int, b.Int)
	}
}

// comparable reports whether values of two types can be compared at all.
func comparable(a, b Type) bool {
	switch {
	case a == Any || b == Any:
		return true
	case a == b:
		return scalars.has(a)
	default:
		return figures.has(a) && figures.has(b) || times.has(a) && times.has(b)
	}
}

// unify gives the one type that values of either type can take, for the branches of a condition.
func unify(a, b kind) (kind, bool) {
	switch {
	case a == b || b.missing:
		return a, true
	case a.missing:
		return b, true
	case a.Type == Any || b.Type == Any:
		return kind{Type: Any}, true
	case a.Type == List && b.Type == List:
		elem, ok := unify(kind{Type: a.elem}, kind{Type: b.elem})
		return kind{Type: List, elem: elem.Type}, ok
	case figures.has(a.Type) && figures.has(b.Type):
		t, _ := add.arithmetic(a.Type, b.Type)
		return kind{Type: t}, true
	case moments.has(a.Type) && moments.has(b.Type):
		return kind{Type: DateTime}, true
	}
	return kind{}, false
}

// Convert makes of v a value of type t where that loses nothing: an integer becomes a decimal, a number a percent
// (in points) or a ratio, a date a moment. Evaluation gives the branch that was taken as it is; a column declared wider
// than that takes it through here.
func Convert(v Value, t Type) (Value, bool) {
	switch {
	case v.Type == t || t == Any:
		return v, true
	case !v.Valid:
		v.Type = t
		return v, true
	case v.Type == Integer && t == Decimal:
		v.Dec, v.Int = asDecimal(&v), 0
	case figures.has(v.Type) && shares.has(t):
		f := asFloat(&v)
		switch {
		case v.Type == Ratio: // to a percent
			f *= 100
		case v.Type == Percent:
			f /= 100
		}
		v = Value{Float: f, Valid: true, Sensitive: v.Sensitive}
	case v.Type == Date && t == DateTime:
	default:
		return v, false
	}
	v.Type = t
	return v, true
}
