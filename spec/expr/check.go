package expr

import (
	"fmt"
	"slices"
)

// Check resolves names and types against what exists at the expression's place, and gives the type of its value.
// What is of type Any fits everywhere and is decided when it is evaluated. The branch that evaluation takes may be
// narrower than the type that covers both: [Convert] widens it.
func (e *Expr) Check(names Names) (Type, *Fault) {
	k, f := e.root.check(names)
	return k.Type, f
}

func (n *literal) check(Names) (kind, *Fault) {
	items := kind{missing: true}
	for _, item := range n.v.Items {
		items, _ = unify(items, kind{Type: item.Type, missing: item.Type == Any}) // they fit: the list was checked
	}
	return kind{Type: n.v.Type, elem: items.Type, missing: n.v.Type == Any}, nil
}

func (n *list) check(names Names) (kind, *Fault) {
	all := kind{missing: true}
	for i, x := range n.items {
		k, f := x.check(names)
		if f != nil {
			return kind{}, f
		}
		if k.Type == List || k.Type == Map {
			return kind{}, x.at().fault(wrongType, "A list holds single values, not %s.", an(k.Type))
		}
		joint, ok := unify(all, k)
		if !ok {
			return kind{}, x.at().fault(wrongType, "Item %d of the list is %s, while the items before it are of type %s.",
				i+1, an(k.Type), all.Type)
		}
		all = joint
	}
	return kind{Type: List, elem: all.Type}, nil
}

func (n *item) check(names Names) (kind, *Fault) {
	l, i, f := checkBoth(names, n.list, n.number)
	switch {
	case f != nil:
		return kind{}, f
	case l.Type != List && l.Type != Any:
		return kind{}, notList(n.list, l.Type)
	case i.Type != Integer && i.Type != Any:
		return kind{}, n.number.at().fault(wrongType, "An item of a list is chosen by an integer, not by %s.", an(i.Type))
	}
	return kind{Type: l.elem}, nil
}

func checkBoth(names Names, left, right node) (l, r kind, f *Fault) {
	if l, f = left.check(names); f == nil {
		r, f = right.check(names)
	}
	return l, r, f
}

func (n *arithmetic) check(names Names) (kind, *Fault) {
	l, r, f := checkBoth(names, n.left, n.right)
	if f != nil {
		return kind{}, f
	}
	t, ok := n.op.arithmetic(l.Type, r.Type)
	if !ok {
		return kind{}, n.misfit(l.Type, r.Type)
	}
	return kind{Type: t}, nil
}

func (n *negation) check(names Names) (kind, *Fault) {
	k, f := n.x.check(names)
	if f == nil && k.Type != Any && !negatable.has(k.Type) {
		f = n.misfit(k.Type)
	}
	return k, f
}

func (n *not) check(names Names) (kind, *Fault) {
	return kind{Type: Boolean}, checkConditions(names, n.x)
}

func (n *logic) check(names Names) (kind, *Fault) {
	return kind{Type: Boolean}, checkConditions(names, n.left, n.right)
}

func checkConditions(names Names, xs ...node) *Fault {
	for _, x := range xs {
		k, f := x.check(names)
		if f != nil {
			return f
		}
		if k.Type != Boolean && k.Type != Any {
			return notCondition(x, k.Type)
		}
	}
	return nil
}

func (n *choice) check(names Names) (kind, *Fault) {
	if f := checkConditions(names, n.cond); f != nil {
		return kind{}, f
	}
	one, other, f := checkBoth(names, n.one, n.other)
	if f != nil {
		return kind{}, f
	}
	k, ok := unify(one, other)
	if !ok {
		f = n.other.at().fault(wrongType, "This is %s, but the other branch is %s: both must be of one type.",
			an(other.Type), an(one.Type))
	}
	return k, f
}

