package tree

import (
	"strings"
	"testing"
)

// TestSameValues holds the proof that stands before every file that is written to what it must not let pass.
func TestSameValues(t *testing.T) {
	const text = "a: &x [1, 'b']\nc: *x\nd: |\n  e\nf: {g: &own h}\n"
	read := func(text string) *pieces {
		t.Helper()
		p, ok := readPieces("a.yaml", []byte(text))
		if !ok {
			t.Fatalf("%q is not read", text)
		}
		return p
	}
	whole := read(text)
	if !sameValues(whole.root, read("a:   &x\n  [ 1,'b' ]\n\nc: *x # here\nd: |\n    e\nf: { g: &own h }").root) {
		t.Error("another layout has other values")
	}
	for _, c := range []struct{ old, new string }{
		{"1", "2"}, {"1", "'1'"}, {"'b'", "\"b\""}, {"'b'", "b"}, {"*x", "x"}, {"|", ">"}, {"|", "|-"}, {"  e", "  e\n\n  e"},
		{"{g: &own h}", "\n  g: &own h"}, {"h}", "h, i: }"}, {"&own", "&other"}, {"'b'", "!!str b"}, {"d:", "dd:"},
	} {
		changed := strings.Replace(text, c.old, c.new, 1)
		if sameValues(whole.root, read(changed).root) {
			t.Errorf("%q passes for %q", changed, text)
		}
	}
}
