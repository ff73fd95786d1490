package spec

import (
	"slices"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// Needs reports whether figures of the report hang on a column of the dataset's source, one of those that are absent from
// what the source gave: a step names it, or a rule for totals, or it comes out and is shown. One that the built-in catalog
// alone declares is shown where a block or an expression names it, since tables leave it out where it is empty.
func (r *Report) Needs(ds *Dataset, column string, absent []string) bool {
	var in []table.Field
	for _, c := range ds.Columns {
		in = append(in, c.Field)
	}
	return r.needs(ds, in, column, absent)
}

// needs is Needs for the columns that go into the dataset's transform.
func (r *Report) needs(ds *Dataset, with []table.Field, column string, absent []string) bool {
	isIt := func(f table.Field) bool { return f.Name == column }
	without := slices.DeleteFunc(slices.Clone(with), isIt)
	for _, step := range ds.Transform {
		var err error
		if with, err = step.Fields(with, false); err != nil {
			return false // the definition is wrong, and told to be
		}
		// Whoever names a column that there is not is at fault, and that is how it is known who names this one.
		if without, err = step.Fields(without, false); err != nil {
			return true
		}
	}
	for _, f := range without {
		if !slices.Contains(absent, f.Name) && table.Check(without, f.Name, false) != nil {
			return true // its total is made of it
		}
	}
	i := slices.IndexFunc(with, isIt)
	if i < 0 || with[i].Hidden || slices.ContainsFunc(without, isIt) {
		return false
	}
	if !with[i].Unasked || ds.isNamed(column) {
		return true
	}
	return slices.ContainsFunc(r.Datasets, func(other *Dataset) bool {
		return other.From == ds.Name && r.needs(other, ds.Fields, column, absent)
	})
}

// isNamed reports whether the report takes a column of what comes out, or one that a comparison makes of it.
func (ds *Dataset) isNamed(column string) bool {
	compared := func(name string) bool { return ds.named[name] }
	return ds.named[column] || ds.Compare != nil && slices.ContainsFunc(table.Compared(column), compared)
}

// takes notes the columns of datasets that an expression refers to.
func (d *decoder) takes(e *expr.Expr) {
	for _, path := range e.References() {
		if path[0] == "datasets" {
			path = path[1:]
		} else if reserved[path[0]] {
			continue
		}
		if len(path) < 2 {
			continue
		}
		if ds := d.siblings.decoded[path[0]]; ds != nil {
			ds.take(path[1])
		}
	}
}

// take notes a column that is taken of what comes out.
func (ds *Dataset) take(column string) {
	if ds.named == nil {
		ds.named = map[string]bool{}
	}
	ds.named[column] = true
}
