package spec

import (
	"path"
	"strings"
)

// MaxTemplate bounds a designed workbook, in bytes.
const MaxTemplate = 10 << 20

// templated decodes a designed workbook and what its names are filled with.
func (d *decoder) templated(w *Workbook, n *node, r *Report, s scope) {
	given, fill := n.get("template"), n.get("fill")
	if given == nil {
		if fill != nil {
			d.fault(fill.at, "no-template", "No template to fill", "\"fill\" says what stands at the names of a designed workbook, and there is none. Name its file:\n\n    template: weekly.xlsx")
		}
		return
	}
	if w.Template = d.inputFile(given); w.Template != "" && strings.ToLower(path.Ext(w.Template)) != ".xlsx" {
		d.fault(given.at, "unknown-format", "Not a workbook", "A template's name ends in .xlsx, and %q is something else. Save it as a workbook without macros.", w.Template)
	}
	d.fits(given, w.Template, "template", MaxTemplate)
	if sheets := n.get("sheets"); sheets != nil {
		d.fault(sheets.at, "sheets-in-template", "Sheets beside a template", "A template has its own sheets, whose names are filled. Leave \"sheets\" out.")
	}
	for _, e := range fill.all() {
		done := d.in("fill", e.key)
		f := &Fill{Name: e.key, Range: e.keyAt}
		if e.value.get("dataset") != nil {
			f.Table = d.tableBlock(e.value, r, s)
		} else if e.value.get("value") != nil {
			f.Figure = d.kpi(e.value, s)
		}
		w.Fill = append(w.Fill, f)
		done()
	}
}
