package spec

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// Template is a string that may hold ${…}. A string that is one ${…} keeps its value's type.
// It was parsed and its names and types checked while loading.
type Template struct {
	// Text is as written.
	Text     string
	Range    diag.Range
	segments []expr.Segment
	written
	// valueType is what comes out, as far as known.
	valueType expr.Type
	// secret: values computed from secrets may stand here.
	secret bool
	// locale is how values are shown in prose; empty for paths, addresses and requests, where they are plain.
	locale string
}

// Expression is a bare expression: where, derive, assert, when, value.
type Expression struct {
	Text  string
	Range diag.Range
	expr  *expr.Expr
	written
}

// written is what a template and an expression know of the place they stand at.
type written struct {
	textAt  func(offset int) diag.Pos
	context string
}

// Eval computes the template. A nil Template is a missing value.
func (t *Template) Eval(env expr.Env) (expr.Value, *diag.Diagnostic) {
	if t == nil {
		return expr.Missing(expr.Text), nil
	}
	if t.isWhole() {
		return t.evalSegment(t.segments[0], env)
	}
	var text strings.Builder
	sensitive := false
	for _, s := range t.segments {
		if s.Expr == nil {
			text.WriteString(s.Text)
			continue
		}
		v, fault := t.evalSegment(s, env)
		if fault != nil {
			return expr.Value{}, fault
		}
		sensitive = sensitive || v.Sensitive
		text.WriteString(t.text(v))
	}
	v := expr.TextValue(text.String())
	v.Sensitive = sensitive
	return v, nil
}

// Str computes the template as text: in prose as a reader sees it, in paths, addresses and requests plain.
// It reveals a secret where one may stand. A nil Template is "".
func (t *Template) Str(env expr.Env) (string, *diag.Diagnostic) {
	v, fault := t.Eval(env)
	if fault != nil || !v.Valid {
		return "", fault
	}
	return t.text(v), nil
}

// text writes a value into the template's text.
func (t *Template) text(v expr.Value) string {
	if t.locale == "" {
		return expr.Plain(v)
	}
	return expr.Display(v, "", t.locale)
}

// NeedsData reports whether the template refers to a dataset, so that it cannot be computed before rows are there.
func (t *Template) NeedsData() bool {
	if t == nil {
		return false
	}
	for _, s := range t.segments {
		if s.Expr != nil && needsData(s.Expr) {
			return true
		}
	}
	return false
}

// NeedsData reports whether the expression refers to a dataset.
func (e *Expression) NeedsData() bool { return e != nil && needsData(e.expr) }

func needsData(e *expr.Expr) bool {
	for _, path := range e.References() {
		if !reserved[path[0]] || path[0] == "datasets" {
			return true
		}
	}
	return false
}

// refersTo reports whether the template uses a name, or a name within it.
func (t *Template) refersTo(name string) bool {
	return slices.ContainsFunc(t.segments, func(s expr.Segment) bool { return s.Expr != nil && refersTo(s.Expr, name) })
}

func refersTo(e *expr.Expr, name string) bool {
	return slices.ContainsFunc(e.References(), func(path []string) bool { return path[0] == name })
}

// isWhole reports whether the template is one ${…} and nothing else.
func (t *Template) isWhole() bool { return len(t.segments) == 1 && t.segments[0].Expr != nil }

// isFixed reports whether the template holds no ${…}.
func (t *Template) isFixed() bool {
	for _, s := range t.segments {
		if s.Expr != nil {
			return false
		}
	}
	return true
}

// fixed is the text of a template that holds no ${…}, with $${ read as ${.
func (t *Template) fixed() string {
	var text strings.Builder
	for _, s := range t.segments {
		text.WriteString(s.Text)
	}
	return text.String()
}

func (t *Template) evalSegment(s expr.Segment, env expr.Env) (expr.Value, *diag.Diagnostic) {
	v, err := s.Expr.Eval(env)
	if err != nil {
		return expr.Value{}, t.fault(t.Range, s.Expr, s.Offset, err)
	}
	if v.Sensitive && !t.secret {
		return expr.Value{}, t.fault(t.Range, s.Expr, s.Offset, errSecretHere)
	}
	if v.Sensitive && !v.Valid {
		return expr.Value{}, t.fault(t.Range, s.Expr, s.Offset, errNoSecret)
	}
	return v, nil
}

// Eval computes the expression.
func (e *Expression) Eval(env expr.Env) (expr.Value, *diag.Diagnostic) {
	if e == nil {
		return expr.Value{}, nil
	}
	v, err := e.expr.Eval(env)
	if err == nil && v.Sensitive {
		err = errSecretHere
	}
	if err != nil {
		return expr.Value{}, e.fault(e.Range, e.expr, 0, err)
	}
	return v, nil
}

// Ratio returns numerator and denominator of an expression that is wholly ratio(a, b).
func (e *Expression) Ratio() (num, den *expr.Expr, ok bool) {
	if e == nil {
		return nil, nil, false
	}
	return e.expr.Ratio()
}

var errSecretHere = &expr.Fault{
	Code: "secret-here", Summary: "Secret cannot stand here",
	Detail: "The value is computed from a secret, and secrets may reach only fields that take one: passwords, tokens, usernames and hosts.",
}

var errNoSecret = &expr.Fault{
	Code: "missing-secret", Summary: "Missing secret",
	Detail: "No value was given for the secret. That of a variable is given from outside:\n\n    export REPORTFORM_VAR_NAME=…",
}

