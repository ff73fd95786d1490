package xlsx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

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
		c.object(targets[t.ID])
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

// conditions: each has a rank of its own and a look that there is; what it says refers to sheets that exist.
func (c *checker) conditions(name string) {
	root, err := parseElement(c.parts[name])
	if err != nil {
		return // worksheet has told
	}
	ranks := map[string]bool{}
	root.walk(func(e *element) bool {
		switch e.local() {
		case "cfRule":
			rank := e.attr("priority")
			if rank != "" && ranks[rank] {
				c.fault("%s: two conditions have the rank %s", name, rank)
			}
			ranks[rank] = true
			if look := e.attr("dxfId"); look != "" {
				if n, err := strconv.Atoi(look); err != nil || n < 0 || n >= c.marks {
					c.fault("%s: a condition has the look %s, and there are %d", name, look, c.marks)
				}
			}
		case "conditionalFormatting", "dataValidation":
			areas := e.attr("sqref")
			if x := e.child("sqref"); x != nil {
				areas = x.text()
			}
			for _, one := range strings.Fields(areas) {
				if _, err := parseArea(one); err != nil {
					c.fault("%s: the cells %s of a condition lie nowhere", name, one)
				}
			}
			if len(strings.Fields(areas)) == 0 {
				c.fault("%s: a condition has no cells", name)
			}
		case "formula", "formula1", "formula2", "f":
			c.refers(name, e.text())
		}
		return true
	})
}
