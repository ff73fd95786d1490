package outputs

import "github.com/reportform/reportform/spec/expr"

// Highlight marks cells of a column by their values. One of Bars, Scale and Rules is set.
type Highlight struct {
	// Bars draws a bar in each cell, as long as its value.
	Bars bool
	// Scale colours each cell between the least and the greatest value. Good says which of them is good ("up", "down");
	// empty colours from the paper to the accent.
	Scale bool
	Good  string
	// Rules are thresholds; the first that holds counts.
	Rules []HighlightRule
}

// HighlightRule marks the values between bounds that are set; a missing bound (not Valid) is none.
type HighlightRule struct {
	Above, AtLeast, Below, AtMost expr.Value // of the column's type
	// As is good, warning or bad.
	As Tone
}

// Tone is what a mark says of a figure.
type Tone string

// The tones, each with its colour in a [Theme].
const (
	ToneNone    Tone = ""
	ToneGood    Tone = "good"
	ToneWarning Tone = "warning"
	ToneBad     Tone = "bad"
)

// Tone returns what the rules say of a value; none for a missing one.
func (h *Highlight) Tone(v expr.Value) Tone {
	if h == nil || !v.Valid {
		return ToneNone
	}
	x := Plot(v)
	for _, r := range h.Rules {
		if holds(r.Above, func(b float64) bool { return x > b }) && holds(r.AtLeast, func(b float64) bool { return x >= b }) &&
			holds(r.Below, func(b float64) bool { return x < b }) && holds(r.AtMost, func(b float64) bool { return x <= b }) {
			return r.As
		}
	}
	return ToneNone
}

func holds(bound expr.Value, test func(float64) bool) bool { return !bound.Valid || test(Plot(bound)) }