func (n *coalesce) check(names Names) (kind, *Fault) {
	all := kind{missing: true}
	for _, x := range n.values {
		k, f := x.check(names)
		if f != nil {
			return kind{}, f
		}
		joint, ok := unify(all, k)
		if !ok {
			return kind{}, x.at().fault(wrongType, "This is %s, but what it stands in for is %s: both must be of one type.",
				an(k.Type), an(all.Type))
		}
		all = joint
	}
	return all, nil
}

func (n *comparison) check(names Names) (kind, *Fault) {
	l, r, f := checkBoth(names, n.left, n.right)
	if f != nil {
		return kind{}, f
	}
	for _, side := range []kind{l, r} {
		if side.missing {
			return kind{}, n.fault(wrongType, "A comparison with nil is never true, as in SQL. Write missing(x), or not missing(x).")
		}
	}
	if !n.fits(l.Type, r.Type) {
		return kind{}, n.misfit(l.Type, r.Type)
	}
	return kind{Type: Boolean}, nil
}

func (n *membership) check(names Names) (kind, *Fault) {
	v, l, f := checkBoth(names, n.value, n.list)
	switch {
	case f != nil:
		return kind{}, f
	case l.Type != List && l.Type != Any:
		return kind{}, notList(n.list, l.Type)
	case l.Type == List && !comparable(v.Type, l.elem):
		return kind{}, n.misfit(v.Type, l.elem)
	}
	return kind{Type: Boolean}, nil
}

func (n *textTest) check(names Names) (kind, *Fault) {
	for _, x := range []node{n.left, n.right} {
		if f := checkText(names, x, n.test.name); f != nil {
			return kind{}, f
		}
	}
	return kind{Type: Boolean}, nil
}

func (n *matches) check(names Names) (kind, *Fault) {
	return kind{Type: Boolean}, checkText(names, n.text, "matches")
}

func checkText(names Names, x node, operator string) *Fault {
	k, f := x.check(names)
	if f == nil && k.Type != Text && k.Type != Any {
		f = notText(x, operator, k.Type)
	}
	return f
}

func (n *call) check(names Names) (kind, *Fault) {
	kinds := make([]kind, len(n.args))
	for i, x := range n.args {
		k, f := x.check(names)
		if f != nil {
			return kind{}, f
		}
		if k.Type != Any && !n.f.accepts(i).has(k.Type) {
			return kind{}, n.misfit(i, k.Type)
		}
		kinds[i] = k
	}
	if n.f.joint {
		all := kinds[0]
		for i, k := range kinds {
			joint, ok := unify(all, k)
			if !ok {
				return kind{}, n.args[i].at().fault(wrongType, "This is %s, but the values before it are of type %s: %s compares values of one kind.",
					an(k.Type), all.Type, n.f.name)
			}
			all = joint
		}
		return all, nil
	}
	switch {
	case n.f.result == List:
		return kind{Type: List, elem: Text}, nil
	case n.f.result != Any:
		return kind{Type: n.f.result}, nil
	default:
		return kinds[0], nil
	}
}

func (n *aggregate) check(names Names) (kind, *Fault) {
	if n.arg == nil {
		return kind{Type: Integer}, nil
	}
	if n.f.name == "rows" {
		return kind{Type: Integer}, n.arg.checkTable(names)
	}
	t, f := n.arg.checkColumn(names, n.f.name)
	if f != nil {
		return kind{}, f
	}
	if t != Any && !n.f.accepts(0).has(t) {
		detail := fmt.Sprintf("%s takes %s, and %s is %s.", n.f.name, n.f.accepts(0).describe(), n.arg, an(t))
		if shares.has(t) {
			detail = fmt.Sprintf("%s is %s, and percents and ratios do not add up by themselves. Use total(%s), which follows the column's own rule.",
				n.arg, an(t), n.arg)
		}
		return kind{}, n.arg.fault(wrongType, "%s", detail)
	}
	switch {
	case n.f.result != Any:
		return kind{Type: n.f.result}, nil
	case t == Integer && (n.f.name == "avg" || slices.Contains(percentiles, n.f)): // between two whole numbers
		return kind{Type: Decimal}, nil
	default:
		return kind{Type: t}, nil
	}
}
