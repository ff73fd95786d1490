package spec

import (
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// dataset decodes what is asked for, and what becomes of its columns.
func (d *decoder) dataset(e tree.Entry, r *Report, s scope) *Dataset {
	defer d.in("datasets", e.Key)()
	n := e.Value
	ds := &Dataset{Name: e.Key, Range: e.KeyAt, Open: true, Needs: d.needs(e)}
	if from := n.Get("from"); from != nil {
		d.from(ds, n, from)
		return ds
	}
	ds.Connection, ds.Source = d.sourceOf(n.Get("source"))
	if w := n.Get("range"); w != nil {
		window := d.window(w)
		ds.Window = &window
	}
	if ds.Source == nil || d.misfit(n) {
		// What comes out cannot be known, so whatever refers to it is let pass.
		ds.unknown = true
	}
	if ds.Source == nil {
		return ds
	}
	d.grain(ds, n)
	d.slice(ds, n.Get("slice"), r)
	d.forEachValue(ds, n, s)
	d.filters(ds, n, s)
	ds.compares = n.Get("compare") != nil
	d.outgoing(ds, n)
	d.compare(ds, n)
	return ds
}

// sourceOf finds the source that "connection.source" names. Nil means that it was reported.
func (d *decoder) sourceOf(n *tree.Node) (*Connection, *Source) {
	name, ok := d.literal(n)
	if !ok {
		return nil, nil
	}
	connection, source, dotted := strings.Cut(name, ".")
	var apis, all []string
	var found *Connection
	for _, c := range d.config.Connections {
		if c.Name == connection {
			found = c
		}
		if c.API == nil {
			continue
		}
		apis = append(apis, c.Name)
		for s := range c.API.Sources {
			all = append(all, c.Name+"."+s)
		}
	}
	slices.Sort(all)
	switch {
	case !dotted:
		d.fault(n.At, "unknown-source", "Unknown source", "A source is written as CONNECTION.SOURCE, and %q has no dot.%s", name, suggest(name, all))
	case found == nil:
		d.fault(n.Span(0, runes(connection)), "unknown-connection", "Unknown connection", "There is no connection %q.%s", connection, suggest(connection, apis))
	case found.misfit:
	case found.API == nil:
		d.fault(n.Span(0, runes(connection)), "wrong-connection", "Wrong kind of connection", "The connection %q is of type %s and gives no rows.%s", connection, found.Type, suggest("", apis))
	case found.API.Sources[source] == nil:
		of := sourceNames(found)
		detail := suggest(source, of)
		if near := suggest(name, all); !strings.HasPrefix(detail, " Did") && strings.HasPrefix(near, " Did") {
			detail = near
		}
		d.fault(n.Span(runes(connection)+1, runes(source)), "unknown-source", "Unknown source", "The connection %q, of type %s, has no source %q.%s", connection, found.Type, source, detail)
	default:
		return found, found.API.Sources[source]
	}
	return nil, nil
}

func sourceNames(c *Connection) []string {
	names := make([]string, 0, len(c.API.Sources))
	for name := range c.API.Sources {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// grain reads aggregate_by.
func (d *decoder) grain(ds *Dataset, n *tree.Node) {
	g := ds.Source.Grain
	by := n.Get("aggregate_by")
	if g == nil {
		if by != nil {
			d.fault(by.At, "no-grain", "Source has no grain", "The source %q gives rows as they are; aggregate_by has no meaning for it. Rows are added up by a transform step group.", d.sourceName(ds))
		}
		return
	}
	ds.Grain = g.Default
	if by == nil {
		return
	}
	ds.Grain = d.text(by)
	if len(g.Allowed) > 0 && !slices.Contains(g.Allowed, ds.Grain) && !d.misfit(by) {
		d.fault(by.At, "unknown-grain", "Unknown grain", "The source %q cannot aggregate by %q.%s", d.sourceName(ds), ds.Grain, suggest(ds.Grain, g.Allowed))
	}
}

func (d *decoder) sourceName(ds *Dataset) string { return ds.Connection.Name + "." + ds.Source.Name }

// outgoing computes the columns: the source's, with the dataset's own declarations over them, then step by step.
func (d *decoder) outgoing(ds *Dataset, n *tree.Node) {
	ds.Columns = d.columns(n.Get("columns"), append(ds.Columns, ds.Source.Columns...))
	for i, c := range ds.Columns {
		local := *c
		local.Field.Label = c.label(d.config.Settings.Locale)
		if g := ds.Source.Grain; g != nil && g.Column == c.Field.Name && c.Field.Type == expr.Period {
			local.Field.Grain = ds.Grain
		}
		ds.Columns[i] = &local
		ds.Fields = append(ds.Fields, local.Field)
	}
	d.steps(ds, n)
}

// steps decodes the transform.
func (d *decoder) steps(ds *Dataset, n *tree.Node) {
	for _, step := range n.Get("transform").List() {
		if !d.step(ds, step) {
			// The columns behind a step that is wrong are not known.
			ds.unknown = true
			return
		}
	}
}
