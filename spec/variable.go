package spec

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// variables decodes the declarations and finds each variable's value. It comes before the schema check, since
// values are put into the tree that is checked: what does not fit the schema is passed over here.
func (d *decoder) variables(declared *node, automatic []File) {
	defer d.in("variables")()
	for _, e := range declared.all() {
		v := &Variable{
			Name: e.key, Range: e.keyAt,
			Type:        word(e.value.get("type"), "text"),
			Description: word(e.value.get("description"), ""),
			Secret:      word(e.value.get("secret"), "") == "true",
		}
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
	given := d.givenValues(automatic)
	for _, e := range declared.all() {
		d.setVariable(d.values[e.key], e.value, given[e.key])
	}
}

// word reads a scalar before the schema was asked.
func word(n *node, otherwise string) string {
	if !n.isScalar() {
		return otherwise
	}
	return n.text
}

// given is a value that was given for a variable, and by what.
type given struct {
	value  *node
	source string // "in prod.vars.yaml", "by --var"
}

// givenValues collects the values from outside the declarations; the last wins.
func (d *decoder) givenValues(automatic []File) map[string]given {
	out := map[string]given{}
	if d.options.Env != nil {
		for name, v := range d.values {
			key := "REPORTFORM_VAR_" + name
			if text, ok := d.options.Env(key); ok {
				d.config.Files[key] = []byte(oneLine(text))
				d.give(out, name, d.textValue(v, key, 1, 1, text), "in the environment's "+key)
			}
		}
	}
	for _, f := range automatic {
		d.variablesFile(File{d.place(f.Name), f.Data}, out)
	}
	for _, f := range d.options.VarFiles {
		d.variablesFile(f, out)
	}
	d.commandLine(out)
	return out
}

// give notes a value. A secret one is blanked in what diagnostics show.
func (d *decoder) give(out map[string]given, name string, value *node, source string) {
	if d.values[name].Secret {
		d.mask(value.at)
	}
	out[name] = given{value, source}
}

// variablesFile reads name: value pairs.
func (d *decoder) variablesFile(f File, out map[string]given) {
	d.config.Files[f.Name] = f.Data
	root, diags := parseYAML(f.Name, f.Data)
	d.diags.Extend(diags)
	for _, e := range root.all() {
		if d.knownVariable(e.key, e.keyAt) {
			d.give(out, e.key, e.value, "in "+f.Name)
		}
	}
}

// commandLine reads --var name=value. Their text becomes a file of its own, so that a diagnostic can show it.
func (d *decoder) commandLine(out map[string]given) {
	const file = "--var"
	shown := make([]string, len(d.options.Vars))
	for i, arg := range d.options.Vars {
		name, _, ok := strings.Cut(arg, "=")
		shown[i] = oneLine(arg)
		if ok && d.values[name] == nil {
			// It may be a secret under a mistyped name.
			shown[i] = name + "=…"
		}
	}
	d.config.Files[file] = []byte(strings.Join(shown, "\n"))
	for i, arg := range d.options.Vars {
		name, text, ok := strings.Cut(arg, "=")
		at := diag.Range{File: file, Start: diag.Pos{Line: i + 1, Column: 1}, End: diag.Pos{Line: i + 1, Column: runes(name) + 1}}
		if !ok {
			d.fault(at, "bad-variable-option", "Not a variable's value", "--var wants a name and a value, such as:\n\n    --var team=support")
		} else if d.knownVariable(name, at) {
			d.give(out, name, d.textValue(d.values[name], file, i+1, runes(name)+2, text), "by --var")
		}
	}
}

func (d *decoder) knownVariable(name string, at diag.Range) bool {
	if d.values[name] != nil {
		return true
	}
	known := make([]string, 0, len(d.config.Variables))
	for _, v := range d.config.Variables {
		known = append(known, v.Name)
	}
	d.fault(at, "unknown-variable", "Unknown variable", "No variable %q is declared.%s A variable is declared by:\n\n    variables: {%s: {type: text}}", name, suggest(name, known), name)
	return false
}

// textValue makes a node of a value that came as text: its kind is what the variable's type asks for.
func (d *decoder) textValue(v *Variable, file string, line, column int, text string) *node {
	at := diag.Range{File: file, Start: diag.Pos{Line: line, Column: column}, End: diag.Pos{Line: line, Column: column + max(1, runes(text))}}
	if v.list {
		// A list is written as in the files: [1, 3].
		if root, diags := parseYAML(file, []byte("list: "+text)); root != nil && !diags.HasErrors() && root.get("list").kind == listNode {
			root.get("list").place(at)
			return root.get("list")
		}
	}
	n := &node{kind: stringNode, text: text, at: at}
	switch v.elem {
	case expr.Integer, expr.Decimal, expr.Percent, expr.Ratio, expr.Boolean:
		n.kind = coreKind(text)
	}
	return n
}

// place moves a value, with all that it holds, to a place.
func (n *node) place(at diag.Range) {
	n.at, n.textAt = at, nil
	for _, item := range n.items {
		item.place(at)
	}
	for i := range n.entries {
		n.entries[i].keyAt = at
		n.entries[i].value.place(at)
	}
}

// setVariable converts the value that was given, or the default, and checks it.
func (d *decoder) setVariable(v *Variable, declared *node, g given) {
	defer d.in(v.Name)()
	n := g.value
	fallback := declared.get("default")
	if v.Secret && fallback != nil {
		d.mask(fallback.at)
		d.fault(fallback.at, "literal-secret", "Secret written literally", "The default of a secret variable would stand in the files for all to read. Leave it out and give the value from outside:\n\n    export REPORTFORM_VAR_%s=…", v.Name)
		return
	}
	if n == nil {
		n = fallback
	}
	v.Value = expr.Missing(v.valueType)
	if n == nil {
		d.fault(v.Range, "missing-variable", "Missing value of a variable", "The variable %q has no default and no value was given. Give one:\n\n    --var %s=…", v.Name, v.Name)
		return
	}
	value, problem := literalValue(n, v.elem, v.list)
	if problem == "" {
		problem = wrongVariable(v, declared, value, n)
	}
	if problem != "" && v.Secret {
		// What is said about the value would tell what it is.
		problem = "does not fit"
	}
	if problem != "" {
		d.fault(n.at, "wrong-variable", "Wrong value of a variable", "The variable %q is %s, and the value given %s %s.", v.Name, v.typeName(), cmpSource(g.source), problem)
		return
	}
	value.Sensitive = v.Secret
	v.Value = value
	d.given[v.Name] = n
}

func cmpSource(source string) string {
	if source == "" {
		return "as its default"
	}
	return source
}

func (v *Variable) typeName() string {
	if v.Secret {
		return "secret, of type " + v.Type
	}
	return "of type " + v.Type
}

// wrongVariable says what a value breaks of allowed and pattern.
func wrongVariable(v *Variable, declared *node, value expr.Value, n *node) string {
	parts := []*node{n}
	if v.list {
		parts = n.items
	}
	allowed := declared.get("allowed")
	expression := word(declared.get("pattern"), ".*")
	pattern, err := regexp.Compile("^(?s:" + expression + ")$")
	for _, part := range parts {
		if allowed != nil && !slices.ContainsFunc(allowed.items, func(a *node) bool { return a.text == part.text }) {
			var words []string
			for _, a := range allowed.items {
				words = append(words, a.text)
			}
			return fmt.Sprintf("is none of those allowed: %q is not among %s", part.text, strings.Join(words, ", "))
		}
		if err == nil && !pattern.MatchString(part.text) {
			return fmt.Sprintf("does not fit: %q does not match the pattern %s", part.text, expression)
		}
	}
	return ""
}

// mask blanks a stretch of a file as diagnostics show it, so that no snippet gives a secret away.
func (d *decoder) mask(at diag.Range) {
	data, ok := d.config.Files[at.File]
	if !ok {
		return
	}
	lines := strings.Split(string(data), "\n")
	for i := at.Start.Line - 1; i >= 0 && i < at.End.Line && i < len(lines); i++ {
		line := []rune(lines[i])
		from, to := 0, len(line)
		if i == at.Start.Line-1 {
			from = min(at.Start.Column-1, to)
		}
		if i == at.End.Line-1 {
			to = min(at.End.Column-1, to)
		}
		for k := from; k < to; k++ {
			line[k] = '*'
		}
		lines[i] = string(line)
	}
	d.config.Files[at.File] = []byte(strings.Join(lines, "\n"))
}

var likelySecret = regexp.MustCompile(`(?im)(?:password|bearer|secret|token)["']?[ \t]*:[ \t]*([^\s$#"'][^\n]*|["'][^$\n][^\n]*)$`)

// maskLikely blanks what stands behind the names of secrets, where a file is broken and its fields are not known.
func (d *decoder) maskLikely() {
	for name, data := range d.config.Files {
		out := slices.Clone(data)
		for _, at := range likelySecret.FindAllSubmatchIndex(data, -1) {
			for i := at[2]; i < at[3]; i++ {
				out[i] = '*'
			}
		}
		d.config.Files[name] = out
	}
}

func runes(s string) int { return len([]rune(s)) }

// oneLine keeps a text from outside on the one line that its place says it is on.
func oneLine(s string) string { return strings.NewReplacer("\r", " ", "\n", " ").Replace(s) }

var wholeVariable = regexp.MustCompile(`^\$\{\s*var\.([A-Za-z_][A-Za-z0-9_]*)\s*\}$`)

// substitute puts the values of variables where a string is one whole ${var.NAME}, so that fields of every type
// can take one and the schema checks what came out. Secrets stay references, and are put in when they are used.
func (d *decoder) substitute(united *node) {
	for _, e := range united.entries {
		if e.key != "variables" {
			d.substituteIn(e.value)
		}
	}
}

func (d *decoder) substituteIn(n *node) {
	if n == nil {
		return
	}
	for _, item := range n.items {
		d.substituteIn(item)
	}
	for _, e := range n.entries {
		d.substituteIn(e.value)
	}
	if n.kind != stringNode {
		return
	}
	m := wholeVariable.FindStringSubmatch(n.text)
	if m == nil {
		return
	}
	v, value := d.values[m[1]], d.given[m[1]]
	if v == nil || value == nil || v.Secret {
		return
	}
	at := n.at
	*n = *value.copy()
	n.place(at)
	n.escape()
	d.filled[n] = v
}

// escape makes ${ in a variable's value mean itself: what comes from outside is no template.
func (n *node) escape() {
	if n.kind == stringNode {
		n.text = strings.ReplaceAll(n.text, "${", "$${")
	}
	for _, item := range n.items {
		item.escape()
	}
	for _, e := range n.entries {
		e.value.escape()
	}
}

// copy copies a value with all that it holds.
func (n *node) copy() *node {
	out := *n
	out.items = slices.Clone(n.items)
	for i, item := range out.items {
		out.items[i] = item.copy()
	}
	out.entries = slices.Clone(n.entries)
	for i := range out.entries {
		out.entries[i].value = out.entries[i].value.copy()
	}
	return &out
}
