package spec

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// decoder turns the nodes of one configuration into a Config.
//
// What the schema says about shape (kinds, known and required keys, words of a set) was checked before: here a node
// that does not fit is read as if it were absent, and only what the schema cannot say is reported.
type decoder struct {
	options Options
	config  *Config
	diags   diag.List
	// path is where the decoder is: report "weekly-chats", datasets, by_day.
	path []string
	// values are the variables by name; a variable without a usable value is there too.
	values map[string]*Variable
	// given is the value of each variable as a node, to be put in place of a whole ${var.NAME}.
	given map[string]*node
	// filled says which variable a node's value came from.
	filled map[*node]*Variable
	// misfits are the places that the schema has complained about, by file.
	misfits map[string][]diag.Range
	// hidden are the stretches of files that diagnostics must not show.
	hidden map[string][]diag.Range
	// partial: a file could not be read, so that what seems to be missing may stand there.
	partial bool
	zones   map[string]*time.Location
	// used collects the variables that the report at hand refers to, for its digest.
	used map[string]bool
	// outer is what the row expressions of the report at hand may refer to beside columns.
	outer table.Outer
	// siblings are the datasets of the report at hand.
	siblings siblings
	// objects are the table objects of the workbook at hand; nil elsewhere.
	objects map[string]diag.Range
	// paths are those that destinations write.
	paths map[string]diag.Range
	// reports are the reports as they are written, before for_each makes instances of them.
	reports []*Report
	// folder is the configuration's.
	folder fs.FS
}

func newDecoder(o Options) *decoder {
	return &decoder{
		options: o,
		config:  &Config{Root: o.Dir, Files: diag.Files{}},
		values:  map[string]*Variable{},
		given:   map[string]*node{},
		filled:  map[*node]*Variable{},
		misfits: map[string][]diag.Range{},
		hidden:  map[string][]diag.Range{},
		zones:   map[string]*time.Location{},
		used:    map[string]bool{},
		paths:   map[string]diag.Range{},
	}
}

// checkSchema checks the shape of root and remembers where it does not fit.
func (d *decoder) checkSchema(root *node, definition string) {
	d.remember(checkSchema(root, definition))
}

// remember keeps what is wrong with the shape of a file, and where: names that seem to be missing there are no news.
func (d *decoder) remember(diags diag.List) {
	if d.partial {
		diags = slices.DeleteFunc(diags, func(found diag.Diagnostic) bool { return found.Code == "missing-key" })
	}
	for _, found := range diags {
		d.misfits[found.Subject.File] = append(d.misfits[found.Subject.File], found.Subject)
	}
	d.diags.Extend(diags)
}

// misfit reports whether something is wrong with the shape of n or of anything in it.
func (d *decoder) misfit(n *node) bool {
	return n != nil && d.misfitAt(n.at)
}

func (d *decoder) misfitAt(whole diag.Range) bool {
	return slices.ContainsFunc(d.misfits[whole.File], func(at diag.Range) bool { return within(at, whole) })
}

func within(at, whole diag.Range) bool {
	return at.File == whole.File && !before(at.Start, whole.Start) && !before(whole.End, at.Start)
}

func before(a, b diag.Pos) bool {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) < 0
}

// in enters a part of the configuration until the returned function is called.
func (d *decoder) in(parts ...string) func() {
	n := len(d.path)
	d.path = append(d.path, parts...)
	return func() { d.path = d.path[:n] }
}

func (d *decoder) context() string { return strings.Join(d.path, " > ") }

// fault reports an error. Summary is fixed for a code; names from the file belong into the detail.
func (d *decoder) fault(at diag.Range, code, summary, detail string, args ...any) {
	d.diags.Add(d.diagnostic(at, code, summary, detail, args...))
}

func (d *decoder) diagnostic(at diag.Range, code, summary, detail string, args ...any) diag.Diagnostic {
	if len(args) > 0 {
		detail = fmt.Sprintf(detail, args...)
	}
	return diag.Diagnostic{Code: code, Summary: summary, Detail: detail, Subject: at, Context: d.context()}
}

// suggest is the end of a detail about an unknown name: the nearest known one, or all of them when they are few.
func suggest(name string, known []string) string {
	if near := diag.Nearest(name, known); near != "" {
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	if len(known) == 0 || len(known) > 12 {
		return ""
	}
	return " Known are: " + strings.Join(known, ", ") + "."
}

// configuration decodes everything that the files hold together.
func (d *decoder) configuration(united *node) {
	d.settings(united.get("settings"))
	d.state(united.get("state"), united.get("settings").get("project"))
	for _, e := range united.get("connections").all() {
		d.connection(e)
	}
	for _, e := range united.get("reports").all() {
		d.report(e)
	}
	d.moved(united.get("moved"))
}

// all returns a map's entries; none of what is no map.
func (n *node) all() []entry {
	if n == nil {
		return nil
	}
	return n.entries
}

// names lists the keys of a map.
func (n *node) names() []string {
	var names []string
	for _, e := range n.all() {
		names = append(names, e.key)
	}
	return names
}

// span is the place of length characters from an offset within a string's text, as exactly as it is known.
func (n *node) span(offset, length int) diag.Range {
	return spanOf(n.at, n.textAt, offset, length)
}

func spanOf(whole diag.Range, textAt func(int) diag.Pos, offset, length int) diag.Range {
	if textAt == nil {
		return whole
	}
	at := diag.Range{File: whole.File, Start: textAt(offset), End: textAt(offset + max(length, 1))}
	if at.Start == (diag.Pos{}) {
		return whole
	}
	if before(at.End, at.Start) {
		at.End = diag.Pos{Line: at.Start.Line, Column: at.Start.Column + 1}
	}
	return at
}

// exprFault reports what is wrong in an expression that begins at base within n's text.
func (d *decoder) exprFault(n *node, base int, f *expr.Fault) {
	d.fault(n.span(base+f.Offset, f.Length), f.Code, f.Summary, "%s", f.Detail)
}

// exprWarning warns of what an expression most likely does not mean.
func (d *decoder) exprWarning(at diag.Range, f *expr.Fault) {
	found := d.diagnostic(at, f.Code, f.Summary, "%s", f.Detail)
	found.Severity = diag.Warning
	d.diags.Add(found)
}
