package runner

import (
	"errors"
	"fmt"
	"slices"

	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// errEnough ends reading values of which there are too many.
var errEnough = errors.New("more values than may be asked for")

// values works out what a dataset's for_each asks for: each value once, in the order of the first. Nil means that it has
// no for_each. From is the dataset that the values come from, where they do.
func values(s *scope, d *spec.Dataset, from *table.Table) (*source.Each, *diag.Diagnostic, error) {
	if d.Each == nil {
		return nil, nil, nil
	}
	out := &source.Each{Parameter: d.Each.Parameter}
	if d.Each.As != "" {
		out.Field = d.Columns[0].Field
	}
	seen := map[string]bool{}
	add := func(v expr.Value, label string) error {
		text := expr.Plain(v)
		switch {
		case !v.Valid || seen[text]:
			return nil
		case len(out.Values) == spec.MostValues:
			return errEnough
		case label == "":
			label = text
		}
		seen[text] = true
		out.Values = append(out.Values, source.EachValue{Value: v, Label: label})
		return nil
	}
	problem, err := eachValue(s, d.Each, from, add)
	if errors.Is(err, errEnough) {
		at := place{subject: d.Each.Range, context: fmt.Sprintf("report %q > datasets > %s > for_each", s.report.Address, d.Name)}
		return nil, at.problem("too-many-values", "Too many values", fmt.Sprintf(
			"There are more than %d values, each of them a request. Take fewer, such as by a transform step where on the dataset that they come from.", spec.MostValues)), nil
	}
	return out, problem, err
}

// eachValue hands on the values as they are written, computed or found in another dataset.
func eachValue(s *scope, v *spec.Values, from *table.Table, add func(v expr.Value, label string) error) (*diag.Diagnostic, error) {
	switch {
	case from != nil:
		return nil, eachOfColumn(from, v.Column, add)
	case v.Computed != nil:
		list, problem := v.Computed.Eval(s)
		if problem != nil {
			return problem, nil
		}
		for _, item := range list.Items {
			if err := add(item, ""); err != nil {
				return nil, err
			}
		}
	}
	for _, item := range v.List {
		value, problem := item.Value.Eval(s)
		if problem != nil {
			return problem, nil
		}
		if err := add(value, item.Label); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func eachOfColumn(t *table.Table, name string, add func(v expr.Value, label string) error) error {
	fields := t.Fields()
	c := slices.IndexFunc(fields, func(f table.Field) bool { return f.Name == name })
	if c < 0 {
		return fmt.Errorf("there is no column %q to take values from", name) // validate has looked for it
	}
	for b, err := range t.Rows().Seq {
		if err != nil {
			return err
		}
		for i := range b.N {
			if err := add(b.Cols[c].Value(fields[c], i), ""); err != nil {
				return err
			}
		}
	}
	return nil
}
