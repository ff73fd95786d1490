package expr

import (
	"math"
	"strconv"
	"strings"
)

// digits is a decimal number as its written digits, so that showing it neither overflows nor rounds before it should:
// 0.ds × 10^point.
type digits struct {
	neg   bool
	ds    string // without zeros at either end; empty is zero
	point int
}

// digitsOf reads the number in v as it stands there: percents in points, durations in days, moments as Excel's serial.
func digitsOf(v Value) digits {
	switch v.Type {
	case Integer, Boolean:
		return parseDigits(strconv.FormatInt(v.Int, 10))
	case Decimal:
		return parseDigits(v.Dec.String())
	case Percent, Ratio:
		return floatDigits(v.Float)
	case Duration:
		return floatDigits(float64(v.Int) / float64(day))
	case Date, DateTime, Period:
		// 25569 days lie between Excel's day 0, 1899-12-30, and 1970-01-01.
		return floatDigits(float64(v.Int)/float64(day) + 25569)
	default:
		return digits{}
	}
}

// floatDigits takes 15 significant digits, as Excel shows them: 93.45 is 93.45, not 93.4500000000000028.
func floatDigits(f float64) digits {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return digits{}
	}
	return parseDigits(strconv.FormatFloat(f, 'e', 14, 64))
}

func parseDigits(s string) digits {
	s, neg := strings.CutPrefix(s, "-")
	mantissa, exponent, _ := strings.Cut(s, "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	shift, _ := strconv.Atoi(exponent)
	return digits{neg, whole + fraction, len(whole) + shift}.trim()
}

func (d digits) trim() digits {
	short := strings.TrimLeft(d.ds, "0")
	d.point -= len(d.ds) - len(short)
	d.ds = strings.TrimRight(short, "0")
	if d.ds == "" {
		return digits{}
	}
	return d
}

// shift multiplies by 10^n.
func (d digits) shift(n int) digits {
	if d.ds != "" {
		d.point += n
	}
	return d
}

// round keeps n digits after the point, half away from zero as Excel does.
func (d digits) round(n int) digits {
	keep := d.point + n
	switch {
	case keep >= len(d.ds):
		return d
	case keep < 0:
		return digits{}
	}
	up := d.ds[keep] >= '5'
	kept := []byte(d.ds[:keep])
	if up {
		i := keep - 1
		for ; i >= 0 && kept[i] == '9'; i-- {
			kept[i] = '0'
		}
		if i >= 0 {
			kept[i]++
		} else {
			kept = append([]byte{'1'}, kept...)
			d.point++
		}
	}
	d.ds = string(kept)
	return d.trim()
}

// split returns the digits before and after the point; whole has no leading zeros and is empty below 1.
func (d digits) split() (whole, fraction string) {
	switch {
	case d.point <= 0:
		return "", strings.Repeat("0", -d.point) + d.ds
	case d.point >= len(d.ds):
		return d.ds + strings.Repeat("0", d.point-len(d.ds)), ""
	default:
		return d.ds[:d.point], d.ds[d.point:]
	}
}

// plain writes the number with a point and no separators.
func (d digits) plain() string {
	if d.ds == "" {
		return "0"
	}
	whole, fraction := d.split()
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if d.neg {
		return "-" + whole
	}
	return whole
}
