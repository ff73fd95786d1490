package spec

import (
	"path"
	"strings"

	"github.com/reportform/reportform/spec/tree"
)

// MaxTemplate bounds a designed workbook, in bytes.
const MaxTemplate = 10 << 20

// templated decodes a designed workbook and what its names are filled with.
func (d *decoder) templated(w *Workbook, n *tree.Node, r *Report, s scope) {
	given, fill := n.Get("template"), n.Get("fill")
	if given == nil {
		if fill != nil {
			d.fault(fill.At, "no-template", "No template to fill", "\"fill\" says what stands at the names of a designed workbook, and there is none. Name its file:\n\n    template: weekly.xlsx")
		}
		return
	}
	if w.Template = d.inputFile(given); w.Template != "" && strings.ToLower(path.Ext(w.Template)) != ".xlsx" {
		d.fault(given.At, "unknown-format", "Not a workbook", "A template's name ends in .xlsx, and %q is something else. Save it as a workbook without macros.", w.Template)
	}
	d.fits(given, w.Template, "template", MaxTemplate)
	if sheets := n.Get("sheets"); sheets != nil {
		d.fault(sheets.At, "sheets-in-template", "Sheets beside a template", "A template has its own sheets, whose names are filled. Leave \"sheets\" out.")
	}
	for _, e := range fill.All() {
		done := d.in("fill", e.Key)
		f := &Fill{Name: e.Key, Range: e.KeyAt}
		if e.Value.Get("dataset") != nil {
			f.Table = d.tableBlock(e.Value, r, s)
		} else if e.Value.Get("value") != nil {
			f.Figure = d.kpi(e.Value, s)
		}
		w.Fill = append(w.Fill, f)
		done()
	}
}
