package schemacheck

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/reportform/reportform/spec/tree"
)

// typePhrases name the types of JSON Schema.
var typePhrases = map[string]string{
	"string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
	"array": "a list", "object": "a mapping",
}

// phrase names what a shape is of, by the schema's title: "a report", "an HTTP connection", "settings".
func (s *Shape) phrase() string {
	first, size := utf8.DecodeRuneInString(s.title)
	second, _ := utf8.DecodeRuneInString(s.title[size:])
	title := s.title
	vowels := "AEFHILMNORSX" // as the names of letters are spoken
	if !unicode.IsUpper(second) {
		title = string(unicode.ToLower(first)) + s.title[size:]
		vowels = "AEIOU"
	}
	switch {
	case s.title == "":
		return "this mapping"
	case strings.HasSuffix(title, "s"):
		return title
	case strings.ContainsRune(vowels, first):
		return "an " + title
	}
	return "a " + title
}

func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// keyed are the keys whose values have names of the users' own as keys.
var keyed = map[string]bool{
	"reports": true, "connections": true, "variables": true, "datasets": true, "destinations": true, "sources": true,
	"parameters": true, "columns": true, "filters": true, "headers": true, "derive": true, "measures": true, "rename": true, "for_each": true,
}

// contextOf says for a path of keys and indices (from 0, in digits) in which named part of the configuration it is:
// `report "weekly-chats" > workbook > sheets > Agents > table`, in the words that the decoder uses. Items are told by
// their name, steps and blocks by their kind, others by their number. Fixed keys behind the last name are left out: the
// place shows them.
func contextOf(root *tree.Node, path []string) string {
	var parts []string
	named := min(1, len(path)-1)
	name, said := false, false
	for i, token := range path[:max(0, len(path)-1)] {
		parent := root
		root = parent.Child(token)
		if said { // the key of a block or step, which stands for it
			said, name = false, false
			continue
		}
		if parent == nil || parent.Kind != tree.List {
			name = !name && i > 0 && keyed[path[i-1]]
			parts = append(parts, token)
		} else {
			parts, said = inList(root, parts, path[i-1], token)
			name = true
		}
		if name {
			named = len(parts)
		}
	}
	if named <= 0 {
		return ""
	}
	parts = parts[:named]
	if named > 1 && parts[0] == "reports" {
		parts = append([]string{"report " + strconv.Quote(parts[1])}, parts[2:]...)
	}
	return strings.Join(parts, " > ")
}

// inList adds an item of a list to the parts of a context. said says that its only key was added, which is the next part.
func inList(n *tree.Node, parts []string, list, index string) (_ []string, said bool) {
	i, _ := strconv.Atoi(index)
	number := strconv.Itoa(i + 1)
	kind := ""
	if n != nil && len(n.Entries) == 1 {
		kind = n.Entries[0].Key
	}
	switch list {
	case "blocks", "body":
		if kind != "" {
			return append(parts[:len(parts)-1], kind), true
		}
	case "transform":
		if kind != "" {
			return append(parts, kind), true
		}
	case "kpis":
		return parts, false
	case "checks":
		number = "check " + number
	}
	return append(parts, n.Get("name").TextOr(number)), false
}

// tokens splits a JSON pointer.
func tokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, part := range parts {
		if text, err := url.PathUnescape(part); err == nil {
			part = text
		}
		parts[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
	}
	return parts
}
