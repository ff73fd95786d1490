package xlsx

import (
	"math"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/expr"
)

// axisOf scales the axis of some series. What a program that draws the chart does well by itself is left to it.
func axisOf(all []outputs.Series, kind outputs.ChartType, second bool) *valueAxis {
	a := &valueAxis{least: math.NaN(), most: math.NaN(), right: second, gridded: !second}
	var members []outputs.Series
	for _, s := range all {
		if s.Second == second {
			members = append(members, s)
		}
	}
	if len(members) == 0 {
		return nil
	}
	low, high := bounds(members, kind.Stacked() && !second)
	a.low, a.high, a.field = low, high, members[0].Field
	lines := second || kind == outputs.ChartLine
	if !lines && low >= 0 {
		// A column that does not begin at nought says something else than its figure.
		a.least = 0
	}
	spread := high - min(low, 0)
	if lines && high > low {
		spread = high - low
	}
	if spread == 0 {
		spread = -low // one figure below 0, or all alike
	}
	switch a.field.Type {
	case expr.Percent, expr.Ratio:
		a.format = "0" + fraction(spread*100) + "%"
		if high <= 1 && high > 0.9 && low >= 0 {
			a.most = 1 // No axis goes on to 120 %.
		}
	case expr.Duration:
		if lines && low >= 0 {
			a.least = 0
		}
		if low < 0 && -low < high*outputs.Unseen {
			low = 0
		}
		if a.step = clockStep(high - min(low, 0)); low < 0 {
			a.least = math.Floor(low/a.step) * a.step
		} else if !lines {
			a.least = 0
		}
		a.format = "[h]:mm"
		if a.step > 0 && a.step < minute || high < 1.0/24 {
			a.format = "[h]:mm:ss"
		}
	case expr.Decimal:
		a.format = "#,##0" + fraction(spread)
	default:
		a.format = "#,##0"
		if spread <= 5 {
			a.step = 1 // There is no half of a chat.
		}
	}
	if low == 0 && high == 0 && a.field.Type != expr.Duration {
		a.least, a.most, a.step = 0, 1, 1 // or programs count 0, 1, 1
	}
	if a.field.Format != "" {
		a.format = a.field.Format
	}
	return a
}

// fraction is the part of a format behind the point for an axis of some five steps over figures so far apart.
func fraction(spread float64) string {
	const steps, most = 5, 6
	if spread == 0 || spread >= steps {
		return ""
	}
	digits := min(most, max(1, int(math.Ceil(-math.Log10(spread/steps)))))
	return "." + strings.Repeat("0", digits)
}

// axisFormat is the format under which the axis names its points where they are numbers to Excel: as short as in other
// media, in the months of the document's language.
func (c *chartSection) axisFormat(locale string) string {
	format := c.points.NameFormat()
	switch {
	case c.x.numbers == nil:
		return "General"
	case format == "":
		return c.x.format
	case strings.Contains(format, "mmm") && locale == "pl":
		return "[$-415]" + format
	case strings.Contains(format, "mmm"):
		return "[$-409]" + format
	default:
		return format
	}
}

// named is at every how many points of a sequence, such as days or hours, the axis has room for a name: turned ones are hard to
// read. Of the names of bars each is there, where one fits below the other. 0 leaves it to the program, which may turn names.
func (c *chartSection) named(locale string) int {
	const row, around = 13, 80
	if c.block.Type.Lying() {
		if float64(row*len(c.points.X)) > c.high-around {
			return 0
		}
		return 1
	}
	switch c.points.XField.Type {
	case expr.Period, expr.Date, expr.DateTime, expr.Integer:
	default:
		return 0
	}
	const digit, gap, beside = digitWidth * 0.9, 12, 45 // of small letters; between names; for the figures of an axis
	wide, room := 0.0, c.wide-beside
	for _, name := range c.points.Names(locale) {
		wide = max(wide, textWidth(name)*digit+gap)
	}
	if len(c.block.Y2) > 0 {
		room -= beside
	}
	return max(1, int(math.Ceil(wide*float64(len(c.points.X))/room)))
}

// bounds are the least and the greatest figure that the axis has to show; of a stack they are its ends.
func bounds(members []outputs.Series, stacked bool) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for i := range members[0].Values {
		up, down := 0.0, 0.0
		for _, s := range members {
			x := outputs.Plot(s.Values[i])
			switch {
			case math.IsNaN(x):
				continue
			case !stacked:
				low, high = min(low, x), max(high, x)
			case x > 0:
				up += x
			default:
				down += x
			}
		}
		if stacked {
			low, high = min(low, down), max(high, up)
		}
	}
	if low > high {
		return 0, 0
	}
	return low, high
}

// minute is one in days, as cells count time.
const minute = 1.0 / 24 / 60

// clockSteps are round steps of time, in seconds: no axis has 0:02:53 on it.
var clockSteps = []float64{
	1, 2, 5, 10, 15, 30, 60, 2 * 60, 5 * 60, 10 * 60, 15 * 60, 30 * 60,
	3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 48 * 3600, 120 * 3600, 240 * 3600, 500 * 3600, 1000 * 3600,
}

// clockStep is a round step of time that leads from 0 to a length in at most six.
func clockStep(length float64) float64 {
	const most, day = 6, 86_400
	for _, seconds := range clockSteps {
		if step := seconds / day; length <= most*step {
			return step
		}
	}
	step := clockSteps[len(clockSteps)-1] / day
	for _, times := range []float64{2, 5} {
		if length <= most*step*times {
			return step * times
		}
	}
	const ten = 10
	return clockStep(length/ten) * ten
}
