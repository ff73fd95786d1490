package spec

import (
	"strconv"

	"github.com/reportform/reportform/spec/diag"
)

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

// node is a YAML value with its place. Aliases are expanded (the value is shared, and stands where its anchor is) and
// merge keys merged; values are as YAML 1.2's core schema reads them: yes and on are text, 0x1F and 0o17 are numbers.
type node struct {
	kind kind
	// text is a scalar as it was written, without quotes; for a string its value.
	text string
	// at is where the value stands; of a map or list from its first to its last character. A key without a value
	// has an empty range behind its colon.
	at diag.Range
	// textAt maps a character offset within a string's text to its place; nil for what is not a string.
	textAt func(offset int) diag.Pos
	// entries of a map, in order; items of a list.
	entries []entry
	// repeated entries are not used, since their keys are there already: they are kept so that no secret is shown from them.
	repeated []entry
	items    []*node
	// plain is set for a scalar without quotes, so that a cure can say to add them.
	plain bool
	// told is set where a diagnostic about the value was given already: further ones about it only repeat it.
	told bool
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

// integer returns the value of an intNode; false where n is something else or does not fit 64 bits.
func (n *node) integer() (int64, bool) {
	if n == nil || n.kind != intNode {
		return 0, false
	}
	return parseInteger(n.text)
}

// number returns the value of an intNode or a floatNode.
func (n *node) number() (float64, bool) {
	if n == nil || (n.kind != intNode && n.kind != floatNode) {
		return 0, false
	}
	if i, ok := n.integer(); ok {
		return float64(i), true
	}
	f, err := strconv.ParseFloat(n.text, 64)
	return f, err == nil
}

// boolean returns the value of a boolNode.
func (n *node) boolean() (value, ok bool) {
	if n == nil || n.kind != boolNode {
		return false, false
	}
	return n.text[0] == 't' || n.text[0] == 'T', true
}
