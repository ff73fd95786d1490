package editor

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// SchemaFor returns the schema for the files of a configuration: its connections and their sources are the ones that there
// are, its datasets and columns are offered where they can stand.
//
// What is not known of it, since something in it is wrong, is let pass.
func SchemaFor(c *spec.Config) ([]byte, error) {
	m, err := newMaker("reportform.local.v1.schema.json")
	if err != nil {
		return nil, err
	}
	behind(m.root)
	m.connections(c.Connections)
	m.requireKeys(c)
	named := object{}
	for _, r := range c.Reports {
		if named[r.Name] == nil { // the instances of a report are alike
			named[r.Name] = m.report(r)
		}
	}
	before(m.root, object{"properties": object{"reports": object{"properties": named}}})
	return m.bytes()
}

// connections makes the branches for sources, and names what datasets and mails can refer to.
func (m *maker) connections(all []*spec.Connection) {
	if len(all) == 0 {
		return // none could be read
	}
	// Every filter that can be named is described, so that the general form would only offer what does not fit.
	delete(m.keys["filters"].(object), "additionalProperties")
	var sources, mailers []any
	asked := map[*spec.Source][]string{}
	for _, c := range all {
		switch {
		case c.API != nil:
			for _, s := range sorted(c.API.Sources) {
				name := c.Name + "." + s.Name
				asked[s] = append(asked[s], name)
				sources = append(sources, sourceName(name, s))
			}
		case c.SMTP != nil || c.Outbox != nil:
			mailers = append(mailers, object{"const": c.Name, "title": c.Name, "description": "A connection of type " + c.Type + "."})
		default: // what it is could not be read
			sources = append(sources, object{"type": "string", "pattern": "^" + c.Name + `\.`})
			mailers = append(mailers, object{"const": c.Name})
		}
	}
	byName := func(a, b *spec.Source) int { return cmp.Compare(asked[a][0], asked[b][0]) }
	for _, s := range slices.SortedFunc(maps.Keys(asked), byName) {
		// Connections of one type share the sources that are built in.
		from := "^(?:" + strings.ReplaceAll(strings.Join(asked[s], "|"), ".", `\.`) + ")$"
		m.branch(from, object{"allOf": []any{m.source(asked[s][0], s, false), m.source(asked[s][0], s, true)}})
	}
	before(m.dataset, object{"properties": object{"source": m.define("named_source", object{"anyOf": append(sources, computed("There is no such source."))})}})
	via := object{"properties": object{"via": m.define("named_mailer", object{"anyOf": append(mailers, computed("There is no such connection for mail."))})}}
	email := m.definitions["email"].(object)
	notice := m.definitions["on_failure"].(object)["properties"].(object)["email"].(object)
	for _, mail := range []object{email, notice} {
		behind(mail)
		before(mail, via)
	}
}

// sourceName is a source as datasets name it.
func sourceName(name string, s *spec.Source) object {
	return object{"const": name, "title": titleOf(name, s), "description": oneLine(s.Description)}
}

// sorted are sources by name.
func sorted(sources map[string]*spec.Source) []*spec.Source {
	return slices.SortedFunc(maps.Values(sources), func(a, b *spec.Source) int { return cmp.Compare(a.Name, b.Name) })
}

// requireKeys says which keys every report needs. What the settings' defaults give is not among them.
func (m *maker) requireKeys(c *spec.Config) {
	for _, key := range []string{"range", "datasets", "destinations"} {
		if slices.Contains(c.Defaults, key) {
			continue
		}
		given := object{"required": []any{"settings"}, "properties": object{"settings": object{
			"required": []any{"defaults"}, "properties": object{"defaults": object{"required": []any{key}}},
		}}}
		m.rootRule(object{
			"if":   given,
			"else": object{"properties": object{"reports": object{"additionalProperties": object{"required": []any{key}}}}},
		})
	}
}

// report defines what is known of one report.
func (m *maker) report(r *spec.Report) object {
	of := r.Name
	var names []any
	perDataset := object{}
	var shown, charted []any
	var all []column
	for _, ds := range r.Datasets {
		columns := columnsOut(ds)
		all = append(all, columns...)
		own := of + ".." + ds.Name // no source is called so
		about := "A dataset of this report."
		if ds.Source != nil {
			about = "Rows of " + ds.Connection.Name + "." + titleOf(ds.Source.Name, ds.Source) + "."
		}
		names = append(names, object{"const": ds.Name, "title": ds.Name, "description": about})
		one := m.column(own, columns)
		keyed := object{"anyOf": append(offered(columns, ""), object{"type": "string"}, object{"type": "object", "properties": object{"key": one}})}
		is := object{"required": []any{"dataset"}, "properties": object{"dataset": object{"const": ds.Name}}}
		shown = append(shown, object{"if": is, "then": object{"properties": object{"columns": object{"items": keyed}}}})
		series := object{"items": keyed}
		charted = append(charted, object{"if": is, "then": object{"properties": object{"x": one, "y": series, "y2": series}}})
		if ds.From != "" {
			perDataset[ds.Name] = object{"properties": object{"transform": object{"items": m.steps(own, columns)}}}
		}
	}
	dataset := m.define("dataset_of_"+of, object{"anyOf": append(names, object{"type": "string"})})
	taken := object{"properties": object{
		"from": dataset,
		"transform": object{"items": object{"properties": object{
			"join":  object{"properties": object{"with": dataset}},
			"union": object{"items": dataset, "properties": object{"with": object{"items": dataset}}},
		}}},
	}}
	blocks := m.define("blocks_of_"+of, object{"items": object{"properties": object{
		"table": with(shown, object{"properties": object{"dataset": dataset}}),
		"chart": with(charted, object{"properties": object{"dataset": dataset}}),
	}}})
	return m.define("report_"+of, object{"properties": object{
		"datasets": object{"properties": perDataset, "allOf": []any{object{"additionalProperties": taken}}},
		"split":    object{"properties": object{"by": m.column("all_"+of, all), "shared": object{"items": dataset}}},
		"workbook": object{"properties": object{"sheets": object{"items": object{"properties": object{"blocks": blocks}}}}},
		"destinations": object{"additionalProperties": object{"properties": object{
			"file":  object{"properties": object{"dataset": dataset}},
			"email": object{"properties": object{"body": blocks, "attach": object{"items": object{"properties": object{"dataset": dataset}}}}},
		}}},
	}})
}

// columnsOut are the columns that come out of a dataset.
func columnsOut(ds *spec.Dataset) []column {
	declared := map[string]string{}
	for _, c := range ds.Columns {
		declared[c.Field.Name] = aboutColumn(c)
	}
	var out []column
	for _, f := range ds.Fields {
		if f.Hidden {
			continue
		}
		about := declared[f.Name]
		if about == "" {
			about = aboutField(f)
		}
		out = append(out, column{f.Name, about})
	}
	return out
}

func aboutField(f table.Field) string {
	label := ""
	if f.Label != "" {
		label = "“" + f.Label + "”."
	}
	return join(label, "Type: "+expr.TypeName(f.Type)+".", "Total: "+f.Total.Rule()+".")
}
