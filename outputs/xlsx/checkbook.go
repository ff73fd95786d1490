package xlsx

import (
	"fmt"
	"regexp"
	"strings"
)

// workbook: sheet names are legal and told apart without their case, ids stand once, names lie within sheets that exist.
func (c *checker) workbook() {
	var book struct {
		Sheets []struct {
			Name    string `xml:"name,attr"`
			SheetID string `xml:"sheetId,attr"`
			ID      string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
		Names []struct {
			Name  string `xml:"name,attr"`
			Local *int   `xml:"localSheetId,attr"`
			Text  string `xml:",chardata"`
		} `xml:"definedNames>definedName"`
		Views []struct {
			Active int `xml:"activeTab,attr"`
		} `xml:"bookViews>workbookView"`
	}
	if !c.read("xl/workbook.xml", &book) {
		return
	}
	if len(book.Sheets) == 0 {
		c.fault("the workbook has no sheet")
	}
	targets := map[string]string{}
	for _, r := range c.relationsOf("xl/_rels/workbook.xml.rels") {
		targets[r.ID] = r.Target
	}
	names, ids := map[string]bool{}, map[string]bool{}
	for _, s := range book.Sheets {
		if s.Name == "" || units(s.Name) > maxSheetName || legalSheetName(s.Name) != s.Name {
			c.fault("%q is no name for a sheet", s.Name)
		}
		folded := strings.ToLower(s.Name)
		if names[folded] || ids[s.SheetID] || targets[s.ID] == "" {
			c.fault("the sheet %q has a name or an id that stands twice, or no part", s.Name)
		}
		names[folded], ids[s.SheetID], c.sheets[folded] = true, true, true
		delete(targets, s.ID)
	}
	for _, v := range book.Views {
		if v.Active < 0 || v.Active >= len(book.Sheets) {
			c.fault("the workbook opens at sheet %d, and it has %d", v.Active, len(book.Sheets))
		}
	}
	defined := map[string]bool{}
	for _, n := range book.Names {
		local := -1
		if n.Local != nil {
			local = *n.Local
		}
		key := fmt.Sprintf("%s/%d", strings.ToLower(n.Name), local)
		if defined[key] || local >= len(book.Sheets) {
			c.fault("the name %s stands twice or belongs to no sheet", n.Name)
		}
		defined[key] = true
		if !strings.HasPrefix(n.Name, "_xlnm.") {
			c.names[strings.ToLower(n.Name)] = true
			if !legalName(n.Name) {
				c.fault("%q is no name for cells", n.Name)
			}
		}
		c.refers("the name "+n.Name, n.Text)
	}
}

// refers: what a formula says of cells is of sheets that exist.
func (c *checker) refers(what, formula string) {
	mapReferences(formula, func(r cellRef) string {
		if r.sheet != "" && !c.sheets[strings.ToLower(r.sheet)] {
			c.fault("%s refers to the sheet %q, which is missing", what, r.sheet)
		}
		return ""
	})
}

// maxName is how long the name of cells or of a table object may be.
const maxName = 255

var (
	nameForm = regexp.MustCompile(`^[\p{L}_\\][\p{L}\p{M}\p{N}_.\\?]*$`)
	cellForm = regexp.MustCompile(`(?i)^([a-z]{1,3}[0-9]+|r|c|r[0-9]*c[0-9]*)$`)
)

// legalName reports whether cells or a table object may bear a name: it must not be one of a cell itself.
func legalName(name string) bool {
	return units(name) <= maxName && nameForm.MatchString(name) && !cellForm.MatchString(name)
}

// object checks a table object: its name and id stand once in the workbook, and its columns are as many as its cells are
// wide, each with a name of its own.
func (c *checker) object(part string) {
	var t struct {
		ID      string `xml:"id,attr"`
		Name    string `xml:"displayName,attr"`
		Ref     string `xml:"ref,attr"`
		Headers string `xml:"headerRowCount,attr"`
		Totals  int    `xml:"totalsRowCount,attr"`
		Filter  *struct {
			Ref string `xml:"ref,attr"`
		} `xml:"autoFilter"`
		Columns []struct {
			ID   string `xml:"id,attr"`
			Name string `xml:"name,attr"`
		} `xml:"tableColumns>tableColumn"`
	}
	if !c.read(part, &t) {
		return
	}
	if folded := strings.ToLower(t.Name); !legalName(t.Name) || c.names[folded] || c.tableIDs[t.ID] {
		c.fault("the table object %q has a name that is none, or a name or an id that stands twice", t.Name)
	}
	c.names[strings.ToLower(t.Name)], c.tableIDs[t.ID] = true, true
	a, err := parseArea(t.Ref)
	if err != nil {
		return // The sheet has told.
	}
	rows := a.bottom - a.top + 1 - t.Totals
	if t.Headers != "0" {
		rows--
	}
	if rows < 1 {
		c.fault("the table object %q has no row of data", t.Name)
	}
	if width := a.right - a.left + 1; width != len(t.Columns) {
		c.fault("the table object %q is %d columns wide and has %d", t.Name, width, len(t.Columns))
	}
	seen := map[string]bool{}
	for _, col := range t.Columns {
		if name := strings.ToLower(col.Name); name == "" || seen[name] || seen["\x00"+col.ID] {
			c.fault("the table object %q has a column %q without a name, or with a name or an id that stands twice", t.Name, col.Name)
		}
		seen[strings.ToLower(col.Name)], seen["\x00"+col.ID] = true, true
	}
	if t.Filter != nil {
		if f, err := parseArea(t.Filter.Ref); err != nil || f.left != a.left || f.right != a.right || f.top != a.top || f.bottom > a.bottom {
			c.fault("the table object %q has a filter on %s, which is not its cells", t.Name, t.Filter.Ref)
		}
	}
}
