package spec

import (
	"os"
	"testing"
)

// BenchmarkParseAndCheck reads and checks one small file, as validate does a thousand times.
func BenchmarkParseAndCheck(b *testing.B) {
	data, err := os.ReadFile("testdata/yaml/whole.yaml")
	if err != nil {
		b.Fatal(err)
	}
	root, _ := parseYAML("whole.yaml", data)
	b.Run("parse", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			parseYAML("whole.yaml", data)
		}
	})
	b.Run("check", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			checkSchema(root, "")
		}
	})
}
