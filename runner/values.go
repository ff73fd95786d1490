package runner

import (
	"fmt"
	"slices"

	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// values works out what a dataset's for_each asks for: each value once, in the order of the first. Nil means that it has
// no for_each. Others has the dataset that the values come from, where they do.
func values(s *scope, d *spec.Dataset, others map[string]*table.Table) (*source.Each, *diag.Diagnostic, error) {
	if d.Each == nil {
		return nil, nil, nil
	}
	at := place{subject: d.Each.Range, context: fmt.Sprintf("report %q > datasets > %s > for_each", s.report.Address, d.Name)}
	out := &source.Each{Parameter: d.Each.Parameter}
	if d.Each.As != "" {
		out.Field = d.Columns[0].Field
	}
	seen := map[string]bool{}
	problem, err := eachValue(s, d.Each, others[d.Each.Dataset], func(v expr.Value, label string) *diag.Diagnostic {
		if !v.Valid {
			return nil
		}
		v, wrong := d.Each.Parameter.Take(v)
		text := expr.Plain(v)
		switch {
		case wrong != "":
			return at.problem("wrong-value", "Value does not fit the filter", wrong)
		case seen[text]:
			return nil
		case len(out.Values) == spec.MostValues:
			return at.problem("too-many-values", "Too many values", fmt.Sprintf(
				"There are more than %d values, each of them a request. Take fewer, such as by a transform step where on the dataset that they come from.", spec.MostValues))
		case label == "":
			label = text
		}
		seen[text] = true
		out.Values = append(out.Values, source.EachValue{Value: v, Label: label})
		return nil
	})
	return out, problem, err
}

// eachValue hands on the values as they are written, computed or found in another dataset, until one has a problem.
func eachValue(s *scope, v *spec.Values, from *table.Table, take func(v expr.Value, label string) *diag.Diagnostic) (*diag.Diagnostic, error) {
	switch {
	case from != nil:
		return eachOfColumn(from, v.Column, take)
	case v.Computed != nil:
		list, problem := v.Computed.Eval(s)
		if problem != nil {
			return problem, nil
		}
		for _, item := range list.Items {
			if problem := take(item, ""); problem != nil {
				return problem, nil
			}
		}
	}
	for _, item := range v.List {
		value, problem := item.Value.Eval(s)
		if problem == nil {
			problem = take(value, item.Label)
		}
		if problem != nil {
			return problem, nil
		}
	}
	return nil, nil
}

func eachOfColumn(t *table.Table, name string, take func(v expr.Value, label string) *diag.Diagnostic) (*diag.Diagnostic, error) {
	fields := t.Fields()
	c := slices.IndexFunc(fields, func(f table.Field) bool { return f.Name == name })
	if c < 0 {
		return nil, fmt.Errorf("there is no column %q to take values from", name) // validate has looked for it
	}
	for b, err := range t.Rows().Seq {
		if err != nil {
			return nil, err
		}
		for i := range b.N {
			if problem := take(b.Cols[c].Value(fields[c], i), ""); problem != nil {
				return problem, nil
			}
		}
	}
	return nil, nil
}
