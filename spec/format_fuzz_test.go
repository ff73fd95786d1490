package spec

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/reportform/reportform/spec/tree"
)

// FuzzFormat lays out any bytes: what can be read holds the same values and comments afterwards, and laid out twice is the
// same as once.
func FuzzFormat(f *testing.F) {
	for _, pattern := range []string{"testdata/fmt/*.in.yaml", "testdata/yaml/*.yaml", "testdata/ok/*.yaml", "testdata/err/*.yaml"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	for _, seed := range []string{
		"a:\n  >-\n    b\n", "a:\n  b:\n  >-\n    c\n", "a:\n  - |2\n         \n       b\n    c\n",
		"a: |\n  x", "a: |-\n  x", "a: |+\n\nb: 1\n", "a: \"b\\ \n  c\"\n", "a: [#x\nb]\n", "a: 'x'#y\n", "? a\n: b\n", "a: &x\n- *x\n", "a:\n# x\n- b\n# y\n",
		"{a: 1,\n b: [c\n]}", "a: -\n", "- a", "a: {? b : c}\n", "a: >\n\n  \n x\n\n   y\n z\n", "a: b\n\n\n\n#c\n  #d\ne: f #g\n#h", "? f\n #!x\n", "a:\n- |2#4 h\n    c\n", "a:\n- |2\n      ", "? f\n!!str : c\n", "? f\n&x : c\n? \n: d\n", "? f\n!!str b: c\n", "? f\n! b: c\n", "xxx: \n|\n \t|:|",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, diags, _ := Format("f.yaml", data)
		if text == nil {
			if !diags.HasErrors() {
				t.Fatal("no text and nothing said")
			}
			return
		}
		if len(diags) > 0 {
			t.Fatalf("not laid out: %q", data)
		}
		before, _ := tree.Parse("f.yaml", data)
		after, _ := tree.Parse("f.yaml", text)
		if !sameNodes(before, after) {
			t.Errorf("%q has other values than %q", text, data)
		}
		again, _, _ := Format("f.yaml", text)
		if !bytes.Equal(again, text) {
			t.Errorf("%q becomes %q and then %q", data, text, again)
		}
	})
}

// sameNodes compares values as the language reads them.
func sameNodes(a, b *tree.Node) bool {
	if a.Kind != b.Kind || a.Text != b.Text || a.Plain != b.Plain || len(a.Entries) != len(b.Entries) || len(a.Items) != len(b.Items) {
		return false
	}
	for i := range a.Entries {
		if a.Entries[i].Key != b.Entries[i].Key || !sameNodes(a.Entries[i].Value, b.Entries[i].Value) {
			return false
		}
	}
	for i := range a.Items {
		if !sameNodes(a.Items[i], b.Items[i]) {
			return false
		}
	}
	return true
}
