package html_test

import (
	"path/filepath"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/file"
	"github.com/reportform/reportform/outputs/html"
	"github.com/reportform/reportform/outputs/outputstest"
)

func TestContract(t *testing.T) {
	root := t.TempDir()
	outputstest.Run(t, outputstest.Kind{
		Make: func(t *testing.T) outputs.Output {
			o, err := file.New(outputs.FileTarget{Root: root, Path: "out/report.html"}, map[string]outputs.Renderer{".html": html.Renderer{}})
			if err != nil {
				t.Fatal(err)
			}
			return o
		},
		Delivered: func(t *testing.T) int {
			found, err := filepath.Glob(filepath.Join(root, "out", "*.html"))
			if err != nil {
				t.Fatal(err)
			}
			return len(found)
		},
		Repeats: true,
	})
}

// TestTheRunIsNoContent: the page tells the commit, and two pages of the same figures are known to be the same.
func TestTheRunIsNoContent(t *testing.T) {
	doc := outputstest.Full("en")
	before, first := outputstest.Render(t, html.Renderer{}, doc)
	doc.About.Commit = "9f8e7d6"
	after, second := outputstest.Render(t, html.Renderer{}, doc)
	if before == after || first.Content != second.Content {
		t.Error("another commit is other content, or is not told")
	}
}
