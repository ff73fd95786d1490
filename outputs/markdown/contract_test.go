package markdown_test

import (
	"path/filepath"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/file"
	"github.com/reportform/reportform/outputs/markdown"
	"github.com/reportform/reportform/outputs/outputstest"
)

func TestContract(t *testing.T) {
	root := t.TempDir()
	outputstest.Run(t, outputstest.Kind{
		Make: func(t *testing.T) outputs.Output {
			o, err := file.New(outputs.FileTarget{Root: root, Path: "out/report.md"}, map[string]outputs.Renderer{".md": markdown.Renderer{}})
			if err != nil {
				t.Fatal(err)
			}
			return o
		},
		Delivered: func(t *testing.T) int {
			found, err := filepath.Glob(filepath.Join(root, "out", "*.md"))
			if err != nil {
				t.Fatal(err)
			}
			return len(found)
		},
		Repeats: true,
	})
}
