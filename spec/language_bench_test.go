package spec

import (
	"os"
	"testing"

	"github.com/reportform/reportform/spec/tree"
)

// BenchmarkParseAndCheck reads and checks one small file, as validate does a thousand times.
func BenchmarkParseAndCheck(b *testing.B) {
	data, err := os.ReadFile("testdata/yaml/whole.yaml")
	if err != nil {
		b.Fatal(err)
	}
	root, _ := tree.Parse("whole.yaml", data)
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			tree.Parse("whole.yaml", data)
		}
	})
	b.Run("check", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			checkSchema(root, "")
		}
	})
}
