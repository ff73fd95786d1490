package xlsx

import (
	"strings"
)

// shiftCharts stretches the charts and pivot tables over cells that moved.
func (d *design) shiftCharts(by *shift) error {
	for _, name := range d.ofKind("chart", "chartex", "drawing", "chartshapes") {
		root, err := d.tree(name)
		if err != nil {
			return err
		}
		root.walk(func(e *element) bool {
			if e.local() == "f" {
				if text := by.formula(e.text(), "", true); text != e.text() {
					e.setText(text)
					root.changed = true
				}
			}
			for i := range e.attrs {
				a := &e.attrs[i]
				if a.name != "textlink" {
					continue
				}
				if text := by.formula(a.value, "", false); text != a.value {
					a.value, root.changed = text, true
				}
			}
			return true
		})
	}
	for _, name := range d.ofKind("pivotCacheDefinition") {
		root, err := d.tree(name)
		if err != nil {
			return err
		}
		root.walk(func(e *element) bool {
			if e.local() == "worksheetSource" && e.attr("ref") != "" && strings.EqualFold(e.attr("sheet"), by.sheet) {
				e.set("ref", by.areas(e.attr("ref")))
				root.changed = true
			}
			return true
		})
	}
	return nil
}

// forgetPoints removes the points that charts keep of the cells they show: they are those of the sample. Whoever opens
// the workbook reads them from the cells.
func (d *design) forgetPoints() error {
	for _, name := range d.ofKind("chart", "chartex") {
		root, err := d.tree(name)
		if err != nil {
			return err
		}
		root.walk(func(e *element) bool {
			if e.child("f") == nil {
				return true
			}
			n := len(e.content)
			e.remove(func(c *element) bool {
				switch c.local() {
				case "numCache", "strCache", "multiLvlStrCache", "lvl":
					return true
				}
				return false
			})
			root.changed = root.changed || len(e.content) != n
			return true
		})
	}
	return nil
}
