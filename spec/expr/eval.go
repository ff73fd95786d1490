package expr

import (
	"errors"
	"sync"
)

// node is a part of an expression: it can be checked against names and evaluated.
type node interface {
	at() place
	check(names Names) (kind, *Fault)
	eval(m *machine) (Value, error)
}

// machine is one evaluation. Arguments of functions stand on its stack, so that a row allocates nothing. The stack has
// room for the whole expression from the start and never moves.
type machine struct {
	env   Env
	stack []Value
}

var machines = sync.Pool{New: func() any { return new(machine) }}

// locale is the readers'.
func (m *machine) locale() string {
	if l, ok := m.env.(Localizer); ok {
		return l.Locale()
	}
	return "en"
}

// Eval computes the expression. Its error is a [*Fault] where the values are at fault, and otherwise what env said.
//
// Logic has three values, as in SQL: a comparison with a missing value is a missing boolean, which not leaves missing
// and which a condition takes for false: ask [Value.IsTrue]. Operators and functions on a missing value give a missing
// value, except coalesce, ?? and missing. What is computed from a sensitive value is sensitive.
func (e *Expr) Eval(env Env) (Value, error) {
	m := machines.Get().(*machine)
	m.env = env
	if cap(m.stack) < e.slots {
		m.stack = make([]Value, 0, e.slots)
	}
	v, err := e.root.eval(m)
	m.env, m.stack = nil, m.stack[:0]
	machines.Put(m)
	return v, err
}

// fold computes a part whose operands are constant once, while the expression is read.
func fold(n node, operands []node) (node, *Fault) {
	for _, x := range operands {
		if _, ok := x.(*literal); !ok {
			return n, nil
		}
	}
	if _, f := n.check(nil); f != nil {
		return nil, f
	}
	v, err := n.eval(&machine{stack: make([]Value, 0, len(operands))})
	var f *Fault
	if errors.As(err, &f) {
		return nil, f
	}
	return &literal{n.at(), v}, nil
}

func (p place) at() place { return p }

// literal is a constant.
type literal struct {
	place
	v Value
}

func (n *literal) eval(*machine) (Value, error) { return n.v, nil }

// path is a name with its fields; parts are the places of each.
type path struct {
	place
	path  []string
	parts []place
}

func (n *path) eval(m *machine) (Value, error) { return m.env.Lookup(n.path) }

// list is [a, b, c].
type list struct {
	place
	items []node
}

func (n *list) eval(m *machine) (Value, error) {
	items := make([]Value, len(n.items))
	for i, x := range n.items {
		v, err := x.eval(m)
		if err != nil {
			return Value{}, err
		}
		items[i] = v
	}
	return ListValue(items...), nil
}

// item is list[number], counted from 0; beyond the list it is missing.
type item struct {
	place
	list, number node
}

func (n *item) eval(m *machine) (Value, error) {
	var lv, iv Value
	l, i, err := both(m, n.list, n.number, &lv, &iv)
	switch {
	case err != nil:
		return Value{}, err
	case l.Type != List && l.Type != Any:
		return Value{}, notList(n.list, l.Type)
	case i.Type != Integer && i.Type != Any:
		return Value{}, n.number.at().fault(wrongType, "An item of a list is chosen by an integer, not by %s.", an(i.Type))
	}
	var v Value
	if l.Valid && i.Valid && i.Int >= 0 && i.Int < int64(len(l.Items)) {
		v = l.Items[i.Int]
	}
	v.Sensitive = v.Sensitive || l.Sensitive || i.Sensitive
	return v, nil
}

// both evaluates two operands. Values are large, so that they are handed on by pointer: to a constant itself, or to
// the room that the caller has for them.
func both(m *machine, left, right node, leftRoom, rightRoom *Value) (l, r *Value, err error) {
	if l, err = operand(m, left, leftRoom); err == nil {
		r, err = operand(m, right, rightRoom)
	}
	return l, r, err
}

func operand(m *machine, n node, room *Value) (v *Value, err error) {
	switch n := n.(type) {
	case *literal:
		return &n.v, nil
	case *path:
		*room, err = m.env.Lookup(n.path)
	default:
		*room, err = n.eval(m)
	}
	return room, err
}

// arithmetic is left ∘ right.
type arithmetic struct {
	place
	op          operator
	left, right node
}

func (n *arithmetic) eval(m *machine) (Value, error) {
	var lv, rv Value
	l, r, err := both(m, n.left, n.right, &lv, &rv)
	if err != nil {
		return Value{}, err
	}
	if n.elapses(l, r) {
		l, r = passed(l, r, m.location())
	}
	v, err := n.op.apply(l, r)
	switch {
	case err == nil:
		v.Sensitive = l.Sensitive || r.Sensitive
		return v, nil
	case errors.Is(err, errWrongType):
		return Value{}, n.misfit(l.Type, r.Type)
	default:
		return Value{}, n.fault(codeOf(err), "%s", err.Error())
	}
}

