package expr

import (
	"regexp"
	"strings"
)

// test is a comparison: which orders make it true.
type test struct {
	name                 string
	less, equal, greater bool
}

var comparisons = map[string]*test{
	"==": {"==", false, true, false},
	"!=": {"!=", true, false, true},
	"<":  {"<", true, false, false},
	"<=": {"<=", true, true, false},
	">":  {">", false, false, true},
	">=": {">=", false, true, true},
}

// equality reports whether the test asks for no order, so that booleans can be compared by it.
func (t *test) equality() bool { return t.less == t.greater }

func (t *test) holds(order int) bool {
	switch {
	case order < 0:
		return t.less
	case order > 0:
		return t.greater
	default:
		return t.equal
	}
}

// IsTest reports whether the expression is made of comparisons, with and, or and not between them: its missing value says
// that nothing could be compared, and is taken for false wherever rows are told apart.
func (e *Expr) IsTest() bool {
	switch e.root.(type) {
	case *comparison, *membership, *textTest, *matches, *logic, *not:
		return true
	default:
		return false
	}
}

// comparison is left ∘ right as a boolean; with a missing value it is missing.
type comparison struct {
	place
	test        *test
	left, right node
}

func (n *comparison) eval(m *machine) (Value, error) {
	var lv, rv Value
	l, r, err := both(m, n.left, n.right, &lv, &rv)
	if err != nil {
		return Value{}, err
	}
	if !n.fits(l.Type, r.Type) {
		return Value{}, n.misfit(l.Type, r.Type)
	}
	v := Missing(Boolean)
	if comparableNow(l, r) {
		order, ok := compare(l, r)
		if !ok {
			return Value{}, n.misfit(l.Type, r.Type)
		}
		v = BooleanValue(n.test.holds(order))
	}
	v.Sensitive = l.Sensitive || r.Sensitive
	return v, nil
}

func (n *comparison) fits(l, r Type) bool {
	return comparable(l, r) && (n.test.equality() || l != Boolean && r != Boolean)
}

// comparableNow reports whether neither value is missing. A period that was not understood has no known place among moments.
func comparableNow(l, r *Value) bool {
	return l.Valid && r.Valid && (l.Type == r.Type || !timeless(l) && !timeless(r))
}

func timeless(v *Value) bool { return v.Type == Period && v.Int == NoTime }

// membership is value in list: true when it is found, otherwise missing when something missing stands in the way.
type membership struct {
	place
	value, list node
}

func (n *membership) eval(m *machine) (Value, error) {
	var vv, lv Value
	v, l, err := both(m, n.value, n.list, &vv, &lv)
	if err != nil {
		return Value{}, err
	}
	if l.Type != List && (l.Valid || l.Type != Any) {
		return Value{}, notList(n.list, l.Type)
	}
	found := BooleanValue(false)
	if !l.Valid || !v.Valid && len(l.Items) > 0 {
		found.Valid = false
	}
	for i := 0; i < len(l.Items) && v.Valid && found.Int == 0; i++ {
		x := &l.Items[i]
		if !comparable(v.Type, x.Type) {
			return Value{}, n.misfit(v.Type, x.Type)
		}
		if !comparableNow(v, x) {
			found.Valid = false
		} else if order, ok := compare(v, x); ok && order == 0 {
			found = BooleanValue(true)
		}
	}
	found.Sensitive = v.Sensitive || l.Sensitive
	return found, nil
}

// textTest is contains, startsWith and endsWith.
type textTest struct {
	place
	test        *textOperator
	left, right node
}

type textOperator struct {
	name  string
	holds func(text, part string) bool
}

var textTests = map[string]*textOperator{
	"contains":   {"contains", strings.Contains},
	"startsWith": {"startsWith", strings.HasPrefix},
	"endsWith":   {"endsWith", strings.HasSuffix},
}

func (n *textTest) eval(m *machine) (Value, error) {
	var lv, rv Value
	l, r, err := both(m, n.left, n.right, &lv, &rv)
	if err != nil {
		return Value{}, err
	}
	for i, v := range [...]*Value{l, r} {
		if v.Type != Text && (v.Valid || v.Type != Any) {
			return Value{}, notText([...]node{n.left, n.right}[i], n.test.name, v.Type)
		}
	}
	v := Missing(Boolean)
	if l.Valid && r.Valid {
		v = BooleanValue(n.test.holds(l.Str, r.Str))
	}
	v.Sensitive = l.Sensitive || r.Sensitive
	return v, nil
}

// matches is text matches "pattern".
type matches struct {
	place
	text    node
	pattern *regexp.Regexp
}

// matches reads the pattern once: it must be written where it is used. The engine is RE2's, whose time is linear.
func (c *compiler) matches(at place, text, pattern node) (node, *Fault) {
	p, ok := pattern.(*literal)
	switch {
	case !ok || p.v.Type != Text:
		return nil, pattern.at().fault(wrongType, `The pattern of matches must be a text in quotes, such as "^[A-Z]+$".`)
	case len(p.v.Str) > maxPattern:
		return nil, p.fault(badValue, "A pattern has at most %d characters.", maxPattern)
	}
	re, err := regexp.Compile(p.v.Str)
	if err != nil {
		return nil, p.fault(badValue, "The pattern cannot be read: %s.", patternProblem(err))
	}
	return fold(&matches{at, text, re}, []node{text})
}

func (n *matches) eval(m *machine) (Value, error) {
	v, err := n.text.eval(m)
	if err != nil {
		return Value{}, err
	}
	if v.Type != Text && (v.Valid || v.Type != Any) {
		return Value{}, notText(n.text, "matches", v.Type)
	}
	r := Missing(Boolean)
	if v.Valid {
		r = BooleanValue(n.pattern.MatchString(v.Str))
	}
	r.Sensitive = v.Sensitive
	return r, nil
}
