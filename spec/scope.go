package spec

import (
	"fmt"
	"maps"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// scope is what may be referred to at a place.
type scope struct {
	names expr.Names
	// secret: values computed from secrets may stand here.
	secret bool
	// open: any other name may be a dataset.
	open bool
}

// reserved are the names that mean something by themselves: a dataset of such a name is reached by datasets["…"].
var reserved = map[string]bool{
	"var": true, "env": true, "file": true, "each": true, "split": true, "range": true, "report": true, "run": true,
	"datasets": true, "row": true,
}

// forExpr returns the names for an expression: in an open scope those that it takes for datasets too.
func (s scope) forExpr(e *expr.Expr) expr.Names {
	if !s.open {
		return s.names
	}
	names := maps.Clone(s.names)
	for _, path := range e.References() {
		if _, known := names[path[0]]; !known {
			names[path[0]] = expr.Name{Type: expr.Table, Open: true}
		}
	}
	return names
}

// away is a name that exists elsewhere.
func away(why string) expr.Name { return expr.Name{Type: expr.Any, Open: true, Unavailable: why} }

const (
	onlySecret   = "Secrets may stand only in fields that take one: passwords, tokens, usernames and hosts."
	onlyReport   = "It is known only within a report."
	onlyData     = "Datasets are known only in subject, body, blocks, checks and when."
	onlyForEach  = "It is known only in a report with for_each."
	onlySplit    = "It is known only in a report with split."
	onlyParts    = "The parts of a split are known once the rows are there: in title, paths, recipients, subject, body, blocks, checks and when."
	onlyFigures  = "A mail about a failure is sent where the figures could not be had or delivered, so it sees none of them."
	onlyWholes   = "A report fails as a whole, and not a part of its split."
	onlyWhole    = "The value is needed while the configuration is read: only variables are known then."
	onlyRow      = "It is known only in where and derive."
	onlyDocument = "It is known only in subject, body, blocks, checks and when."
)

// loadScope is for fields whose value is needed while the configuration is read.
func (d *decoder) loadScope() scope {
	return scope{names: expr.Names{
		"var": d.variableNames(false), "env": away(onlyWhole), "file": away(onlyWhole), "range": away(onlyWhole),
		"report": away(onlyWhole), "run": away(onlyWhole), "datasets": away(onlyWhole), "each": away(onlyWhole),
		"split": away(onlyWhole), "row": away(onlyRow),
	}}
}

// connectionScope is for fields of connections that are no secrets.
func (d *decoder) connectionScope() scope {
	return scope{names: expr.Names{
		"var": d.variableNames(false), "env": away(onlySecret), "file": away(onlySecret), "range": away(onlyReport),
		"report": away(onlyReport), "run": away(onlyReport), "datasets": away(onlyReport), "each": away(onlyForEach),
		"split": away(onlySplit), "row": away(onlyRow),
	}}
}

// secretScope is for the fields that the schema marks as secret, for usernames and for hosts.
func (d *decoder) secretScope() scope {
	s := d.connectionScope()
	s.names["var"] = d.variableNames(true)
	s.names["env"] = expr.Name{Type: expr.Map, Elem: expr.Text, Open: true}
	s.names["file"] = expr.Name{Type: expr.Text, Open: true}
	s.secret = true
	return s
}

// reportScope is for title, paths, recipients and, but for split, filters.
func (d *decoder) reportScope(r *Report) scope {
	s := d.connectionScope()
	s.names["range"] = expr.Name{Type: expr.Map, Fields: expr.Names{
		"from": {Type: expr.DateTime}, "until": {Type: expr.DateTime}, "through": {Type: expr.Date},
		"label": {Type: expr.Text}, "iso_week": {Type: expr.Text}, "days": {Type: expr.Integer},
		"timezone": {Type: expr.Text},
	}}
	if !r.Window.IsZero() && !r.Window.CanBeISOWeek(r.Calendar) {
		week := away(fmt.Sprintf("The range %q is never one ISO week, which goes from a Monday through a Sunday. Write range.label, which names every range, or range.from.", r.Window.Text))
		s.names["range"].Fields["iso_week"] = week
	}
	s.names["report"] = expr.Name{Type: expr.Map, Fields: expr.Names{
		"name": {Type: expr.Text}, "title": {Type: expr.Text, Unavailable: onlyDocument},
	}}
	s.names["run"] = expr.Name{Type: expr.Map, Fields: expr.Names{"at": {Type: expr.DateTime}, "commit": {Type: expr.Text}}}
	s.names["datasets"] = away(onlyData)
	s.names["each"] = r.each.name()
	if r.Split != nil {
		s.names["split"] = expr.Name{Type: expr.Map, Fields: expr.Names{"key": {Type: expr.Text}}}
	}
	return s
}

// with is a scope in which a name means something else.
func (s scope) with(name string, n expr.Name) scope {
	s.names = maps.Clone(s.names)
	s.names[name] = n
	return s
}

// dataScope adds the datasets, with the columns that come out of their transforms. A report with a misfit admits any dataset:
// the schema has complained about it, and which datasets it means to have is not known.
func (d *decoder) dataScope(r *Report) scope {
	s := d.reportScope(r)
	s.names["report"].Fields["title"] = expr.Name{Type: expr.Text}
	all := expr.Names{}
	for _, ds := range r.Datasets {
		columns := make(expr.Names, len(ds.Fields))
		for old, now := range ds.renamed {
			columns[old] = expr.Name{Renamed: now}
		}
		for _, f := range ds.Fields {
			if !f.Hidden {
				columns[f.Name] = expr.Name{Type: f.Type, Recomputed: f.Recomputed(ds.Fields)}
			}
		}
		all[ds.Name] = expr.Name{Type: expr.Table, Fields: columns, Open: ds.unknown}
	}
	s.names["datasets"] = expr.Name{Type: expr.Map, Fields: all, Open: r.misfit}
	s.open = r.misfit
	for name, n := range all {
		if !reserved[name] {
			s.names[name] = n
		}
	}
	return s
}

// withDatasetsAway adds the datasets' names to a scope in which they cannot be used, so that the reason is told.
func (s scope) withDatasetsAway(names []string, why string) scope {
	out := scope{names: maps.Clone(s.names), secret: s.secret}
	for _, name := range names {
		if !reserved[name] {
			out.names[name] = away(why)
		}
	}
	return out
}

// outerNames is what row expressions may refer to beside columns. Their values come when the steps are run.
func outerNames(report scope) table.Outer {
	out := table.Outer{Names: expr.Names{}}
	for _, name := range []string{"var", "each", "split", "range", "report", "run"} {
		out.Names[name] = report.names[name]
	}
	return out
}

// variableNames describes var.
func (d *decoder) variableNames(secrets bool) expr.Name {
	fields := make(expr.Names, len(d.values))
	for name, v := range d.values {
		n := expr.Name{Type: v.valueType, Elem: v.elem}
		if v.Secret && !secrets {
			n.Unavailable = "The variable is secret. " + onlySecret
		}
		fields[name] = n
	}
	return expr.Name{Type: expr.Map, Fields: fields}
}
