package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/reportform/reportform/schema"
	"github.com/reportform/reportform/spec/expr"
)

// reference is the page of the language.
func reference() (string, error) {
	root, err := parse(schema.V1)
	if err != nil {
		return "", err
	}
	r := &referencePage{definitions: root.object("definitions")}
	r.order(root)
	about, _, _ := strings.Cut(root.text("description"), " Beside draft-07") // what follows is for programs
	r.out.WriteString(made + "# The report language, version 1\n\n" +
		about + "\n\nWhere one value stands, a whole `${…}` may stand as well, and what comes out of it is checked again.\n\n")
	r.contents()
	r.section("Configuration", root)
	for _, name := range r.names {
		r.section(r.title(name), r.definitions.object(name))
	}
	r.functions()
	return r.out.String(), nil
}

// referencePage is the page in the making.
type referencePage struct {
	definitions *object
	// names are the definitions that have a section, in the order in which they are first spoken of.
	names []string
	out   strings.Builder
}

// order finds the definitions that have keys of their own, those that are spoken of first before those within them.
func (r *referencePage) order(root *object) {
	seen := map[string]bool{}
	for next := []any{root}; len(next) > 0; next = next[1:] {
		for _, name := range mentioned(next[0]) {
			d := r.definitions.object(name)
			if seen[name] {
				continue
			}
			seen[name] = true
			next = append(next, d)
			if d.get("properties") != nil {
				r.names = append(r.names, name)
			}
		}
	}
}

// mentioned are the definitions that a part of the schema refers to.
func mentioned(v any) (names []string) {
	switch v := v.(type) {
	case *object:
		if name, ok := strings.CutPrefix(v.text("$ref"), "#/definitions/"); ok {
			names = append(names, name)
		}
		for _, key := range v.keys {
			if key != "definitions" && key != "examples" {
				names = append(names, mentioned(v.values[key])...)
			}
		}
	case []any:
		for _, item := range v {
			names = append(names, mentioned(item)...)
		}
	}
	return names
}

func (r *referencePage) title(name string) string {
	if t := r.definitions.object(name).text("title"); t != "" {
		return t
	}
	return name
}

func (r *referencePage) contents() {
	for _, title := range slices.Concat([]string{"Configuration"}, r.titles(), []string{"Functions"}) {
		fmt.Fprintf(&r.out, "- [%s](#%s)\n", title, anchor(title))
	}
	r.out.WriteString("\n")
}

func (r *referencePage) titles() []string {
	out := make([]string, len(r.names))
	for i, name := range r.names {
		out[i] = r.title(name)
	}
	return out
}

// anchor is the name that GitHub and GitLab give a heading.
func anchor(title string) string {
	return strings.ReplaceAll(strings.ToLower(title), " ", "-")
}

// section is a mapping with its keys.
func (r *referencePage) section(title string, d *object) {
	fmt.Fprintf(&r.out, "## %s\n\n", title)
	if text := d.text("description"); text != "" && title != "Configuration" {
		fmt.Fprintf(&r.out, "%s\n\n", text)
	}
	r.examples(d)
	required := slices.Concat(d.list("required"), d.list("x-required"))
	properties := d.object("properties")
	if properties != nil {
		for _, key := range properties.keys {
			r.key("", key, as[*object](properties.get(key)), slices.Contains(required, any(key)))
		}
	}
	r.out.WriteString("\n")
}

// examples are blocks of YAML.
func (r *referencePage) examples(d *object) {
	examples := d.list("examples")
	if len(examples) == 0 {
		return
	}
	for _, e := range examples {
		fmt.Fprintf(&r.out, "```yaml\n%s\n```\n\n", strings.TrimLeft(block(e, ""), "\n"))
	}
}

// key is a key and, further in, those within it that have no section of their own.
func (r *referencePage) key(indent, key string, p *object, required bool) {
	words := []string{r.typeOf(p)}
	if required {
		words = append(words, "required")
	}
	fmt.Fprintf(&r.out, "%s- **`%s`** (%s)", indent, key, strings.Join(words, ", "))
	if text := p.text("description"); text != "" {
		r.out.WriteString(": " + text)
	}
	if examples := p.list("examples"); len(examples) > 0 {
		var shown []string
		for _, e := range examples {
			if text := flow(e); len(text) <= widest || len(examples) == 1 {
				shown = append(shown, "`` "+text+" ``")
			}
		}
		if len(shown) == 0 {
			shown = []string{"`` " + flow(examples[0]) + " ``"}
		}
		r.out.WriteString(" For example " + strings.Join(shown, ", ") + ".")
	}
	r.out.WriteString("\n")
	if inner := p.object("properties"); inner != nil {
		needed := p.list("required")
		for _, name := range inner.keys {
			r.key(indent+"  ", name, as[*object](inner.get(name)), slices.Contains(needed, any(name)))
		}
	}
}

// typeOf says in words what may stand at a key.
func (r *referencePage) typeOf(p *object) string {
	if name, ok := strings.CutPrefix(p.text("$ref"), "#/definitions/"); ok {
		if slices.Contains(r.names, name) {
			return fmt.Sprintf("[%s](#%s)", strings.ToLower(r.title(name)), anchor(r.title(name)))
		}
		return r.typeOf(r.definitions.object(name))
	}
	if forms := p.list("anyOf"); len(forms) > 0 {
		return r.typeOf(as[*object](forms[0]))
	}
	switch {
	case p.get("x-secret") == true:
		return "secret"
	case p.text("x-expression") != "":
		return "expression"
	case p.get("const") != nil:
		return "`" + flow(p.get("const")) + "`"
	}
	if words := p.list("enum"); len(words) > 0 {
		shown := make([]string, len(words))
		for i, w := range words {
			shown[i] = "`" + flow(w) + "`"
		}
		return "one of " + strings.Join(shown, ", ")
	}
	types := p.list("type")
	if len(types) == 0 {
		types = []any{p.get("type")}
	}
	var words []string
	for _, t := range types {
		words = append(words, r.typeWord(as[string](t), p))
	}
	if len(words) > 1 && p.text("pattern") != "" { // a whole ${…}, which the page's head speaks of
		words = slices.DeleteFunc(words, func(w string) bool { return w == "text" })
	}
	return strings.Join(words, " or ")
}

func (r *referencePage) typeWord(t string, p *object) string {
	switch t {
	case "string":
		return "text"
	case "integer":
		return "whole number"
	case "boolean":
		return "true or false"
	case "array":
		if items := p.object("items"); items != nil {
			return "list of " + r.typeOf(items)
		}
		return "list"
	case "object":
		if others := p.object("additionalProperties"); others != nil {
			return "mapping of names to " + r.typeOf(others)
		}
		return "mapping"
	case "":
		return "mapping"
	default:
		return t
	}
}

// functions are those of expressions.
func (r *referencePage) functions() {
	r.out.WriteString("## Functions\n\nOf expressions, in `${…}`, `where`, `derive`, `assert`, `when` and `value`.\n\n")
	for _, f := range expr.Functions() {
		fmt.Fprintf(&r.out, "- **`%s`**: %s\n", f.Signature, f.Doc)
	}
}
