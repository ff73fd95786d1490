package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// MostValues bounds the values of a dataset's for_each: each is a request, or several.
const MostValues = 1000

// Values is a dataset's for_each: requests for each value of a filter. One of List, Computed and Dataset says which.
type Values struct {
	Parameter *Parameter
	// List are the values as they are written; empty asks for nothing.
	List []LabelledValue
	// Computed is a list that is known for each run.
	Computed *Template
	// Dataset is another dataset of the report, the distinct values of whose Column are meant.
	Dataset, Column string
	// As is the column with the labels, the dataset's first; empty where the source's own columns tell the rows apart.
	As    string
	Range diag.Range
}

// LabelledValue is a value with what readers see for it; without a Label that is the value.
type LabelledValue struct {
	Value Value
	Label string
}

// forEachValue decodes for_each, and the column that it adds. Its place among the columns is the first.
func (d *decoder) forEachValue(ds *Dataset, n *tree.Node, s scope) {
	each := n.Get("for_each")
	if each == nil {
		return
	}
	defer d.in("for_each")()
	name := each.Get("filter")
	if d.misfit(each) || name == nil {
		ds.unknown = true
		return
	}
	p := d.parameterOf(ds, tree.Entry{Key: d.text(name), KeyAt: name.At, Value: name})
	if p == nil {
		ds.unknown = true
		return
	}
	ds.Each = &Values{Parameter: p, Range: each.At}
	d.valuesOf(ds.Each, each.Get("values"), s)
	for _, e := range n.Get("filters").All() {
		if e.Key == p.Name {
			d.fault(e.KeyAt, "filter-twice", "Filter beside for_each", "The filter %q is set for each request by for_each. Leave it out here, or ask for other values there.", p.Name)
		}
	}
	d.labelColumn(ds, each, n.Get("columns"))
}

// labelColumn makes the column that tells rows apart by their request. Where none is asked for and the rows have a column of
// the filter's name, they say it themselves.
func (d *decoder) labelColumn(ds *Dataset, each, columns *tree.Node) {
	as, name := each.Get("as"), ds.Each.Parameter.Name
	at := each.Get("filter").At
	if as != nil {
		name, at = d.text(as), as.At
	}
	if slices.ContainsFunc(ds.Source.Columns, func(c *SourceColumn) bool { return c.Field.Name == name }) {
		if as != nil || each.Get("values").Kind == tree.Map {
			d.fault(at, "column-taken", "Column is there already", "The source %q has a column %q of its own. Give the one of for_each another name:\n\n    as: %s_label", d.sourceName(ds), name, name)
			ds.unknown = true
		}
		return
	}
	ds.Each.As = name
	ds.Columns = []*SourceColumn{{Field: table.Field{Name: name, Type: expr.Text}, Range: at}}
	for _, c := range columns.All() {
		for _, e := range c.Value.All() {
			if c.Key == name && !slices.Contains([]string{"label", "hidden", "description"}, e.Key) {
				d.fault(e.KeyAt, "label-column", "Column of labels", "The column %q has the labels of for_each, which are texts. Only its label, hidden and description can be told otherwise.", name)
			}
		}
	}
}

// valuesOf decodes which values are asked for.
func (d *decoder) valuesOf(v *Values, n *tree.Node, s scope) {
	switch {
	case n == nil:
	case n.Kind == tree.Map:
		for _, e := range n.Entries {
			key := &tree.Node{Kind: tree.CoreKind(e.Key), Text: e.Key, At: e.KeyAt}
			if v.Parameter.Type == expr.Text {
				key.Kind = tree.String
			}
			d.addValue(v, key, d.labelOf(e.Value), s)
		}
	case n.Kind == tree.List:
		for _, item := range n.Items {
			d.addValue(v, item, "", s)
		}
	case strings.Contains(n.Text, "${"):
		t := d.template(n, s)
		if t != nil && !fits(t.valueType, expr.List) {
			d.fault(n.At, "wrong-type", "Wrong type", "\"values\" takes a list of values, and this is %s.", ofType(t.valueType))
		}
		v.Computed = t
	default:
		v.Dataset, v.Column, _ = strings.Cut(n.Text, ".")
	}
	if len(v.List) > MostValues {
		d.fault(n.At, "too-many-values", "Too many values", "These are %d values, each of them a request, and the most is %d. Where the source takes a list, one request under \"filters\" may do.", len(v.List), MostValues)
	}
}

// labelOf is what readers see for a value.
func (d *decoder) labelOf(n *tree.Node) string {
	text, _ := d.literal(n)
	return text
}

