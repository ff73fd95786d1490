package expr

import (
	"slices"

	"github.com/expr-lang/expr/ast"
)

// function is one entry of the table of functions.
type function struct {
	name, signature, doc string
	// params are the types that each argument may have; the last stands for all that follow when variadic.
	params   []set
	optional int // how many of the last may be left out
	variadic bool
	// result is the type of the value; Any: that of the first argument.
	result Type
	// joint: all arguments are of one kind, and the value is of that.
	joint bool
	// seesMissing: called with missing values too; others give a missing value for one.
	seesMissing bool
	// localized: the value depends on the readers' locale, which is not known while the expression is read.
	localized bool
	call      func(m *machine, args []Value) (Value, error)
	// aggregate: over a column, or the table itself; params are the column's types, and Env computes it.
	aggregate bool
}

func (f *function) accepts(i int) set { return f.params[min(i, len(f.params)-1)] }

// resultOf is the type of a value that is missing because an argument is.
func (f *function) resultOf(args []Value) Type {
	if f.result != Any || len(args) == 0 {
		return f.result
	}
	return args[0].Type
}

// Function describes a function of the language, for documentation and completion.
type Function struct{ Name, Signature, Doc string }

// Functions returns all functions in the order in which a reader would want to learn them.
func Functions() []Function {
	out := make([]Function, len(functions))
	for i, f := range functions {
		out[i] = Function{f.name, f.signature, f.doc}
	}
	return out
}

// special are called like functions and are parts of the language.
var special = []*function{
	{name: "coalesce", signature: "coalesce(a, b, …)", doc: "The first value that is not missing; a ?? b is short for it.",
		params: []set{anything}, variadic: true},
	{name: "file", signature: `file("path")`, doc: "The content of a file, as a secret; only in fields that take secrets.",
		params: []set{types(Text)}},
}

var aggregates = []*function{
	{name: "rows", signature: "rows(dataset)", doc: "How many rows a dataset has.", params: []set{0}, result: Integer},
	{name: "count", signature: "count(dataset.column)", doc: "How many rows have a value in the column; count() in a group's measures counts the rows.",
		params: []set{anything}, optional: 1, result: Integer},
	{name: "distinct", signature: "distinct(dataset.column)", doc: "How many different values the column has, missing ones aside.", params: []set{scalars}, result: Integer},
	{name: "duplicates", signature: "duplicates(dataset.column)", doc: "How many rows have a value that a row before them has: 0 where each value stands once. Several columns are joined into one by a derive step first.",
		params: []set{scalars}, result: Integer},
	{name: "sum", signature: "sum(dataset.column)", doc: "The sum of a column.", params: []set{numbers | types(Duration)}},
	{name: "avg", signature: "avg(dataset.column)", doc: "The mean of a column's values.", params: []set{numbers | types(Duration)}},
	{name: "first", signature: "first(dataset.column)", doc: "The column's value in the first row.", params: []set{anything}},
	{name: "last", signature: "last(dataset.column)", doc: "The column's value in the last row.", params: []set{anything}},
	{name: "total", signature: "total(dataset.column)", doc: "The column's total by its own rule, as a totals row shows it.", params: []set{anything}},
}

// extremes are aggregates over one column, and functions of several values.
var extremes = []*function{
	{name: "min", signature: "min(dataset.column) or min(a, b, …)", doc: "The least value of a column, or of several values.",
		params: []set{ordered}, variadic: true, joint: true, call: least(-1)},
	{name: "max", signature: "max(dataset.column) or max(a, b, …)", doc: "The greatest value of a column, or of several values.",
		params: []set{ordered}, variadic: true, joint: true, call: least(1)},
}

// functions is the one table of what can be called.
var functions = slices.Concat(
	[]*function{ratioFunction}, marked(aggregates), marked(percentiles), extremes, special, numberFunctions, textFunctions, timeFunctions)

func marked(fs []*function) []*function {
	for _, f := range fs {
		f.aggregate = true
	}
	return fs
}

var byName = func() map[string]*function {
	m := make(map[string]*function, len(functions))
	for _, f := range functions {
		m[f.name] = f
	}
	return m
}()

