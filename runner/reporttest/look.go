package reporttest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// Seen is what came out of a run.
type Seen struct {
	plan     *runner.Plan
	changes  []*runner.Change
	document outputs.Document
	problems diag.List
	locale   string
}

// figure is one thing that came out: a value with how it is shown, a text or several.
type figure struct {
	value expr.Value
	shown string
	// items are several texts, in order; list says that they are meant.
	items []string
	list  bool
	// none: the destination has nothing of the kind.
	none bool
}

// of narrows what was seen to the report of a test, which may be one part of a split.
func (s Seen) of(test *spec.Test, problems diag.List) (Seen, *diag.Diagnostic) {
	var addresses []string
	for _, c := range s.plan.Changes {
		if c.Report.Address == test.Report {
			s.changes = append(s.changes, c)
		} else if !slices.Contains(addresses, c.Report.Address) {
			addresses = append(addresses, c.Report.Address)
		}
	}
	s.document = s.plan.Documents[test.Report]
	if len(s.changes) > 0 {
		return s, nil
	}
	for i := range problems {
		if problems[i].Severity == diag.Error {
			return s, &problems[i] // the whole is blocked, so that there are no parts
		}
	}
	near := ""
	if name := diag.Nearest(test.Report, addresses); name != "" {
		near = fmt.Sprintf(" Did you mean '%s'?", name)
	}
	return s, &diag.Diagnostic{
		Code: "unknown-report", Summary: "Unknown report", Subject: test.ReportAt, Context: fmt.Sprintf("test %q", test.Name),
		Detail: fmt.Sprintf("The rows of the recording make no part %s.%s", test.Report, near),
	}
}

// look finds what an expectation is about. Why says what is in the way where there is nothing to look at.
func (s Seen) look(x spec.Expectation) (f figure, why string) {
	switch x.About {
	case spec.AboutRows, spec.AboutCell, spec.AboutTotal:
		t, why := s.table(x.Of)
		if why != "" {
			return figure{}, why
		}
		return s.inTable(t, x)
	case spec.AboutKPI:
		return s.kpi(x.Of)
	case spec.AboutDiagnostics:
		var codes []string
		for _, p := range s.problems {
			codes = append(codes, p.Code)
		}
		slices.Sort(codes)
		return figure{items: codes, list: true}, ""
	default:
		return s.delivery(x)
	}
}

func (s Seen) table(name string) (*table.Table, string) {
	var known []string
	for _, d := range s.document.Datasets {
		if d.Name == name {
			return d.Table, ""
		}
		known = append(known, d.Name)
	}
	if len(known) == 0 {
		return nil, "there are no rows: " + s.ended()
	}
	return nil, fmt.Sprintf("there is no dataset %q%s", name, suggest(name, known))
}

// ended says what the report has come to.
func (s Seen) ended() string {
	for _, c := range s.changes {
		if c.Reason != "" {
			return "the report is " + outcomeOf(c) + ", " + c.Reason
		}
	}
	return "the report was not built"
}

