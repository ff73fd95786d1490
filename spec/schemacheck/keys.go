package schemacheck

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// Shape is what a walk over keys needs of a part of the schema.
type Shape struct {
	title string
	// Properties by key; closed says that there are no others, Others that further keys are names of such values.
	Properties map[string]*Shape
	names      []string
	closed     bool
	Others     *Shape
	Items      *Shape
	// required keys must be there; exactly one of oneOf must.
	required, oneOf []string
	// ByType has the shape of a union whose `type` tells what it is.
	ByType map[string]*Shape
	// Secret says that only a value from outside may stand here; Words are the only ones that may.
	Secret bool
	Words  []string
	// text says that only text may stand here, and no date.
	text bool
}

// Shape returns the shape of a definition, of the whole schema for "".
func (s *Schema) Shape(definition string) *Shape {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shapeAt(pointer(definition))
}

// shapeAt makes the shape of what a reference names, once.
func (s *Schema) shapeAt(ref string) *Shape {
	if known := s.shapes[ref]; known != nil {
		return known
	}
	made := &Shape{}
	s.shapes[ref] = made
	s.fill(made, s.at(ref))
	return made
}

// shapeOf makes the shape of a part of the schema; nil for what is none, such as a boolean.
func (s *Schema) shapeOf(part any) *Shape {
	from, ok := part.(map[string]any)
	if !ok {
		return nil
	}
	if ref, ok := from["$ref"].(string); ok {
		return s.shapeAt(ref)
	}
	made := &Shape{}
	s.fill(made, from)
	return made
}

func (s *Schema) fill(into *Shape, from map[string]any) {
	into.title, _ = from["title"].(string)
	into.required = append(stringsOf(from["required"]), stringsOf(from["x-required"])...)
	into.oneOf = stringsOf(from["x-one-of"])
	into.text = from["type"] == "string" && from["x-date"] == nil && from["x-expression"] == nil
	into.Secret, _ = from["x-secret"].(bool)
	into.Words = wordsOf(from["enum"])
	if forms, ok := from["anyOf"].([]any); ok {
		// The first form has the words; the other is a whole ${…}.
		first, _ := forms[0].(map[string]any)
		into.Words = wordsOf(first["enum"])
	}
	into.Items = s.shapeOf(from["items"])
	into.Others = s.shapeOf(from["additionalProperties"])
	into.closed = from["additionalProperties"] == false
	if properties, ok := from["properties"].(map[string]any); ok {
		into.Properties = make(map[string]*Shape, len(properties))
		for name, property := range properties {
			into.Properties[name] = s.shapeOf(property)
		}
		into.names = slices.Sorted(maps.Keys(properties))
	}
	if from["maxProperties"] == 1.0 {
		into.oneOf = into.names
	}
	if cases, ok := from["allOf"].([]any); ok {
		into.ByType = map[string]*Shape{}
		for _, c := range cases {
			c := c.(map[string]any)
			condition := c["if"].(map[string]any)["properties"].(map[string]any)["type"].(map[string]any)
			into.ByType[condition["const"].(string)] = s.shapeOf(c["then"])
		}
	}
}

// at returns the part of the schema that a reference within it names.
func (s *Schema) at(ref string) map[string]any {
	var part any = s.document
	for _, token := range tokens(strings.TrimPrefix(ref, "#")) {
		switch p := part.(type) {
		case map[string]any:
			part = p[token]
		case []any:
			i, _ := strconv.Atoi(token)
			part = p[i]
		}
	}
	found, _ := part.(map[string]any)
	return found
}

func stringsOf(list any) []string {
	items, _ := list.([]any)
	out := make([]string, 0, len(items))
	for _, item := range items {
		out = append(out, item.(string))
	}
	return out
}

// wordsOf are the texts of a list that may hold other values too.
func wordsOf(list any) []string {
	items, _ := list.([]any)
	var out []string
	for _, item := range items {
		if word, ok := item.(string); ok {
			out = append(out, word)
		}
	}
	return out
}

// keys walks a value and tells of keys that are unknown or missing. at is the place of the value's own key.
func (c *check) keys(n *tree.Node, s *Shape, at diag.Range, path []string) {
	if s == nil {
		return
	}
	switch n.Kind {
	case tree.String:
		if s.text && n.Plain && !n.Told && isDate(n.Text) {
			c.unquotedDate(n, path)
		}
	case tree.List:
		for i, item := range n.Items {
			c.keys(item, s.Items, diag.Range{}, append(path, strconv.Itoa(i)))
		}
	case tree.Map:
		if t := n.Get("type"); t != nil && s.ByType[t.Text] != nil {
			s = s.ByType[t.Text]
		}
		c.mapping(n, s, at, path)
	}
}

