package xlsx

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// shift moves what stands on a sheet, and rewrites all that refers to it, wherever it stands. own are the rows for which
// the others move.
func (d *design) shift(s *designed, by *shift, own *filled) error {
	s.move(by)
	for _, other := range d.sheets {
		if err := other.rewrite(by, other == s); err != nil {
			return err
		}
		for _, f := range other.stretches {
			f.shift(by, other.name, false)
			f.first()
		}
		tables, err := d.related(other.part, "table")
		if err != nil {
			return err
		}
		for _, part := range tables {
			root, err := d.tree(part)
			if err != nil {
				return err
			}
			rewriteReferences(root, by, other.name, other == s)
		}
	}
	own.shift(by, s.name, true)
	if names := d.book.child("definedNames"); names != nil {
		for _, e := range names.elements() {
			if text := by.formula(e.text(), "", true); text != e.text() {
				e.setText(text)
				d.book.changed = true
			}
		}
	}
	for _, kind := range []string{"comments", "threadedComments", "threadedcomments", "pivotTable"} {
		parts, err := d.related(s.part, kind)
		if err != nil {
			return err
		}
		for _, part := range parts {
			root, err := d.tree(part)
			if err != nil {
				return err
			}
			rewriteReferences(root, by, s.name, true)
		}
	}
	if err := d.shiftNotes(s, by); err != nil {
		return err
	}
	if err := d.shiftAnchors(s, by); err != nil {
		return err
	}
	return d.shiftCharts(by)
}

// first follows the row that its formulas are written for.
func (f *filled) first() {
	for i := range f.columns {
		f.columns[i].first = f.area.top
	}
}

// rewrite rewrites the formulas of a sheet; own says that it is the one whose cells move.
func (s *designed) rewrite(by *shift, own bool) error {
	for _, row := range s.rows {
		for _, c := range row.cells {
			f := c.child("f")
			if f == nil {
				continue
			}
			f.setText(by.formula(f.text(), s.name, false))
			if r := f.attr("ref"); r != "" && own {
				f.set("ref", by.areas(r))
			}
		}
	}
	rewriteReferences(s.root, by, s.name, own)
	s.changed = s.changed || s.root.changed
	return nil
}

