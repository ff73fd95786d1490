package reporttest

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// Failure is one thing that came out otherwise than expected.
type Failure struct {
	spec.Expectation
	// Got is what came out, in the form that was expected; Beside the other one: how readers see it, or what it is exactly.
	Got, Beside string
	// Why is there instead where there was nothing to compare.
	Why string
	// written is what came out, as the file says it; items are several texts.
	written string
	items   []string
}

// compare holds what came out against a test.
func (s Seen) compare(test *spec.Test) []Failure {
	var failures []Failure
	allowed := false
	for _, x := range test.Expect {
		allowed = allowed || x.About == spec.AboutOutcome || x.About == spec.AboutDiagnostics
		f, why := s.look(x)
		switch {
		case why != "":
			failures = append(failures, Failure{Expectation: x, Why: why})
		case !holds(x, f):
			failures = append(failures, f.failure(x))
		}
	}
	if c := s.blocked(); c != nil && !allowed {
		x := spec.Expectation{About: spec.AboutOutcome, Want: spec.Want{Text: "sent", Range: test.Range}}
		failures = append(failures, Failure{Expectation: x, Why: "blocked: " + c.Reason})
	}
	return failures
}

// blocked is the first delivery that an error holds back; nil where there is none.
func (s Seen) blocked() *runner.Change {
	for _, c := range s.changes {
		if c.Action == runner.Blocked {
			return c
		}
	}
	return nil
}

// holds reports whether an expectation is met.
func holds(x spec.Expectation, f figure) bool {
	if x.About == spec.AboutReason {
		return strings.Contains(f.value.Str, x.Want.Text)
	}
	return matches(x.Want, f)
}

// matches reports whether a value is what is wanted.
func matches(w spec.Want, f figure) bool {
	v := f.value
	switch {
	case f.list || w.Form == spec.WantList:
		wanted := w.Items
		if w.Form != spec.WantList {
			wanted = []string{w.Text}
		}
		return f.list && slices.Equal(slices.Sorted(slices.Values(wanted)), f.items)
	case w.Form == spec.WantMissing:
		return !v.Valid
	case w.Shown:
		return w.Text == f.shown
	case !v.Valid:
		return false
	case w.Form == spec.WantBoolean:
		return v.Type == expr.Boolean && expr.Plain(v) == strings.ToLower(w.Text)
	case w.Text == exact(v):
		return true
	case w.Form == spec.WantText:
		return !w.Value && w.Text == f.shown
	}
	return equal(w.Text, v)
}

// equal compares a number as it is written with a value. Shares are computed, so that their last digits are nobody's word.
func equal(text string, v expr.Value) bool {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return false
	}
	switch v.Type {
	case expr.Integer, expr.Decimal:
		a, err := decimal.Parse(text)
		b, err2 := decimal.Parse(expr.Plain(v))
		return err == nil && err2 == nil && a.Cmp(b) == 0
	case expr.Percent, expr.Ratio:
		return math.Abs(number-v.Float) <= 1e-9*max(1, math.Abs(v.Float))
	case expr.Duration:
		return math.Abs(number*1e6-float64(v.Int)) < 1
	default:
		return false
	}
}

// exact writes a value so that it is the same when it is read.
func exact(v expr.Value) string {
	if v.Type == expr.Percent || v.Type == expr.Ratio {
		return strconv.FormatFloat(v.Float, 'f', -1, 64)
	}
	return expr.Plain(v)
}

// failure says how a figure differs from what was expected, in the form of what stands there.
func (f figure) failure(x spec.Expectation) Failure {
	out := Failure{Expectation: x, Got: exact(f.value), written: literal(f.value)}
	switch w := x.Want; {
	case f.list:
		out.Got, out.written, out.items = flow(f.items), flow(f.items), f.items
	case !f.value.Valid:
		out.Got, out.written = "null", "null"
	case w.Shown, w.Form == spec.WantText && !w.Value && f.shown != "" && f.value.Type != expr.Text && !isPlainForm(w.Text, f.value):
		// Who has written 93.5% wants to go on reading that.
		out.Got, out.Beside, out.written = f.shown, out.Got, text(f.shown)
	default:
		out.Beside = f.shown
	}
	if out.Beside == out.Got || f.value.Type == expr.Integer || f.value.Type == expr.Text {
		out.Beside = ""
	}
	return out
}

// isPlainForm reports whether a text is written as values are, and not as they are shown.
func isPlainForm(text string, v expr.Value) bool {
	switch v.Type {
	case expr.Duration:
		return strings.Contains(text, ".") // else nobody has written parts of a second
	case expr.Date, expr.DateTime, expr.Period, expr.Boolean:
		return strings.Trim(text, "0123456789:- ") == "" || text == "true" || text == "false"
	default:
		return false
	}
}

// literal writes a value into YAML.
func literal(v expr.Value) string {
	switch v.Type {
	case expr.Integer, expr.Decimal, expr.Percent, expr.Ratio, expr.Boolean:
		return exact(v)
	default:
		return text(exact(v))
	}
}

// text is a figure as one reads it.
func (f figure) text() string {
	if f.list {
		return flow(f.items)
	}
	return exact(f.value)
}
