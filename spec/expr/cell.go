package expr

import (
	"math"
	"strconv"
	"strings"
)

// CellFloat is the number that a workbook's cell holds for a percent, a ratio or a duration: parts of 1, and days.
//
// It is the float64 nearest to the exact value. 61.15 points are 0.6115; a division would give 0.6114999999999999, and
// the workbook would show 61.1% where a mail says 61.2%. Where a figure lies just between two that are shown, it is the
// next float64 if need be: LibreOffice multiplies by 100, and shows 5.1% for 0.0515, whose product is a hair too small.
// Excel, which looks at 15 digits, sees no difference.
func CellFloat(v Value) float64 {
	switch v.Type {
	case Duration:
		return notBelow(float64(v.Int)/float64(day), 86_400, float64(v.Int)/1e6)
	case Ratio:
		return notBelow(v.Float, 100, shift(v.Float, 2))
	default:
		return notBelow(shift(v.Float, -2), 100, v.Float)
	}
}

// notBelow is f, or the float64 after it where a reader that multiplies f would come out below the product it stands for
// and round that down.
func notBelow(f, by, product float64) float64 {
	if math.Abs(f*by) < math.Abs(product) && between(product) {
		return math.Nextafter(f, math.Copysign(math.Inf(1), f))
	}
	return f
}

// between reports whether a fraction ends in a digit 5, which rounding could drop.
func between(f float64) bool {
	if f == math.Trunc(f) {
		return false
	}
	mantissa, _, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	return len(mantissa) < 16 && mantissa[len(mantissa)-1] == '5'
}

// shift moves the point of the number that f is written as, to the right by n digits: up to two.
func shift(f float64, n int) float64 {
	// Where there are up to four decimals, both parts are exact, and so is their rounded quotient.
	const exact = 1e15
	if whole := math.Round(f * 1e4); math.Abs(whole) < exact && whole/1e4 == f {
		if n < 0 {
			return whole / (1e4 * tens[-n])
		}
		return whole / (1e4 / tens[n])
	}
	mantissa, exponent, ok := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	power, err := strconv.Atoi(exponent)
	if !ok || err != nil {
		return f // not a number, or infinite
	}
	moved, _ := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(power+n), 64)
	return moved
}
