package expr

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Doubts are mistakes that no type forbids: a share compared with points, points compared with a share, a share that is
// multiplied by 100 to be shown, and a percentile of averages. They are to be warned of; the names are those of [Expr.Check].
func (e *Expr) Doubts(names Names) []*Fault {
	var out []*Fault
	walk(e.root, func(n node) {
		switch n := n.(type) {
		case *comparison:
			for _, sides := range [][2]node{{n.left, n.right}, {n.right, n.left}} {
				if f := doubtful(names, sides[0], sides[1]); f != nil {
					out = append(out, f)
				}
			}
		case *aggregate:
			if f := n.ofAverages(names); f != nil {
				out = append(out, f)
			}
		}
	})
	if f := e.percentage(names); f != nil {
		out = append(out, f)
	}
	return out
}

// doubtful says what is wrong with comparing a share with a constant. What was multiplied by the author has a scale of
// its own.
func doubtful(names Names, share, constant node) *Fault {
	c, ok := constant.(*literal)
	if _, scaled := share.(*arithmetic); !ok || scaled || !c.v.Valid || !numbers.has(c.v.Type) {
		return nil
	}
	k, f := share.check(names)
	if f != nil {
		return nil //nolint:nilerr // check has told it
	}
	switch x := asFloat(&c.v); {
	case k.Type == Ratio && math.Abs(x) > 1:
		advice := "For more than the whole divide plainly: a / b."
		if x < 0 {
			advice = ""
		}
		if math.Abs(x) <= 100 {
			advice = strings.TrimSpace(fmt.Sprintf("For %s%% write %s. %s", Plain(c.v), number64(x/100), advice))
		}
		return c.fault(wrongScale, "A ratio is a share of 1, so that %s means %s%%. %s", Plain(c.v), number64(x*100), advice)
	case k.Type == Percent && x != 0 && math.Abs(x) < 1:
		return c.fault(wrongScale, "A percent is in points, 0 to 100, so that %s means less than one of a hundred. For %s%% write %s.",
			Plain(c.v), number64(x*100), number64(x*100))
	}
	return nil
}

// percentage finds an expression that is wholly a ratio times 100.
func (e *Expr) percentage(names Names) *Fault {
	n, ok := e.root.(*arithmetic)
	if !ok || n.op != mul {
		return nil
	}
	for _, sides := range [][2]node{{n.left, n.right}, {n.right, n.left}} {
		c, ok := sides[1].(*literal)
		if !ok || !c.v.Valid || !numbers.has(c.v.Type) || asFloat(&c.v) != 100 {
			continue
		}
		if k, f := sides[0].check(names); f == nil && k.Type == Ratio {
			return n.fault(wrongScale, "A ratio is shown as a percentage already: 0.8 as 80%%. Times 100 it is shown as 8,000%%, and loses its own rule for totals. Leave the 100 out.")
		}
	}
	return nil
}

// number64 writes a number as short as it can be.
func number64(x float64) string {
	const digits = 12 // what computing with binary fractions leaves behind lies further on
	text := strconv.FormatFloat(x, 'g', digits, 64)
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return text
}

// walk visits a part of an expression and all that is in it.
func walk(n node, visit func(node)) {
	visit(n)
	for _, inner := range parts(n) {
		walk(inner, visit)
	}
}

// parts are the operands of a part of an expression. Constants and names have none.
func parts(n node) []node {
	switch n := n.(type) {
	case *list:
		return n.items
	case *item:
		return []node{n.list, n.number}
	case *arithmetic:
		return []node{n.left, n.right}
	case *negation:
		return []node{n.x}
	case *not:
		return []node{n.x}
	case *logic:
		return []node{n.left, n.right}
	case *choice:
		return []node{n.cond, n.one, n.other}
	case *coalesce:
		return n.values
	case *call:
		return n.args
	case *comparison:
		return []node{n.left, n.right}
	case *membership:
		return []node{n.value, n.list}
	case *textTest:
		return []node{n.left, n.right}
	case *matches:
		return []node{n.text}
	}
	return nil
}
