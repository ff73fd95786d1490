package spec

import "github.com/reportform/reportform/spec/diag"

// kind is what a YAML value is.
type kind uint8

const (
	nullNode kind = iota
	boolNode
	intNode
	floatNode
	stringNode // timestamps and every quoted scalar too
	listNode
	mapNode
)

// node is a YAML value with its place. Aliases are expanded and merge keys merged; values are as YAML 1.2's core schema reads them.
type node struct {
	kind kind
	// text is a scalar as it was written, without quotes; for a string its value.
	text string
	// at is where the value stands; of a map or list from its first to its last character.
	at diag.Range
	// textAt maps a character offset within a string's text to its place where that is known
	// (plain and quoted scalars in one line, literal blocks); nil otherwise: then at is all that is known.
	textAt func(offset int) diag.Pos
	// entries of a map, in order; items of a list.
	entries []entry
	items   []*node
}

// entry is a key with its value.
type entry struct {
	key   string
	keyAt diag.Range
	value *node
}

// get returns the value of a key, or nil.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for i := range n.entries {
		if n.entries[i].key == key {
			return n.entries[i].value
		}
	}
	return nil
}
