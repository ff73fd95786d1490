package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

func (p *program) sourcesCommand() *cobra.Command {
	var vars variableFlags
	cmd := &cobra.Command{
		Use:   "sources [CONNECTION.SOURCE]",
		Short: "List the sources that datasets can ask, or show one with its filters and columns",
		Long: `Sources lists what the connections of the current folder's configuration offer; where there is no configuration,
the built-in catalog. With a name it shows one source: how it is asked, its filters and its columns, what each means
and how it adds up, and how well that is known. Long lines are folded at the width of the terminal, and at 80
characters elsewhere; COLUMNS in the environment says another width.`,
		Example: `  reportform sources
  reportform sources thulium.chats_summary
  reportform sources thulium.chats_summary --json`,
		Args: arguments(0, 1, "one source, CONNECTION.SOURCE"),
		RunE: func(_ *cobra.Command, args []string) error {
			offers, err := p.offers(vars)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return p.showSource(args[0], offers)
			}
			for _, o := range offers {
				for _, name := range slices.Sorted(maps.Keys(o.sources)) {
					p.view.object("source", sourceObject(o.connection+"."+name, o.sources[name]))
				}
			}
			p.lines("%s", sourcesText(offers))
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

// offer is what a connection can be asked for.
type offer struct {
	connection, kind string
	sources          map[string]*spec.Source
}

// showSource shows the one of a name, CONNECTION.SOURCE.
func (p *program) showSource(name string, offers []offer) error {
	var names []string
	for _, o := range offers {
		for source, s := range o.sources {
			full := o.connection + "." + source
			if full == name {
				p.view.object("source", sourceObject(name, s))
				p.lines("%s", sourceText(name, s, p.width()))
				return nil
			}
			names = append(names, full)
		}
	}
	slices.Sort(names)
	return fmt.Errorf("there is no source %q%s\n\nTo see those there are:\n    reportform sources", name, didYouMean(name, names))
}

// offers are those of the configuration in the working directory, or else the catalogs, by name.
func (p *program) offers(vars variableFlags) ([]offer, error) {
	var out []offer
	if p.holdsConfiguration() {
		connections, err := p.loadConnections(vars)
		if err != nil {
			return nil, err
		}
		for _, connection := range connections {
			if connection.API != nil {
				out = append(out, offer{connection.Name, connection.Type, connection.API.Sources})
			}
		}
		slices.SortFunc(out, func(a, b offer) int { return strings.Compare(a.connection, b.connection) })
		return out, nil
	}
	// The demo is a copy of what it stands for, which therefore comes first.
	all := p.catalogs()
	for _, kind := range slices.Backward(slices.Sorted(maps.Keys(all))) {
		out = append(out, offer{kind, kind, all[kind]})
	}
	return out, nil
}

// sourceObject is a source as JSON has it. It leaves out what the definition does not say.
func sourceObject(name string, s *spec.Source) any {
	type window struct {
		From      string `json:"from"`
		Until     string `json:"until"`
		Layout    string `json:"layout"`
		Inclusive bool   `json:"inclusive"`
	}
	type parameter struct {
		Name        string   `json:"name"`
		Type        string   `json:"type"`
		Required    bool     `json:"required,omitempty"`
		Default     string   `json:"default,omitempty"`
		Allowed     []string `json:"allowed,omitempty"`
		Min         *int64   `json:"min,omitempty"`
		Max         *int64   `json:"max,omitempty"`
		Description string   `json:"description,omitempty"`
		Certainty   string   `json:"certainty,omitempty"`
	}
	type column struct {
		Name        string            `json:"name"`
		Type        string            `json:"type"`
		Label       string            `json:"label,omitempty"`
		Labels      map[string]string `json:"labels,omitempty"`
		Path        string            `json:"path,omitempty"`
		Hidden      bool              `json:"hidden,omitempty"`
		Total       string            `json:"total"`
		Description string            `json:"description,omitempty"`
		Certainty   string            `json:"certainty,omitempty"`
	}
	o := struct {
		Name        string      `json:"name"`
		Title       string      `json:"title"`
		Group       string      `json:"group"`
		Description string      `json:"description,omitempty"`
		Certainty   string      `json:"certainty,omitempty"`
		Method      string      `json:"method"`
		Path        string      `json:"path"`
		Range       *window     `json:"range,omitempty"`
		Grains      []string    `json:"aggregate_by,omitempty"`
		Grain       string      `json:"aggregate_by_default,omitempty"`
		Key         []string    `json:"key,omitempty"`
		Parameters  []parameter `json:"filters"`
		Columns     []column    `json:"columns"`
	}{
		Name: name, Title: s.Title, Group: groupOf(s).name, Description: oneLine(s.Description), Certainty: s.Certainty,
		Method: methodOf(s), Path: s.Path, Key: s.Key, Parameters: []parameter{}, Columns: []column{},
	}
	if w := s.Window; w != nil {
		o.Range = &window{w.From, w.Until, w.Layout, w.Inclusive}
	}
	if s.Grain != nil {
		o.Grains, o.Grain = s.Grain.Allowed, s.Grain.Default
	}
	for _, f := range s.Parameters {
		o.Parameters = append(o.Parameters, parameter{
			f.Name, typeText(f.Type, f.List), f.Required, f.Default, f.Allowed, f.Min, f.Max, oneLine(f.Description), f.Certainty,
		})
	}
	for _, c := range s.Columns {
		o.Columns = append(o.Columns, column{
			c.Field.Name, typeText(c.Field.Type, false), labelOf(c), c.Labels, c.Path, c.Field.Hidden, c.Field.Total.Rule(), oneLine(c.Description), c.Certainty,
		})
	}
	return o
}
