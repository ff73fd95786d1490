package expr

import (
	"errors"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"
)

// Expr is an expression, read and resolved. It does not change and may be used by many goroutines.
type Expr struct {
	text string
	root node
	refs []reference
	// slots is how many arguments of functions may stand on the stack at once.
	slots int
	// ratio has the places of numerator and denominator of an expression that is wholly ratio(a, b).
	ratio []place
}

// callable makes every word before a bracket a plain call: without it the library reads its own built-in functions,
// sum and count among them, by rules of its own.
var callable = func() conf.FunctionsTable {
	t := conf.FunctionsTable{}
	for _, name := range builtin.Names {
		t[name] = nil
	}
	return t
}()

// Parse reads an expression: its syntax, its functions and what of it is constant. Names and types are for [Expr.Check].
func Parse(text string) (*Expr, *Fault) {
	src := []rune(text)
	switch {
	case len(src) > maxExpression:
		return nil, place{0, len(src)}.fault(badExpression, "An expression has at most %d characters; this one has %d.",
			maxExpression, len(src))
	case strings.TrimSpace(text) == "":
		return nil, place{0, len(src)}.fault(badExpression, "The expression is empty.")
	}
	if f := prescan(src); f != nil {
		return nil, f
	}
	tree, err := parser.ParseWithConfig(text, &conf.Config{MaxNodes: maxNodes, Functions: callable, DisableIfOperator: true})
	if err != nil {
		return nil, syntaxFault(text, src, err)
	}
	c := &compiler{src: src, spans: map[ast.Node]place{}}
	root, f := c.node(tree.Node)
	if f != nil {
		return nil, f
	}
	return &Expr{text: text, root: root, refs: c.refs, slots: c.slots, ratio: c.ratio(tree.Node)}, nil
}

// Text returns the expression as written.
func (e *Expr) Text() string { return e.text }

// References returns the paths that the expression refers to, each once, in the order of the text:
// ["answered"], ["by_day", "incoming"].
func (e *Expr) References() [][]string {
	out := make([][]string, len(e.refs))
	for i, r := range e.refs {
		out[i] = slices.Clone(r.path)
	}
	return out
}

// Place returns where the expression first refers to a path of [Expr.References], in runes of its text.
func (e *Expr) Place(path []string) (offset, length int) {
	for _, r := range e.refs {
		if slices.Equal(r.path, path) {
			return r.from, r.to - r.from
		}
	}
	return 0, 0
}

// reference is a path that an expression refers to, and where it does so first.
type reference struct {
	place
	path []string
}

// Ratio returns numerator and denominator when the expression is wholly ratio(a, b), so that a column of such values
// can be totalled from the two.
func (e *Expr) Ratio() (num, den *Expr, ok bool) {
	if e.ratio == nil {
		return nil, nil, false
	}
	src := []rune(e.text)
	part := func(p place) *Expr {
		x, f := Parse(strings.TrimSpace(string(src[p.from:p.to])))
		if f != nil {
			return nil // cannot be: it was read as part of the whole
		}
		return x
	}
	num, den = part(e.ratio[0]), part(e.ratio[1])
	return num, den, num != nil && den != nil
}

// ratio finds the two arguments of an expression that is wholly ratio(a, b).
func (c *compiler) ratio(n ast.Node) []place {
	call, ok := n.(*ast.CallNode)
	if !ok {
		return nil
	}
	if callee, ok := call.Callee.(*ast.IdentifierNode); !ok || callee.Value != "ratio" {
		return nil
	}
	open := call.Location().To
	for c.src[open] != '(' {
		open++
	}
	return arguments(c.src, open, closing(c.src, open))[:2]
}

// unexpected has a hint for what people of other languages write.
var unexpected = map[string]string{
	"=":  " To compare, write ==.",
	">":  " For “not equal” write !=.",
	"&":  " To join texts write +; for “and” write and.",
	"{":  " For a choice write condition ? one : other.",
	"#":  " It belongs to functions over rows, which do not exist here.",
	":":  " A colon belongs to condition ? one : other.",
	"::": " A colon belongs to condition ? one : other.",
	";":  " An expression is one value, without steps.",
}

