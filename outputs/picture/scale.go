package picture

import (
	"iter"
	"math"
	"regexp"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// scale maps figures, as [outputs.Plot] returns them, to round numbers at an axis.
type scale struct {
	// first and last are the axis's ends in steps.
	first, last int
	step        float64
	field       table.Field
	locale      string
}

// second is its part of a day: durations are plotted as fractions of one.
const second = 1.0 / (24 * 60 * 60)

// fewest is how many intervals an axis has where it can: of fewer, a reader estimates badly.
const fewest = 3

// fitting returns the scale of at most so many intervals that covers lo to hi best: see [choose].
func fitting(lo, hi float64, most int, field table.Field, locale string) scale {
	s, _ := choose(lo, hi, 1, most, field, locale)
	return s
}

// sharing returns scales of two axes with one grid, of as many intervals as cover both best.
func sharing(first, second span, most int, locale string) (one, other scale) {
	least := math.Inf(1)
	for n := most; n >= min(most, fewest); n-- {
		a, wasted := choose(first.lo, first.hi, n, n, first.field, locale)
		b, too := choose(second.lo, second.hi, n, n, second.field, locale)
		if cost := wasted + too; cost < least || n == most {
			one, other, least = a, b, cost
		}
	}
	return one, other
}

// span is what an axis has to cover.
type span struct {
	lo, hi float64
	field  table.Field
}

// choose returns the scale of round steps with few to most intervals that costs least: the share of the axis beyond the
// figures, and what its steps are less easily counted in than others. Of equal ones the finest is taken.
func choose(lo, hi float64, few, most int, field table.Field, locale string) (best scale, least float64) {
	if lo == hi {
		hi = lo + unit(field)
		if lo == hi || field.Type == expr.Percent || field.Type == expr.Ratio {
			hi = lo + 1
		}
	}
	best, least = scale{last: 1, step: hi, field: field, locale: locale}, math.Inf(1) // No step covers infinite figures.
	const slack = 1e-9                                                                // what 0.1 + 0.2 is off by
	for step, odd := range steps(field, (hi-lo)/float64(most)*(1-slack)) {
		s := scale{
			first: int(math.Floor(lo/step + slack)), last: int(math.Ceil(hi/step - slack)),
			step: step, field: field, locale: locale,
		}
		n := s.last - s.first
		if n > most {
			continue
		}
		s.last = s.first + max(n, few)
		cost := odd + 1 - (hi-lo)/(s.high()-s.low())
		if n < fewest {
			cost++
		}
		if cost < least-slack {
			best, least = s, cost
		}
		if n == 1 {
			break // What is coarser covers more of nothing.
		}
	}
	return best, least
}

// unit is the least difference that ticks of a column can show; 0 where they can have as many digits as they need.
func unit(field table.Field) float64 {
	switch own := field.Format; {
	case field.Type == expr.Duration:
		return second
	case strings.ContainsAny(own, "0#"):
		digits := 0
		if m := decimals.FindString(own); m != "" {
			digits = len(m) - len("0.")
		}
		if strings.Contains(own, "%") {
			digits += 2
		}
		return math.Pow10(-digits)
	case field.Type == expr.Integer:
		return 1
	default:
		return 0
	}
}

// clock are the seconds between ticks that people read off a clock, up to half a week.
var clock = []float64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 48 * 3600, 72 * 3600, 120 * 3600}

// counted are the steps within a power of ten, each with how much less easily it is counted in than others, as a share of
// the axis that is left blank instead.
var counted = []struct{ step, odd float64 }{{1, 0}, {1.5, 0.15}, {2, 0}, {2.5, 0.05}, {3, 0.1}, {4, 0.1}, {5, 0}, {6, 0.15}, {8, 0.3}}

// steps yields round steps of whole units, none shorter than above, and how odd they are; for durations those of a clock.
func steps(field table.Field, above float64) iter.Seq2[float64, float64] {
	return func(yield func(step, odd float64) bool) {
		one := unit(field)
		above = max(above, one)
		if field.Type == expr.Duration {
			for _, seconds := range clock {
				if seconds*second >= above && !yield(seconds*second, 0) {
					return
				}
			}
			const days = 10
			above = max(above, days)
		}
		const near = 1e-6
		power := math.Pow(10, math.Floor(math.Log10(above)))
		for !math.IsInf(power, 0) {
			for _, c := range counted {
				step := c.step * power
				units := step / max(one, math.SmallestNonzeroFloat64)
				if step < above || one > 0 && math.Abs(units-math.Round(units)) > near {
					continue
				}
				if !yield(step, c.odd) {
					return
				}
			}
			power *= 10
		}
	}
}

func (s scale) low() float64  { return float64(s.first) * s.step }
func (s scale) high() float64 { return float64(s.last) * s.step }

// share is where on the axis a figure stands, 0 at its beginning and 1 at its end.
func (s scale) share(x float64) float64 { return (x - s.low()) / (s.high() - s.low()) }

// ticks are the labels of the axis, from its beginning.
func (s scale) ticks() []string {
	format := s.format()
	var out []string
	for i := s.first; i <= s.last; i++ {
		out = append(out, show(float64(i)*s.step, s.field, format, s.locale))
	}
	return out
}

var decimals = regexp.MustCompile(`([#0])\.[#0?]+`)

// format is the column's own without digits after the point that all ticks have as 0; and with as many as they need
// where the column has none of its own.
func (s scale) format() string {
	step := s.step
	percent := s.field.Type == expr.Percent || s.field.Type == expr.Ratio
	if percent && (s.field.Format == "" || strings.Contains(s.field.Format, "%")) {
		step *= 100
	}
	const near = 1e-9
	whole := math.Abs(step-math.Round(step)) < near
	switch own := s.field.Format; {
	case s.field.Type == expr.Duration:
		return expr.DefaultFormat(expr.Duration, "", s.locale)
	case own != "" && whole:
		return decimals.ReplaceAllString(own, "$1")
	case own != "":
		return own
	}
	format := "#,##0"
	if !whole {
		digits := 1
		for ; digits < 6 && math.Abs(step-math.Round(step*math.Pow10(digits))/math.Pow10(digits)) > near*step; digits++ {
		}
		format += "." + strings.Repeat("0", digits)
	}
	if percent {
		format += "%"
	}
	return format
}

// show writes a plotted figure of a column.
func show(x float64, field table.Field, format, locale string) string {
	if format == "" {
		format = expr.DefaultFormat(field.Type, "", locale)
	}
	if field.Type == expr.Duration {
		const micro = 1e6
		return outputs.ShowFigure(expr.Value{Type: expr.Duration, Valid: true, Int: int64(math.Round(x / second * micro))}, format, locale)
	}
	return outputs.ShowFigure(expr.RatioValue(x), format, locale)
}
