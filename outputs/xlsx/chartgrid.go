package xlsx

import (
	"iter"
	"math"
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

// fewestSteps and mostSteps bound the steps of an axis that shares its grid.
const fewestSteps, mostSteps = 4, 6

// countedIn are the round steps within a power of ten, each with how much less easily it is counted in than others, as a share of
// the axis that is left blank instead.
var countedIn = []struct{ step, odd float64 }{{1, 0}, {1.5, 0.15}, {2, 0}, {2.5, 0}, {3, 0.1}, {4, 0.1}, {5, 0}, {6, 0.15}, {8, 0.3}}

// shareGrid scales two axes in equally many steps, so that the lines of the grid serve both. Where no round steps do, each is
// left as it is.
func shareGrid(first, second *valueAxis) {
	best := math.Inf(1)
	var one, other valueAxis
	for n := fewestSteps; n <= mostSteps; n++ {
		a, wasted := first.inSteps(n)
		b, too := second.inSteps(n)
		if cost := wasted + too; cost < best {
			one, other, best = a, b, cost
		}
	}
	if !math.IsInf(best, 1) {
		*first, *second = one, other
	}
}

// inSteps scales the axis in so many round steps from end to end. cost is what share of it is left blank, and how odd its steps
// are; infinite where no steps fit.
func (a valueAxis) inSteps(n int) (_ valueAxis, cost float64) {
	const slack = 1e-9 // what 0.1 + 0.2 is off by
	low := a.low
	if a.least == 0 || low >= 0 && a.high-low > a.high/6 { // as Excel does
		low = min(0, low)
	}
	cost = math.Inf(1)
	for step, odd := range a.steps((a.high - low) / float64(n) * (1 - slack)) {
		long := float64(n) * step
		least := math.Floor(low/step+slack) * step
		if a.whole() && least+long > 1+slack || a.whole() && a.high > 0.6 {
			least = 1 - long // No axis goes on to 120 %, nor ends at 90 %.
		}
		if low >= 0 && least < -slack || long > 8*(a.high-low) {
			break
		}
		if least > low+slack || least+long < a.high-slack {
			continue
		}
		if blank := odd + 1 - (a.high-low)/long; blank < cost {
			cost = blank
			a.least, a.most, a.step = round(least), round(least+long), step
		}
	}
	a.detail()
	return a, cost
}

// round takes away what sums of binary fractions are off by.
func round(x float64) float64 {
	const digits = 1e12
	return math.Round(x*digits) / digits
}

// whole reports whether the axis shows parts of one.
func (a *valueAxis) whole() bool {
	return (a.field.Type == expr.Percent || a.field.Type == expr.Ratio) && a.low >= 0 && a.high <= 1
}

// steps yields the round steps from one on, the least first, and how odd they are.
func (a *valueAxis) steps(from float64) iter.Seq2[float64, float64] {
	return func(yield func(step, odd float64) bool) {
		const finest = 1e-9 // which no axis tells from nothing
		if !(from > finest) || math.IsInf(from, 1) {
			return
		}
		if a.field.Type == expr.Duration {
			for _, seconds := range clockSteps {
				if step := seconds / 86_400; step >= from && !yield(step, 0) {
					return
				}
			}
			return
		}
		unit := a.unit()
		power := math.Pow(10, math.Floor(math.Log10(from)))
		for ; !math.IsInf(power, 1); power *= 10 {
			for _, c := range countedIn {
				step := round(c.step * power)
				if units := step / unit; unit > 0 && math.Abs(units-math.Round(units)) > 1e-6 {
					continue
				}
				if step >= from && !yield(step, c.odd) {
					return
				}
			}
		}
	}
}

// unit is the least difference that the axis can show, 0 where its format has as many digits as its steps need: there is no half
// of a chat, and a column's own format is kept.
func (a *valueAxis) unit() float64 {
	switch {
	case a.field.Type == expr.Integer:
		return 1
	case a.field.Format == "" || strings.Contains(a.field.Format, "."):
		return 0
	case strings.Contains(a.field.Format, "%"):
		return 0.01
	default:
		return 1
	}
}

// detail gives the axis's format as many digits as its steps need, where the column has none of its own.
func (a *valueAxis) detail() {
	if a.field.Format != "" || a.field.Type == expr.Duration || a.step == 0 {
		return
	}
	step, whole, unit := a.step, "#,##0", ""
	if a.field.Type == expr.Percent || a.field.Type == expr.Ratio {
		step, whole, unit = step*100, "0", "%"
	}
	const most = 4
	digits := 0
	for ; digits < most && math.Abs(step-math.Round(step)) > 1e-6; digits++ {
		step *= 10
	}
	if a.format = whole; digits > 0 {
		a.format += "." + strings.Repeat("0", digits)
	}
	a.format += unit
}
