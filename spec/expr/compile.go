package expr

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/govalues/decimal"
)

// compiler turns the library's tree into ours: names become paths, functions entries of the table, and what is
// constant is computed. What the library's language has beyond ours is refused by name.
type compiler struct {
	src   []rune
	refs  []reference
	slots int
	spans map[ast.Node]place
}

func (c *compiler) node(n ast.Node) (node, *Fault) {
	at := c.span(n)
	switch n := n.(type) {
	case *ast.NilNode:
		return &literal{at, Value{}}, nil
	case *ast.BoolNode:
		return &literal{at, BooleanValue(n.Value)}, nil
	case *ast.IntegerNode:
		return &literal{at, IntegerValue(int64(n.Value))}, nil
	case *ast.FloatNode:
		return c.decimal(at)
	case *ast.StringNode:
		return &literal{at, TextValue(n.Value)}, nil
	case *ast.ArrayNode:
		return c.list(at, n)
	case *ast.IdentifierNode, *ast.MemberNode:
		return c.member(n)
	case *ast.UnaryNode:
		return c.unary(at, n)
	case *ast.BinaryNode:
		return c.binary(at, n)
	case *ast.ConditionalNode:
		return c.choice(at, n)
	case *ast.CallNode:
		return c.call(at, n)
	default:
		return nil, at.fault(badExpression, "%s", refusal(n))
	}
}

// refusal says of a form that the library reads and this language does not have, what it is.
func refusal(n ast.Node) string {
	switch n := n.(type) {
	case *ast.BytesNode:
		return "Byte texts b\"…\" do not exist here. Write the text without the b."
	case *ast.ChainNode:
		return "The operator ?. does not exist here. A missing value stays missing: write a plain dot."
	case *ast.SliceNode:
		return "Stretches of a list or text, [from:to], do not exist here."
	case *ast.MapNode:
		return "Maps in braces do not exist in expressions. For a choice write condition ? one : other."
	case *ast.SequenceNode:
		return "An expression is one value: several steps joined by ; do not exist here."
	case *ast.VariableDeclaratorNode:
		return "Local names made by let do not exist here. Put the value into a derive step or a variable."
	case *ast.BuiltinNode:
		return "Functions are called by their name alone: write " + n.Name + "(…) without the colons."
	default:
		return "Functions over rows, with # and { }, do not exist here. Use where, derive and group steps."
	}
}

// decimal reads a number from the text itself: the library has made a float of it, which is not exact.
func (c *compiler) decimal(at place) (node, *Fault) {
	d, err := decimal.Parse(strings.ReplaceAll(string(c.src[at.from:at.to]), "_", ""))
	if err != nil {
		return nil, at.fault(badExpression, "A decimal has at most 19 digits.")
	}
	return &literal{at, DecimalValue(d)}, nil
}

func (c *compiler) list(at place, n *ast.ArrayNode) (node, *Fault) {
	items, f := c.nodes(n.Nodes)
	if f != nil {
		return nil, f
	}
	return fold(&list{at, items}, items)
}

func (c *compiler) nodes(ns []ast.Node) ([]node, *Fault) {
	out := make([]node, len(ns))
	for i, n := range ns {
		x, f := c.node(n)
		if f != nil {
			return nil, f
		}
		out[i] = x
	}
	return out, nil
}

// member reads a.b["c"] as a path where it is one, and x[0] as an item of a list.
func (c *compiler) member(n ast.Node) (node, *Fault) {
	if p := c.path(n); p != nil {
		for i, name := range p.path {
			if name == "$env" {
				return nil, p.parts[i].fault(badExpression, "$env does not exist here: names are written as they are.")
			}
		}
		c.refer(p)
		return p, nil
	}
	m := n.(*ast.MemberNode)
	base, f := c.node(m.Node)
	if f != nil {
		return nil, f
	}
	if name, ok := m.Property.(*ast.StringNode); ok {
		return nil, c.span(m.Property).fault(badExpression, "Only names have fields; %q does not belong to one.", name.Value)
	}
	number, f := c.node(m.Property)
	if f != nil {
		return nil, f
	}
	return fold(&item{c.span(n), base, number}, []node{base, number})
}

// path reads a name with its fields, or nil where n is something else.
func (c *compiler) path(n ast.Node) *path {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		at := c.span(n)
		return &path{at, []string{n.Value}, []place{at}}
	case *ast.MemberNode:
		name, ok := n.Property.(*ast.StringNode)
		if !ok {
			return nil
		}
		p := c.path(n.Node)
		if p == nil {
			return nil
		}
		p.place = c.span(n)
		p.path = append(p.path, name.Value)
		p.parts = append(p.parts, c.span(name))
		return p
	}
	return nil
}

