package spec

import (
	"slices"

	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// highlightWords mark a whole column.
var highlightWords = []string{"bars", "scale", "high_is_good", "low_is_good"}

// highlight decodes how cells of a column are marked: by a word, or by a list of thresholds.
func (d *decoder) highlight(n *tree.Node, column string, ds *Dataset, s scope) *Highlight {
	if n == nil {
		return nil
	}
	defer d.in("highlight")()
	h := &Highlight{Range: n.At}
	t, _ := ds.typeOf(column)
	if t != expr.Any && !isNumber(t) && t != expr.Duration {
		d.fault(n.At, "not-marked", "Not a figure", "Figures are marked by their values, and the column %q is of type %s.", column, expr.TypeName(t))
		return nil
	}
	if n.Kind != tree.List {
		h.Word = d.text(n)
		if !slices.Contains(highlightWords, h.Word) && !d.misfit(n) {
			d.fault(n.At, "unknown-word", "Unknown word", "%q marks nothing.%s A list of thresholds is written as:\n\n    highlight: [{below: 0.8, as: bad}]", h.Word, suggest(h.Word, highlightWords))
		}
		return h
	}
	for _, item := range n.Items {
		rule := &HighlightRule{As: d.text(item.Get("as")), Range: item.At}
		for _, b := range []struct {
			key  string
			into **Expression
		}{{"above", &rule.Above}, {"at_least", &rule.AtLeast}, {"below", &rule.Below}, {"at_most", &rule.AtMost}} {
			*b.into = d.bound(item.Get(b.key), column, t, s)
		}
		if rule.Above == nil && rule.AtLeast == nil && rule.Below == nil && rule.AtMost == nil && !d.misfit(item) {
			d.fault(item.At, "missing-key", "Missing key", "A threshold says from where to where it marks: it has one of \"above\", \"at_least\", \"below\" and \"at_most\", or one of each side.")
		}
		h.Rules = append(h.Rules, rule)
	}
	return h
}

// bound decodes a threshold, which is of the column's kind.
func (d *decoder) bound(n *tree.Node, column string, of expr.Type, s scope) *Expression {
	e, t := d.single(n, s)
	if e == nil {
		return nil
	}
	switch {
	case t == expr.Any || of == expr.Any:
	case of == expr.Duration && t != expr.Duration:
		d.fault(e.Range, "wrong-type", "Wrong type", "The column %q is a duration, and this is %s. Write a length of time: duration(\"5m\")", column, wanted(t))
	case of != expr.Duration && !isNumber(t):
		d.fault(e.Range, "wrong-type", "Wrong type", "The column %q is %s, and this is %s. Write a number.", column, wanted(of), wanted(t))
	}
	return e
}
