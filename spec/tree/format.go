package tree

import (
	"bytes"
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/reportform/reportform/spec/diag"
)

// Format lays a sound file out; false where its values, or its comments, would not be the same.
func Format(name string, data []byte) ([]byte, bool) {
	before, ok := readPieces(name, data)
	if !ok {
		return nil, false
	}
	text := layOut(before)
	after, ok := readPieces(name, text)
	if !ok || !sameValues(before.root, after.root) || !slices.Equal(before.comments(), after.comments()) {
		return nil, false
	}
	// The traps look at how values are written.
	_, found := Parse(name, text)
	return text, !found.HasErrors()
}

// readPieces reads a sound file and takes it to pieces.
func readPieces(name string, data []byte) (*pieces, bool) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	// As YAML itself takes them, in text of many lines too.
	s := newSource(name, bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")))
	var ignored diag.List
	root, err := s.document(&ignored)
	if err != nil || root == nil {
		return nil, false
	}
	p := &pieces{source: s, root: root}
	return p, p.read()
}

// sameValues reports whether two documents have the same nodes: their values, and how they are written.
func sameValues(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Style != b.Style || a.Tag != b.Tag || a.Anchor != b.Anchor || a.Value != b.Value || len(a.Content) != len(b.Content) {
		return false
	}
	for i := range a.Content {
		if !sameValues(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}
