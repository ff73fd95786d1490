package outputs

import (
	"math"
	"strings"
	"time"

	"github.com/reportform/reportform/spec/expr"
)

// Change is how a figure differs from the one before it, as every medium shows it.
type Change struct {
	// Text is the difference with its sign: "+12.3%" of a number, "+1.2 pp" of a percent or ratio, "-0:01:05" of a duration.
	Text string
	// Arrow is "▲", "▼" or "●" where nothing changed.
	Arrow string
	// Tone says whether that is good; none where the figure does not say what is.
	Tone Tone
	// Before is the earlier figure as it is shown.
	Before string
}

// Change compares the figure with the one before it; ok is false where one of them is missing, or nothing is to be compared.
// A number that was 0 has no change in percent: its difference is shown as it is. A difference too small to be seen is none.
func (k KPI) Change(locale string) (c Change, ok bool) {
	if k.Before == nil {
		return Change{}, false
	}
	now, before := Plot(k.Value), Plot(*k.Before)
	if math.IsNaN(now) || math.IsNaN(before) {
		return Change{}, false
	}
	c = Change{Before: ShowFigure(*k.Before, k.Format, locale)}
	diff := now - before
	size := strings.TrimSpace(k.size(diff, before, locale))
	switch {
	case size == strings.TrimSpace(k.size(0, before, locale)):
		c.Arrow, c.Text = "●", size
	case diff > 0:
		c.Arrow, c.Text, c.Tone = "▲", "+"+size, toneOf(k.Good, "up")
	default:
		c.Arrow, c.Text, c.Tone = "▼", "-"+size, toneOf(k.Good, "down") // the minus of figures everywhere, which is that of Excel's cells
	}
	return c, true
}

// size shows how large a difference is, without its sign.
func (k KPI) size(diff, before float64, locale string) string {
	diff = math.Abs(diff)
	switch {
	case k.Value.Type == expr.Percent || k.Value.Type == expr.Ratio:
		return expr.Display(expr.RatioValue(diff*100), "0.0", locale) + "\u00a0" + Words(locale).Points
	case k.Value.Type == expr.Duration:
		const day = 24 * time.Hour
		return ShowFigure(expr.DurationValue(time.Duration(math.Round(diff*float64(day)))), k.Format, locale)
	case before == 0:
		format := k.Format
		if format == "" {
			format = expr.DefaultFormat(k.Value.Type, "", locale)
		}
		return expr.Display(expr.RatioValue(diff), format, locale)
	default:
		return expr.Display(expr.RatioValue(diff/math.Abs(before)), "#,##0.0%", locale)
	}
}

func toneOf(good, direction string) Tone {
	switch good {
	case "":
		return ToneNone
	case direction:
		return ToneGood
	default:
		return ToneBad
	}
}

// ShowFigure returns a single figure as every medium shows it; "" for a missing one.
func ShowFigure(v expr.Value, format, locale string) string {
	if !v.Valid {
		return ""
	}
	if format == "" {
		format = expr.DefaultFormat(v.Type, "", locale)
	}
	return expr.Display(v, format, locale)
}
