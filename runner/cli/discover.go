package cli

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
)

func (p *program) discoverCommand() *cobra.Command {
	var f discoverFlags
	cmd := &cobra.Command{
		Use:   "discover CONNECTION.SOURCE [PATH] | CONNECTION /API/PATH [PATH]",
		Short: "Ask the live API for one row, and print its columns as YAML",
		Long: `Discover asks a source for one row, or for the smallest page that its API gives, and prints the columns that it has
as a block to put under the source's or the dataset's key columns. Below it stands what differs from what is declared.

With a connection and a path of its API, such as /orders?status=paid, it asks for what is no source yet, by GET, and
prints a whole source; a connection that has none yet says "sources: {}". The configuration is the current folder's, or
that of PATH; demo.SOURCE needs none.

What rows hold may be personal data: values are printed with --examples alone.`,
		Example: `  reportform discover demo.chats_summary
  reportform discover thulium.outbound_records --filter id=24
  reportform discover shop.orders --range last_month --examples
  reportform discover shop '/orders?status=paid' --records result`,
		Args: arguments(1, 3, "a source, CONNECTION.SOURCE, or a connection and a path of its API"),
		RunE: func(cmd *cobra.Command, args []string) error {
			var path string
			if len(args) > 1 && strings.HasPrefix(args[1], "/") && !strings.Contains(args[0], ".") {
				path = args[1]
				args = slices.Delete(slices.Clone(args), 1, 2)
			}
			if len(args) > 2 {
				return fmt.Errorf("%q is one argument too many: %s takes a source and one folder or file", args[2], cmd.CommandPath())
			}
			if path == "" && cmd.Flags().Changed("records") {
				return errors.New("--records is for a path that is no source yet: a source says itself where its rows are")
			}
			c, err := p.discoverable(args[1:], f.variableFlags)
			if err != nil {
				return err
			}
			d, err := p.discovery(c, args[0], path, f)
			if err != nil {
				return err
			}
			return p.discover(cmd, c, d, path != "", f.examples)
		},
	}
	f.variableFlags.add(cmd)
	cmd.Flags().StringVar(&f.words, "range", "previous 7 days", "the range to ask for, where the source takes one")
	cmd.Flags().StringArrayVar(&f.filters, "filter", nil, "give a filter of the source its value, `NAME=VALUE`; may be repeated")
	cmd.Flags().StringVar(&f.records, "records", "", "where the rows are in the answer of a path, such as data.items")
	cmd.Flags().BoolVar(&f.examples, "examples", false, "print values of the row, which may be personal data")
	return cmd
}

// discoverFlags say what is asked for.
type discoverFlags struct {
	variableFlags
	words, records string
	filters        []string
	examples       bool
}

// discoverable is the configuration that is named; where there is none, one with the demo.
func (p *program) discoverable(args []string, vars variableFlags) (*configuration, error) {
	if len(args) > 0 || p.holdsConfiguration() {
		return p.load(args, vars)
	}
	policy, err := p.policy()
	if err != nil {
		return nil, err
	}
	cal, err := newCalendar("Europe/Warsaw", "monday", "01-01")
	if err != nil {
		return nil, err
	}
	demo := &spec.Connection{Name: "demo", Type: "demo", API: &spec.APIConnection{Timezone: cal.Location, Sources: p.catalog()}}
	return &configuration{
		Config: &spec.Config{Settings: spec.Settings{Calendar: cal, Locale: "en"}, Connections: []*spec.Connection{demo}},
		folder: p.Dir, policy: policy,
	}, nil
}

// discovery finds what is to be asked: a source by its name, or a path of a connection.
func (p *program) discovery(c *configuration, name, path string, f discoverFlags) (d runner.Discovery, err error) {
	if path == "" {
		d.Connection, d.Source, err = sourceNamed(c, name)
	} else {
		if d.Connection, err = connectionNamed(c, name); err == nil {
			d.Source, err = pathSource(path, f.records)
		}
	}
	if err != nil {
		return d, err
	}
	if d.Arguments, err = filterArguments(name, d.Source, f.filters); err != nil {
		return d, err
	}
	words, fault := calendar.Parse(f.words)
	if fault != nil {
		return d, fmt.Errorf("--range: %s\n%s", fault.Summary, fault.Detail)
	}
	d.Range, err = words.Resolve(p.Now(), c.Settings.Calendar)
	if errors.Is(err, calendar.ErrNothing) {
		err = fmt.Errorf("--range %q has no complete day yet", f.words)
	}
	return d, err
}

