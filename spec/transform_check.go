package spec

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// tellRenamed says of a column that is gone what it is called by now.
func (ds *Dataset) tellRenamed(found *diag.Diagnostic) {
	for old, now := range ds.renamed {
		if quoted := strconv.Quote(old); strings.HasPrefix(found.Code, "unknown-") && strings.Contains(found.Detail, " "+quoted) {
			found.Detail = fmt.Sprintf("The column %s was renamed to %q.", quoted, now)
		}
	}
}

// rename notes the names that columns lose, and those that are taken again.
func (ds *Dataset) rename(s Step, fields []table.Field) {
	if rename, ok := s.Step.(table.Rename); ok {
		ds.renamed = maps.Clone(ds.renamed)
		if ds.renamed == nil {
			ds.renamed = map[string]string{}
		}
		for _, pair := range rename.Pairs {
			for old, now := range ds.renamed {
				if now == pair.From {
					ds.renamed[old] = pair.To
				}
			}
			ds.renamed[pair.From] = pair.To
		}
	}
	// A name that stands for a column again, or for one that is gone, tells nothing.
	has := func(name string) bool {
		return slices.ContainsFunc(fields, func(f table.Field) bool { return f.Name == name && !f.Hidden })
	}
	maps.DeleteFunc(ds.renamed, func(old, now string) bool { return has(old) || !has(now) })
}

// doubts warns of mistakes of scale in the expressions of a step.
func (d *decoder) doubts(s Step, in, out []table.Field) {
	warn := func(part string, e *expr.Expr, names expr.Names) {
		for _, doubt := range e.Doubts(names) {
			d.exprWarning(tree.SpanOf(s.Parts[part], s.textAt[part], doubt.Offset, doubt.Length), doubt)
		}
	}
	names := table.Names(slices.Concat(out, in), false)
	measures := func(ms []table.Measure) {
		names := expr.Names{}
		for _, f := range in {
			names[f.Name] = expr.Name{Type: expr.Column, Elem: f.Type, Recomputed: f.Recomputed(in)}
		}
		for _, m := range ms {
			warn(m.Name, m.Expr, names)
		}
	}
	switch step := s.Step.(type) {
	case table.Where:
		warn("", step.Cond, names)
	case table.Derive:
		for _, c := range step.Columns {
			warn(c.Name, c.Expr, names)
		}
	case table.Group:
		measures(step.Measures)
	case table.Pivot:
		measures(step.Measures)
	}
}

// sums refuses derived columns that would add up averages or shares. False means that one was reported.
func (d *decoder) sums(s Step, in []table.Field, n *tree.Node) bool {
	derive, ok := s.Step.(table.Derive)
	if !ok {
		return true
	}
	// What each column's own rule would be.
	plain := table.Derive{Columns: slices.Clone(derive.Columns), Outer: derive.Outer}
	for i := range plain.Columns {
		plain.Columns[i].Total = nil
	}
	fields, err := plain.Fields(in, false)
	if err != nil {
		return true // its rules name columns that another rule needs
	}
	faults := len(d.diags)
	for _, c := range derive.Columns {
		i := slices.IndexFunc(fields, func(f table.Field) bool { return f.Name == c.Name })
		if c.Total != nil && i >= 0 {
			d.checkSum(n.Get(c.Name).Get("total"), fields[i], *c.Total, fields[i].Total)
		}
	}
	return len(d.diags) == faults
}
