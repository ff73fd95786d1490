package xlsx

import (
	"strconv"
)

// firstOwnFormat is the first number format that is not Excel's own.
const firstOwnFormat = 164

// styles: what a cell style is made of is there, since Excel throws all styles away where it is not.
func (c *checker) styles() {
	data, ok := c.parts[stylesPart]
	if !ok {
		return // relations tell, where anything points to it
	}
	root, err := parseElement(data)
	if err != nil {
		c.fault("the part %s is broken: %v", stylesPart, err)
		return
	}
	count := func(list string) int {
		e := root.child(list)
		if e == nil {
			return 0
		}
		n := len(e.elements())
		if said := e.attr("count"); said != "" && said != strconv.Itoa(n) {
			c.fault("%s says that it has %s %s, and it has %d", stylesPart, said, list, n)
		}
		return n
	}
	formats := map[int]bool{}
	if list := root.child("numFmts"); list != nil {
		for _, e := range list.elements() {
			id, err := strconv.Atoi(e.attr("numFmtId"))
			if err != nil || formats[id] || units(e.attr("formatCode")) > maxFormat {
				c.fault("the number format %s stands twice or is too long", e.attr("numFmtId"))
			}
			formats[id] = true
		}
	}
	there := map[string]int{"fontId": count("fonts"), "fillId": count("fills"), "borderId": count("borders"), "xfId": count("cellStyleXfs")}
	count("numFmts")
	c.marks = count("dxfs")
	for _, list := range []string{"cellStyleXfs", "cellXfs"} {
		count(list)
		styles := root.child(list)
		if styles == nil {
			continue
		}
		for i, e := range styles.elements() {
			for of, n := range there {
				if id := e.attr(of); id != "" && !below(id, n) {
					c.fault("style %d of %s has the %s %s, and there are %d", i, list, of, id, n)
				}
			}
			if id, err := strconv.Atoi(e.attr("numFmtId")); err == nil && id >= firstOwnFormat && !formats[id] {
				c.fault("style %d of %s has the number format %d, which is missing", i, list, id)
			}
		}
	}
}

// below reports whether s is a whole number from 0 up to but without n.
func below(s string, n int) bool {
	i, err := strconv.Atoi(s)
	return err == nil && i >= 0 && i < n
}
