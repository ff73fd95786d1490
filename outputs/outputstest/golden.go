package outputstest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/reportform/reportform/outputs"
)

// Golden compares what was made with a file in testdata, which is written where UPDATE is set.
func Golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s\nwant:\n%s", path, got, want)
	}
}

// Render renders a document twice, holds both to be the same, and returns the file's text.
func Render(t *testing.T, r outputs.Renderer, doc outputs.Document) (string, outputs.Rendered) {
	t.Helper()
	var texts [2]string
	var said [2]outputs.Rendered
	for i := range texts {
		path := filepath.Join(t.TempDir(), "file")
		var err error
		if said[i], err = r.Render(t.Context(), doc, path); err != nil {
			t.Fatalf("Render: %v", err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(data)
	}
	if texts[0] != texts[1] || said[0].Content != said[1].Content {
		t.Error("two renders of one document differ")
	}
	return texts[0], said[0]
}
