package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/reportform/reportform/runner/source/thulium"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// catalog is the page of the built-in sources.
func catalog() (string, error) {
	var out strings.Builder
	out.WriteString(made + "# The sources of Thulium\n\n`reportform sources` lists them, and `reportform sources thulium.chats_summary` shows one. " +
		"A connection of type demo has the same ones, with made-up figures.\n\n")
	sources := thulium.Catalog()
	names := slices.Sorted(maps.Keys(sources))
	for _, name := range names {
		fmt.Fprintf(&out, "- [%s](#%s): %s\n", name, name, sources[name].Title)
	}
	for _, name := range names {
		writeSource(&out, name, sources[name])
	}
	return out.String(), nil
}

func writeSource(out *strings.Builder, name string, s *spec.Source) {
	fmt.Fprintf(out, "\n## %s\n\n%s. %s\n\n", name, strings.TrimSuffix(s.Title, "."), strings.TrimSpace(s.Description))
	if g := s.Grain; g != nil {
		fmt.Fprintf(out, "`aggregate_by` is one of %s (default %s).\n\n", strings.Join(g.Allowed, ", "), g.Default)
	}
	if len(s.Parameters) > 0 {
		out.WriteString("| filter | type | |\n| --- | --- | --- |\n")
		for _, p := range s.Parameters {
			kind := expr.TypeName(p.Type)
			if p.List {
				kind = "list of " + kind
			}
			fmt.Fprintf(out, "| `%s` | %s | %s |\n", p.Name, kind, cell(p.Description))
		}
		out.WriteString("\n")
	}
	out.WriteString("| column | type | label | |\n| --- | --- | --- | --- |\n")
	for _, c := range s.Columns {
		fmt.Fprintf(out, "| `%s` | %s | %s | %s |\n", c.Field.Name, expr.TypeName(c.Field.Type), cell(c.Labels["en"]), cell(c.Description))
	}
}

// cell is a text in a table of Markdown.
func cell(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", "\\|")
}
