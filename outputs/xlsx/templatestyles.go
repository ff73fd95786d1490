package xlsx

import (
	"fmt"
	"strconv"
	"strings"
)

// templateStyles are a template's cell styles, to which formats are added where a designer left a cell at General.
type templateStyles struct {
	root  *element
	cells *element
	made  map[formatted]int
}

// formatted is a style with another number format.
type formatted struct {
	style  int
	format string
}

func readStyles(p *parts) (*templateStyles, error) {
	s := &templateStyles{made: map[formatted]int{}}
	for _, name := range p.ofKind("styles") {
		root, err := p.tree(name)
		if err != nil {
			return nil, err
		}
		s.root, s.cells = root, root.child("cellXfs")
	}
	if s.cells == nil {
		return nil, fmt.Errorf("it has no cell styles")
	}
	return s, nil
}

// styleOf is the style of a cell, 0 where there is none.
func styleOf(c *element) int {
	if c == nil {
		return 0
	}
	n, _ := strconv.Atoi(c.attr("s"))
	return n
}

// formatted returns the style that looks like another and has a number format, unless that one has its own.
func (s *templateStyles) formatted(style int, format string) (int, error) {
	if format == formatText {
		return style, nil
	}
	all := s.cells.elements()
	if style >= len(all) {
		return 0, fmt.Errorf("a cell has the style %d, and there are %d", style, len(all))
	}
	if !s.general(all[style].attr("numFmtId")) {
		return style, nil
	}
	key := formatted{style, format}
	if id, ok := s.made[key]; ok {
		return id, nil
	}
	xf := &element{name: all[style].name, attrs: append([]attribute(nil), all[style].attrs...), content: all[style].content}
	xf.set("numFmtId", strconv.Itoa(s.number(format)))
	xf.set("applyNumberFormat", "1")
	s.cells.content = append(s.cells.content, node{element: xf})
	s.cells.set("count", strconv.Itoa(len(all)+1))
	s.root.changed = true
	s.made[key] = len(all)
	return len(all), nil
}

// general reports whether a number format says nothing: Excel's own of number 0, or the same by its code under a number of
// its own, as LibreOffice writes it.
func (s *templateStyles) general(id string) bool {
	if id == "" || id == "0" {
		return true
	}
	if list := s.root.child("numFmts"); list != nil {
		for _, e := range list.elements() {
			if e.attr("numFmtId") == id {
				return strings.EqualFold(e.attr("formatCode"), "General")
			}
		}
	}
	return false
}

// number is that of a number format, which is added where it is missing.
func (s *templateStyles) number(format string) int {
	list := s.root.child("numFmts")
	if list == nil {
		list = &element{name: "numFmts"}
		s.root.content = append([]node{{element: list}}, s.root.content...)
	}
	free := 164 // the first that is not Excel's own
	for _, e := range list.elements() {
		n, _ := strconv.Atoi(e.attr("numFmtId"))
		if e.attr("formatCode") == format {
			return n
		}
		free = max(free, n+1)
	}
	one := &element{name: "numFmt"}
	one.set("numFmtId", strconv.Itoa(free))
	one.set("formatCode", format)
	list.content = append(list.content, node{element: one})
	list.set("count", strconv.Itoa(len(list.elements())))
	return free
}
