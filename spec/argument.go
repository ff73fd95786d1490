package spec

import (
	"fmt"
	"strings"

	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// Filters are the parameters that a dataset may set: all but those that follow from its range, its grain and the pages.
func (s *Source) Filters() []*Parameter {
	var out []*Parameter
	for _, p := range s.Parameters {
		if s.provides(p.Name) == "" {
			out = append(out, p)
		}
	}
	return out
}

// Read is a value for the parameter that a user gave as text, outside of any file: a list has commas between its items.
// The error says what is wanted.
func (p *Parameter) Read(text string) (expr.Value, error) {
	given := []string{text}
	if p.List {
		given = strings.Split(text, ",")
	}
	values := make([]expr.Value, len(given))
	for i, item := range given {
		n := &tree.Node{Kind: tree.String, Text: strings.TrimSpace(item)}
		switch p.Type {
		case expr.Integer, expr.Decimal, expr.Percent, expr.Ratio, expr.Boolean, expr.Any:
			n.Kind = tree.CoreKind(n.Text)
		}
		v, problem := scalarValue(n, p.Type)
		if problem == "" {
			problem = p.refuses(n.Text, v)
		}
		if problem != "" {
			return expr.Value{}, fmt.Errorf("the filter %q takes %s; the value %s", p.Name, p.describe(), problem)
		}
		values[i] = v
	}
	if p.List {
		return expr.ListValue(values...), nil
	}
	return values[0], nil
}
