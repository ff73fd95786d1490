// Package thulium knows the Thulium REST API: what it offers, as sources, and a demo of it with made-up data.
package thulium

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

//go:embed catalog.yaml
var catalog []byte

// Catalog returns the sources of the API by name, as new values.
func Catalog() map[string]*spec.Source {
	sources, problems := spec.ParseSources(catalog, "catalog.yaml")
	if problems.HasErrors() {
		var text strings.Builder
		_ = diag.Compact(&text, problems)
		panic(fmt.Sprintf("the built-in catalog is wrong:\n%s", &text))
	}
	return sources
}
