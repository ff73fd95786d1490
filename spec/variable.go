package spec

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// variables decodes the declarations and finds each variable's value. It comes before the schema check, since
// values are put into the tree that is checked: what does not fit the schema is passed over here.
func (d *decoder) variables(declared *tree.Node, automatic []File) {
	defer d.in("variables")()
	for _, e := range declared.All() {
		v := &Variable{
			Name: e.Key, Range: e.KeyAt,
			Type:        e.Value.Get("type").TextOr("text"),
			Description: e.Value.Get("description").TextOr(""),
		}
		v.Secret, _ = e.Value.Get("secret").Boolean()
		t, list, ok := expr.ParseType(v.Type)
		if !ok {
			// The schema names the types that there are.
			t = expr.Any
		}
		v.valueType, v.elem, v.list = t, t, list
		if list {
			v.valueType = expr.List
		}
		d.values[v.Name] = v
		d.config.Variables = append(d.config.Variables, v)
	}
	d.veilVariables(declared)
	given := d.givenValues(automatic)
	for _, e := range declared.All() {
		d.setVariable(d.values[e.Key], e.Value, given[e.Key])
	}
}

// setVariable converts the value that was given, or the default, and checks it.
func (d *decoder) setVariable(v *Variable, declared *tree.Node, g given) {
	defer d.in(v.Name)()
	v.Value = expr.Missing(v.valueType)
	v.Value.Sensitive = v.Secret
	fallback := declared.Get("default")
	if v.Secret && fallback != nil {
		d.fault(fallback.At, "literal-secret", "Secret written literally", "The default of a secret variable would stand in the files for all to read. Leave it out and give the value from outside:\n\n    export REPORTFORM_VAR_%s=…", v.Name)
		return
	}
	if g.value == nil {
		g = given{fallback, "as its default"}
	}
	n := g.value
	if n == nil && v.Secret {
		// It is asked for when it is used: to check a configuration takes no secret.
		return
	}
	if n == nil {
		d.fault(v.Range, "missing-variable", "Missing value of a variable", "The variable %q has no default and no value was given. Give one:\n\n    --var %s=…", v.Name, v.Name)
		return
	}
	value, problem := literalValue(n, v.elem, v.list)
	if problem == "" {
		problem = wrongVariable(v, declared, n)
	}
	if problem != "" && v.Secret {
		// What is said about the value would tell what it is.
		problem = "does not fit"
	}
	if problem != "" {
		d.fault(n.At, "wrong-variable", "Wrong value of a variable", "The variable %q is %s, and the value given %s %s.", v.Name, v.typeName(), g.source, problem)
		return
	}
	value.Sensitive = v.Secret
	v.Value = value
	d.given[v.Name] = n
}

func (v *Variable) typeName() string {
	if v.Secret {
		return "secret, of type " + v.Type
	}
	return "of type " + v.Type
}

// wrongVariable says what a value breaks of allowed and pattern.
func wrongVariable(v *Variable, declared, n *tree.Node) string {
	parts := []*tree.Node{n}
	if v.list {
		parts = n.Items
	}
	allowed := declared.Get("allowed")
	expression := declared.Get("pattern").TextOr("")
	pattern, err := regexp.Compile("^(?:" + expression + ")$")
	for _, part := range parts {
		if allowed != nil && !slices.ContainsFunc(allowed.Items, func(a *tree.Node) bool { return a.Text == part.Text }) {
			var words []string
			for _, a := range allowed.Items {
				words = append(words, a.Text)
			}
			return fmt.Sprintf("is none of those allowed: %q is not among %s", part.Text, strings.Join(words, ", "))
		}
		if expression != "" && err == nil && !pattern.MatchString(part.Text) {
			return fmt.Sprintf("does not fit: %q does not match the pattern %s", part.Text, expression)
		}
	}
	return ""
}
