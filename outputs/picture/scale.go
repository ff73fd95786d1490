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

// fitting returns the scale of the finest round steps of which at most intervals cover lo to hi.
func fitting(lo, hi float64, intervals int, field table.Field, locale string) scale {
	if lo == hi {
		hi = lo + least(field)
		if field.Type == expr.Percent || field.Type == expr.Ratio {
			hi = lo + 1
		}
	}
	for step := range steps(field, (hi-lo)/1000) {
		const slack = 1e-9 // what 0.1 + 0.2 is off by
		s := scale{
			first: int(math.Floor(lo/step + slack)), last: int(math.Ceil(hi/step - slack)),
			step: step, field: field, locale: locale,
		}
		if s.last-s.first <= intervals {
			return s
		}
	}
	return scale{last: 1, step: hi, field: field, locale: locale} // No step covers infinite figures.
}

// matching returns a scale of exactly that many intervals, so that both axes share their grid.
func matching(lo, hi float64, intervals int, field table.Field, locale string) scale {
	s := fitting(lo, hi, intervals, field, locale)
	s.last = s.first + intervals
	return s
}

// least is the shortest step that figures of a column have ticks at.
func least(field table.Field) float64 {
	switch field.Type {
	case expr.Integer:
		return 1
	case expr.Duration:
		return second
	default:
		return 0
	}
}

// clock are the seconds between ticks that people read off a clock, up to half a week.
var clock = []float64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 48 * 3600, 120 * 3600}

// steps yields round steps, none shorter than above: 1, 2 and 5 times a power of ten, and for durations those of a clock.
func steps(field table.Field, above float64) iter.Seq[float64] {
	return func(yield func(float64) bool) {
		above = max(above, least(field))
		if field.Type == expr.Duration {
			for _, seconds := range clock {
				if seconds*second >= above && !yield(seconds*second) {
					return
				}
			}
			const days = 10
			above = max(above, days)
		}
		power := math.Pow(10, math.Floor(math.Log10(above)))
		for !math.IsInf(power, 0) {
			for _, m := range []float64{1, 2, 5} {
				if m*power >= above && !yield(m*power) {
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
		format += "." + strings.Repeat("0", min(6, int(math.Ceil(-math.Log10(step)-near))))
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
