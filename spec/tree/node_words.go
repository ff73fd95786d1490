package tree

import (
	"fmt"
	"strings"
)

// Phrase names what a value is, as the end of "but is …".
func (n *Node) Phrase() string {
	switch n.Kind {
	case Null:
		return "empty"
	case Bool:
		return "a boolean"
	case Int:
		return "a whole number"
	case Float:
		return "a number"
	case String:
		return "a text"
	case List:
		return "a list"
	}
	return "a mapping"
}

// Describe says what a value is, for people.
func (n *Node) Describe() string {
	switch n.Kind {
	case Null:
		return "empty"
	case Bool:
		return "the word " + strings.ToLower(n.Text)
	case Int, Float:
		return "the number " + n.Text
	case String:
		return fmt.Sprintf("the text %q", n.Text)
	case List:
		return "a list"
	default:
		return "a mapping"
	}
}
