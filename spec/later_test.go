package spec

import (
	"slices"
	"testing"
)

// TestLaterKeysAreNotThere: a key that has come must leave the table of those that are yet to come.
func TestLaterKeysAreNotThere(t *testing.T) {
	set := language()
	set.shape("")
	set.shape("policy")
	seen := map[string]bool{}
	visited := map[*shape]bool{}
	var visit func(s *shape)
	visit = func(s *shape) {
		if s == nil || visited[s] {
			return
		}
		visited[s], seen[s.title] = true, true
		for _, key := range later[s.title] {
			if slices.Contains(s.names, key) {
				t.Errorf("%q is a key of %s by now", key, s.phrase())
			}
		}
		for _, inner := range s.properties {
			visit(inner)
		}
		for _, inner := range s.byType {
			visit(inner)
		}
		visit(s.others)
		visit(s.items)
	}
	visit(set.shape(""))
	for title := range later {
		if !seen[title] {
			t.Errorf("nothing in the schema has the title %q", title)
		}
	}
}
