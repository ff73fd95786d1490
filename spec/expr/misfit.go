package expr

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"strconv"
	"strings"
	"unicode"
)

// The faults of types, said the same way whether the check or the evaluation finds them.

func (n *arithmetic) misfit(l, r Type) *Fault {
	name := ""
	for text, op := range operators {
		if op == n.op {
			name = text
		}
	}
	at, fix := mend(n.place, n.left, n.right, l, r)
	switch {
	case l == Text || r == Text:
		fix = " To join texts, make both of them texts: text(x)."
		if n.op != add {
			fix = " To compute with digits that stand in a text write int(x) or decimal(x)."
		}
	case l == Percent && r == Percent:
		fix = " Make one of them a plain share: decimal(x) / 100."
	case moments.has(l) && numbers.has(r):
		fix = ` To move a date write duration("1d").`
	}
	return at.fault(wrongType, "%s and %s cannot be %s by %s.%s", capital(an(l)), an(r), operatorVerbs[n.op], name, fix)
}

func (n *negation) misfit(t Type) *Fault {
	return n.fault(wrongType, "%s has no opposite: only numbers and durations have one.", capital(an(t)))
}

func (n *comparison) misfit(l, r Type) *Fault {
	if l == Boolean && r == Boolean {
		return n.fault(wrongType, "Booleans have no order: %s needs numbers, texts, durations or dates.", n.test.name)
	}
	at, fix := mend(n.place, n.left, n.right, l, r)
	if x, ok := n.left.(*not); ok {
		at, fix = x.place, " not binds more tightly than a comparison: write not (a "+n.test.name+" b)."
	}
	return at.fault(wrongType, "%s cannot be compared with %s.%s", capital(an(l)), an(r), fix)
}

func (n *membership) misfit(v, elem Type) *Fault {
	at, fix := mend(n.place, n.value, n.list, v, elem)
	if _, ok := n.list.(*literal); ok {
		at, fix = n.place, ""
	}
	return at.fault(wrongType, "%s is never in a list whose items are of type %s.%s", capital(an(v)), elem, fix)
}

func (n *call) misfit(i int, t Type) *Fault {
	x := n.args[i]
	fix := ""
	if l, ok := x.(*literal); ok && n.f.accepts(i).has(Duration) && t == Integer {
		fix = " Write " + asDurationCall(l.v.Int) + "."
	}
	return x.at().fault(wrongType, "%s takes %s here, not %s: %s.%s", n.f.name, n.f.accepts(i).describe(), an(t), n.f.signature, fix)
}

func notCondition(x node, t Type) *Fault {
	fix := ""
	if numbers.has(t) {
		fix = " Compare it, as in x > 0."
	}
	return x.at().fault(wrongType, "A condition is true or false, and this is %s.%s", an(t), fix)
}

func notList(x node, t Type) *Fault {
	fix := ""
	if t == Text {
		fix = ` To look for a part of a text write text contains "part".`
	}
	return x.at().fault(wrongType, "A list is wanted here, as in [1, 2], and this is %s.%s", an(t), fix)
}

func notText(x node, operator string, t Type) *Fault {
	return x.at().fault(wrongType, "%s works on texts, and this is %s. Write text(x).", operator, an(t))
}

// mend picks the side to be changed where two types do not go together, and what to write instead.
func mend(whole place, left, right node, l, r Type) (place, string) {
	if side, ok := literalOf(left); ok {
		if _, both := literalOf(right); !both {
			if fix := rewritten(side.v, l, r); fix != "" {
				return side.place, fix
			}
		}
	}
	if side, ok := literalOf(right); ok {
		if fix := rewritten(side.v, r, l); fix != "" {
			return side.place, fix
		}
	}
	switch {
	case l == Duration && figures.has(r):
		return right.at(), ` Write a length of time, such as duration("5m").`
	case r == Duration && figures.has(l):
		return left.at(), ` Write a length of time, such as duration("5m").`
	case l == Text && r != Text, r == Text && l != Text:
		return whole, " Make both of one type, with int(x), decimal(x), date(x) or text(x)."
	}
	return whole, ""
}

func literalOf(n node) (*literal, bool) {
	l, ok := n.(*literal)
	return l, ok && l.v.Valid
}

// rewritten says how a constant of type t is written beside a value of type other.
func rewritten(v Value, t, other Type) string {
	switch {
	case other == Duration && t == Integer:
		return " Write a length of time: " + asDurationCall(v.Int) + "."
	case other == Decimal && t == Duration:
		return fmt.Sprintf(" The change of a length of time is a number of minutes, since it may be negative: for this one write %s.", number64(float64(v.Int)/60e6))
	case other == Duration && figures.has(t):
		return ` Write a length of time, such as duration("5m").`
	case other == Duration && t == Text:
		return fmt.Sprintf(" Write a length of time: duration(%q).", v.Str)
	case times.has(other) && t == Text:
		if other == DateTime && strings.Contains(v.Str, ":") {
			return fmt.Sprintf(" Write datetime(%q).", v.Str)
		}
		return fmt.Sprintf(" Write date(%q).", v.Str)
	case other == Text && figures.has(t):
		return fmt.Sprintf(" Write it in quotes: %q.", Plain(v))
	case figures.has(other) && t == Text:
		if _, err := strconv.ParseFloat(v.Str, 64); err == nil {
			return fmt.Sprintf(" Write it without quotes: %s.", v.Str)
		}
	}
	return ""
}

// asDurationCall writes seconds, which a bare number most likely means, as duration("5m").
func asDurationCall(seconds int64) string {
	var b strings.Builder
	if seconds > 0 {
		for _, u := range []struct {
			name string
			size int64
		}{{"h", 3600}, {"m", 60}, {"s", 1}} {
			if n := seconds / u.size; n > 0 {
				fmt.Fprintf(&b, "%d%s", n, u.name)
				seconds %= u.size
			}
		}
	} else {
		b.WriteString("5m")
	}
	return fmt.Sprintf("duration(%q)", b.String())
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// isWord reports whether a name can stand after a dot. Words that are operators can as well.
func isWord(name string) bool {
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return name != ""
}

// patternProblem says in our words what is wrong with a regular expression.
func patternProblem(err error) string {
	var e *syntax.Error
	if !errors.As(err, &e) {
		return "it is no regular expression"
	}
	problem := map[syntax.ErrorCode]string{
		syntax.ErrMissingBracket:        "a [ is not closed",
		syntax.ErrMissingParen:          "a ( is not closed",
		syntax.ErrUnexpectedParen:       "a ) closes nothing",
		syntax.ErrMissingRepeatArgument: "a repeat has nothing before it",
		syntax.ErrInvalidCharRange:      "a range of characters runs backwards",
		syntax.ErrInvalidRepeatSize:     "a repeat is too large",
		syntax.ErrTrailingBackslash:     "it ends in a backslash",
		syntax.ErrLarge:                 "it is too large",
		syntax.ErrNestingDepth:          "it nests too deeply",
		syntax.ErrInvalidEscape:         "a backslash is followed by what means nothing after it",
	}[e.Code]
	if problem == "" {
		problem = "a part of it has no meaning"
	}
	return fmt.Sprintf("%s (at %q)", problem, e.Expr)
}