// formulaElements hold formulas, in sheets and table objects; areaAttributes and the element sqref hold areas.
var (
	formulaElements = []string{"f", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula"}
	areaAttributes  = []string{"ref", "sqref"}
)

// rewriteReferences rewrites the formulas in a part, and its areas where they are of the sheet whose cells move. What has
// no cells left is removed.
func rewriteReferences(root *element, by *shift, sheet string, own bool) {
	var empty []*element
	root.walk(func(e *element) bool {
		switch {
		case e.local() == "sheetViews":
			return false
		case slices.Contains(formulaElements, e.local()) && len(e.elements()) == 0:
			if text := by.formula(e.text(), sheet, true); text != e.text() {
				e.setText(text)
				root.changed = true
			}
		case e.local() == "sqref" && own:
			if text := by.areas(e.text()); text != e.text() {
				e.setText(text)
				root.changed = true
			}
		}
		for i := range e.attrs {
			a := &e.attrs[i]
			value := a.value
			switch {
			case a.name == "location" && e.local() == "hyperlink":
				value = by.formula(a.value, sheet, true)
			case own && slices.Contains(areaAttributes, a.name):
				if value = by.areas(a.value); value == "" && e != root {
					empty = append(empty, e)
				}
			}
			if value != a.value {
				a.value, root.changed = value, true
			}
		}
		return true
	})
	if len(empty) > 0 {
		root.prune(empty)
	}
	if d := root.child("dimension"); d != nil && own {
		root.remove(func(e *element) bool { return e == d })
	}
}

// prune removes elements, and the lists that are empty without them.
func (e *element) prune(gone []*element) {
	before := len(e.content)
	e.content = slices.DeleteFunc(e.content, func(n node) bool {
		if n.element == nil {
			return false
		}
		if slices.Contains(gone, n.element) {
			return true
		}
		had := len(n.element.elements())
		n.element.prune(gone)
		return had > 0 && len(n.element.elements()) == 0
	})
	if len(e.content) != before && e.attr("count") != "" {
		e.set("count", strconv.Itoa(len(e.elements())))
	}
}

// removeMerges parts what is united within an area.
func (e *element) removeMerges(within area) {
	list := e.child("mergeCells")
	if list == nil {
		return
	}
	var gone []*element
	for _, m := range list.elements() {
		if a, err := parseArea(m.attr("ref")); err == nil && a.overlaps(within) {
			gone = append(gone, m)
		}
	}
	if len(gone) > 0 {
		e.prune(gone)
		e.changed = true
	}
}

// anchor is where something floats above cells.
type anchor struct {
	area
	corners []*element // its row elements, counted from 0
}

// anchors are the charts and pictures of a sheet.
func (d *design) anchors(s *designed) ([]anchor, error) {
	var out []anchor
	drawings, err := d.related(s.part, "drawing")
	if err != nil {
		return nil, err
	}
	for _, part := range drawings {
		root, err := d.tree(part)
		if err != nil {
			return nil, err
		}
		root.walk(func(e *element) bool {
			from := e.child("from")
			if from == nil || !strings.HasSuffix(e.local(), "CellAnchor") {
				return true
			}
			to := from
			if t := e.child("to"); t != nil {
				to = t
			}
			a := anchor{area: area{left: corner(from, "col"), top: corner(from, "row"), right: corner(to, "col"), bottom: corner(to, "row")}}
			a.right = min(max(a.left, a.right), 16384)
			a.corners = []*element{from.child("row")}
			if to != from {
				a.corners = append(a.corners, to.child("row"))
			}
			out = append(out, a)
			return false
		})
	}
	return out, nil
}

// corner reads a column or row of an anchor, made one that is counted from 1.
func corner(e *element, what string) int {
	c := e.child(what)
	if c == nil {
		return 1
	}
	n, _ := strconv.Atoi(strings.TrimSpace(c.text()))
	return min(max(n, 0)+1, 1<<20)
}

// shiftAnchors moves the charts and pictures that stand below the data, as they are; others stay.
func (d *design) shiftAnchors(s *designed, by *shift) error {
	anchors, err := d.anchors(s)
	if err != nil {
		return err
	}
	for _, a := range anchors {
		moves := false
		for c := a.left; c <= a.right; c++ {
			to, _ := by.row(c, a.top)
			moves = moves || to != a.top && a.top > by.data.bottom
		}
		if !moves {
			continue
		}
		for _, e := range a.corners {
			if e != nil {
				n, _ := strconv.Atoi(strings.TrimSpace(e.text()))
				e.setText(strconv.Itoa(n + by.by))
			}
		}
	}
	drawings, err := d.related(s.part, "drawing")
	for _, part := range drawings {
		d.trees[part].changed = true
	}
	return err
}

var (
	noteData   = regexp.MustCompile(`(?s)<x:ClientData.*?</x:ClientData>`)
	noteRow    = regexp.MustCompile(`<x:Row>(\d+)</x:Row>`)
	noteColumn = regexp.MustCompile(`<x:Column>(\d+)</x:Column>`)
	noteAnchor = regexp.MustCompile(`<x:Anchor>([^<]*)</x:Anchor>`)
)

// shiftNotes moves the frames of notes with their cells. They are VML, which is no well-formed XML.
func (d *design) shiftNotes(s *designed, by *shift) error {
	drawings, err := d.related(s.part, "vmlDrawing")
	for _, part := range drawings {
		d.data[part] = noteData.ReplaceAllFunc(d.data[part], func(note []byte) []byte {
			row, column := noteRow.FindSubmatch(note), noteColumn.FindSubmatch(note)
			if row == nil || column == nil {
				return note
			}
			r, _ := strconv.Atoi(string(row[1]))
			c, _ := strconv.Atoi(string(column[1]))
			to, _ := by.row(c+1, r+1)
			moved := to - r - 1
			note = noteRow.ReplaceAll(note, []byte("<x:Row>"+strconv.Itoa(r+moved)+"</x:Row>"))
			return noteAnchor.ReplaceAllFunc(note, func(a []byte) []byte {
				fields := strings.Split(noteAnchor.FindStringSubmatch(string(a))[1], ",")
				for _, i := range []int{2, 6} { // left, its offset, top, its offset, right, its offset, bottom, its offset
					if n, err := strconv.Atoi(strings.TrimSpace(strings.Join(fields[min(i, len(fields)):min(i+1, len(fields))], ""))); err == nil {
						fields[i] = " " + strconv.Itoa(n+moved)
					}
				}
				return []byte("<x:Anchor>" + strings.Join(fields, ",") + "</x:Anchor>")
			})
		})
	}
	return err
}
