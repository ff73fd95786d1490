package expr

import "slices"

// Call is an aggregate function over a column, as [Env.Aggregate] is asked for it. count() has no path.
type Call struct {
	Fn   string
	Path []string
}

// Aggregates returns the aggregate functions that the expression may ask for, each call once, in the order of the text.
// Which of them an evaluation asks for depends on values: a condition takes one branch.
func (e *Expr) Aggregates() []Call {
	var out []Call
	walk(e.root, func(n node) {
		a, ok := n.(*aggregate)
		if !ok {
			return
		}
		c := a.asked()
		if !slices.ContainsFunc(out, func(known Call) bool { return known.Fn == c.Fn && slices.Equal(known.Path, c.Path) }) {
			out = append(out, c)
		}
	})
	return out
}

// Aggregate returns the aggregate function that the expression is, with nothing beside it.
func (e *Expr) Aggregate() (Call, bool) {
	a, ok := e.root.(*aggregate)
	if !ok {
		return Call{}, false
	}
	return a.asked(), true
}

func (n *aggregate) asked() Call {
	c := Call{Fn: n.fn}
	if n.arg != nil {
		c.Path = slices.Clone(n.arg.path)
	}
	return c
}
