package spec

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// undeclared ends a detail about a column that may be there in what the source gives.
const undeclared = " A column that the source does not declare is declared in the dataset, under columns:\n\n    columns: {NAME: {type: text}}"

// Diagnose says what is wrong with a step, found while loading or when it ran, at its place in the file.
func (s Step) Diagnose(f *table.Fault) diag.Diagnostic {
	out := diag.Diagnostic{Code: f.Code, Summary: f.Summary, Detail: f.Detail, Subject: s.Range, Context: s.context}
	if part, ok := s.Parts[f.Part]; ok {
		out.Subject = part
	}
	if f.Expr != nil {
		out.Code, out.Summary, out.Detail = f.Expr.Code, f.Expr.Summary, f.Expr.Detail
		out.Subject = tree.SpanOf(out.Subject, s.textAt[f.Part], f.Expr.Offset, f.Expr.Length)
	}
	return out
}

// step decodes a transform step and walks the dataset's columns through it. False means that it was reported.
func (d *decoder) step(ds *Dataset, n *tree.Node) bool {
	if n.Kind != tree.Map || len(n.Entries) != 1 {
		return false
	}
	e := n.Entries[0]
	defer d.in("transform", e.Key)()
	s := Step{Kind: e.Key, Range: e.KeyAt, Parts: map[string]diag.Range{}, textAt: map[string]func(int) diag.Pos{}, context: d.context()}
	faults := len(d.diags)
	switch e.Key {
	case "where":
		s.Step = table.Where{Cond: d.rowExpr(&s, "", e.Value), Outer: d.outer}
	case "derive":
		s.Step = d.derive(&s, e.Value)
	case "select":
		s.Step = table.Select{Names: d.parts(&s, e.Value)}
	case "rename":
		rename := table.Rename{}
		for _, pair := range e.Value.All() {
			s.Parts[pair.Key] = pair.KeyAt
			rename.Pairs = append(rename.Pairs, table.RenamePair{From: pair.Key, To: d.text(pair.Value)})
		}
		s.Step = rename
	case "sort":
		s.Step = d.sort(&s, e.Value)
	case "limit":
		s.Step = table.Limit{N: int(d.whole(e.Value))}
	case "group":
		s.Step = d.group(&s, e.Value)
	case "pivot":
		s.Step = d.pivot(&s, e.Value)
	case "join":
		s.Step = d.join(ds, &s, e.Value)
	case "union":
		s.Step = d.union(ds, &s, e.Value)
	case "fill":
		s.Step = d.fill(&s, ds, e.Value)
	case "top":
		s.Step = d.top(&s, e.Value)
	}
	if s.Step == nil || len(d.diags) > faults || d.misfit(e.Value) {
		return false
	}
	// Columns that are found in the data stand in expressions only when they are declared.
	fields, err := s.Fields(ds.Fields, false)
	if err != nil {
		found := s.Diagnose(asFault(err))
		ds.tellRenamed(&found)
		ds.compared(&found)
		if ds.Open && strings.HasPrefix(found.Code, "unknown-") && !strings.Contains(found.Detail, "Did you mean") && !strings.Contains(found.Detail, "was renamed") && !strings.Contains(found.Detail, "takes these rows") {
			found.Detail += ds.howDeclared()
		}
		d.diags.Add(found)
		return false
	}
	d.doubts(s, ds.Fields, fields)
	if !d.sums(s, ds.Fields, e.Value) {
		return false
	}
	ds.rename(s, fields)
	ds.Fields = fields
	ds.Open = s.leavesOpen(ds.Open)
	ds.Transform = append(ds.Transform, s)
	return true
}

// rowExpr parses an expression over a row's columns and remembers where it stands.
func (d *decoder) rowExpr(s *Step, part string, n *tree.Node) *expr.Expr {
	e, ok := d.parseExpr(n)
	if !ok {
		return nil
	}
	d.uses(e)
	s.Parts[part], s.textAt[part] = n.At, n.TextAt
	return e
}

// parts reads a list of column names; each index is a part.
func (d *decoder) parts(s *Step, n *tree.Node) []string { return d.names(n, s.Parts) }

func (d *decoder) derive(s *Step, n *tree.Node) table.Step {
	out := table.Derive{Outer: d.outer}
	for _, e := range n.All() {
		col := table.Derived{Name: e.Key}
		value := e.Value
		if value.Kind == tree.Map {
			if t := value.Get("type"); t != nil {
				col.Type, _ = d.typeOf(t)
			}
			col.Label, col.Format = d.text(value.Get("label")), d.format(value.Get("format"))
			if total := value.Get("total"); total != nil {
				rule := d.total(total)
				col.Total = &rule
			}
			value = value.Get("value")
		}
		col.Expr = d.rowExpr(s, e.Key, value)
		out.Columns = append(out.Columns, col)
	}
	return out
}

// sortWords are an order as SQL has it.
var sortWords = regexp.MustCompile(`(?i)^-?(\S+)\s+(asc|desc)$`)

func (d *decoder) sort(s *Step, n *tree.Node) table.Step {
	out := table.Sort{Locale: d.config.Settings.Locale}
	for i, name := range d.parts(s, n) {
		if m := sortWords.FindStringSubmatch(name); m != nil {
			key := m[1]
			if strings.EqualFold(m[2], "desc") {
				key = "-" + key
			}
			d.fault(s.Parts[strconv.Itoa(i)], "wrong-sort", "Not a column to sort by", "A minus before a column turns the order around, and no words stand behind it. Write: %s", key)
			continue
		}
		name, desc := strings.CutPrefix(name, "-")
		out.Keys = append(out.Keys, table.SortKey{Name: name, Desc: desc})
	}
	return out
}

func (d *decoder) group(s *Step, n *tree.Node) table.Step {
	// Columns are told by their number, measures by their name.
	return table.Group{By: d.parts(s, n.Get("by")), Measures: d.measures(s, n.Get("measures"))}
}

func (d *decoder) measures(s *Step, n *tree.Node) []table.Measure {
	var out []table.Measure
	for _, e := range n.All() {
		m := table.Measure{Name: e.Key}
		value := e.Value
		if value.Kind == tree.Map {
			m.Label, m.Format = d.text(value.Get("label")), d.format(value.Get("format"))
			value = value.Get("value")
		}
		m.Expr = d.rowExpr(s, e.Key, value)
		out = append(out, m)
	}
	return out
}
