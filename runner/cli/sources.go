package cli

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

func (p *program) sourcesCommand() *cobra.Command {
	var vars variableFlags
	cmd := &cobra.Command{
		Use:   "sources [CONNECTION.SOURCE]",
		Short: "List the sources that datasets can ask, or show one with its filters and columns",
		Long: `Sources lists what the connections of the current folder's configuration offer; where there is no configuration,
the built-in catalog. With a name it shows one source: its filters, grains, and columns with how each adds up.`,
		Example: "  reportform sources thulium.chats_summary",
		Args:    arguments(0, 1, "one source, CONNECTION.SOURCE"),
		RunE: func(_ *cobra.Command, args []string) error {
			sources, err := p.sources(vars)
			if err != nil {
				return err
			}
			names := slices.Sorted(maps.Keys(sources))
			if len(args) == 1 {
				s := sources[args[0]]
				if s == nil {
					return fmt.Errorf("there is no source %q%s\n\nTo see those there are:\n    reportform sources", args[0], didYouMean(args[0], names))
				}
				p.view.object("source", sourceObject(args[0], s))
				p.lines("%s", sourceText(args[0], s))
				return nil
			}
			var rows [][]string
			for _, name := range names {
				p.view.object("source", sourceObject(name, sources[name]))
				rows = append(rows, []string{name, sources[name].Title})
			}
			p.lines("%s", columns(rows))
			return nil
		},
	}
	vars.add(cmd)
	return cmd
}

func didYouMean(name string, known []string) string {
	if near := diag.Nearest(name, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// sources are those of the configuration in the working directory, or the catalog, by CONNECTION.SOURCE.
func (p *program) sources(vars variableFlags) (map[string]*spec.Source, error) {
	out := map[string]*spec.Source{}
	for _, pattern := range []string{"*.yaml", "*.yml"} {
		if found, _ := filepath.Glob(filepath.Join(p.Dir, pattern)); len(found) == 0 {
			continue
		}
		c, err := p.load(nil, vars)
		if err != nil {
			return nil, err
		}
		for _, connection := range c.Connections {
			if connection.API != nil {
				for name, s := range connection.API.Sources {
					out[connection.Name+"."+name] = s
				}
			}
		}
		return out, nil
	}
	for kind, sources := range catalogs() {
		for name, s := range sources {
			out[kind+"."+name] = s
		}
	}
	return out, nil
}

func typeText(t expr.Type, list bool) string {
	if list {
		return "list(" + expr.TypeName(t) + ")"
	}
	return expr.TypeName(t)
}

func totalText(t table.Total) string {
	switch t.Kind {
	case table.TotalSum:
		return "sum"
	case table.TotalMin:
		return "min"
	case table.TotalMax:
		return "max"
	case table.TotalLast:
		return "last"
	case table.TotalRatio:
		return fmt.Sprintf("ratio(%s, %s)", t.Num, t.Den)
	case table.TotalWeighted:
		return fmt.Sprintf("weighted(%s)", t.Weight)
	}
	return "none"
}

func sourceText(name string, s *spec.Source) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", name, s.Title)
	if s.Description != "" {
		fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(s.Description))
	}
	fmt.Fprintf(&b, "\nGET %s\n", s.Path)
	if s.Grain != nil {
		fmt.Fprintf(&b, "\naggregate_by: %s (default %s)\n", strings.Join(s.Grain.Allowed, ", "), s.Grain.Default)
	}
	if len(s.Parameters) > 0 {
		rows := [][]string{}
		for _, f := range s.Parameters {
			required := "optional"
			if f.Required {
				required = "required"
			}
			rows = append(rows, []string{f.Name, typeText(f.Type, f.List), required, oneLine(f.Description)})
		}
		b.WriteString("\nFilters:\n" + columns(rows))
	}
	rows := [][]string{}
	for _, c := range s.Columns {
		rows = append(rows, []string{c.Field.Name, typeText(c.Field.Type, false), "total: " + totalText(c.Field.Total), c.Field.Label, oneLine(c.Description)})
	}
	b.WriteString("\nColumns:\n" + columns(rows))
	return b.String()
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// sourceObject is a source as JSON has it.
func sourceObject(name string, s *spec.Source) any {
	type parameter struct {
		Name        string   `json:"name"`
		Type        string   `json:"type"`
		Required    bool     `json:"required,omitempty"`
		Default     string   `json:"default,omitempty"`
		Allowed     []string `json:"allowed,omitempty"`
		Description string   `json:"description,omitempty"`
		Certainty   string   `json:"certainty,omitempty"`
	}
	type column struct {
		Name        string `json:"name"`
		Type        string `json:"type"`
		Label       string `json:"label,omitempty"`
		Total       string `json:"total"`
		Description string `json:"description,omitempty"`
		Certainty   string `json:"certainty,omitempty"`
	}
	o := struct {
		Name        string      `json:"name"`
		Title       string      `json:"title"`
		Description string      `json:"description,omitempty"`
		Path        string      `json:"path"`
		Grains      []string    `json:"aggregate_by,omitempty"`
		Parameters  []parameter `json:"filters"`
		Columns     []column    `json:"columns"`
	}{Name: name, Title: s.Title, Description: s.Description, Path: s.Path, Parameters: []parameter{}, Columns: []column{}}
	if s.Grain != nil {
		o.Grains = s.Grain.Allowed
	}
	for _, f := range s.Parameters {
		o.Parameters = append(o.Parameters, parameter{f.Name, typeText(f.Type, f.List), f.Required, f.Default, f.Allowed, f.Description, f.Certainty})
	}
	for _, c := range s.Columns {
		o.Columns = append(o.Columns, column{c.Field.Name, typeText(c.Field.Type, false), c.Field.Label, totalText(c.Field.Total), c.Description, c.Certainty})
	}
	return o
}