// unexpectedWord has a hint for words of SQL and others, in lower case.
var unexpectedWord = map[string]string{
	"and":     " Operators are written in small letters: and.",
	"or":      " Operators are written in small letters: or.",
	"not":     " Operators are written in small letters: not.",
	"in":      " Operators are written in small letters: in.",
	"like":    ` To look into a text write text contains "part", text startsWith "part", text endsWith "part" or text matches "pattern".`,
	"ilike":   ` To look into a text write lower(text) contains "part".`,
	"is":      " To ask for a missing value write missing(x), or not missing(x).",
	"between": " Write x >= a and x <= b.",
	"then":    " For a choice write condition ? one : other.",
	"when":    " For a choice write condition ? one : other.",
}

// hint says what was likely meant by a word at which the reader stopped.
func hint(src []rune, at place, word string) string {
	before := strings.TrimRight(string(src[:at.from]), " \t\r\n")
	switch {
	case strings.HasSuffix(before, "NOT"), strings.HasSuffix(before, "Not"):
		return unexpectedWord["not"]
	case unexpected[word] != "":
		return unexpected[word]
	}
	return unexpectedWord[strings.ToLower(word)]
}

// syntaxFault says in our words what the library's reader did not understand. Its places count runes.
func syntaxFault(text string, src []rune, err error) *Fault {
	var e *file.Error
	if !errors.As(err, &e) {
		return place{0, len(src)}.fault(badExpression, "The expression cannot be read.")
	}
	at := place{min(max(e.From, 0), len(src)), min(max(e.To, 0), len(src))}
	word := string(src[at.from:max(at.from, at.to)])
	switch {
	case strings.Contains(e.Message, "EOF"), strings.Contains(e.Message, "unexpected end"):
		end := len([]rune(strings.TrimRight(text, " \t\r\n")))
		return place{max(end-1, 0), end}.fault(badExpression, "The expression ends here, but something is missing after it.")
	case strings.Contains(e.Message, "maximum allowed nodes"):
		return place{0, len(src)}.fault(badExpression, "The expression has more than %d parts.", maxNodes)
	case strings.Contains(e.Message, "literal: "), strings.Contains(e.Message, "too large"):
		return number(text, at).fault(badExpression, "This number is not one that an integer or a decimal can hold.")
	case strings.Contains(e.Message, "bad number"):
		return at.fault(badExpression, "A number ends here in a letter. For a length of time write duration(\"5m\").")
	case strings.Contains(e.Message, "escape"):
		return at.fault(badExpression, "This backslash begins nothing that is known in a quoted text. For a backslash itself write \\\\.")
	case strings.Contains(e.Message, "not terminated"):
		return at.fault(badExpression, "The quoted text ends with its line. For a line break write \\n.")
	case strings.Contains(e.Message, "unrecognized"):
		return at.fault(badExpression, "The character %q means nothing in an expression. Texts stand in quotes.", word)
	case strings.Contains(e.Message, "expected name"):
		return at.fault(badExpression, "A name is missing after the dot.")
	case strings.Contains(e.Message, "cannot be mixed"):
		return at.fault(badExpression, "Beside ?? another operator needs brackets, so that it is clear what belongs together: (a ?? b) %s c.", word)
	case word == "{" && at.from > 0 && src[at.from-1] == '$':
		at.from--
		return at.fault(badExpression, "An expression stands here as it is: leave out the ${ and the }.")
	default:
		return at.fault(badExpression, "%q is not expected here.%s", word, hint(src, at, word))
	}
}

// number finds the number that the library's reader complained about: it points at what follows.
func number(text string, at place) place {
	tokens, err := lexer.Lex(file.NewSource(text))
	if err != nil {
		return at
	}
	for _, t := range slices.Backward(tokens) {
		if t.Kind == lexer.Number && t.To <= max(at.to, 1) {
			return place{t.From, t.To}
		}
	}
	return at
}
