package xlsx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// check looks over the finished package for what would make Excel offer a repair. It reads the parts as they were
// written, sheets without their rows.
func (p *packer) check() error {
	c := checker{parts: map[string][]byte{}}
	for _, t := range p.parts {
		if _, twice := c.parts[t.name]; twice {
			c.fault("the part %s stands twice", t.name)
		}
		c.parts[t.name] = t.xml
	}
	c.look()
	var out []error
	for _, f := range c.faults {
		if !slices.Contains(p.known, f) {
			out = append(out, errors.New(f))
		}
	}
	return errors.Join(out...)
}

// look finds all faults.
func (c *checker) look() {
	c.contentTypes()
	c.relations()
	c.workbook()
	for name := range c.parts {
		if strings.HasPrefix(name, sheetFolder) {
			c.worksheet(name)
		}
	}
	slices.Sort(c.faults)
}

type checker struct {
	parts  map[string][]byte
	faults []string
}

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

// read decodes a part and reports whether that went well.
func (c *checker) read(name string, into any) bool {
	data, ok := c.parts[name]
	if !ok {
		c.fault("the part %s is missing", name)
		return false
	}
	if err := xml.Unmarshal(data, into); err != nil {
		c.fault("the part %s is broken: %v", name, err)
		return false
	}
	return true
}

// contentTypes: each part has one, and none is given to a part that is not there.
func (c *checker) contentTypes() {
	var types struct {
		Default []struct {
			Extension string `xml:"Extension,attr"`
		}
		Override []struct {
			PartName string `xml:"PartName,attr"`
		}
	}
	const part = "[Content_Types].xml"
	if !c.read(part, &types) {
		return
	}
	known := map[string]bool{part: true}
	for _, o := range types.Override {
		name := strings.TrimPrefix(o.PartName, "/")
		if known[name] {
			c.fault("the part %s has two content types", name)
		}
		if _, ok := c.parts[name]; !ok {
			c.fault("a content type is given to %s, which is missing", name)
		}
		known[name] = true
	}
	for name := range c.parts {
		byEnding := false
		for _, d := range types.Default {
			byEnding = byEnding || strings.EqualFold(path.Ext(name), "."+d.Extension)
		}
		if !known[name] && !byEnding {
			c.fault("the part %s has no content type", name)
		}
	}
}

type relation struct {
	ID     string `xml:"Id,attr"`
	Target string `xml:"Target,attr"`
	Mode   string `xml:"TargetMode,attr"`
}

// relations: every target is there, every id stands once.
func (c *checker) relations() {
	for name := range c.parts {
		if path.Ext(name) != ".rels" {
			continue
		}
		var seen []string
		for _, r := range c.relationsOf(name) {
			if slices.Contains(seen, r.ID) {
				c.fault("%s has the id %s twice", name, r.ID)
			}
			seen = append(seen, r.ID)
			if _, ok := c.parts[r.Target]; !ok && r.Mode != "External" {
				c.fault("%s points to %s, which is missing", name, r.Target)
			}
		}
	}
}

// relationsOf reads a .rels part, its targets made paths within the package.
func (c *checker) relationsOf(name string) []relation {
	var rels struct {
		Relationship []relation
	}
	if !c.read(name, &rels) {
		return nil
	}
	folder := path.Dir(path.Dir(name))
	for i := range rels.Relationship {
		r := &rels.Relationship[i]
		if strings.HasPrefix(r.Target, "/") {
			r.Target = r.Target[1:]
		} else {
			r.Target = path.Join(folder, r.Target)
		}
	}
	return rels.Relationship
}

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
		} `xml:"definedNames>definedName"`
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
		names[folded], ids[s.SheetID] = true, true
		delete(targets, s.ID)
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
	}
}

// sheetOrder is the order of a worksheet's elements in ECMA-376, 18.3.1.99.
var sheetOrder = strings.Fields(`sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection
	protectedRanges scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr
	conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks
	colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF picture
	oleObjects controls webPublishItems tableParts extLst`)

// worksheet: elements in order; united cells, filter and tables apart from each other.
func (c *checker) worksheet(name string) {
	var sheet struct {
		Filter []struct {
			Ref string `xml:"ref,attr"`
		} `xml:"autoFilter"`
		Merges []struct {
			Ref string `xml:"ref,attr"`
		} `xml:"mergeCells>mergeCell"`
		Tables []struct {
			ID string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"tableParts>tablePart"`
	}
	if !c.read(name, &sheet) {
		return
	}
	c.order(name)
	var areas []area
	add := func(what, ref string) {
		a, err := parseArea(ref)
		if err != nil {
			c.fault("%s: the %s %s lies nowhere", name, what, ref)
			return
		}
		a.what = what
		for _, b := range areas {
			if a.overlaps(b) {
				c.fault("%s: the %s %s overlaps a %s", name, what, ref, b.what)
			}
		}
		areas = append(areas, a)
	}
	for _, f := range sheet.Filter {
		add("filter", f.Ref)
	}
	for _, m := range sheet.Merges {
		add("united cell", m.Ref)
	}
	if len(sheet.Tables) == 0 {
		return
	}
	folder, file := path.Split(name)
	targets := map[string]string{}
	for _, r := range c.relationsOf(folder + "_rels/" + file + ".rels") {
		targets[r.ID] = r.Target
	}
	for _, t := range sheet.Tables {
		var tab struct {
			Ref string `xml:"ref,attr"`
		}
		if c.read(targets[t.ID], &tab) {
			add("table", tab.Ref)
		}
	}
}

// order checks the sequence of a sheet's elements, each of which stands at most once.
func (c *checker) order(name string) {
	d := xml.NewDecoder(bytes.NewReader(c.parts[name]))
	depth, last := 0, -1
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			return // read has told
		}
		switch e := token.(type) {
		case xml.EndElement:
			depth--
		case xml.StartElement:
			if depth++; depth != 2 {
				continue
			}
			at := slices.Index(sheetOrder, e.Name.Local)
			if at < last || at == last && e.Name.Local != "conditionalFormatting" {
				c.fault("%s: the element %s is unknown or out of order", name, e.Name.Local)
			}
			last = max(last, at)
		}
	}
}
