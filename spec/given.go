package spec

import (
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// given is a value that was given for a variable, and by what.
type given struct {
	value  *tree.Node
	source string // "in prod.vars.yaml", "by --var", "as its default"
}

// givenValues collects the values from outside the declarations; the last wins.
func (d *decoder) givenValues(automatic []File) map[string]given {
	out := map[string]given{}
	if d.options.Env != nil {
		for name, v := range d.values {
			key := diag.Environment + name
			if text, ok := d.options.Env(key); ok {
				d.config.Files[key] = []byte(oneLine(text))
				d.give(out, name, d.textValue(v, key, 1, text), "in the environment's "+key)
			} else {
				d.otherCase(v)
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

// otherCase warns of a value that is set for a variable's name in other letters, as names of the environment mostly are
// in capitals: it would be passed over without a word.
func (d *decoder) otherCase(v *Variable) {
	for _, name := range []string{strings.ToUpper(v.Name), strings.ToLower(v.Name)} {
		if _, set := d.options.Env(diag.Environment + name); set && d.values[name] == nil {
			found := d.diagnostic(v.Range, "other-case", "Value under a name in other letters",
				"%[1]s%[2]s is set and not used, since capitals and small letters differ and the variable is %[3]q. Write:\n\n    export %[1]s%[3]s=…", diag.Environment, name, v.Name)
			found.Severity = diag.Warning
			d.diags.Add(found)
			return
		}
	}
}

// give notes a value. A secret one is blanked in what diagnostics show.
func (d *decoder) give(out map[string]given, name string, value *tree.Node, source string) {
	if d.values[name].Secret || namesSecret(name, secretWords) {
		d.hide(value.At)
	}
	out[name] = given{value, source}
}

// variablesFile reads name: value pairs.
func (d *decoder) variablesFile(f File, out map[string]given) {
	d.config.Files[f.Name] = f.Data
	root, diags := tree.Parse(f.Name, f.Data)
	d.diags.Extend(diags)
	if root == nil {
		d.veilLines(f.Name, true, d.mayBeSecret)
		return
	}
	for _, e := range append(slices.Clip(root.Entries), root.Repeated...) {
		if d.mayBeSecret(e.Key) {
			d.hideValue(e)
		}
	}
	for _, e := range root.Entries {
		if d.knownVariable(e.Key, e.KeyAt) {
			d.give(out, e.Key, e.Value, "in "+f.Name)
		}
	}
}

// mayBeSecret judges a variable's name: one that is not declared may be a secret's, mistyped.
func (d *decoder) mayBeSecret(name string) bool {
	v := d.values[name]
	return v == nil || v.Secret || namesSecret(name, secretWords)
}

// commandLine reads --var name=value. The text of each becomes a file of its own, so that a diagnostic can show it.
func (d *decoder) commandLine(out map[string]given) {
	for _, arg := range d.options.Vars {
		name, text, ok := strings.Cut(arg, "=")
		// What is no variable's name may be the secret itself.
		known := d.values[name] != nil
		ok = ok && (known || text != "")
		if !ok && !known {
			name = "…"
		}
		file, shown := diag.Argument+oneLine(name), oneLine(name)
		if ok {
			file += "=…"
			shown += "=…"
		}
		if ok && known {
			shown = oneLine(arg)
		}
		d.config.Files[file] = []byte(shown)
		at := diag.Range{File: file, Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: runes(name) + 1}}
		if !ok {
			d.fault(at, "bad-variable-option", "Not a variable's value", "--var wants a name and a value, such as:\n\n    --var team=support")
		} else if d.knownVariable(name, at) {
			d.give(out, name, d.textValue(d.values[name], file, runes(name)+2, text), "by --var")
		}
	}
}

func (d *decoder) knownVariable(name string, at diag.Range) bool {
	if d.values[name] != nil {
		return true
	}
	if !d.partial {
		known := make([]string, 0, len(d.config.Variables))
		for _, v := range d.config.Variables {
			known = append(known, v.Name)
		}
		d.fault(at, "unknown-variable", "Unknown variable", "No variable %q is declared.%s A variable is declared by:\n\n    variables: {%s: {type: text}}", name, suggest(name, known), name)
	}
	return false
}

// textValue makes a node of a value that came as text, on a line of its own: its kind is what the variable's type asks for.
func (d *decoder) textValue(v *Variable, file string, column int, text string) *tree.Node {
	at := diag.Range{File: file, Start: diag.Pos{Line: 1, Column: column}, End: diag.Pos{Line: 1, Column: column + max(1, runes(text))}}
	if v.list {
		// A list is written as in the files: [1, 3].
		if root, diags := tree.Parse(file, []byte("list: "+text)); root != nil && !diags.HasErrors() && root.Get("list").Kind == tree.List {
			root.Get("list").Place(at)
			return root.Get("list")
		}
	}
	n := &tree.Node{Kind: tree.String, Text: text, At: at}
	switch v.elem {
	case expr.Integer, expr.Decimal, expr.Percent, expr.Ratio, expr.Boolean:
		n.Kind = tree.CoreKind(text)
	}
	return n
}

func runes(s string) int { return len([]rune(s)) }

// oneLine keeps a text from outside on the one line that its place says it is on.
func oneLine(s string) string { return strings.NewReplacer("\r", " ", "\n", " ").Replace(s) }