func (c *compiler) refer(p *path) {
	if len(p.path) > 0 && !slices.ContainsFunc(c.refs, func(known reference) bool { return slices.Equal(known.path, p.path) }) {
		c.refs = append(c.refs, reference{p.place, p.path})
	}
}

func (c *compiler) unary(at place, n *ast.UnaryNode) (node, *Fault) {
	x, f := c.node(n.Node)
	if f != nil {
		return nil, f
	}
	switch n.Operator {
	case "-":
		return fold(&negation{at, x}, []node{x})
	case "+":
		return nil, at.fault(badExpression, "A plus before a value does nothing: leave it out.")
	default:
		return fold(&not{at, x}, []node{x})
	}
}

func (c *compiler) binary(at place, n *ast.BinaryNode) (node, *Fault) {
	if chained(n) {
		return nil, at.fault(badExpression, "Comparisons cannot be chained. Write both: 1 < x and x < 5.")
	}
	operands, f := c.nodes([]ast.Node{n.Left, n.Right})
	if f != nil {
		return nil, f
	}
	left, right := operands[0], operands[1]
	if op, ok := operators[n.Operator]; ok {
		return fold(&arithmetic{at, op, left, right}, operands)
	}
	if test, ok := comparisons[n.Operator]; ok {
		return fold(&comparison{at, test, left, right}, operands)
	}
	if test, ok := textTests[n.Operator]; ok {
		return fold(&textTest{at, test, left, right}, operands)
	}
	switch n.Operator {
	case "and", "&&":
		return fold(&logic{at, 0, left, right}, operands)
	case "or", "||":
		return fold(&logic{at, 1, left, right}, operands)
	case "in":
		return fold(&membership{at, left, right}, operands)
	case "??":
		return fold(&coalesce{at, operands}, operands)
	case "matches":
		return c.matches(at, left, right)
	case "^":
		return nil, at.fault(badExpression, "A power is written **, as in x ** 2.")
	case "..":
		return nil, at.fault(badExpression, "Number ranges a..b do not exist here. Write x >= a and x <= b.")
	default:
		return nil, at.fault(badExpression, "The operator %s does not exist here.", n.Operator)
	}
}

// chained recognises a < b < c, of which the library makes a < b and b < c with b in both. Nested, that would be
// evaluated twice at each level.
func chained(n *ast.BinaryNode) bool {
	left, ok := n.Left.(*ast.BinaryNode)
	if !ok || n.Operator != "&&" {
		return false
	}
	right, ok := n.Right.(*ast.BinaryNode)
	if ok && left.Operator == "&&" {
		left, ok = left.Right.(*ast.BinaryNode)
	}
	return ok && right.Left == left.Right
}

func (c *compiler) choice(at place, n *ast.ConditionalNode) (node, *Fault) {
	parts, f := c.nodes([]ast.Node{n.Cond, n.Exp1, n.Exp2})
	if f != nil {
		return nil, f
	}
	return fold(&choice{at, parts[0], parts[1], parts[2]}, parts)
}

// span is the stretch of text that n takes, without brackets around it. It is kept, since the library's tree shares
// what stands in the middle of a chained comparison: without that, nested ones would take for ever.
func (c *compiler) span(n ast.Node) place {
	at, ok := c.spans[n]
	if !ok {
		at = c.measure(n)
		c.spans[n] = at
	}
	return at
}

func (c *compiler) measure(n ast.Node) place {
	at := place{n.Location().From, n.Location().To}
	widen := func(ns ...ast.Node) place {
		for _, n := range ns {
			inner := c.span(n)
			at.from, at.to = min(at.from, inner.from), max(at.to, inner.to)
		}
		return at
	}
	switch n := n.(type) {
	case *ast.UnaryNode:
		return widen(n.Node)
	case *ast.BinaryNode:
		return widen(n.Left, n.Right)
	case *ast.ConditionalNode:
		at = c.span(n.Cond) // its own location lies behind it
		return widen(n.Exp1, n.Exp2)
	case *ast.MemberNode:
		widen(n.Node, n.Property)
		if at.to < len(c.src) && c.src[at.to] == ']' {
			at.to++
		}
	case *ast.CallNode:
		widen(n.Callee)
		return c.bracketed(at)
	case *ast.ArrayNode:
		at.to = closing(c.src, at.from) + 1
	}
	return at
}

// bracketed stretches a place to the end of the brackets that follow it.
func (c *compiler) bracketed(at place) place {
	for i := at.to; i < len(c.src); i++ {
		if c.src[i] == '(' {
			if end := closing(c.src, i); end > 0 {
				at.to = end + 1
			}
			break
		}
	}
	return at
}
