package spec

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// FileDestination is a file beneath the configuration's folder.
type FileDestination struct {
	// Path ends in one of fileEndings, which says the format.
	Path *Template
	Data DataFormat
}

// DataFormat says how rows are written for programs.
type DataFormat struct {
	// Dataset is the one that is written; empty for the report's only one (.csv), or for all of them (.json).
	Dataset string
	// Separator is "," or ";" or a tab; Header labels, keys or none. Both empty unless set.
	Separator, Header string
	DecimalComma, BOM bool
}

// fileEndings are the formats of files, by the ending of their path.
var fileEndings = []string{".xlsx", ".csv", ".json", ".html", ".md"}

func (d *decoder) file(n *tree.Node, r *Report, s scope) *FileDestination {
	defer d.in("file")()
	at := n.Get("path")
	f := &FileDestination{Path: d.filePath(at, s)}
	if f.Path == nil {
		return f
	}
	last := f.Path.segments[len(f.Path.segments)-1]
	ending := path.Ext(last.Text)
	if last.Expr != nil || !slices.Contains(fileEndings, ending) {
		d.fault(at.At, "unknown-format", "Unknown file format", "The ending of a path says its format, and this one does not end in one that there is: %s.", diag.Listed(fileEndings, "or"))
		return f
	}
	f.Data = d.dataFormat(n, ending, r)
	if !f.Path.refersTo("range") && r.recurs() {
		d.pathWithoutRange(f.Path)
	}
	d.ownPaths(f.Path, r)
	return f
}

// pathWithoutRange warns of a path that each range of a report writes, once for all of the report's paths.
func (d *decoder) pathWithoutRange(t *Template) {
	const code = "path-without-range"
	report := func(context string) string {
		before, _, _ := strings.Cut(context, " > destinations > ")
		return before
	}
	for i := range d.diags {
		if first := &d.diags[i]; first.Code == code && report(first.Context) == report(d.context()) {
			first.Related = append(first.Related, diag.Related{Message: "and this one", Range: t.Range})
			return
		}
	}
	found := d.diagnostic(t.Range, code, "One path for every range",
		"A file that is there is never overwritten, so that the second range would be refused. Put the range into the path, such as:\n\n    %s", t.with("range.from"))
	found.Severity = diag.Warning
	d.diags.Add(found)
}

// dataFormat decodes how rows are written in a format with an ending: keys that do nothing there are told.
func (d *decoder) dataFormat(n *tree.Node, ending string, r *Report) DataFormat {
	d.keyFor(n, "dataset", ending, ".csv", ".json")
	d.forCSV(n, ending)
	f := DataFormat{
		Dataset: d.text(n.Get("dataset")), Header: d.text(n.Get("header")),
		DecimalComma: d.text(n.Get("decimal")) == ",", BOM: d.flag(n.Get("bom"), false),
	}
	if f.Separator = d.text(n.Get("separator")); f.Separator == "tab" {
		f.Separator = "\t"
	}
	if f.DecimalComma && strings.Trim(f.Separator, ",") == "" {
		d.fault(n.Get("decimal").At, "two-commas", "Commas in and between numbers", "Where numbers have a comma in them, another mark stands between the values:\n\n    separator: \";\"")
	}
	if f.Dataset != "" {
		d.datasetOf(n.Get("dataset"), r)
	} else if ending == ".csv" && len(r.Datasets) > 1 && !r.misfit {
		names := make([]string, len(r.Datasets))
		for i, ds := range r.Datasets {
			names[i] = ds.Name
		}
		d.fault(n.At, "which-dataset", "Which dataset is not said", "A file of this kind holds one dataset, and the report has %s. Name one of them, such as:\n\n    dataset: %s", diag.Listed(names, "and"), names[0])
	}
	return f
}

// forCSV refuses the keys of a .csv in a file with another ending.
func (d *decoder) forCSV(n *tree.Node, ending string) {
	for _, key := range []string{"separator", "header", "decimal", "bom"} {
		d.keyFor(n, key, ending, ".csv")
	}
}

// keyFor refuses a key where it does nothing.
func (d *decoder) keyFor(n *tree.Node, key, ending string, endings ...string) {
	if at := n.Get(key); at != nil && !slices.Contains(endings, ending) {
		d.fault(at.At, "key-without-effect", "Key does nothing here", "%q is for files that end in %s, and this one ends in %q. Remove it, or give the file another ending.", key, diag.Listed(endings, "or"), ending)
	}
}

// with is the path with one more name in it, before its ending.
func (t *Template) with(name string) string {
	ending := path.Ext(t.Text)
	return fmt.Sprintf("%s-${%s}%s", strings.TrimSuffix(t.Text, ending), name, ending)
}
