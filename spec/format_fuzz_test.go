package spec

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
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
		"{a: 1,\n b: [c\n]}", "a: -\n", "- a", "a: {? b : c}\n", "a: >\n\n  \n x\n\n   y\n z\n", "a: b\n\n\n\n#c\n  #d\ne: f #g\n#h", "? f\n #!x\n", "? f\n!!str b: c\n", "? f\n! b: c\n", "xxx: \n|\n \t|:|",
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
		before, _ := parseYAML("f.yaml", data)
		after, _ := parseYAML("f.yaml", text)
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
func sameNodes(a, b *node) bool {
	if a.kind != b.kind || a.text != b.text || a.plain != b.plain || len(a.entries) != len(b.entries) || len(a.items) != len(b.items) {
		return false
	}
	for i := range a.entries {
		if a.entries[i].key != b.entries[i].key || !sameNodes(a.entries[i].value, b.entries[i].value) {
			return false
		}
	}
	for i := range a.items {
		if !sameNodes(a.items[i], b.items[i]) {
			return false
		}
	}
	return true
}
