package expr

import (
	"errors"
	"math"
	"math/big"
	"math/bits"

	"github.com/govalues/decimal"
)

// operator is an arithmetic operator.
type operator byte

const (
	add operator = iota
	sub
	mul
	div
	mod
	pow
)

var operators = map[string]operator{"+": add, "-": sub, "*": mul, "/": div, "%": mod, "**": pow}

var operatorVerbs = [...]string{add: "added", sub: "subtracted", mul: "multiplied", div: "divided",
	mod: "divided with a remainder", pow: "raised to a power"}

// arithmetic gives the type of a ∘ b; ok is false where the operator has no meaning for them.
//
// Integers stay integers except under /, decimals are exact (see [ExactPlaces]), and an integer beside a decimal becomes one.
// A percent and a ratio are one quantity in two units, as minutes and hours are: beside each other the ratio is turned
// into points. They keep their type when a number is added to or subtracted from them (service_level - 5 is in points)
// and when they are multiplied or divided by one; a share of a share (ratio * ratio, percent * ratio) is one again,
// a share of a duration (duration * ratio) is a duration, and the quotient of two shares or of two durations is a decimal.
// decimal(x) makes a plain number of a percent or a ratio. Dates move by durations, on the
// wall clock; what passed between two moments is told by [Zoned].
func (o operator) arithmetic(a, b Type) (t Type, ok bool) {
	switch {
	case a == Any || b == Any:
		return Any, true
	case numbers.has(a) && numbers.has(b):
		if a == Decimal || b == Decimal || o == div {
			return Decimal, true
		}
		return Integer, true
	case o == mod || o == pow:
		return Any, false
	case o == add || o == sub:
		return o.sum(a, b)
	case o == mul:
		return product(a, b)
	default:
		return quotient(a, b)
	}
}

func (o operator) sum(a, b Type) (Type, bool) {
	switch {
	case figures.has(a) && figures.has(b):
		if a == Percent || b == Percent {
			return Percent, true
		}
		return Ratio, true
	case a == Duration && b == Duration:
		return Duration, true
	case moments.has(a) && b == Duration:
		return a, true
	case a == Duration && moments.has(b) && o == add:
		return b, true
	case moments.has(a) && moments.has(b) && o == sub:
		return Duration, true
	case a == Text && b == Text && o == add:
		return Text, true
	}
	return Any, false
}

func product(a, b Type) (Type, bool) {
	if a == Ratio || numbers.has(a) {
		a, b = b, a // what is scaled stands left
	}
	scale := b == Ratio || numbers.has(b)
	switch {
	case !scale:
		return Any, false
	case shares.has(a) || a == Duration:
		return a, true
	case numbers.has(a) && b == Ratio:
		return Ratio, true
	}
	return Any, false
}

func quotient(a, b Type) (Type, bool) {
	switch {
	case shares.has(a) && shares.has(b), a == Duration && b == Duration, numbers.has(a) && b == Ratio:
		return Decimal, true
	case (shares.has(a) || a == Duration) && numbers.has(b), a == Duration && b == Ratio:
		return a, true
	}
	return Any, false
}

// problem is what a computation found wrong, as a fault's detail; who called it knows the place.
type problem string

// Error returns the detail.
func (p problem) Error() string { return string(p) }

// codeOf is the code of what a computation found wrong.
func codeOf(err error) code {
	if errors.Is(err, errTooLarge) {
		return overflow
	}
	return badValue
}

const (
	errWrongType = problem("wrong type")
	errTooLarge  = problem("The result is too large: integers have at most 19 digits, decimals 19, of which those from the seventh after the point on may be rounded away.")
	errNegative  = problem("An integer cannot be raised to a negative power. Make it a decimal: decimal(x) ** y.")
	errNoPower   = problem("This power has no value.")
	errPartOfDay = problem("A date moves by whole days only. For a moment within the day write datetime(x) instead.")
	errLongText  = problem("The text would be longer than 1 MiB.")
	errLongList  = problem("The list would have more than 10,000 items.")
)

// apply computes a ∘ b. A missing operand, and a division by 0, give a missing value.
func (o operator) apply(a, b *Value) (Value, error) {
	if a.Type == Integer && b.Type == Integer && a.Valid && b.Valid && o != div {
		return o.integers(a.Int, b.Int)
	}
	t, ok := o.arithmetic(a.Type, b.Type)
	switch {
	case !ok:
		return Value{}, errWrongType
	case !a.Valid || !b.Valid:
		return Missing(t), nil
	case numbers.has(a.Type) && numbers.has(b.Type):
		x, y := asDecimal(a), asDecimal(b)
		r, err := o.decimals(x, y)
		if err == nil && !o.exact(r.Dec, x, y) {
			return Value{}, errTooLarge
		}
		return r, err
	case t == Text:
		if len(a.Str)+len(b.Str) > maxText {
			return Value{}, errLongText
		}
		return TextValue(a.Str + b.Str), nil
	case a.Type == Duration || b.Type == Duration || t == Duration:
		return o.durations(a, b, t)
	default:
		return o.floats(a, b, t)
	}
}

