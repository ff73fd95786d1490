package spec

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
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
	given map[string]*tree.Node
	// filled says which variable a node's value came from.
	filled map[*tree.Node]*Variable
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
		given:   map[string]*tree.Node{},
		filled:  map[*tree.Node]*Variable{},
		misfits: map[string][]diag.Range{},
		hidden:  map[string][]diag.Range{},
		zones:   map[string]*time.Location{},
		used:    map[string]bool{},
		paths:   map[string]diag.Range{},
	}
}

// checkSchema checks the shape of root and remembers where it does not fit.
func (d *decoder) checkSchema(root *tree.Node, definition string) {
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
func (d *decoder) misfit(n *tree.Node) bool {
	return n != nil && d.misfitAt(n.At)
}

func (d *decoder) misfitAt(whole diag.Range) bool {
	return slices.ContainsFunc(d.misfits[whole.File], func(at diag.Range) bool { return within(at, whole) })
}

func within(at, whole diag.Range) bool {
	return at.File == whole.File && !at.Start.Before(whole.Start) && !whole.End.Before(at.Start)
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
func (d *decoder) configuration(united *tree.Node) {
	d.settings(united.Get("settings"))
	d.state(united.Get("state"), united.Get("settings").Get("project"))
	for _, e := range united.Get("connections").All() {
		d.connection(e)
	}
	for _, e := range united.Get("reports").All() {
		d.report(e)
	}
	d.moved(united.Get("moved"))
}

// exprFault reports what is wrong in an expression that begins at base within n's text.
func (d *decoder) exprFault(n *tree.Node, base int, f *expr.Fault) {
	d.fault(n.Span(base+f.Offset, f.Length), f.Code, f.Summary, "%s", f.Detail)
}

// exprWarning warns of what an expression most likely does not mean.
func (d *decoder) exprWarning(at diag.Range, f *expr.Fault) {
	found := d.diagnostic(at, f.Code, f.Summary, "%s", f.Detail)
	found.Severity = diag.Warning
	d.diags.Add(found)
}
