package table

import (
	"errors"
	"math"
	"math/big"
	"math/bits"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
)

// sum is a running sum. Whole numbers and decimals add up exactly in a coefficient of 128 bits over a power of ten; percents and ratios add up as floats.
type sum struct {
	hi    int64 // two's complement with lo
	lo    uint64
	float float64
	scale int8
	// isFloat says which of the two it is; some, that there was anything to add.
	isFloat, some bool
}

// errTooLarge is the error of a figure that its type cannot hold.
var errTooLarge = errors.New("too large")

// addInt adds a whole number to a sum of whole numbers: no more than 2^64 rows could pass 128 bits.
func (s *sum) addInt(x int64) {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, uint64(x), 0)
	s.hi += x>>63 + int64(carry)
	s.some = true
}

func (s *sum) addFloat(x float64) {
	s.float += x
	s.isFloat, s.some = true, true
}

func (s *sum) addDecimal(d decimal.Decimal) error {
	return s.addScaled(signed(0, d.Coef(), d.IsNeg()), int8(d.Scale()))
}

// scaled is a whole number or a decimal: coef over 10^scale.
type scaled struct {
	coef     uint64
	scale    int8
	negative bool
}

func scaledDecimal(d decimal.Decimal) scaled { return scaled{d.Coef(), int8(d.Scale()), d.IsNeg()} }

// addProduct adds x × y.
func (s *sum) addProduct(x, y scaled) error {
	hi, lo := bits.Mul64(x.coef, y.coef)
	return s.addScaled(signed(hi, lo, x.negative != y.negative), x.scale+y.scale)
}

// addScaled adds coef over 10^scale.
func (s *sum) addScaled(coef int128, scale int8) error {
	mine := int128{s.hi, s.lo}
	var ok bool
	for ; scale < s.scale; scale++ {
		if coef, ok = coef.tenfold(); !ok {
			return errTooLarge
		}
	}
	for ; s.scale < scale; s.scale++ {
		if mine, ok = mine.tenfold(); !ok {
			return errTooLarge
		}
	}
	if mine, ok = mine.plus(coef); !ok {
		return errTooLarge
	}
	s.hi, s.lo, s.some = mine.hi, mine.lo, true
	return nil
}

// int64 returns a sum of whole numbers.
func (s *sum) int64() (int64, error) {
	if s.hi != int64(s.lo)>>63 {
		return 0, errTooLarge
	}
	return int64(s.lo), nil
}

// decimal returns the sum: exact, or rounded beyond [expr.ExactPlaces], or an error.
func (s *sum) decimal() (decimal.Decimal, error) {
	if s.hi == int64(s.lo)>>63 && s.scale <= decimal.MaxScale {
		return decimal.New(int64(s.lo), int(s.scale))
	}
	exact := s.rat()
	d, err := parseRat(exact)
	if err != nil || d.Prec()-d.Scale() <= decimal.MaxPrec-expr.ExactPlaces {
		return d, err
	}
	var back sum
	if err := back.addDecimal(d); err != nil || back.rat().Cmp(exact) != 0 {
		return d, errTooLarge
	}
	return d, nil
}

// float64 returns the sum as a float.
func (s *sum) float64() float64 {
	if s.isFloat {
		return s.float
	}
	whole := float64(int64(s.lo))
	if s.hi != int64(s.lo)>>63 {
		// The halves of a small negative number would cancel each other out.
		whole = float64(s.hi)*0x1p64 + float64(s.lo)
	}
	return whole / math.Pow10(int(s.scale))
}

// points returns the sum times 100, for the quotient of a percent.
func (s *sum) points() sum { return sum{float: s.float64() * 100, isFloat: true, some: s.some} }

// rat returns the sum as an exact fraction.
func (s *sum) rat() *big.Rat {
	if s.isFloat {
		r := new(big.Rat)
		r.SetFloat64(s.float)
		return r
	}
	n := new(big.Int).Lsh(big.NewInt(s.hi), 64)
	n.Add(n, new(big.Int).SetUint64(s.lo))
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(s.scale)), nil)
	return new(big.Rat).SetFrac(n, ten)
}

// parseRat returns the decimal nearest to r.
func parseRat(r *big.Rat) (decimal.Decimal, error) {
	// Two digits beyond what a decimal holds leave the rounding to it.
	d, err := decimal.Parse(r.FloatString(decimal.MaxScale + 2))
	if err != nil {
		return d, errTooLarge
	}
	return d.Trim(0), nil // the zeros that a division leaves at its end
}

// value returns the sum of a column of type t, missing where there was nothing to add.
func (s *sum) value(t expr.Type) (expr.Value, error) {
	x := expr.Value{Type: t, Valid: s.some}
	if !s.some {
		return x, nil
	}
	var err error
	switch storageOf(t) {
	case floats:
		x.Float = s.float64()
	case decimals:
		x.Dec, err = s.decimal()
	default:
		x.Int, err = s.int64()
	}
	return x, err
}

// quotient returns num ÷ den as a value of type t; missing where either is, or den is zero.
func quotient(num, den *sum, t expr.Type) (expr.Value, error) {
	x := expr.Value{Type: t, Valid: num.some && den.some && den.float64() != 0}
	if !x.Valid {
		return x, nil
	}
	switch storageOf(t) {
	case floats:
		x.Float = num.float64() / den.float64()
		if math.IsInf(x.Float, 0) || math.IsNaN(x.Float) {
			return x, errTooLarge
		}
		return x, nil
	case decimals:
		var err error
		x.Dec, err = parseRat(new(big.Rat).Quo(num.rat(), den.rat()))
		return x, err
	default: // a duration, in whole microseconds
		var err error
		x.Int, err = wholeRat(new(big.Rat).Quo(num.rat(), den.rat()))
		return x, err
	}
}

// wholeRat returns the whole number nearest to r.
func wholeRat(r *big.Rat) (int64, error) {
	d, err := decimal.Parse(r.FloatString(0))
	if err != nil {
		return 0, errTooLarge
	}
	whole, _, ok := d.Int64(0)
	if !ok {
		return 0, errTooLarge
	}
	return whole, nil
}

// int128 is a whole number of 128 bits in two's complement.
type int128 struct {
	hi int64
	lo uint64
}

// signed returns a magnitude below 2^127 with its sign.
func signed(hi, lo uint64, negative bool) int128 {
	if negative {
		lo, hi = -lo, ^hi
		if lo == 0 {
			hi++
		}
	}
	return int128{int64(hi), lo}
}

func (a int128) plus(b int128) (int128, bool) {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	hi := a.hi + b.hi + int64(carry)
	return int128{hi, lo}, (a.hi^hi)&(b.hi^hi) >= 0
}

// tenfold returns a × 10.
func (a int128) tenfold() (int128, bool) {
	negative := a.hi < 0
	m := a
	if negative {
		m = signed(uint64(a.hi), a.lo, true)
	}
	carry, lo := bits.Mul64(m.lo, 10)
	over, hi := bits.Mul64(uint64(m.hi), 10)
	hi, c := bits.Add64(hi, carry, 0)
	if over != 0 || c != 0 || hi > math.MaxInt64 {
		return int128{}, false
	}
	return signed(hi, lo, negative), true
}