// fault makes a diagnostic of an evaluation's error; base is where the expression begins within the whole text.
func (w written) fault(whole diag.Range, e *expr.Expr, base int, err error) *diag.Diagnostic {
	out := diag.Diagnostic{Context: w.context}
	var f *expr.Fault
	if !errors.As(err, &f) {
		f = &expr.Fault{Code: "no-value", Summary: "Value cannot be had", Detail: sentence(err.Error())}
	}
	length := f.Length
	if length == 0 {
		length = len([]rune(e.Text()))
	}
	out.Code, out.Summary, out.Detail = f.Code, f.Summary, f.Detail
	out.Subject = tree.SpanOf(whole, w.textAt, base+f.Offset, length)
	return &out
}

// sentence makes an error's text, which begins in lower case, a sentence.
func sentence(text string) string {
	if text == "" {
		return text
	}
	text = strings.ToUpper(text[:1]) + text[1:]
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// Eval computes the value: a literal as it is, a template, or a list of them.
func (v Value) Eval(env expr.Env) (expr.Value, *diag.Diagnostic) {
	switch {
	case v.Template != nil:
		return v.Template.Eval(env)
	case v.Items != nil:
		items := make([]expr.Value, len(v.Items))
		for i, item := range v.Items {
			x, fault := item.Eval(env)
			if fault != nil {
				return expr.Value{}, fault
			}
			items[i] = x
		}
		return expr.ListValue(items...), nil
	default:
		return v.Literal, nil
	}
}

// loadEnv knows what is known while loading: variables, the name of the report at hand, and which instance of it it is.
type loadEnv struct {
	variables map[string]*Variable
	report    string
	each      *Each
}

// Lookup implements [expr.Env].
func (e loadEnv) Lookup(path []string) (expr.Value, error) {
	switch {
	case len(path) == 2 && path[0] == "var" && e.variables[path[1]].known():
		return e.variables[path[1]].Value, nil
	case len(path) == 2 && path[0] == "report" && path[1] == "name" && e.report != "":
		return expr.TextValue(e.report), nil
	case path[0] == "each" && e.each != nil:
		return e.each.lookup(path[1:])
	}
	return expr.Value{}, fmt.Errorf("%s is not known while loading", strings.Join(path, "."))
}

// known reports whether there is such a variable, and whether what is made of it can be looked at: that it has no value, or
// a wrong one, is told at the variable, and a secret's is asked for when it is used.
func (v *Variable) known() bool { return v != nil && (v.Value.Valid || v.Secret) }

// Aggregate implements [expr.Env].
func (loadEnv) Aggregate(fn string, _ []string) (expr.Value, error) {
	return expr.Value{}, fmt.Errorf("%s is not known while loading", fn)
}

// prose is a template whose values are written for readers.
func (d *decoder) prose(n *tree.Node, s scope) *Template {
	t := d.template(n, s)
	if t != nil {
		t.locale = d.config.Settings.Locale
	}
	return t
}

// template parses a string and checks it against the names of its place. It is nil for what is no string,
// and for a string with a fault, which is reported.
func (d *decoder) template(n *tree.Node, s scope) *Template {
	if !n.IsScalar() {
		return nil
	}
	t := &Template{Text: n.Text, Range: n.At, valueType: expr.Text, written: d.written(n), secret: s.secret}
	if n.Kind != tree.String || !strings.Contains(n.Text, "${") {
		t.segments = []expr.Segment{{Text: n.Text}}
		return t
	}
	segments, fault := expr.ParseTemplate(n.Text)
	if fault != nil {
		d.exprFault(n, 0, fault)
		return nil
	}
	ok := true
	for _, seg := range segments {
		if seg.Expr == nil {
			continue
		}
		kind, sound := d.checkExpr(n, seg.Offset, seg.Expr, s)
		if len(segments) == 1 {
			t.valueType = kind
		}
		ok = ok && sound
	}
	if !ok {
		return nil
	}
	t.segments = segments
	return t
}

// expression parses a bare expression and checks it; its type is Any where it has a fault.
func (d *decoder) expression(n *tree.Node, s scope) (*Expression, expr.Type) {
	e, ok := d.parseExpr(n)
	if !ok {
		return nil, expr.Any
	}
	t, ok := d.checkExpr(n, 0, e, s)
	if !ok {
		return nil, expr.Any
	}
	return &Expression{Text: n.Text, Range: n.At, expr: e, written: d.written(n)}, t
}

// parseExpr parses a bare expression without looking at its names.
func (d *decoder) parseExpr(n *tree.Node) (*expr.Expr, bool) {
	if !n.IsScalar() {
		return nil, false
	}
	e, fault := expr.Parse(n.Text)
	if fault != nil {
		d.exprFault(n, 0, fault)
		return nil, false
	}
	return e, true
}

// checkExpr checks names and types of an expression that begins at base within n's text.
func (d *decoder) checkExpr(n *tree.Node, base int, e *expr.Expr, s scope) (expr.Type, bool) {
	d.uses(e)
	d.takes(e)
	names := s.forExpr(e)
	t, fault := e.Check(names)
	if fault != nil {
		d.exprFault(n, base, fault)
		return expr.Any, false
	}
	for _, doubt := range e.Doubts(names) {
		d.exprWarning(n.Span(base+doubt.Offset, doubt.Length), doubt)
	}
	return t, true
}

// uses notes the variables that an expression refers to.
func (d *decoder) uses(e *expr.Expr) {
	for _, path := range e.References() {
		if path[0] == "var" && len(path) > 1 {
			d.used[path[1]] = true
		}
	}
}

func (d *decoder) written(n *tree.Node) written {
	return written{textAt: n.TextAt, context: d.context()}
}
