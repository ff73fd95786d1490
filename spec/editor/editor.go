// Package editor makes of the language's schema the one that editors complete, explain and check definitions by: the
// language itself, with a branch for each source that says its filters, grains and columns, and for a configuration that
// is there its own connections, datasets and columns.
//
// It is draft-07 in the part of it that yaml-language-server understands. Where that server points for a fault is what
// several of the forms here are chosen by: at the place where validate points.
package editor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/reportform/reportform/schema"
	"github.com/reportform/reportform/spec"
)

// object is a part of a schema.
type object = map[string]any

// maker adds to a schema.
type maker struct {
	root        object
	definitions object
	dataset     object
	keys        object // of a dataset, as the language says them
}

// Schema returns the schema for definitions of which nothing is known but the built-in sources, by name.
//
// A connection is known by its name alone there, and a source of the user's own may be called as a built-in one is. So
// filters are checked only in a file that has connections, none of them with sources of its own; elsewhere they are offered
// and explained.
func Schema(builtin map[string]*spec.Source) ([]byte, error) {
	m, err := newMaker("reportform.editor.v1.schema.json")
	if err != nil {
		return nil, err
	}
	var strict, sources []any
	for _, name := range slices.Sorted(maps.Keys(builtin)) {
		sources = append(sources, sourceName("thulium."+name, builtin[name]), sourceName("demo."+name, builtin[name]))
		from := `^[^.]+\.` + name + `$`
		m.branch(from, m.source(name, builtin[name], false))
		strict = append(strict, when(from, m.source(name, builtin[name], true)))
	}
	before(m.dataset, object{"properties": object{"source": object{"anyOf": append(sources, object{"type": "string"})}}})
	m.definitions["asked"] = object{"allOf": strict}
	own := object{"anyOf": []any{
		object{"required": []any{"sources"}},
		object{"properties": object{"type": object{"const": "http"}}, "required": []any{"type"}},
	}}
	m.rootRule(object{
		"if":   object{"required": []any{"connections"}, "properties": object{"connections": object{"additionalProperties": object{"not": own}}}},
		"then": inDatasets(reference("asked")),
	})
	return m.bytes()
}

// newMaker reads the language's schema and puts it into forms that editors take.
func newMaker(file string) (*maker, error) {
	var root object
	if err := json.Unmarshal(schema.V1, &root); err != nil {
		return nil, fmt.Errorf("read the embedded schema: %w", err)
	}
	id, _ := root["$id"].(string)
	root["$id"] = id[:strings.LastIndex(id, "/")+1] + file
	adapt(root)
	m := &maker{root: root, definitions: root["definitions"].(object)}
	m.zones()
	m.ranges()
	m.dataset = m.definitions["dataset"].(object)
	behind(m.dataset)
	m.keys = m.dataset["allOf"].([]any)[0].(object)["properties"].(object)
	return m, nil
}

// behind moves what is said of a mapping's keys behind what is added to it: of what fits a place, the server shows the
// first text.
func behind(part object) {
	properties := part["properties"].(object)
	names := object{}
	for name := range properties {
		names[name] = true
	}
	rest, _ := part["allOf"].([]any)
	part["properties"] = names
	part["allOf"] = []any{with(rest, object{"properties": properties})}
}

// with adds rules to a part that has none; there is no empty list of them.
func with(rules []any, part object) object {
	if len(rules) > 0 {
		part["allOf"] = rules
	}
	return part
}

// before adds a rule in front of a part's others.
func before(part, rule object) {
	rules, _ := part["allOf"].([]any)
	part["allOf"] = slices.Insert(rules, 0, any(rule))
}

// branch adds what holds for a dataset whose source matches.
func (m *maker) branch(source string, then object) {
	all := m.dataset["allOf"].([]any)
	m.dataset["allOf"] = slices.Insert(all, len(all)-1, any(when(source, then)))
}

// rootRule adds what holds for a whole file.
func (m *maker) rootRule(rule object) {
	all, _ := m.root["allOf"].([]any)
	m.root["allOf"] = append(all, rule)
}

// bytes writes the schema. Keys are in alphabetical order, so that the same configuration makes the same bytes.
func (m *maker) bytes() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(m.root); err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	return out.Bytes(), nil
}

// define adds a definition and returns a reference to it.
func (m *maker) define(name string, definition object) object {
	m.definitions[name] = definition
	return reference(name)
}

func reference(definition string) object { return object{"$ref": "#/definitions/" + definition} }

// when is a rule for datasets whose source matches a pattern.
func when(source string, then object) object {
	return object{
		"if":   object{"required": []any{"source"}, "properties": object{"source": object{"type": "string", "pattern": source}}},
		"then": then,
	}
}

// inDatasets is a rule for a whole file that holds for every dataset in it.
func inDatasets(rule object) object {
	report := object{"properties": object{"datasets": object{"additionalProperties": rule}}}
	return object{"properties": object{
		"reports":  object{"additionalProperties": report},
		"settings": object{"properties": object{"defaults": report}},
	}}
}

// anys are texts as a schema has them.
func anys(texts []string) []any {
	out := make([]any, len(texts))
	for i, t := range texts {
		out[i] = t
	}
	return out
}
