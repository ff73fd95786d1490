package outputs

import (
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

// Change is how a figure differs from the one before it, as every medium shows it.
type Change struct {
	// Text is the difference with its sign: "+12.3%" of a number, "+1.2 pp" of a percent or ratio, "−0:01:05" of a duration.
	Text string
	// Arrow is "▲", "▼" or "●" where nothing changed.
	Arrow string
	// Tone says whether that is good; none where the figure does not say what is.
	Tone Tone
	// Before is the earlier figure as it is shown.
	Before string
}

// Change compares the figure with the one before it; ok is false where one of them is missing, or nothing is to be compared.
// A number that was 0 has no change in percent: its difference is shown as it is.
func (k KPI) Change(locale string) (c Change, ok bool) {
	if k.Before == nil {
		return Change{}, false
	}
	now, before := Plot(k.Value), Plot(*k.Before)
	if !k.Value.Valid || !k.Before.Valid || now != now || before != before {
		return Change{}, false
	}
	words := Words(locale)
	c = Change{Arrow: "●", Before: ShowFigure(*k.Before, k.Format, locale)}
	diff := now - before
	switch k.Value.Type {
	case expr.Percent, expr.Ratio:
		c.Text = signedText(diff, expr.Display(expr.RatioValue(abs(diff)*100), "0.0", locale)+"\u00a0"+words.Points)
	case expr.Duration:
		c.Text = signedText(diff, ShowFigure(expr.Value{Type: expr.Duration, Valid: true, Int: absInt(k.Value.Int - k.Before.Int)}, k.Format, locale))
	default:
		if before == 0 {
			format := k.Format
			if format == "" {
				format = expr.DefaultFormat(k.Value.Type, "", locale)
			}
			c.Text = signedText(diff, expr.Display(expr.RatioValue(abs(diff)), format, locale))
			break
		}
		c.Text = signedText(diff, expr.Display(expr.RatioValue(abs(diff/before)), "0.0%", locale))
	}
	switch {
	case diff > 0:
		c.Arrow, c.Tone = "▲", toneOf(k.Good, "up")
	case diff < 0:
		c.Arrow, c.Tone = "▼", toneOf(k.Good, "down")
	}
	return c, true
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

// signedText puts a sign before a size: a real minus, as long as the plus.
func signedText(diff float64, size string) string {
	switch size = strings.TrimSpace(size); {
	case diff > 0:
		return "+" + size
	case diff < 0:
		return "\u2212" + size
	default:
		return size
	}
}

func abs(x float64) float64 { return max(x, -x) }
func absInt(x int64) int64  { return max(x, -x) }

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
