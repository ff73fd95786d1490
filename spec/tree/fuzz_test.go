package tree

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/reportform/reportform/spec/diag"
)

// FuzzYAML reads any bytes: nothing panics, and every value and every diagnostic has a place in the file.
func FuzzYAML(f *testing.F) {
	for _, seed := range []string{
		places, "a: [${each.value}]", "a: {value: ratio(a, b)}", "a: x #${b}", "a: 010", "a:\n\tb: 1", "a: 1\n---\nb: 2", "a: &a [*a]",
		"a: !t x", "a: \"x", "a: [x", "a: |\n  x\n", "a: >-\n  x\n y", "&longer\n&a b: c", "a: &x\nb: *x\n<<: *x", "? [a]\n: b", "version: 1\nreports: {w: {range: .nan, datasets: 1e999}}", "\uFEFFa: b\r\nc: 'd\r\n  e'",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		root, list := Parse("f.yaml", data)
		if root == nil && !list.HasErrors() {
			t.Error("no value and nothing said")
		}
		lines := strings.Split(strings.TrimPrefix(string(data), "\uFEFF"), "\n")
		checkPlace := func(p diag.Pos) {
			if p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > utf8.RuneCountInString(lines[p.Line-1])+1 {
				t.Errorf("place %v is not in %q", p, data)
			}
		}
		checkRange := func(r diag.Range) {
			checkPlace(r.Start)
			checkPlace(r.End)
			if r.End.Line < r.Start.Line || r.End.Line == r.Start.Line && r.End.Column < r.Start.Column {
				t.Errorf("range %v ends before it starts in %q", r, data)
			}
		}
		for _, d := range list {
			checkRange(d.Subject)
			for _, r := range d.Related {
				checkRange(r.Range)
			}
		}
		var visit func(n *Node)
		visit = func(n *Node) {
			checkRange(n.At)
			if n.TextAt != nil {
				for i := range min(utf8.RuneCountInString(n.Text), 1000) + 1 {
					checkPlace(n.TextAt(i))
				}
			}
			for _, item := range n.Items {
				visit(item)
			}
			for _, e := range n.Entries {
				checkRange(e.KeyAt)
				visit(e.Value)
			}
		}
		if root != nil {
			visit(root)
		}
	})
}