func (o operator) integers(a, b int64) (Value, error) {
	var r int64
	ok := true
	switch o {
	case add:
		r = a + b
		ok = (r > a) == (b > 0)
	case sub:
		r = a - b
		ok = (r < a) == (b > 0)
	case mul:
		r, ok = multiply(a, b)
	case mod:
		if b == 0 {
			return Missing(Integer), nil
		}
		r = a % b
	case pow:
		if b < 0 {
			return Value{}, errNegative
		}
		r, ok = power(a, b)
	}
	if !ok {
		return Value{}, errTooLarge
	}
	return IntegerValue(r), nil
}

func multiply(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	negative := (a < 0) != (b < 0)
	switch {
	case hi != 0:
		return 0, false
	case negative:
		return -int64(lo), lo <= 1<<63
	default:
		return int64(lo), lo < 1<<63
	}
}

func magnitude(a int64) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}

// power squares its way to a to the b-th.
func power(a, b int64) (int64, bool) {
	r := int64(1)
	for {
		var ok bool
		if b&1 == 1 {
			if r, ok = multiply(r, a); !ok {
				return 0, false
			}
		}
		if b >>= 1; b == 0 {
			return r, true
		}
		if a, ok = multiply(a, a); !ok {
			return 0, false
		}
	}
}

func (o operator) decimals(a, b decimal.Decimal) (Value, error) {
	var r decimal.Decimal
	var err error
	switch o {
	case add:
		r, err = a.Add(b)
	case sub:
		r, err = a.Sub(b)
	case mul:
		r, err = a.Mul(b)
	case div, mod:
		if b.IsZero() {
			return Missing(Decimal), nil
		}
		if o == div {
			r, err = a.Quo(b)
		} else {
			_, r, err = a.QuoRem(b)
		}
	case pow:
		if a.IsZero() && b.IsNeg() || a.IsNeg() && !b.IsInt() {
			return Value{}, errNoPower
		}
		r, err = a.Pow(b)
	}
	if err != nil {
		return Value{}, errTooLarge
	}
	return DecimalValue(r), nil
}

// ExactPlaces is how many digits after the point a sum, a difference or a product of decimals never loses: it is exact,
// or rounded further on, or an error. Beyond them stand the digits that a division leaves. These fill all the 19 that a
// decimal has, so that without rounding them a / b + 1 would be an error.
const ExactPlaces = 6

// exact reports whether r, computed as a ∘ b, has lost nothing of a sum, a difference or a product before
// [ExactPlaces]. A missing result, which is zero, is asked for division alone.
func (o operator) exact(r, a, b decimal.Decimal) bool {
	scale := max(a.Scale(), b.Scale())
	switch o {
	case add, sub:
	case mul:
		scale = a.Scale() + b.Scale()
	default:
		return true
	}
	if r.Scale() >= min(scale, ExactPlaces) {
		return true
	}
	// Digits were cut off: they may have been zeros.
	x, y := fraction(a), fraction(b)
	switch o {
	case add:
		x.Add(x, y)
	case sub:
		x.Sub(x, y)
	default:
		x.Mul(x, y)
	}
	return x.Cmp(fraction(r)) == 0
}

func fraction(d decimal.Decimal) *big.Rat {
	coef := new(big.Int).SetUint64(d.Coef())
	if d.IsNeg() {
		coef.Neg(coef)
	}
	return new(big.Rat).SetFrac(coef, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d.Scale())), nil))
}

// floats computes with percents and ratios; t is the result's type.
func (o operator) floats(a, b *Value, t Type) (Value, error) {
	x, y := asFloat(a), asFloat(b)
	if shares.has(a.Type) && shares.has(b.Type) && a.Type != b.Type && o != mul {
		x, y = asPoints(a), asPoints(b)
	}
	switch o {
	case add:
		x += y
	case sub:
		x -= y
	case mul:
		x *= y
	default:
		if y == 0 {
			return Missing(t), nil
		}
		x /= y
	}
	return floatValue(t, x)
}

// floatValue makes a value of type t from a float.
func floatValue(t Type, f float64) (Value, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return Value{}, errTooLarge
	}
	if t == Decimal {
		d, err := decimal.NewFromFloat64(f)
		if err != nil {
			return Value{}, errTooLarge
		}
		return DecimalValue(d), nil
	}
	return Value{Type: t, Valid: true, Float: f}, nil
}

// durations computes with at least one duration, or the distance of two moments; t is the result's type.
func (o operator) durations(a, b *Value, t Type) (Value, error) {
	switch {
	case t == Decimal:
		return o.decimals(decimal.MustNew(a.Int, 0), decimal.MustNew(b.Int, 0))
	case o == add || o == sub:
		r, err := o.integers(a.Int, b.Int)
		r.Type = t
		if err == nil && t == Date && r.Int != midnight(r.Int) {
			return Value{}, errPartOfDay
		}
		return r, err
	case o == mul && b.Type == Duration:
		a, b = b, a
	}
	if b.Type == Ratio {
		length := RatioValue(float64(a.Int))
		x, err := o.floats(&length, b, Ratio)
		if err != nil || !x.Valid {
			return Missing(t), err
		}
		if x.Float = math.Round(x.Float); math.Abs(x.Float) >= 1<<63 {
			return Value{}, errTooLarge
		}
		return durationValue(int64(x.Float)), nil
	}
	x, err := o.decimals(decimal.MustNew(a.Int, 0), asDecimal(b))
	if err != nil || !x.Valid {
		return Missing(t), err
	}
	us, ok := wholeDecimal(roundDecimal(x.Dec, 0))
	if !ok {
		return Value{}, errTooLarge
	}
	return durationValue(us), nil
}
