package runner

import (
	"cmp"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// origin is how the rows of a dataset were had.
type origin struct {
	// requests is how many questions were asked; an answer in pages is one.
	requests, fetched int
	filters           []string
	chosen            []outputs.AboutFilter
	// window is the range that was asked for in words, where it is not the report's; compared that of the rows beside.
	window, compared string
	// absent are the columns that figures hang on and that no record had.
	absent []absentColumn
	// quoted are the columns in which the answers had the connection's credential.
	quoted []string
}

// origins are those of a report's datasets by name, which are fetched side by side.
type origins struct {
	mu    sync.Mutex
	known map[string]origin
}

func (all *origins) note(dataset string, o origin) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.known == nil {
		all.known = map[string]origin{}
	}
	all.known[dataset] = o
}

func (all *origins) of(dataset string) origin {
	all.mu.Lock()
	defer all.mu.Unlock()
	return all.known[dataset]
}

// rows is how many the sources gave, before any step.
func (all *origins) rows() (n int) {
	all.mu.Lock()
	defer all.mu.Unlock()
	for _, o := range all.known {
		n += o.fetched
	}
	return n
}

// about says where the report's figures come from.
func (s *scope) about(checks []outputs.AboutCheck) *outputs.About {
	rep, locale := s.report, s.Locale()
	a := &outputs.About{
		Definition: path.Base(rep.Range.File), Report: rep.Address, Commit: s.r.Commit,
		Range: s.rng.Label(locale), Zone: s.location().String(), Word: rep.Window.Text, Checks: checks,
	}
	if s.part != "" {
		a.Report += fmt.Sprintf("[%q]", s.part)
	}
	for _, d := range rep.Datasets {
		a.Datasets = append(a.Datasets, s.aboutDataset(d))
	}
	return a
}

func (s *scope) aboutDataset(d *spec.Dataset) outputs.AboutDataset {
	out := outputs.AboutDataset{Name: d.Name, Grain: d.Grain, Source: d.From}
	if d.Source != nil {
		out.Source = d.Connection.Name + "." + d.Source.Name
	}
	for _, step := range d.Transform {
		out.Steps = append(out.Steps, step.Kind)
	}
	if t := s.tables[d.Name]; t != nil {
		out.Rows = t.Len()
	}
	o := s.origins.of(d.Name)
	out.Requests, out.Fetched, out.Filters, out.Range, out.Compared = o.requests, o.fetched, o.filters, o.window, o.compared
	out.Chosen, out.Remarks = o.chosen, o.remarks(s.Locale())
	return out
}

// originOf says what was asked for a dataset, and how many rows came.
func (s *scope) originOf(d *spec.Dataset, req source.Request, rows int) origin {
	o := origin{requests: max(1, len(req.Slices)), fetched: rows}
	if req.Each != nil {
		o.requests *= len(req.Each.Values)
		o.filters = append(o.filters, "for_each: "+d.Each.Parameter.Name)
		o.chosen = append(o.chosen, chosenEach(req.Each))
	}
	for _, a := range req.Arguments {
		o.filters = append(o.filters, filterText(a.Parameter.Name, a.Value))
		// Lists and texts choose rows; numbers and flags say how they are counted.
		if a.Value.Type == expr.List || a.Value.Type == expr.Text {
			o.chosen = append(o.chosen, outputs.AboutFilter{Label: outputs.Label(a.Parameter.Name), Values: plainValues(a.Value)})
		}
	}
	if d.Window != nil {
		o.window = req.Range.Label(s.Locale())
	}
	return o
}

// chosenEach is the choice of the values that are asked for one by one, by their names in the column that tells them apart.
func chosenEach(each *source.Each) outputs.AboutFilter {
	f := outputs.AboutFilter{Label: outputs.Label(cmp.Or(each.Field.Name, each.Parameter.Name))}
	for _, v := range each.Values {
		f.Values = append(f.Values, v.Label)
	}
	return f
}

// filterText is a filter in words, as it was sent.
func filterText(name string, v expr.Value) string {
	return name + ": " + strings.Join(plainValues(v), ", ")
}

// plainValues are the items of a list, or the one value.
func plainValues(v expr.Value) []string {
	if v.Type != expr.List {
		return []string{expr.Plain(v)}
	}
	texts := make([]string, len(v.Items))
	for i, item := range v.Items {
		texts[i] = expr.Plain(item)
	}
	return texts
}
