package spec

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// literal returns the text of a scalar whose value is needed while loading. Only ${var.NAME} can stand in such a
// field, and was put in by now; anything else in ${…} is reported.
func (d *decoder) literal(n *tree.Node) (string, bool) {
	if !n.IsScalar() || d.misfit(n) {
		return "", false
	}
	if n.Kind != tree.String || !strings.Contains(n.Text, "${") {
		return n.Text, true
	}
	t := d.template(n, d.loadScope())
	if t == nil {
		return "", false
	}
	v, fault := t.Eval(loadEnv{variables: d.values})
	if fault != nil {
		d.diags.Add(*fault)
		return "", false
	}
	// A variable without a value was reported where it is declared.
	return expr.Plain(v), v.Valid
}

// text reads a string that is no template.
func (d *decoder) text(n *tree.Node) string {
	s, _ := d.literal(n)
	return s
}

func (d *decoder) textOr(n *tree.Node, otherwise string) string {
	if s, ok := d.literal(n); ok {
		return s
	}
	return otherwise
}

// texts reads a list of strings, or one string.
func (d *decoder) texts(n *tree.Node) []string {
	if n == nil {
		return nil
	}
	if n.Kind != tree.List {
		if s, ok := d.literal(n); ok {
			return []string{s}
		}
		return nil
	}
	out := make([]string, 0, len(n.Items))
	for _, item := range n.Items {
		if s, ok := d.literal(item); ok {
			out = append(out, s)
		}
	}
	return out
}

func (d *decoder) flag(n *tree.Node, otherwise bool) bool {
	if _, ok := d.literal(n); !ok {
		return otherwise
	}
	if value, ok := n.Boolean(); ok {
		return value
	}
	return otherwise
}

func (d *decoder) whole(n *tree.Node) int64 {
	s, ok := d.literal(n)
	if !ok {
		return 0
	}
	i, err := strconv.ParseInt(s, 0, 64)
	if err != nil {
		d.fault(n.At, "wrong-type", "Wrong type", "A whole number is wanted here, and this is %q.", s)
	}
	return i
}

func (d *decoder) number(n *tree.Node) float64 {
	s, ok := d.literal(n)
	if !ok {
		return 0
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		d.fault(n.At, "wrong-type", "Wrong type", "A number is wanted here, and this is %q.", s)
	}
	return f
}

// length reads a time such as 30s, 5m or 1h30m.
func (d *decoder) length(n *tree.Node) time.Duration {
	s, ok := d.literal(n)
	if !ok {
		return 0
	}
	t, err := time.ParseDuration(s)
	if err != nil || t <= 0 {
		d.fault(n.At, "bad-duration", "Not a length of time", "%q is no length of time. Write a number with its unit: 500ms, 30s, 5m, 1h30m.", s)
		return 0
	}
	return t
}

var sizePattern = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?) ?(|B|kB|MB|GB|KiB|MiB|GiB)$`)

var sizeUnits = map[string]float64{
	"": 1, "B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
}

// size reads a number of bytes such as 25MB or 64MiB.
func (d *decoder) size(n *tree.Node) int64 {
	s, ok := d.literal(n)
	if !ok {
		return 0
	}
	m := sizePattern.FindStringSubmatch(s)
	if m == nil {
		d.fault(n.At, "bad-size", "Not a size", "%q is no size. Write a number of bytes or one with its unit: 500kB, 25MB, 64MiB.", s)
		return 0
	}
	f, err := strconv.ParseFloat(m[1], 64)
	if bytes := f * sizeUnits[m[2]]; err == nil && bytes >= 1 && bytes < math.MaxInt64/2 {
		return int64(bytes)
	}
	d.fault(n.At, "bad-size", "Not a size", "%q is out of bounds for a size.", s)
	return 0
}

var ratePattern = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)/(s|m|min|h)$`)

var rateUnits = map[string]float64{"s": 1, "m": 60, "min": 60, "h": 3600}

// rate reads requests over time, such as 5/s or 100/m, as requests a second.
func (d *decoder) rate(n *tree.Node) float64 {
	s, ok := d.literal(n)
	if !ok {
		return 0
	}
	m := ratePattern.FindStringSubmatch(s)
	if m != nil {
		if f, err := strconv.ParseFloat(m[1], 64); err == nil && f > 0 {
			return f / rateUnits[m[2]]
		}
	}
	d.fault(n.At, "bad-rate", "Not a rate", "%q is no rate. Write requests per second, minute or hour: 5/s, 100/min, 1000/h.", s)
	return 0
}

// timeOfDay reads 07:00 as a time since midnight.
func (d *decoder) timeOfDay(n *tree.Node) time.Duration {
	s, ok := d.literal(n)
	if !ok {
		return 0
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		d.fault(n.At, "bad-time", "Not a time of day", "%q is no time of day. Write hours and minutes in quotes: \"07:00\".", s)
		return 0
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
}

// format decodes a number format in Excel's notation, which every medium must be able to show.
func (d *decoder) format(n *tree.Node) string {
	text := d.text(n)
	if text == "" {
		return ""
	}
	if _, err := expr.ParseFormat(text); err != nil {
		d.fault(n.At, "bad-format", "Not a number format", "%q cannot be shown: %s", text, sentence(err.Error()))
		return ""
	}
	return text
}
