package spec

import (
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// Format returns a file in canonical layout: two spaces of indentation a level, lists too; one space where one separates,
// none within brackets; no more than one empty line in a row, none at the start and the end; line feeds. Words, quotes,
// comments and the order of keys stay as they are, so that a review sees what was decided and not who typed it.
// What is formatted already comes back as the same bytes.
//
// The text is nil where the file cannot be read as YAML, and the list says why. Where the new layout would not hold the
// very same values, which is a mistake of ours, the text is what was given and the list has a warning.
// The files are for showing the list: the given one, its secrets hidden.
func Format(name string, data []byte) (text []byte, _ diag.List, _ diag.Files) {
	d := newDecoder(Options{})
	d.parse([]File{{Name: name, Data: data}})
	if !d.diags.HasErrors() {
		var ok bool
		if text, ok = tree.Format(name, data); !ok {
			text = data
			d.diags.Add(diag.Diagnostic{
				Severity: diag.Warning, Code: "not-formatted", Summary: "Left as it is", Subject: diag.Range{File: name, Start: diag.Pos{Line: 1, Column: 1}, End: diag.Pos{Line: 1, Column: 1}},
				Detail: "In canonical layout this file would not hold the very same values, or that could not be shown. It is sound, and formatting it is a mistake of reportform: please report it.",
			})
		}
	}
	d.diags = d.diags.Sorted()
	d.blank()
	return text, d.diags, d.config.Files
}

// IsYAML reports whether a file of that name in a folder is formatted with the folder: the configuration's files, values of
// variables and tests.
func IsYAML(name string) bool {
	_, ok := cutYAML(name)
	return ok && !isHidden(name)
}
