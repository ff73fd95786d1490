package spec

import (
	"slices"
	"strings"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// printable are the types of columns whose values can be keys: as text each is itself, and no other value.
var printable = []expr.Type{expr.Text, expr.Integer, expr.Period, expr.Date, expr.Boolean, expr.Any}

// split decodes by which column a report is divided: a column's name, or a mapping with the datasets that are not divided.
// Nil means that there is none, or that what is written does not fit.
func (d *decoder) split(n *tree.Node, r *Report) *Split {
	if n == nil {
		return nil
	}
	defer d.in("split")()
	if r.each.given {
		d.fault(n.At, "split-beside-for-each", "Split beside for_each", "A report has either \"for_each\", whose keys are written in it, or \"split\", whose keys are found in its rows: with both, an instance's address would need two keys. Leave one out, or filter by the other in a report of its own.")
	}
	by := n
	out := &Split{Range: n.At}
	if n.Kind == tree.Map {
		by = n.Get("by")
		out.Shared = d.texts(n.Get("shared"))
	}
	out.By = d.text(by)
	return out
}

// checkSplit checks that every dataset can be divided, or is said not to be.
func (d *decoder) checkSplit(n *tree.Node, r *Report) {
	if r.Split == nil || d.misfit(n) {
		return
	}
	defer d.in("split")()
	var names []string
	for _, ds := range r.Datasets {
		names = append(names, ds.Name)
	}
	for i, shared := range r.Split.Shared {
		if !slices.Contains(names, shared) && !r.misfit {
			at := n.Get("shared").At
			if items := n.Get("shared").Items; len(items) == len(r.Split.Shared) {
				at = items[i].At
			}
			d.fault(at, "unknown-dataset", "Unknown dataset", "The report has no dataset %q.%s", shared, suggest(shared, names))
		}
	}
	if !r.misfit && len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(r.Split.Shared, name) }) {
		d.fault(n.Get("shared").At, "nothing-to-split", "Nothing to split", "Every dataset is shared, so that no part would differ from another. Leave out of \"shared\" those whose rows belong to one part each.")
		return
	}
	var divided []*Dataset
	for _, ds := range r.Datasets {
		if !ds.unknown && !slices.Contains(r.Split.Shared, ds.Name) {
			divided = append(divided, ds)
		}
	}
	if d.splitUnknown(n, divided, r) {
		return
	}
	for _, ds := range divided {
		d.splitColumn(ds, r.Split)
	}
}

// splitUnknown reports a column that no dataset has, which is most likely a slip. False means that one has it.
func (d *decoder) splitUnknown(n *tree.Node, divided []*Dataset, r *Report) bool {
	var known []string
	for _, ds := range divided {
		known = append(known, ds.columnNames()...)
	}
	if len(divided) < len(r.Datasets)-len(r.Split.Shared) || len(divided) == 0 || slices.Contains(known, r.Split.By) {
		return false
	}
	if by := n.Get("by"); by != nil {
		n = by
	}
	slices.Sort(known)
	known = slices.Compact(known)
	d.fault(n.At, "unknown-column", "Unknown column", "No dataset of the report has a column %q.%s%s", r.Split.By, suggest(r.Split.By, known), divided[0].undeclaredHint(r.Split.By, known))
	return true
}

// splitColumn checks that a dataset has the column that a report is split by.
func (d *decoder) splitColumn(ds *Dataset, s *Split) {
	known := ds.columnNames()
	i := slices.IndexFunc(ds.Fields, func(f table.Field) bool { return f.Name == s.By && !f.Hidden })
	switch {
	case i < 0 && ds.renamed[s.By] != "":
		d.fault(ds.Range, "split-without-column", "Dataset without the split's column", "The report is split by %q, and in %q that column was renamed to %q. Give it one name in all datasets, and split by that.", s.By, ds.Name, ds.renamed[s.By])
	case i < 0:
		d.fault(ds.Range, "split-without-column", "Dataset without the split's column", "The report is split by %q, and the dataset %q has no such column.%s If every part is to have the whole of it, name it as shared:\n\n    split: {by: %s, shared: [%s]}", s.By, ds.Name, suggest(s.By, known), s.By, strings.Join(append(slices.Clone(s.Shared), ds.Name), ", "))
	case !slices.Contains(printable, ds.Fields[i].Type):
		d.fault(ds.Range, "wrong-split", "Not a column to split by", "The report is split by %q, which in %q is of type %s. Each value is the key of a part, so the column is of type text, integer, period, date or boolean.", s.By, ds.Name, ds.Fields[i].Type)
	}
}