// elsewhere names what other languages call a function that is here under another name, or not a function.
var elsewhere = map[string]string{
	"if": "Write condition ? one : other.", "iif": "Write condition ? one : other.",
	"len": "Write length(x).", "float": "Write decimal(x).", "number": "Write decimal(x).", "string": "Write text(x).",
	"str": "Write text(x).", "concat": "Join texts with +.", "mean": "Write avg(dataset.column).",
	"average": "Write avg(dataset.column).", "median": "Write p50(dataset.column).", "quantile": "Write percentile(dataset.column, 90).",
	"percentile_cont": "Write percentile(dataset.column, 90).", "now": "The run's moment is run.at.", "today": "The run's moment is run.at.",
	"isnull": "Write missing(x).", "ifnull": "Write coalesce(x, y).", "nvl": "Write coalesce(x, y).",
	"iferror": "Write coalesce(x, y): a division by 0 is missing.", "env": "Write env.NAME.",
	"contains": "It is an operator: text contains \"part\".", "startsWith": "It is an operator: text startsWith \"part\".",
	"endsWith": "It is an operator: text endsWith \"part\".", "sumif": "Filter with a where step, then write sum(dataset.column).",
	"countif": "Filter with a where step, then write rows(dataset).",
}

// call resolves a word before a bracket: always a function.
func (c *compiler) call(at place, n *ast.CallNode) (node, *Fault) {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return nil, at.fault(badExpression, "Values have no functions of their own: write function(value) instead of value.function().")
	}
	name := place{callee.Location().From, callee.Location().To}
	f := byName[callee.Value]
	if f == nil {
		hint := elsewhere[callee.Value]
		if hint == "" {
			known := make([]string, len(functions))
			for i, f := range functions {
				known[i] = f.name
			}
			hint = meant(callee.Value, known)
		} else {
			hint = " " + hint
		}
		return nil, name.fault(unknownFunction, "There is no function %q.%s", callee.Value, hint)
	}
	for _, x := range n.Arguments {
		if c.span(x).from < name.from {
			return nil, at.fault(badExpression, "Pipes do not exist here: write %s.", f.signature)
		}
	}
	least, most := len(f.params)-f.optional, len(f.params)
	if got := len(n.Arguments); got < least || got > most && !f.variadic {
		return nil, at.fault(wrongArguments, "%s is called with %d arguments: write %s.", f.name, got, f.signature)
	}
	switch {
	case f.name == "file":
		return c.file(at, n)
	case f.aggregate, f.call != nil && f.joint && len(n.Arguments) == 1:
		return c.aggregate(at, f, n)
	}
	args, fault := c.nodes(n.Arguments)
	if fault != nil {
		return nil, fault
	}
	c.slots += len(args)
	switch {
	case f.name == "coalesce":
		return fold(&coalesce{at, args}, args)
	case f.localized:
		return &call{at, f, args}, nil
	default:
		return fold(&call{at, f, args}, args)
	}
}

// file makes of file("key.pem") the path that the surroundings look up.
func (c *compiler) file(at place, n *ast.CallNode) (node, *Fault) {
	name, ok := n.Arguments[0].(*ast.StringNode)
	if !ok {
		return nil, c.span(n.Arguments[0]).fault(wrongArguments, `The path of file must be a text in quotes: file("secrets/token").`)
	}
	p := &path{at, []string{"file", name.Value}, []place{{at.from, at.from + len("file")}, c.span(name)}}
	c.refer(p)
	return p, nil
}

func (c *compiler) aggregate(at place, f *function, n *ast.CallNode) (node, *Fault) {
	if len(n.Arguments) == 0 {
		return &aggregate{at, f, f.name, nil}, nil
	}
	p := c.path(n.Arguments[0])
	if p == nil {
		return nil, c.span(n.Arguments[0]).fault(wrongArguments,
			"%s takes a column as it is: write %s. To compute with it first, add a derive step.", f.name, f.signature)
	}
	asked, fault := c.aggregateName(f, n.Arguments)
	if fault != nil {
		return nil, fault
	}
	c.refer(p)
	return &aggregate{at, f, asked, p}, nil
}
