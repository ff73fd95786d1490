package spec

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// phrase names what a value is, as the end of "but is …".
func (n *node) phrase() string {
	switch n.kind {
	case nullNode:
		return "empty"
	case boolNode:
		return "a boolean"
	case intNode:
		return "a whole number"
	case floatNode:
		return "a number"
	case stringNode:
		return "a text"
	case listNode:
		return "a list"
	}
	return "a mapping"
}

// typePhrases name the types of JSON Schema.
var typePhrases = map[string]string{
	"string": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
	"array": "a list", "object": "a mapping",
}

// phrase names what a shape is of, by the schema's title: "a report", "an HTTP connection", "settings".
func (s *shape) phrase() string {
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

// listOf writes words as `a`, `b` and `c`.
func listOf(words []string, last string) string {
	var b strings.Builder
	for i, word := range words {
		switch {
		case i > 0 && i == len(words)-1:
			b.WriteString(" " + last + " ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString("\"" + word + "\"")
	}
	return b.String()
}

// keyed are the keys whose values have names of the users' own as keys.
var keyed = map[string]bool{
	"reports": true, "connections": true, "variables": true, "datasets": true, "destinations": true, "sources": true,
	"parameters": true, "columns": true, "filters": true, "headers": true, "derive": true, "measures": true, "rename": true,
}

// contextOf says for a path of keys and indices (from 0, in digits) in which named part of the configuration it is:
// `report "weekly-chats" > datasets > by_day`. Fixed keys behind the last name are left out: the place shows them.
func contextOf(path []string) string {
	var parts []string
	named, name := min(1, len(path)-1), false
	for i, token := range path[:max(0, len(path)-1)] {
		name = !name && i > 0 && keyed[path[i-1]]
		if index, err := strconv.Atoi(token); err == nil && !name {
			token, name = strconv.Itoa(index+1), true
		}
		if name {
			named = i + 1
		}
		parts = append(parts, token)
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