func (c *check) mapping(n *tree.Node, s *Shape, at diag.Range, path []string) {
	var meant []string
	for _, e := range n.Entries {
		inner, known := s.Properties[e.Key]
		switch {
		case known:
			c.keys(e.Value, inner, e.KeyAt, append(path, e.Key))
		case s.closed:
			meant = append(meant, c.unknownKey(e, s, append(path, e.Key)))
		default:
			c.keys(e.Value, s.Others, e.KeyAt, append(path, e.Key))
		}
	}
	if at.IsZero() {
		at = n.FirstKey()
	}
	for _, key := range s.required {
		if n.Get(key) == nil && !slices.Contains(meant, key) {
			c.missingKey(at, s, key, path)
		}
	}
	if len(s.oneOf) > 0 {
		c.oneOf(n, s, at, len(meant) > 0, path)
	}
}

// wayTo leads from a map to where a key can stand further in: under one key of the map, else in the items of a list
// under a key of that.
func (s *Shape) wayTo(key string) []string {
	for _, name := range s.names {
		if inner := s.Properties[name]; inner != nil && inner.Properties[key] != nil {
			return []string{name}
		}
	}
	for _, name := range s.names {
		inner := s.Properties[name]
		if inner == nil {
			continue
		}
		for _, list := range inner.names {
			if items := inner.Properties[list]; items != nil && items.Items != nil && items.Items.Properties[key] != nil {
				return []string{name, list}
			}
		}
	}
	return nil
}

// unknownKey tells of a key that a closed map does not have, and returns the one that was meant.
func (c *check) unknownKey(e tree.Entry, s *Shape, path []string) (meant string) {
	detail := fmt.Sprintf("%q is no key of %s.", e.Key, s.phrase())
	meant = diag.Nearest(e.Key, s.names)
	within := s.wayTo(e.Key)
	switch {
	case e.Key == "to" && slices.Contains(s.oneOf, "through"):
		meant = e.Key
		detail += " Write \"through\" for the last day that belongs to the range, or \"until\" for the first moment that does not."
	case meant != "":
		detail += fmt.Sprintf(" Did you mean %q?", meant)
	case len(within) > 0:
		detail += fmt.Sprintf(" It belongs under \"%s\", indented.", strings.Join(within, "\" > \""))
	case len(s.names) > 0:
		detail += fmt.Sprintf(" It takes %s.", diag.Listed(s.names, "and"))
	}
	c.tell(e.KeyAt, path, "unknown-key", "Unknown key", detail)
	return meant
}

func (c *check) missingKey(at diag.Range, s *Shape, key string, path []string) {
	detail := fmt.Sprintf("The key %q is missing: %s needs it.", key, s.phrase())
	if key == "version" {
		detail += " Begin each file with this line:\n\n    version: 1"
	}
	c.tell(at, append(path, ""), "missing-key", "Missing key", detail)
}

// oneOf tells of a map that has none of the keys of which it has one, or several. Where a key is unknown, that is
// likely the one.
func (c *check) oneOf(n *tree.Node, s *Shape, at diag.Range, unknown bool, path []string) {
	var first *tree.Entry
	for i, e := range n.Entries {
		switch {
		case !slices.Contains(s.oneOf, e.Key):
		case first == nil:
			first = &n.Entries[i]
		default:
			c.list.Add(diag.Diagnostic{
				Code: "too-many-keys", Summary: "Too many keys", Subject: e.KeyAt, Context: contextOf(c.root, append(path, e.Key)),
				Detail:  fmt.Sprintf("%q cannot stand beside %q: %s has exactly one of %s.", e.Key, first.Key, s.phrase(), diag.Listed(s.oneOf, "and")),
				Related: []diag.Related{{Message: fmt.Sprintf("%q stands here.", first.Key), Range: first.KeyAt}},
			})
		}
	}
	if first == nil && !unknown {
		c.tell(at, append(path, ""), "missing-key", "Missing key", fmt.Sprintf(
			"%s has exactly one of %s, and none is here.", capital(s.phrase()), diag.Listed(s.oneOf, "and")))
	}
}

// isDate reports whether a text begins as a date that other YAML readers take for a timestamp.
func isDate(text string) bool {
	if len(text) < len("2006-01-02") {
		return false
	}
	for i, c := range []byte(text[:len("2006-01-02")]) {
		if dash := i == 4 || i == 7; dash && c != '-' || !dash && (c < '0' || c > '9') {
			return false
		}
	}
	rest := text[len("2006-01-02"):]
	return strings.Trim(rest, "0123456789:.+-TtZz ") == ""
}

func (c *check) unquotedDate(n *tree.Node, path []string) {
	c.list.Add(diag.Diagnostic{
		Severity: diag.Warning, Code: "unquoted-date", Summary: "Date without quotes", Subject: n.At, Context: contextOf(c.root, path),
		Detail: fmt.Sprintf("Text stands here, and other YAML readers take this for a date. Put it in quotes:\n\n    %s", tree.Quote(n.Text)),
	})
}
