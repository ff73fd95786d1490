package spec

import (
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// workbook decodes the pages. Nil means that every dataset becomes a sheet with a table.
func (d *decoder) workbook(n *tree.Node, r *Report, s scope) *Workbook {
	if n == nil || n.Kind != tree.Map {
		return nil
	}
	defer d.in("workbook")()
	properties := n.Get("properties")
	w := &Workbook{
		Range: n.At, About: d.flag(n.Get("about"), false), Password: d.secret(n.Get("password"), "PASSWORD", nil),
		Title:   d.prose(properties.Get("title"), s),
		Author:  d.prose(properties.Get("author"), s),
		Subject: d.prose(properties.Get("subject"), s),
	}
	names := map[string]diag.Range{}
	d.objects = map[string]diag.Range{}
	defer func() { d.objects = nil }()
	for i, item := range n.Get("sheets").List() {
		sheet := &Sheet{Name: d.prose(item.Get("name"), s), Range: item.At}
		if sheet.Name != nil {
			d.sheetName(sheet.Name, names)
		}
		done := d.in("sheets", item.Get("name").TextOr(strconv.Itoa(i+1)))
		sheet.Blocks = d.blocks(item.Get("blocks"), r, s)
		done()
		w.Sheets = append(w.Sheets, sheet)
	}
	d.templated(w, n, r, s)
	return w
}

// sheetName checks what Excel demands of a name that is known while loading.
func (d *decoder) sheetName(t *Template, names map[string]diag.Range) {
	if !t.isFixed() {
		return
	}
	name := t.fixed()
	if problem := sheetNameProblem(name); problem != "" {
		d.fault(t.Range, "bad-sheet-name", "Not a name for a sheet", "Excel does not take %q as a sheet's name: %s.", name, problem)
	}
	d.once(strings.ToLower(name), t.Range, names, "same-sheet", "Two sheets of one name", "Excel does not tell capitals apart in the names of sheets. Give one of them another name.")
}

// sheetNameProblem says what Excel would not take; "" means that it takes it.
func sheetNameProblem(name string) string {
	switch {
	case name == "":
		return "it is empty"
	case len(utf16.Encode([]rune(name))) > 31:
		return "it has more than 31 characters"
	case strings.ContainsAny(name, `[]:*?/\`):
		return `it has one of [ ] : * ? / \ in it`
	case strings.HasPrefix(name, "'") || strings.HasSuffix(name, "'"):
		return "it begins or ends with an apostrophe"
	case strings.EqualFold(name, "history"):
		return "Excel keeps that name for itself"
	}
	return ""
}
