package spec

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// columns decodes declared columns over those that are there, and checks that the columns their totals name exist.
func (d *decoder) columns(n *tree.Node, over []*SourceColumn) []*SourceColumn {
	out := slices.Clone(over)
	for _, e := range n.All() {
		done := d.in("columns", e.Key)
		i := slices.IndexFunc(out, func(c *SourceColumn) bool { return c.Field.Name == e.Key })
		if i < 0 {
			out = append(out, d.column(e, SourceColumn{Field: table.Field{Name: e.Key, Type: expr.Text}}))
		} else {
			out[i] = d.column(e, *out[i])
		}
		done()
	}
	known := make([]string, len(out))
	for i, c := range out {
		known[i] = c.Field.Name
	}
	for _, e := range n.All() {
		i := slices.Index(known, e.Key)
		if i < 0 {
			continue
		}
		done := d.in("columns", e.Key)
		if total := e.Value.Get("total"); total != nil {
			for _, name := range totalColumns(out[i].Field.Total) {
				d.declared(name, total, known)
			}
			own := table.Total{}
			if j := slices.IndexFunc(over, func(c *SourceColumn) bool { return c.Field.Name == e.Key }); j >= 0 {
				own = over[j].Field.Total
			}
			d.checkSum(total, out[i].Field, out[i].Field.Total, own)
		}
		for _, part := range e.Value.Get("sum_of").List() {
			name := d.text(part)
			d.declared(name, part, known)
			if j := slices.Index(known, name); j >= 0 && out[j].Field.Type != expr.Integer {
				d.fault(part.At, "wrong-type", "Wrong type", "Only integer columns can be added into one, and %q is %s.", name, wanted(out[j].Field.Type))
			}
		}
		done()
	}
	return out
}

// declared checks that a column which another one refers to is there.
func (d *decoder) declared(name string, at *tree.Node, known []string) {
	if !slices.Contains(known, name) {
		d.fault(at.At, "unknown-column", "Unknown column", "There is no declared column %q.%s", name, suggest(name, known))
	}
}

// column decodes one column over c.
func (d *decoder) column(e tree.Entry, c SourceColumn) *SourceColumn {
	n := e.Value
	c.Range, c.Field.Unasked = e.KeyAt, false
	if t := n.Get("type"); t != nil {
		c.Field.Type, _ = d.typeOf(t)
	}
	c.Path = d.textOr(n.Get("path"), c.Path)
	c.Unit = d.textOr(n.Get("unit"), c.Unit)
	if format := d.format(n.Get("format")); format != "" {
		c.Field.Format = format
	}
	c.Field.Grain = d.textOr(n.Get("grain"), c.Field.Grain)
	if parts := n.Get("sum_of"); parts != nil {
		c.SumOf = d.texts(parts)
	}
	c.Field.Hidden = d.flag(n.Get("hidden"), c.Field.Hidden)
	c.Optional = d.flag(n.Get("optional"), c.Optional)
	if personal := n.Get("personal"); personal != nil {
		c.Personal = d.flag(personal, c.Personal)
		if c.Personal && c.Field.Type != expr.Text && c.Field.Type != expr.Integer {
			d.fault(personal.At, "wrong-type", "Wrong type", "Values can be made up for texts and whole numbers, and %q is %s.", e.Key, wanted(c.Field.Type))
		}
	}
	c.Description = d.textOr(n.Get("description"), c.Description)
	c.Certainty = d.textOr(n.Get("certainty"), c.Certainty)
	if total := n.Get("total"); total != nil {
		c.Field.Total = d.total(total)
	}
	if label := n.Get("label"); label != nil {
		c.Field.Label, c.Labels = "", maps.Clone(c.Labels)
		if label.Kind == tree.Map {
			c.Labels = map[string]string{}
			for _, l := range label.Entries {
				c.Labels[l.Key] = d.text(l.Value)
			}
		} else {
			c.Field.Label, c.Labels = d.text(label), nil
		}
	}
	return &c
}

// label is the column's label in a locale, English where that locale has none.
func (c *SourceColumn) label(locale string) string {
	for _, l := range []string{locale, "en"} {
		if text := c.Labels[l]; text != "" {
			return text
		}
	}
	return c.Field.Label
}

var totalPattern = regexp.MustCompile(`^(ratio|weighted)\(\s*([^,()\s]+)\s*(?:,\s*([^,()\s]+)\s*)?\)$`)

var totalKinds = map[string]table.TotalKind{
	"none": table.TotalNone, "sum": table.TotalSum, "min": table.TotalMin, "max": table.TotalMax, "last": table.TotalLast,
}

// total reads how a column adds up: sum, min, max, last, none, ratio(num, den), weighted(col).
func (d *decoder) total(n *tree.Node) table.Total {
	text, ok := d.literal(n)
	if !ok {
		return table.Total{}
	}
	if k, ok := totalKinds[text]; ok {
		return table.Total{Kind: k}
	}
	m := totalPattern.FindStringSubmatch(text)
	switch {
	case m != nil && m[1] == "ratio" && m[3] != "":
		return table.Total{Kind: table.TotalRatio, Num: m[2], Den: m[3]}
	case m != nil && m[1] == "weighted" && m[3] == "":
		return table.Total{Kind: table.TotalWeighted, Weight: m[2]}
	}
	d.fault(n.At, "bad-total", "Not a rule for totals", "%q is no rule. Write one of sum, min, max, last, none, ratio(numerator, denominator) and weighted(column).", text)
	return table.Total{}
}

// checkSum refuses to add up what does not add up: percents and ratios, and averages, by the rule that the column has of
// its own.
func (d *decoder) checkSum(at *tree.Node, f table.Field, rule, own table.Total) {
	share := f.Type == expr.Percent || f.Type == expr.Ratio
	if rule.Kind != table.TotalSum || !share && !own.Recomputed() {
		return
	}
	what, example := "averages", "two rows of 3 minutes would come out as 6"
	if share {
		what, example = "shares", "two rows of 80% would come out as 160%"
	}
	advice := "Say what its total is made of, such as ratio(answered, incoming) or weighted(incoming), or write min, max, last or none."
	if own.Recomputed() {
		advice = fmt.Sprintf("Leave total out, so that the column's own rule holds: %s. Else write min, max, last or none.", own.Rule())
	}
	d.fault(at.At, "wrong-total", "Wrong total", "The values of %q are %s, and their sum means nothing: %s. %s", f.Name, what, example, advice)
}

// totalColumns are the columns that a rule refers to.
func totalColumns(t table.Total) []string {
	switch t.Kind {
	case table.TotalRatio:
		return []string{t.Num, t.Den}
	case table.TotalWeighted:
		return []string{t.Weight}
	}
	return nil
}