// addValue takes one value as it is written.
func (d *decoder) addValue(v *Values, n *tree.Node, label string, s scope) {
	value, ok := d.filterValue(v.Parameter, n, false, s)
	if !ok {
		return
	}
	for _, earlier := range v.List {
		if value.Template == nil && earlier.Value.Template == nil && expr.Plain(value.Literal) == expr.Plain(earlier.Value.Literal) {
			found := d.diagnostic(n.At, "duplicate-value", "Duplicate value", "%q stands twice, and its rows would come twice. Remove one.", expr.Plain(value.Literal))
			found.Related = []diag.Related{{Message: "It stands here first.", Range: earlier.Value.Range}}
			d.diags.Add(found)
			return
		}
	}
	v.List = append(v.List, LabelledValue{value, label})
}

// checkValues finds the columns that datasets take their values from, which may stand anywhere in the report.
func (d *decoder) checkValues(datasets *tree.Node, r *Report) {
	for _, ds := range r.Datasets {
		if ds.Each == nil || ds.Each.Dataset == "" {
			continue
		}
		done := d.in("datasets", ds.Name, "for_each")
		d.checkColumnOf(datasets.Get(ds.Name).Get("for_each").Get("values"), ds, r)
		done()
	}
}

func (d *decoder) checkColumnOf(n *tree.Node, ds *Dataset, r *Report) {
	v := ds.Each
	var names []string
	for _, other := range r.Datasets {
		if other != ds {
			names = append(names, other.Name)
		}
	}
	from := r.dataset(v.Dataset)
	switch {
	case !strings.Contains(n.Text, "."):
		d.fault(n.At, "wrong-values", "Not values to ask for", "%q is neither a list nor a mapping of values to labels, nor DATASET.COLUMN, a column of another dataset such as agents.login.", n.Text)
	case from == nil && !r.misfit:
		d.fault(n.Span(0, runes(v.Dataset)), "unknown-dataset", "Unknown dataset", "The report has no dataset %q to take values from.%s", v.Dataset, suggest(v.Dataset, names))
	case from == nil:
	case !from.unknown:
		d.checkValueColumn(n, v, from)
	}
}

// checkValueColumn checks that a column can give values for a filter.
func (d *decoder) checkValueColumn(n *tree.Node, v *Values, from *Dataset) {
	known := from.columnNames()
	at := n.Span(runes(v.Dataset)+1, runes(v.Column))
	i := slices.IndexFunc(from.Fields, func(f table.Field) bool { return f.Name == v.Column })
	switch {
	case i < 0 && from.renamed[v.Column] != "":
		d.fault(at, "unknown-column", "Unknown column", "The column %q of %q was renamed to %q.", v.Column, v.Dataset, from.renamed[v.Column])
	case i < 0:
		d.fault(at, "unknown-column", "Unknown column", "The dataset %q has no column %q.%s%s", v.Dataset, v.Column, suggest(v.Column, known), from.undeclaredHint(v.Column, known))
	case !v.Parameter.takes(from.Fields[i].Type):
		d.fault(at, "wrong-type", "Wrong type", "The filter %q takes, for each value, %s, and %q is of type %s.", v.Parameter.Name, wanted(v.Parameter.Type), n.Text, from.Fields[i].Type)
	}
}

// takes reports whether values of a column's type may be the parameter's. Ids are texts in rows where a parameter takes
// numbers, and the other way round.
func (p *Parameter) takes(column expr.Type) bool {
	return fits(column, p.Type) || column == expr.Text || p.Type == expr.Text && column == expr.Integer
}

// Take makes one value for the parameter of one that was computed or found in rows; a text is read as it would be in a
// file. The problem says what is wrong where it does not fit.
func (p *Parameter) Take(v expr.Value) (out expr.Value, problem string) {
	text := expr.Plain(v)
	if out = v; !fits(v.Type, p.Type) {
		n := &tree.Node{Kind: tree.String, Text: text}
		if p.Type != expr.Text {
			n.Kind = tree.CoreKind(text)
		}
		out, problem = scalarValue(n, p.Type)
	}
	if problem == "" {
		problem = p.refuses(text, out)
	}
	if problem != "" {
		problem = fmt.Sprintf("The filter %q takes %s. The value %s.", p.Name, p.describe(), strings.TrimSuffix(problem, "."))
	}
	return out, problem
}

// dataset finds a dataset by name; nil where there is none.
func (r *Report) dataset(name string) *Dataset {
	if i := r.datasetIndex(name); i >= 0 {
		return r.Datasets[i]
	}
	return nil
}

func (r *Report) datasetIndex(name string) int {
	return slices.IndexFunc(r.Datasets, func(ds *Dataset) bool { return ds.Name == name })
}

// SourceColumns are those columns that are read from the source's answers.
func (ds *Dataset) SourceColumns() []*SourceColumn {
	if ds.Each != nil && ds.Each.As != "" {
		return ds.Columns[1:]
	}
	return ds.Columns
}
