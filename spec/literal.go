package spec

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// literalValue converts a value from a file to a type. The problem, where there is one, ends a sentence
// that begins with "the value", such as `is "x", and a whole number is wanted`.
func literalValue(n *tree.Node, t expr.Type, list bool) (v expr.Value, problem string) {
	if !list {
		return scalarValue(n, t)
	}
	if n.Kind != tree.List {
		if _, wrong := scalarValue(n, t); wrong != "" {
			if parts, ok := unbracketed(n, t); ok {
				return expr.Value{}, fmt.Sprintf("is the text %q, and a list is wanted: write %s", n.Text, parts)
			}
			return expr.Value{}, fmt.Sprintf("is %s, and a list is wanted", n.Describe())
		}
		return expr.Value{}, fmt.Sprintf("is no list: write [%s]", n.Text)
	}
	items := make([]expr.Value, len(n.Items))
	for i, item := range n.Items {
		if items[i], problem = scalarValue(item, t); problem != "" {
			return expr.Value{}, fmt.Sprintf("is wrong at item %d, which %s", i+1, problem)
		}
	}
	v = expr.ListValue(items...)
	return v, ""
}

// unbracketed writes a text such as 1, 3 as the list that was likely meant.
func unbracketed(n *tree.Node, t expr.Type) (string, bool) {
	parts := strings.Split(n.Text, ",")
	if n.Kind != tree.String || len(parts) < 2 {
		return "", false
	}
	for i, part := range parts {
		parts[i] = strings.TrimSpace(part)
		item := tree.Node{Kind: tree.CoreKind(parts[i]), Text: parts[i]}
		if _, problem := scalarValue(&item, t); problem != "" {
			return "", false
		}
	}
	return "[" + strings.Join(parts, ", ") + "]", true
}

// scalarValue converts one value that is no list.
func scalarValue(n *tree.Node, t expr.Type) (expr.Value, string) {
	none := func() (expr.Value, string) {
		return expr.Value{}, fmt.Sprintf("is %s, and %s is wanted", n.Describe(), wanted(t))
	}
	if !n.IsScalar() {
		return none()
	}
	if n.Kind == tree.String && !n.Plain && n.TextAt != nil {
		bare := tree.Node{Kind: tree.CoreKind(n.Text), Text: n.Text}
		if v, problem := scalarValue(&bare, t); t != expr.Any && bare.Kind != tree.String && problem == "" && v.Type == t {
			_, problem = none()
			return expr.Value{}, problem + ": write it without quotes, " + n.Text
		}
	}
	switch t {
	case expr.Any:
		return untypedValue(n), ""
	case expr.Text, expr.Period:
		if n.Kind != tree.String {
			return expr.Value{}, fmt.Sprintf("is %s, and a text is wanted: write it in quotes, \"%s\"", n.Describe(), n.Text)
		}
		return expr.TextValue(n.Text), ""
	case expr.Integer:
		if i, ok := n.Integer(); ok {
			return expr.IntegerValue(i), ""
		}
	case expr.Decimal:
		if d, err := decimal.Parse(n.Text); err == nil && (n.Kind == tree.Int || n.Kind == tree.Float) {
			return expr.DecimalValue(d), ""
		}
	case expr.Percent, expr.Ratio:
		if f, ok := n.Number(); ok && !math.IsNaN(f) && !math.IsInf(f, 0) {
			if t == expr.Percent {
				return expr.PercentValue(f), ""
			}
			return expr.RatioValue(f), ""
		}
	case expr.Boolean:
		if b, ok := n.Boolean(); ok {
			return expr.BooleanValue(b), ""
		}
	case expr.Duration:
		if length, err := time.ParseDuration(n.Text); err == nil && n.Kind == tree.String {
			return expr.DurationValue(length), ""
		}
	case expr.Date:
		if day, err := time.Parse(time.DateOnly, n.Text); err == nil && n.Kind == tree.String {
			return expr.DateValue(day), ""
		}
	case expr.DateTime:
		for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", time.DateOnly} {
			if at, err := time.Parse(layout, n.Text); err == nil && n.Kind == tree.String {
				return expr.DateTimeValue(at), ""
			}
		}
	}
	return none()
}

// untypedValue takes a value as it is written.
func untypedValue(n *tree.Node) expr.Value {
	for _, t := range map[tree.Kind][]expr.Type{
		tree.Bool: {expr.Boolean}, tree.Int: {expr.Integer, expr.Decimal}, tree.Float: {expr.Decimal},
	}[n.Kind] {
		if v, problem := scalarValue(n, t); problem == "" {
			return v
		}
	}
	return expr.TextValue(n.Text)
}

// wanted names a type for people, with an example where its notation is not plain.
func wanted(t expr.Type) string {
	switch t {
	case expr.Integer:
		return "a whole number"
	case expr.Decimal, expr.Percent, expr.Ratio:
		return "a number"
	case expr.Boolean:
		return "true or false"
	case expr.Duration:
		return "a length of time such as 30s or 5m"
	case expr.Date:
		return "a date such as 2026-11-01"
	case expr.DateTime:
		return "a date and time such as 2026-11-01 08:00"
	case expr.Any:
		return "a single value"
	default:
		return "a " + expr.TypeName(t)
	}
}
