// Package thulium knows the Thulium REST API: what it offers, as sources, and a demo of it with made-up data.
package thulium

import (
	"embed"
	"fmt"
	"maps"
	"strings"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// The catalog has a file for each subject, in the form in which users describe sources of their own. Certainty says how
// an entry is known: documented by Thulium, inferred from clients, samples and what its like is documented to be, or
// unknown: a guess of ours, which is tolerated when wrong.
//
//go:embed *.yaml
var catalog embed.FS

// Catalog returns the sources of the API by name, as new values.
func Catalog() map[string]*spec.Source {
	files, err := catalog.ReadDir(".")
	if err != nil {
		panic(fmt.Sprintf("list the built-in catalog: %v", err))
	}
	all := map[string]*spec.Source{}
	for _, f := range files {
		data, err := catalog.ReadFile(f.Name())
		if err != nil {
			panic(fmt.Sprintf("read the built-in catalog: %v", err))
		}
		sources, problems := spec.ParseSources(data, f.Name())
		if problems.HasErrors() {
			var text strings.Builder
			_ = diag.Compact(&text, problems)
			panic(fmt.Sprintf("the built-in catalog is wrong:\n%s", &text))
		}
		maps.Copy(all, sources)
	}
	return all
}
