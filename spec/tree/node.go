// Package tree reads a YAML file into values that know their places, tells of everything that YAML would take in another way
// than it was meant, and lays files out in canonical form. It knows nothing of what the keys mean.
package tree

import (
	"math"
	"strconv"

	"github.com/reportform/reportform/spec/diag"
)

// Kind is what a YAML value is.
type Kind uint8

// The kinds of YAML 1.2's core schema.
const (
	Null Kind = iota
	Bool
	Int
	Float
	String // timestamps and every quoted scalar too
	List
	Map
)

// Node is a YAML value with its place. Aliases are expanded (the value is shared, and stands where its anchor is) and
// merge keys merged; values are as YAML 1.2's core schema reads them: yes and on are text, 0x1F and 0o17 are numbers.
type Node struct {
	Kind Kind
	// Text is a scalar as it was written, without quotes; for a string its value.
	Text string
	// At is where the value stands; of a map or list from its first to its last character. A key without a value
	// has an empty range behind its colon.
	At diag.Range
	// TextAt maps a character offset within a string's text to its place; nil for what is not a string.
	TextAt func(offset int) diag.Pos
	// Entries of a map, in order; items of a list.
	Entries []Entry
	// Repeated entries are not used, since their keys are there already: they are kept so that no secret is shown from them.
	Repeated []Entry
	Items    []*Node
	// Plain is set for a scalar without quotes, so that a cure can say to add them.
	Plain bool
	// Told is set where a diagnostic about the value was given already: further ones about it only repeat it.
	Told bool
}

// Entry is a key with its value.
type Entry struct {
	Key   string
	KeyAt diag.Range
	Value *Node
}

// Get returns the value of a key, or nil.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Entries {
		if n.Entries[i].Key == key {
			return n.Entries[i].Value
		}
	}
	return nil
}

// Integer returns the value of an Int; false where n is something else or does not fit 64 bits.
func (n *Node) Integer() (int64, bool) {
	if n == nil || n.Kind != Int {
		return 0, false
	}
	return parseInteger(n.Text)
}

// Number returns the value of an Int or a Float.
func (n *Node) Number() (float64, bool) {
	if n == nil || (n.Kind != Int && n.Kind != Float) {
		return 0, false
	}
	if i, ok := n.Integer(); ok {
		return float64(i), true
	}
	f, err := strconv.ParseFloat(n.Text, 64)
	return f, err == nil
}

// Boolean returns the value of a Bool.
func (n *Node) Boolean() (value, ok bool) {
	if n == nil || n.Kind != Bool {
		return false, false
	}
	return n.Text[0] == 't' || n.Text[0] == 'T', true
}

// All returns a map's entries; none of what is no map.
func (n *Node) All() []Entry {
	if n == nil {
		return nil
	}
	return n.Entries
}

// List returns a list's items; none of what is no list.
func (n *Node) List() []*Node {
	if n == nil {
		return nil
	}
	return n.Items
}

// Names lists the keys of a map.
func (n *Node) Names() []string {
	var names []string
	for _, e := range n.All() {
		names = append(names, e.Key)
	}
	return names
}

// Child is the value of a key or at an index; nil where there is none.
func (n *Node) Child(token string) *Node {
	if n == nil || n.Kind != List {
		return n.Get(token)
	}
	if i, err := strconv.Atoi(token); err == nil && i < len(n.Items) {
		return n.Items[i]
	}
	return nil
}

// IsScalar reports whether there is a value that is neither a map nor a list.
func (n *Node) IsScalar() bool {
	return n != nil && n.Kind != Map && n.Kind != List && n.Kind != Null
}

// TextOr is a scalar's text, and otherwise for what is no scalar.
func (n *Node) TextOr(otherwise string) string {
	if !n.IsScalar() {
		return otherwise
	}
	return n.Text
}

// IsEmpty reports whether nothing at all stands between a map's or list's brackets.
func (n *Node) IsEmpty() bool {
	return (n.Kind == Map || n.Kind == List) && n.At.Start.Line == n.At.End.Line && n.At.End.Column-n.At.Start.Column <= len("{}")
}

// FirstKey is the place to speak of a map that has no key of its own, such as an item of a list.
func (n *Node) FirstKey() diag.Range {
	if len(n.Entries) > 0 && n.Entries[0].KeyAt.Start == n.At.Start {
		return n.Entries[0].KeyAt
	}
	return n.At
}

// Span is the place of length characters from an offset within a string's text, as exactly as it is known.
func (n *Node) Span(offset, length int) diag.Range {
	return SpanOf(n.At, n.TextAt, offset, length)
}

// SpanOf is span for a text of which nothing but its places is kept.
func SpanOf(whole diag.Range, textAt func(int) diag.Pos, offset, length int) diag.Range {
	if textAt == nil {
		return whole
	}
	at := diag.Range{File: whole.File, Start: textAt(offset), End: textAt(offset + max(length, 1))}
	if at.Start == (diag.Pos{}) {
		return whole
	}
	if at.End.Before(at.Start) {
		at.End = diag.Pos{Line: at.Start.Line, Column: at.Start.Column + 1}
	}
	return at
}

// JSON makes of a node what a JSON Schema is checked against. No number is infinite or none.
func (n *Node) JSON() any {
	switch n.Kind {
	case Bool:
		value, _ := n.Boolean()
		return value
	case Int:
		i, _ := parseInteger(n.Text)
		return i
	case Float:
		f, _ := n.Number()
		return max(-math.MaxFloat64, min(f, math.MaxFloat64))
	case String:
		return n.Text
	case List:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.JSON()
		}
		return list
	case Map:
		object := make(map[string]any, len(n.Entries))
		for _, e := range n.Entries {
			object[e.Key] = e.Value.JSON()
		}
		return object
	}
	return nil
}
