package expr

import (
	"math"

	"github.com/govalues/decimal"
)

// asDecimal reads an integer or a decimal.
func asDecimal(v *Value) decimal.Decimal {
	if v.Type == Integer {
		return decimal.MustNew(v.Int, 0) // every int64 fits 19 digits
	}
	return v.Dec
}

// asFloat reads a figure as it is written: percents in points.
func asFloat(v *Value) float64 {
	switch v.Type {
	case Integer, Duration:
		return float64(v.Int)
	case Decimal:
		return decimalFloat(v.Dec)
	default:
		return v.Float
	}
}

// asPoints reads a percent or a ratio in percent points.
func asPoints(v *Value) float64 {
	if v.Type == Ratio {
		return v.Float * 100
	}
	return v.Float
}

// tens are the powers of ten that a float64 holds exactly and a decimal's scale can reach.
var tens = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
	1e17, 1e18, 1e19}

// decimalFloat is the float64 nearest to d. Where both parts are exact in a float64, so is their rounded quotient,
// and the library's way through a text is spared.
func decimalFloat(d decimal.Decimal) float64 {
	if d.Coef() < 1<<53 {
		f := float64(d.Coef()) / tens[d.Scale()]
		if d.IsNeg() {
			return -f
		}
		return f
	}
	f, _ := d.Float64()
	return f
}

// roundDecimal rounds half away from zero, as people and Excel do; the library rounds half to even.
// A negative scale rounds before the point.
func roundDecimal(d decimal.Decimal, scale int) decimal.Decimal {
	if scale >= d.Scale() {
		return d
	}
	n := parseDigits(d.String()).round(scale)
	r, err := decimal.Parse(n.plain())
	if err != nil {
		return d // 19 nines became 20 digits: it cannot be said rounder
	}
	return r
}

// roundFloat rounds the 15 digits that count half away from zero.
func roundFloat(f float64, scale int) float64 {
	n := floatDigits(f).round(scale)
	d, err := decimal.Parse(n.plain())
	if err != nil {
		return f // beyond 19 digits there is no fraction left to round
	}
	return decimalFloat(d)
}

// wholeDecimal reads a decimal without a fraction as an integer.
func wholeDecimal(d decimal.Decimal) (int64, bool) {
	whole, fraction, ok := d.Int64(0)
	return whole, ok && fraction == 0 && d.IsInt()
}

// wholeFloat reads a float without a fraction as an integer.
func wholeFloat(f float64) (int64, bool) {
	if f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
		return 0, false
	}
	return int64(f), true
}
