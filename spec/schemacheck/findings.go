package schemacheck

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// findings says in our words what the JSON Schema library found. It reports a tree; only its leaves tell something,
// and those about unknown and missing keys and about unions of keys are told by our own walk.
func (c *check) findings(root *tree.Node, found *jsonschema.ValidationError) {
	keyword := path.Base(found.AbsoluteKeywordLocation)
	switch {
	case slices.Contains([]string{"required", "additionalProperties", "oneOf", "maxProperties"}, keyword):
	case keyword == "anyOf" && len(found.Causes) > 0:
		// The first form is what is meant, and the one whose words are known; the other is a whole ${…}.
		c.findings(root, found.Causes[0])
	case len(found.Causes) > 0:
		for _, cause := range found.Causes {
			c.findings(root, cause)
		}
	default:
		c.finding(root, found, keyword)
	}
}

// misfit is a value that breaks one keyword of the schema.
type misfit struct {
	value *tree.Node
	// parent is the map or list that it stands in.
	parent *tree.Node
	// name is what to call the value: `limit`, item 2 of `to`.
	name string
	at   diag.Range
	path []string
	// schema is the part of the schema that holds the keyword.
	schema map[string]any
}

// finding tells of one leaf.
func (c *check) finding(root *tree.Node, found *jsonschema.ValidationError, keyword string) {
	location := path.Dir(strings.TrimPrefix(found.AbsoluteKeywordLocation, c.id))
	m := misfit{value: root, name: "The file", at: root.At, path: tokens(found.InstanceLocation), schema: c.at(location)}
	for i, token := range m.path {
		m.name = fmt.Sprintf("%q", token)
		next := m.value.Get(token)
		if m.value.Kind == tree.List {
			index, _ := strconv.Atoi(token)
			next = m.value.Items[index]
			m.name = fmt.Sprintf("Item %d of %q", index+1, m.path[max(0, i-1)])
		}
		m.parent, m.value, m.at = m.value, next, next.At
	}
	if m.value.Told {
		return
	}
	if strings.Contains(found.KeywordLocation, "/propertyNames/") {
		c.badName(m)
		return
	}
	switch keyword {
	case "type":
		c.wrongType(m)
	case "pattern":
		switch word, single := singleWord(m.schema); {
		case single:
			c.notAllowed(m, []any{word})
		case len(typesOf(m.schema)) > 1: // a string here is a whole ${…}
			c.wrongType(m)
		default:
			c.unfit(m, "does not fit")
		}
	case "enum":
		allowed, _ := m.schema["enum"].([]any)
		c.notAllowed(m, allowed)
	case "const":
		c.notAllowed(m, []any{m.schema["const"]})
	case "minimum":
		c.outOfBounds(m, fmt.Sprintf("must be at least %v", m.schema["minimum"]))
	case "maximum":
		c.outOfBounds(m, fmt.Sprintf("must be at most %v", m.schema["maximum"]))
	case "minLength", "minItems", "minProperties":
		if m.schema["maxProperties"] == nil { // else it has exactly one key, which is told as missing
			c.tell(m.at, m.path, "empty-value", "Empty value", m.name+" must not be empty."+example(m.schema))
		}
	case "format":
		c.unfit(m, fmt.Sprintf("is no regular expression: %q", m.value.Text))
	default:
		c.unfit(m, "does not fit")
	}
}

// singleWord returns the only word that a pattern such as ^none$ admits.
func singleWord(schema map[string]any) (string, bool) {
	pattern, _ := schema["pattern"].(string)
	word := strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$")
	return word, len(pattern) == len(word)+2 && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") == ""
}

// typesOf are the types that may stand at a place.
func typesOf(schema map[string]any) []string {
	if one, ok := schema["type"].(string); ok {
		return []string{one}
	}
	return stringsOf(schema["type"])
}

func (c *check) wrongType(m misfit) {
	types := typesOf(m.schema)
	if _, whole := m.schema["pattern"]; whole && len(types) > 1 {
		// A string stands there for a whole ${…} or a single word.
		types = slices.DeleteFunc(types, func(t string) bool { return t == "string" })
	}
	phrases := make([]string, len(types))
	for i, t := range types {
		phrases[i] = typePhrases[t]
	}
	wanted := strings.Join(phrases, " or ")
	if len(phrases) > 2 {
		wanted = strings.Join(phrases[:len(phrases)-1], ", ") + " or " + phrases[len(phrases)-1]
	}
	detail := fmt.Sprintf("%s must be %s, but is %s.", m.name, wanted, m.value.Phrase())
	if m.schema["x-secret"] == nil { // a cure shows the value
		detail += m.cure(types)
	}
	c.tell(m.at, m.path, "wrong-type", "Wrong type", detail)
}

// notAllowed tells of a value that is not one of a few.
func (c *check) notAllowed(m misfit, allowed []any) {
	words := make([]string, len(allowed))
	for i, a := range allowed {
		words[i] = fmt.Sprint(a)
	}
	must := "must be one of " + diag.Listed(words, "and")
	if len(words) == 1 {
		must = "must be " + diag.Listed(words, "")
		if _, text := allowed[0].(string); !text {
			must = "must be " + words[0]
		}
	}
	if slices.Contains(typesOf(m.schema), "object") {
		must += " or a mapping"
	}
	is := m.value.Phrase()
	switch m.value.Kind {
	case tree.Bool, tree.Int, tree.Float:
		is = m.value.Text
	case tree.String:
		is = fmt.Sprintf("%q", m.value.Text)
		if !m.value.Plain && slices.Contains(words, m.value.Text) {
			is += " in quotes"
		}
	}
	detail := fmt.Sprintf("%s %s, but is %s.", m.name, must, is)
	near := diag.Nearest(m.value.Text, words)
	if other := typeWords[strings.ToLower(m.value.Text)]; slices.Contains(words, other) {
		near = other
	}
	if near != "" && near != m.value.Text {
		detail += fmt.Sprintf(" Did you mean %q?", near)
	}
	c.tell(m.at, m.path, "not-allowed", "Value not allowed", detail)
}

func (c *check) outOfBounds(m misfit, must string) {
	c.tell(m.at, m.path, "out-of-bounds", "Out of bounds", fmt.Sprintf("%s %s, but is %s.", m.name, must, m.value.Text))
}

func (c *check) unfit(m misfit, how string) {
	c.tell(m.at, m.path, "bad-value", "Value does not fit", fmt.Sprintf("%s %s.%s", m.name, how, example(m.schema)))
}

// badName tells of a key that cannot be a name. The library's place is the key's value.
func (c *check) badName(m misfit) {
	key := m.path[len(m.path)-1]
	for _, e := range m.parent.Entries {
		if e.Key == key {
			rule, _ := m.schema["description"].(string)
			c.tell(e.KeyAt, m.path, "bad-name", "Not a name", fmt.Sprintf("%q cannot be a name here. A name is made of this: %s", key, rule))
		}
	}
}

// example ends a detail with an example of the schema.
func example(schema map[string]any) string {
	examples, _ := schema["examples"].([]any)
	if len(examples) == 0 {
		return ""
	}
	text, ok := examples[0].(string)
	if !ok {
		return ""
	}
	return fmt.Sprintf(" An example: %q", text)
}
