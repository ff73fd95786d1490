package reporttest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// Instance is what came out of a report's instance at a moment.
type Instance struct {
	Report *spec.Report
	At     time.Time
	Seen   Seen
}

// First writes a first test file for a report: what came out just now, for its author to keep, to narrow and to add to.
// Recording is the folder where it is not the report's own place, vars are variables whose values
// do not come from the configuration.
func First(instances []Instance, recording string, vars []*spec.Variable) []byte {
	y := &yaml{}
	y.line(0, "# What came out when the answers were recorded. Keep what matters, and add what else must hold, such as cells:")
	y.line(0, "#")
	y.line(0, "#     cells:")
	y.line(0, "#       DATASET:")
	y.line(0, "#         - where: {COLUMN: VALUE}")
	y.line(0, "#           OTHER_COLUMN: 93.5")
	y.line(0, "#")
	y.line(0, "# After a change that is wanted, this writes down what comes out then:")
	y.line(0, "#")
	y.line(0, "#     reportform test --update")
	y.line(0, "")
	y.line(0, "version: 1")
	y.line(0, "")
	y.line(0, "tests:")
	for i, in := range instances {
		for _, address := range in.Seen.addresses() {
			if i > 0 {
				y.line(0, "")
			}
			y.test(in, address, recording, vars)
		}
	}
	return []byte(y.b.String())
}

// addresses are those of the instance, or of the parts that a split has made of it.
func (s Seen) addresses() []string {
	var all []string
	for _, c := range s.plan.Changes {
		if !slices.Contains(all, c.Report.Address) {
			all = append(all, c.Report.Address)
		}
	}
	return all
}

// Waiting is when a report that is not due yet will be; zero where it does not wait.
func (s Seen) Waiting() time.Time {
	for _, c := range s.plan.Changes {
		if c.Action == runner.Wait {
			return c.Range.DueAt(c.Report.NotBefore)
		}
	}
	return time.Time{}
}

// yaml writes lines.
type yaml struct{ b strings.Builder }

func (y *yaml) line(depth int, format string, a ...any) {
	if format == "" {
		y.b.WriteByte('\n')
		return
	}
	fmt.Fprintf(&y.b, strings.Repeat("  ", depth)+format+"\n", a...)
}

// test writes the test of one instance or part.
func (y *yaml) test(in Instance, address, recording string, vars []*spec.Variable) {
	s, _ := in.Seen.of(&spec.Test{Report: address}, nil)
	name := in.Report.Name
	if len(s.changes) > 0 && !s.changes[0].Range.From.IsZero() {
		name = address + ", " + s.changes[0].Range.Label("en")
	}
	y.line(1, "- name: %s", text(name))
	y.line(2, "report: %s", text(address))
	if recording != "" {
		y.line(2, "recording: %s", text(recording))
	}
	layout := "2006-01-02T15:04"
	if in.At.Second() != 0 {
		layout += ":05"
	}
	moment := in.At.Format(layout)
	if at, err := time.ParseInLocation(layout, moment, in.At.Location()); err != nil || !at.Equal(in.At.Truncate(time.Second)) {
		moment = in.At.Format(layout + "Z07:00") // an hour that clocks show twice
	}
	y.line(2, "at: %s", text(moment))
	y.vars(vars)
	y.line(2, "expect:")
	if len(s.changes) > 0 && s.changes[0].Key.Range != "" {
		y.line(3, "range: %s", text(s.changes[0].Key.Range))
	}
	y.each(s, spec.AboutOutcome)
	y.rows(s)
	y.kpis(s)
	y.totals(s)
	for _, about := range []spec.About{spec.AboutSubject, spec.AboutRecipients, spec.AboutFile} {
		y.each(s, about)
	}
	if f, _ := s.look(spec.Expectation{About: spec.AboutDiagnostics}); len(f.items) > 0 {
		y.line(3, "diagnostics: %s", flow(f.items))
	}
}

// each writes what is so of each destination, on one line where all are alike.
func (y *yaml) each(s Seen, about spec.About) {
	if f, why := s.delivery(spec.Expectation{About: about}); why == "" {
		y.line(3, "%s: %s", string(about), f.yaml())
		return
	}
	first := true
	for _, c := range s.changes {
		if f, why := s.delivery(spec.Expectation{About: about, Of: c.Destination.Name}); why == "" && f.yaml() != "" {
			if first {
				y.line(3, "%s:", string(about))
				first = false
			}
			y.line(4, "%s: %s", text(c.Destination.Name), f.yaml())
		}
	}
}

func (y *yaml) rows(s Seen) {
	if len(s.document.Datasets) > 0 {
		y.line(3, "rows:")
	}
	for _, d := range s.document.Datasets {
		y.line(4, "%s: %d", text(d.Name), d.Table.Len())
	}
}

// kpis writes the figures of the workbook and the mails, as readers see those that have digits behind the point.
func (y *yaml) kpis(s Seen) {
	var seen []string
	for _, block := range s.blocks() {
		k, ok := block.(outputs.KPIs)
		if !ok {
			continue
		}
		for _, item := range k.Items {
			if item.Label == "" || slices.Contains(seen, item.Label) {
				continue
			}
			if seen = append(seen, item.Label); len(seen) == 1 {
				y.line(3, "kpis:")
			}
			y.line(4, "%s: %s", text(item.Label), figure{value: item.Value, shown: outputs.ShowFigure(item.Value, item.Format, s.locale)}.readable())
		}
	}
}

// totals writes those that the workbook's tables show.
func (y *yaml) totals(s Seen) {
	var seen []string
	for _, block := range s.blocks() {
		b, ok := block.(outputs.TableBlock)
		if !ok || !b.Totals || slices.Contains(seen, b.Dataset) {
			continue
		}
		shown, err := b.Shown()
		if err != nil {
			continue // it was rendered: this does not happen
		}
		var lines []string
		for _, c := range shown {
			x := spec.Expectation{About: spec.AboutTotal, Of: b.Dataset, Column: c.Name}
			if f, why := s.inTable(b.Table, x); why == "" && f.value.Valid && c.Total.Kind != table.TotalNone {
				lines = append(lines, text(c.Name)+": "+f.readable())
			}
		}
		if len(lines) == 0 {
			continue
		}
		if seen = append(seen, b.Dataset); len(seen) == 1 {
			y.line(3, "totals:")
		}
		y.line(4, "%s:", text(b.Dataset))
		for _, l := range lines {
			y.line(5, "%s", l)
		}
	}
}

// yaml writes a figure by itself; empty where there is none.
func (f figure) yaml() string {
	switch {
	case f.list:
		return flow(f.items)
	case !f.value.Valid:
		return ""
	}
	return literal(f.value)
}

// readable writes a whole number as it is, and all else as readers see it.
func (f figure) readable() string {
	switch {
	case !f.value.Valid:
		return "null"
	case f.value.Type == expr.Integer, f.value.Type == expr.Text, f.shown == "":
		return literal(f.value)
	}
	return text(f.shown)
}

// vars writes the values of variables that nothing else would give a test.
func (y *yaml) vars(given []*spec.Variable) {
	if len(given) > 0 {
		y.line(2, "vars:")
	}
	for _, v := range given {
		value := literal(v.Value)
		if v.Value.Type == expr.List {
			var items []string
			for _, item := range v.Value.Items {
				items = append(items, literal(item))
			}
			value = "[" + strings.Join(items, ", ") + "]"
		}
		y.line(3, "%s: %s", text(v.Name), value)
	}
}