// negation is -x.
type negation struct {
	place
	x node
}

var negatable = figures | types(Duration)

func (n *negation) eval(m *machine) (Value, error) {
	v, err := n.x.eval(m)
	if err != nil || !v.Valid {
		return v, err
	}
	switch {
	case !negatable.has(v.Type):
		return Value{}, n.misfit(v.Type)
	case v.Type == Decimal:
		v.Dec = v.Dec.Neg()
	case v.Int == NoTime: // the least integer has no opposite
		return Value{}, n.fault(overflow, "%s", errTooLarge.Error())
	default:
		v.Int, v.Float = -v.Int, -v.Float
	}
	return v, nil
}

// not is the opposite of a condition; that of a missing one is missing.
type not struct {
	place
	x node
}

func (n *not) eval(m *machine) (Value, error) {
	var v Value
	err := condition(m, n.x, &v)
	if err == nil && v.Valid {
		v.Int = 1 - v.Int
	}
	return v, err
}

// condition evaluates what must be a boolean into v.
func condition(m *machine, x node, v *Value) (err error) {
	*v, err = x.eval(m)
	if err == nil && v.Type != Boolean {
		if v.Type != Any || v.Valid {
			return notCondition(x, v.Type)
		}
		v.Type = Boolean
	}
	return err
}

// logic is and (decided by 0) and or (decided by 1), with SQL's three values.
type logic struct {
	place
	decisive    int64
	left, right node
}

func (n *logic) eval(m *machine) (Value, error) {
	var l, r Value
	if err := condition(m, n.left, &l); err != nil || l.Valid && l.Int == n.decisive {
		return l, err
	}
	if err := condition(m, n.right, &r); err != nil {
		return r, err
	}
	if !l.Valid && r.Int != n.decisive {
		r.Valid = false
	}
	r.Sensitive = l.Sensitive || r.Sensitive
	return r, nil
}

// choice is condition ? one : other; a missing condition takes the other.
type choice struct {
	place
	cond, one, other node
}

func (n *choice) eval(m *machine) (Value, error) {
	var c Value
	if err := condition(m, n.cond, &c); err != nil {
		return c, err
	}
	branch := n.other
	if c.IsTrue() {
		branch = n.one
	}
	v, err := branch.eval(m)
	v.Sensitive = v.Sensitive || c.Sensitive
	return v, err
}

// coalesce is the first of its values that is not missing.
type coalesce struct {
	place
	values []node
}

func (n *coalesce) eval(m *machine) (v Value, err error) {
	taint := false
	for _, x := range n.values {
		v, err = x.eval(m)
		taint = taint || v.Sensitive
		if err != nil || v.Valid {
			break
		}
	}
	v.Sensitive = taint
	return v, err
}

// aggregate is a function over a column or a table.
type aggregate struct {
	place
	f   *function
	fn  string // what Env is asked for
	arg *path  // nil for count()
}

func (n *aggregate) eval(m *machine) (Value, error) {
	if n.arg == nil {
		return m.env.Aggregate(n.fn, nil)
	}
	return m.env.Aggregate(n.fn, n.arg.path)
}

// call is a function of values.
type call struct {
	place
	f    *function
	args []node
}

func (n *call) eval(m *machine) (Value, error) {
	base := len(m.stack)
	args := m.stack[base : base+len(n.args)]
	m.stack = m.stack[:base+len(n.args)]
	taint, missing := false, false
	for i, x := range n.args {
		v, err := operand(m, x, &args[i])
		if err != nil {
			return Value{}, err
		}
		if v != &args[i] {
			args[i] = *v
		}
		taint = taint || v.Sensitive
		missing = missing || !v.Valid
	}
	v, err := n.apply(m, args, missing)
	m.stack = m.stack[:base]
	v.Sensitive = taint
	return v, err
}

func (n *call) apply(m *machine, args []Value, missing bool) (Value, error) {
	for i := range args {
		if accepted := n.f.accepts(i); !accepted.has(args[i].Type) && (args[i].Valid || args[i].Type != Any) {
			return Value{}, n.misfit(i, args[i].Type)
		}
	}
	if missing && !n.f.seesMissing {
		return Missing(n.f.resultOf(args)), nil
	}
	v, err := n.f.call(m, args)
	if err == nil {
		return v, nil
	}
	var wrong *argError
	if errors.As(err, &wrong) {
		return Value{}, n.args[wrong.index].at().fault(badValue, "%s", wrong.detail)
	}
	return Value{}, n.fault(codeOf(err), "%s", err.Error())
}