// sourceNamed is the source of a name, CONNECTION.SOURCE.
func sourceNamed(c *configuration, name string) (*spec.Connection, *spec.Source, error) {
	var names []string
	for _, connection := range c.Connections {
		if connection.API == nil {
			continue
		}
		for of, s := range connection.API.Sources {
			full := connection.Name + "." + of
			if full == name {
				return connection, s, nil
			}
			names = append(names, full)
		}
		if connection.Name == name {
			return nil, nil, fmt.Errorf("%q is a connection: name one of its sources, or a path of its API\n\nTo see its sources:\n    reportform sources\nTo ask for a path:\n    reportform discover %s /path", name, name)
		}
	}
	slices.Sort(names)
	return nil, nil, fmt.Errorf("there is no source %q%s\n\nTo see those there are:\n    reportform sources", name, didYouMean(name, names))
}

// connectionNamed is the connection of a name, of those that have an API.
func connectionNamed(c *configuration, name string) (*spec.Connection, error) {
	var names []string
	for _, connection := range c.Connections {
		if connection.API == nil {
			continue
		}
		if connection.Name == name {
			return connection, nil
		}
		names = append(names, connection.Name)
	}
	return nil, fmt.Errorf("there is no connection %q that has an API%s", name, didYouMean(name, names))
}

// pathSource is a path of an API as a source, asked by GET.
func pathSource(path, records string) (*spec.Source, error) {
	u, err := url.Parse(path)
	if err != nil || u.Host != "" || u.Fragment != "" || slices.Contains(strings.Split(u.Path, "/"), "..") || strings.ContainsAny(u.Path, "{}") {
		return nil, fmt.Errorf("%q is no path of an API: write what stands behind the connection's address, such as '/orders?status=paid'", path)
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("%q has no query that can be read behind its question mark", path)
	}
	s := &spec.Source{Path: strings.TrimPrefix(u.EscapedPath(), "/"), Records: records}
	s.Name = strings.Trim(strings.ReplaceAll(s.Path, "/", "_"), "_")
	for name, values := range query {
		s.Query = append(s.Query, spec.Fixed{Name: name, Values: values})
	}
	slices.SortFunc(s.Query, func(a, b spec.Fixed) int { return strings.Compare(a.Name, b.Name) })
	return s, nil
}

// filterArguments reads the filters that were given to a source, and sees to it that none is missing.
func filterArguments(name string, s *spec.Source, given []string) ([]source.Argument, error) {
	var out []source.Argument
	var known []string
	filters := s.Filters()
	for _, f := range filters {
		known = append(known, f.Name)
	}
	for _, text := range given {
		filter, value, ok := strings.Cut(text, "=")
		i := slices.Index(known, filter)
		switch {
		case !ok:
			return nil, fmt.Errorf("--filter %q is no filter with its value: write NAME=VALUE", text)
		case i < 0:
			return nil, fmt.Errorf("%q has no filter %q%s", name, filter, didYouMean(filter, known))
		}
		v, err := filters[i].Read(value)
		if err != nil {
			return nil, err
		}
		out = append(out, source.Argument{Parameter: filters[i], Value: v})
	}
	for _, f := range filters {
		there := func(a source.Argument) bool { return a.Parameter == f }
		if f.Required && !slices.ContainsFunc(out, there) {
			return nil, fmt.Errorf("%q needs the filter %q\n\nGive it one:\n    reportform discover %s --filter %s=…", name, f.Name, name, f.Name)
		}
	}
	return out, nil
}

// discover asks, and shows what came.
func (p *program) discover(cmd *cobra.Command, c *configuration, d runner.Discovery, whole, examples bool) error {
	r, err := p.runner(c, nil, p.Now())
	if err != nil {
		return err
	}
	shape, problems, err := r.Discover(cmd.Context(), d)
	if err != nil {
		return err
	}
	if err := p.shown(append(problems, c.warnings...), c.Files); err != nil {
		return err
	}
	p.text.progress.clear()
	name := d.Connection.Name + "." + d.Source.Name
	if shape.Rows == 0 {
		advice := "Ask with other filters:\n    reportform discover " + name + " --filter NAME=VALUE"
		if d.Source.Window != nil {
			advice = fmt.Sprintf("It was asked for %s. Ask for a longer range:\n    reportform discover %s --range \"previous 12 months\"", d.Range.Label("en"), name)
		}
		return fmt.Errorf("no row came, so that there is nothing to see\n%s %s has none. %s", methodOf(d.Source), shape.URL, advice)
	}
	p.view.object("shape", shapeObject(name, d, shape, examples))
	p.lines("%s", shapeText(d, shape, whole, examples))
	return nil
}
