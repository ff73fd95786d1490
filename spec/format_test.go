package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFormat lays out NAME.in.yaml as NAME.out.yaml says, which is laid out already.
func TestFormat(t *testing.T) {
	paths, err := filepath.Glob("testdata/fmt/*.in.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			text, diags, files := Format(path, data)
			if len(diags) > 0 {
				t.Fatal(shown(t, diags, files))
			}
			golden(t, strings.TrimSuffix(path, ".in.yaml")+".out.yaml", string(text))
			if again, _, _ := Format(path, text); string(again) != string(text) {
				t.Errorf("formatted again it is another:\n%s", again)
			}
		})
	}
}
