package spec

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// report decodes a report with all its parts, once for all of its instances.
func (d *decoder) report(e tree.Entry) {
	defer d.in(fmt.Sprintf("report %q", e.Key))()
	n := e.Value
	r := &Report{
		Name: e.Key, Address: e.Key, Range: e.KeyAt,
		Disabled: !d.flag(n.Get("enabled"), true), Tags: d.texts(n.Get("tags")),
		NotBefore: d.timeOfDay(n.Get("not_before")), CatchUp: int(d.whole(n.Get("catch_up"))),
		each: d.forEach(n.Get("for_each")), Parts: parts(n),
	}
	// What is above does not change what is delivered, and so the variables in it are not in the digest.
	clear(d.used)
	r.Description, r.Owner = d.text(n.Get("description")), d.text(n.Get("owner"))
	r.Calendar = d.calendar(n, d.config.Settings.Calendar)
	r.Partial, r.Empty = d.flag(n.Get("partial"), false), d.textOr(n.Get("empty"), "send")
	if w := n.Get("range"); w != nil {
		r.WindowRange = w.At
		r.Window = d.window(w)
		d.checkWindow(r)
	}
	if at := n.Get("not_before"); r.NotBefore > 0 && r.Window.Hourly() {
		d.fault(at.At, "not-before-hours", "Time of day for a range of hours", "\"not_before\" is a time on the day after the range, and %q means another range by then: it would never be due. Leave \"not_before\" out.", r.Window.Text)
	}
	d.checkCatchUp(n.Get("catch_up"), r)
	r.Split = d.split(n.Get("split"), r)
	datasets := n.Get("datasets")
	plain := d.reportScope(r).withDatasetsAway(datasets.Names(), onlyData)
	unsplit := plain
	if r.Split != nil {
		unsplit = plain.with("split", away(onlyParts))
	}
	d.outer = outerNames(unsplit)
	r.Title = d.prose(n.Get("title"), plain)
	r.misfit = d.misfitBeside(e, datasets)
	d.datasets(datasets, r, unsplit)
	d.checkValues(datasets, r)
	d.checkSplit(n.Get("split"), r)
	data := d.dataScope(r)
	for i, check := range n.Get("checks").List() {
		r.Checks = append(r.Checks, d.check(i, check, data))
	}
	r.When = d.condition(n.Get("when"), "when", data)
	r.Workbook = d.workbook(n.Get("workbook"), r, data)
	shared := d.used
	for _, dest := range n.Get("destinations").All() {
		d.used = maps.Clone(shared)
		decoded := d.destination(dest, r, plain, data)
		decoded.Digest = d.digest(narrowed(n, dest.Value))
		r.Destinations = append(r.Destinations, decoded)
	}
	d.used = shared
	r.OnFailure = d.onFailure(n.Get("on_failure"), r, datasets.Names())
	d.reports = append(d.reports, r)
	d.config.Reports = append(d.config.Reports, r.instances()...)
}

// misfitBeside reports whether something is wrong with the shape of an entry outside of one of the values in it.
func (d *decoder) misfitBeside(e tree.Entry, inner *tree.Node) bool {
	return d.misfitAt(e.KeyAt) || slices.ContainsFunc(d.misfits[e.Value.At.File], func(at diag.Range) bool {
		return within(at, e.Value.At) && (inner == nil || !within(at, inner.At))
	})
}

// window reads a range in words or as a mapping. The zero Expr means that it was reported.
func (d *decoder) window(n *tree.Node) calendar.Expr {
	var e calendar.Expr
	var fault *calendar.SyntaxError
	if n.Kind == tree.Map {
		if n.Get("from") == nil || (n.Get("through") == nil) == (n.Get("until") == nil) {
			return e // the schema told
		}
		e, fault = calendar.ParseBounds(d.text(n.Get("from")), d.text(n.Get("through")), d.text(n.Get("until")))
	} else if text, ok := d.literal(n); ok {
		e, fault = calendar.Parse(text)
	}
	if fault == nil || d.misfit(n) {
		return e
	}
	if part := n.Get(fault.Part); part != nil {
		n = part
	}
	d.fault(n.Span(fault.Offset, fault.Length), fault.Code, fault.Summary, "%s", fault.Detail)
	return calendar.Expr{}
}

// checkWindow checks what a report's own range must be, beyond a dataset's.
func (d *decoder) checkWindow(r *Report) {
	switch {
	case r.Window.UsesNow():
		d.fault(r.WindowRange, "range-of-now", "Range ends now", "A report is due once for each range, and a range that ends now is another one at every run. Only a dataset's own range may use now.")
	case r.Window.NeedsPartial() && !r.Partial:
		d.fault(r.WindowRange, "unfinished-range", "Range is unfinished", "%q takes in the running period, whose figures still change. If that is meant, say so in the report:\n\n    partial: true", r.Window.Text)
	}
}

// checkCatchUp refuses to catch up with ranges that there are none of.
func (d *decoder) checkCatchUp(n *tree.Node, r *Report) {
	if r.CatchUp > 0 && !r.Window.IsZero() && !r.recurs() {
		d.fault(n.At, "nothing-to-catch-up", "Nothing to catch up with", "The range %q is the same at every time, so that no earlier one can have been missed. Leave \"catch_up\" out, or give the report a range that recurs, such as last_week.", r.Window.Text)
	}
}

// recurs reports whether the report has another range at another time, unlike one of fixed days.
func (r *Report) recurs() bool {
	if r.Window.IsZero() {
		return false
	}
	one, err := r.Window.Resolve(time.Date(2026, time.May, 20, 12, 0, 0, 0, time.UTC), r.Calendar)
	other, otherErr := r.Window.Resolve(time.Date(2027, time.May, 20, 12, 0, 0, 0, time.UTC), r.Calendar)
	return err == nil && otherErr == nil && !one.From.Equal(other.From)
}

// check decodes an assertion.
func (d *decoder) check(i int, n *tree.Node, s scope) *Check {
	name := d.textOr(n.Get("name"), fmt.Sprintf("check %d", i+1))
	defer d.in("checks", name)()
	c := &Check{Name: name, Assert: d.condition(n.Get("assert"), "assert", s), Message: d.prose(n.Get("message"), s), Range: n.At}
	if d.text(n.Get("severity")) == "warning" {
		c.Severity = diag.Warning
	}
	return c
}

// condition decodes an expression that is true or false.
func (d *decoder) condition(n *tree.Node, key string, s scope) *Expression {
	e, t := d.expression(n, s)
	if e != nil && t != expr.Boolean && t != expr.Any {
		d.fault(n.At, "wrong-type", "Wrong type", "The key %q wants a condition that is true or false, and this is %s. Compare it, such as: rows(by_day) > 0", key, wanted(t))
	}
	return e
}