func suggest(name string, known []string) string {
	if near := diag.Nearest(name, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// inTable looks at a table: its number of rows, a cell or a total.
func (s Seen) inTable(t *table.Table, x spec.Expectation) (figure, string) {
	if x.About == spec.AboutRows {
		return figure{value: expr.IntegerValue(int64(t.Len()))}, ""
	}
	f, at, why := s.column(t, x.Of, x.Column)
	if why != "" {
		return figure{}, why
	}
	if x.About == spec.AboutTotal {
		v, err := t.Aggregate("total", x.Column)
		if err != nil {
			return figure{}, err.Error()
		}
		return figure{value: v, shown: outputs.Show(v, f, s.locale)}, ""
	}
	row, why := s.row(t, x)
	if why != "" {
		return figure{}, why
	}
	v := row[at]
	return figure{value: v, shown: outputs.Show(v, f, s.locale)}, ""
}

// column finds a column with how the first table of the workbook that has it shows it.
func (s Seen) column(t *table.Table, dataset, name string) (f table.Field, at int, why string) {
	var known []string
	at = slices.IndexFunc(t.Fields(), func(f table.Field) bool { return f.Name == name })
	if at < 0 {
		for _, f := range t.Fields() {
			known = append(known, f.Name)
		}
		return f, at, fmt.Sprintf("%q has no column %q%s", dataset, name, suggest(name, known))
	}
	f = t.Fields()[at]
	for _, block := range s.blocks() {
		shown, ok := block.(outputs.TableBlock)
		if !ok || shown.Dataset != dataset {
			continue
		}
		for _, c := range shown.Columns {
			if c.Key == name && c.Format != "" {
				f.Format = c.Format
				return f, at, ""
			}
		}
	}
	return f, at, ""
}

// blocks are those of the workbook, and behind them those of the mails.
func (s Seen) blocks() []outputs.Block {
	var all []outputs.Block
	for _, sheet := range s.document.Sheets {
		all = append(all, sheet.Blocks...)
	}
	for _, c := range s.changes {
		all = append(all, c.Body...)
	}
	return all
}

// row finds the one row that an expectation names.
func (s Seen) row(t *table.Table, x spec.Expectation) ([]expr.Value, string) {
	columns := make([]int, len(x.Where))
	fields := t.Fields()
	shown := make([]table.Field, len(x.Where))
	for i, c := range x.Where {
		var why string
		if shown[i], columns[i], why = s.column(t, x.Of, c.Column); why != "" {
			return nil, why
		}
	}
	var found []expr.Value
	number, count := 0, 0
	for b, err := range t.Rows().Seq {
		if err != nil {
			return nil, err.Error()
		}
		for r := range b.N {
			number++
			fits := x.Row == 0 || x.Row == number
			for i, c := range x.Where {
				v := b.Cols[columns[i]].Value(fields[columns[i]], r)
				fits = fits && matches(c.Want, figure{value: v, shown: outputs.Show(v, shown[i], s.locale)})
			}
			if !fits {
				continue
			}
			if count++; count == 1 {
				for i := range fields {
					found = append(found, b.Cols[i].Value(fields[i], r))
				}
			}
		}
	}
	switch {
	case count == 0 && x.Row > 0:
		return nil, fmt.Sprintf("there are %d rows", t.Len())
	case count == 0:
		return nil, "no row is like that"
	case count > 1:
		return nil, fmt.Sprintf("%d rows are like that; say more of the one that is meant", count)
	}
	return found, ""
}

// kpi finds a figure by its label.
func (s Seen) kpi(label string) (figure, string) {
	var known []string
	for _, block := range s.blocks() {
		k, ok := block.(outputs.KPIs)
		if !ok {
			continue
		}
		for _, item := range k.Items {
			if item.Label == label {
				return figure{value: item.Value, shown: outputs.ShowFigure(item.Value, item.Format, s.locale)}, ""
			}
			known = append(known, item.Label)
		}
	}
	if len(known) == 0 {
		return figure{}, "there are no kpis: " + s.ended()
	}
	return figure{}, fmt.Sprintf("no kpi has this label%s", suggest(label, known))
}

// delivery looks at what becomes of a destination, or of all of them.
func (s Seen) delivery(x spec.Expectation) (figure, string) {
	var all []figure
	var names []string
	why := ""
	for _, c := range s.changes {
		names = append(names, c.Destination.Name)
		if x.Of != "" && c.Destination.Name != x.Of {
			continue
		}
		f, no := s.change(c, x.About)
		if no != "" {
			why = no
		}
		if no != "" || f.none {
			continue
		}
		if !slices.ContainsFunc(all, func(a figure) bool { return same(a, f) }) {
			all = append(all, f)
		}
	}
	switch {
	case x.Of != "" && !slices.Contains(names, x.Of):
		return figure{}, fmt.Sprintf("there is no destination %q%s", x.Of, suggest(x.Of, names))
	case len(all) == 0 && why == "":
		return figure{}, "there is nothing of the kind"
	case len(all) == 0:
		return figure{}, why
	case len(all) > 1:
		var said []string
		for _, f := range all {
			said = append(said, f.text())
		}
		return figure{}, "destinations differ: " + strings.Join(said, ", ") + "; name each"
	}
	return all[0], ""
}

func same(a, b figure) bool {
	return a.list == b.list && a.value.Str == b.value.Str && slices.Equal(a.items, b.items)
}

// change looks at one delivery.
func (s Seen) change(c *runner.Change, about spec.About) (figure, string) {
	text := func(t string) (figure, string) { return figure{value: expr.TextValue(t)}, "" }
	unbuilt := "nothing is sent: the report is " + outcomeOf(c) + ", " + c.Reason
	switch about {
	case spec.AboutRange:
		if c.Key.Range == "" {
			return figure{}, "there is no range: " + c.Reason
		}
		return text(c.Key.Range)
	case spec.AboutOutcome:
		return text(outcomeOf(c))
	case spec.AboutReason:
		if c.Reason == "" {
			return figure{none: true}, ""
		}
		return text(c.Reason)
	case spec.AboutFile:
		if c.Destination.File == nil {
			return figure{none: true}, ""
		}
		if c.Target == "" {
			return figure{}, strings.Replace(unbuilt, "sent", "written", 1)
		}
		return text(c.Target)
	}
	if c.Destination.Email == nil {
		return figure{none: true}, ""
	}
	if c.Artifact == nil || c.Artifact.Envelope == nil {
		return figure{}, unbuilt
	}
	if about == spec.AboutSubject {
		return text(c.Artifact.Envelope.Subject)
	}
	recipients := slices.Sorted(slices.Values(c.Artifact.Envelope.Recipients))
	return figure{items: recipients, list: true}, ""
}

// outcomeOf is what becomes of a delivery, in the words of tests.
func outcomeOf(c *runner.Change) string {
	switch c.Action {
	case runner.Skip:
		return "skipped"
	case runner.Wait:
		return "waiting"
	case runner.Blocked:
		return "blocked"
	default:
		return "sent"
	}
}
