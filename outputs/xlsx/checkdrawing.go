package xlsx

import (
	"path"
	"strings"
)

// attached: every relation that a part makes use of is there. They are attributes of the relationships' namespace, which
// all programs call r.
func (c *checker) attached(name string) {
	root, err := parseElement(c.parts[name])
	if err != nil {
		c.fault("the part %s is broken: %v", name, err)
		return
	}
	folder, file := path.Split(name)
	known := map[string]bool{}
	if rels := folder + "_rels/" + file + ".rels"; c.parts[rels] != nil {
		for _, r := range c.relationsOf(rels) {
			known[r.ID] = true
		}
	}
	root.walk(func(e *element) bool {
		for _, a := range e.attrs {
			if strings.HasPrefix(a.name, "r:") && a.value != "" && !known[a.value] {
				c.fault("%s makes use of the relation %s, which is missing", name, a.value)
			}
		}
		return true
	})
}

// drawn: a chart shows cells of sheets that exist, and pictures stand within the sheet, each under an id of its own.
func (c *checker) drawn(name string) {
	root, err := parseElement(c.parts[name])
	if err != nil {
		return // attached has told
	}
	ids := map[string]bool{}
	root.walk(func(e *element) bool {
		switch e.local() {
		case "f":
			if strings.Contains(e.text(), badReference) {
				c.fault("%s refers to cells that are no more: %s", name, e.text())
			}
			c.refers(name, e.text())
		case "cNvPr":
			if id := e.attr("id"); ids[id] {
				c.fault("%s has the id %s twice", name, id)
			}
			ids[e.attr("id")] = true
		}
		return true
	})
}
