package xlsx

import (
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
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
	c.sheets = map[string]bool{}
	c.names = map[string]bool{}
	c.tableIDs = map[string]bool{}
	c.workbook()
	c.styles()
	for _, name := range slices.Sorted(maps.Keys(c.parts)) {
		switch {
		case strings.HasPrefix(name, sheetFolder):
			c.worksheet(name)
			c.conditions(name)
			c.attached(name)
		case strings.HasPrefix(name, "xl/charts/chart"), strings.HasPrefix(name, "xl/drawings/drawing"):
			c.attached(name)
			c.drawn(name)
		}
	}
	slices.Sort(c.faults)
}

type checker struct {
	parts  map[string][]byte
	faults []string
	// sheets are those there are, and names what tables and defined names are called, both without their case.
	sheets, names map[string]bool
	// tableIDs are the ids that table objects have.
	tableIDs map[string]bool
	// marks is how many formats there are for cells that a condition marks.
	marks int
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
			PartName    string `xml:"PartName,attr"`
			ContentType string `xml:"ContentType,attr"`
		}
	}
	if !c.read(typesPart, &types) {
		return
	}
	known := map[string]bool{typesPart: true}
	folded := map[string]bool{}
	for name := range c.parts {
		if folded[strings.ToLower(name)] {
			c.fault("two parts are called %s but for their case", strings.ToLower(name))
		}
		folded[strings.ToLower(name)] = true
	}
	for _, o := range types.Override {
		name := strings.TrimPrefix(o.PartName, "/")
		if known[name] {
			c.fault("the part %s has two content types", name)
		}
		if _, ok := c.parts[name]; !ok {
			c.fault("a content type is given to %s, which is missing", name)
		}
		if folder, want := wantedType(name); want != "" && !strings.HasSuffix(o.ContentType, "."+want+"+xml") {
			c.fault("the part %s has the content type %s, and what is in %s is a %s", name, o.ContentType, folder, want)
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

// kinds are what stands in the folders of a package, as its content type ends.
var kinds = []struct{ folder, kind string }{
	{workbookPart, "sheet.main"}, {stylesPart, "styles"}, {sheetFolder, "worksheet"}, {"xl/tables/", "table"},
	{"xl/charts/chart", "chart"}, {"xl/drawings/drawing", "drawing"},
}

func wantedType(name string) (folder, kind string) {
	for _, k := range kinds {
		if strings.HasPrefix(name, k.folder) && !strings.HasPrefix(name, "xl/charts/chartEx") {
			return k.folder, k.kind
		}
	}
	return "", ""
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
