package xlsx

import (
	"fmt"
	"slices"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
)

// place puts rows of data where those of the sample stand, and moves what stands below. below is how many rows under the
// data belong to it in any case, such as a table object's totals.
func (d *design) place(s *designed, data area, below int, columns []wanted, block outputs.TableBlock) error {
	rows := block.Table.Len()
	if block.Limit > 0 {
		rows = min(rows, block.Limit)
	}
	f := &filled{area: data, block: block, rows: rows, columns: make([]filledColumn, len(columns))}
	for i, c := range columns {
		style, err := d.styles.formatted(styleOf(s.cell(data.left+i, data.top)), c.format)
		if err != nil {
			return err
		}
		f.columns[i] = filledColumn{letters: letters(data.left + i), field: c.field, grain: c.grain, style: style, formula: c.formula, first: data.top}
		if c.formula != "" {
			f.columns[i].field = noField
		}
	}
	if row := s.rows[data.top]; row != nil {
		for _, a := range row.attrs {
			if a.name != "hidden" && a.name != "collapsed" {
				f.attrs = append(f.attrs, a)
			}
		}
	}
	// An empty table keeps one blank row: a table object has at least one.
	by := max(rows, 1) - (data.bottom - data.top + 1)
	if data.bottom+by > excelize.TotalRows {
		return fmt.Errorf("dataset %q has %d rows, and sheet %q holds %d from row %d on", block.Dataset, rows, s.name, excelize.TotalRows-data.top+1, data.top)
	}
	if rows < block.Table.Len() {
		d.notices = append(d.notices, outputs.Words(d.locale).RowsShown(rows, block.Table.Len(), false))
	}
	s.clear(data)
	s.root.removeMerges(data)
	move, err := d.planShift(s, data, by, below)
	if err != nil {
		return err
	}
	f.whole = move.whole
	if by != 0 {
		if err := d.shift(s, move, f); err != nil {
			return err
		}
	}
	f.bottom = data.bottom + by
	for i := range d.taken {
		if t := &d.taken[i]; t.sheet == s {
			t.area, _ = move.area(t.area, false)
		}
	}
	s.stretches = append(s.stretches, f)
	s.changed = true
	d.rows += rows
	return nil
}

// planShift decides what moves with the data's last row.
func (d *design) planShift(s *designed, data area, by, below int) (*shift, error) {
	move := newShift(s.name, data, by)
	if by == 0 {
		return move, nil
	}
	things, err := d.things(s, data)
	if err != nil {
		return nil, err
	}
	for again := true; again; {
		again = false
		for _, t := range things {
			again = move.widen(t.area) || again
		}
	}
	for _, t := range things {
		if t.firm && move.torn(t.area) {
			return nil, fmt.Errorf("%s of sheet %q lies at %s, partly in the way of the rows of %s; move it below them or beside them", t.what, s.name, t.area, data)
		}
	}
	last, together := s.below(move, things)
	if together {
		move.wholeRows()
	}
	if by < 0 && !together && s.blocked(move, things) {
		// Moved up, it would lie on what stands beside: only what belongs to the data follows it, and the rest stays.
		move = newShift(s.name, data, by)
		move.until = data.bottom + below
	}
	if last+by > excelize.TotalRows {
		return nil, fmt.Errorf("sheet %q has no room for %d more rows above row %d", s.name, by, last)
	}
	return move, nil
}

// thing is what stays a rectangle when cells move. A firm one cannot be torn; a picture simply stays where it is.
type thing struct {
	area
	firm bool
}

// things are those of a sheet that may stand in or beside the way.
func (d *design) things(s *designed, data area) ([]thing, error) {
	var out []thing
	objects, err := d.objects()
	if err != nil {
		return nil, err
	}
	add := func(what string, a area, firm bool) {
		if !a.overlaps(data) {
			a.what = what
			out = append(out, thing{a, firm})
		}
	}
	for _, o := range objects {
		if o.sheet == s {
			add("the table object "+o.name, o.area, true)
		}
	}
	for _, f := range s.stretches {
		add("the filled name at "+f.area.String(), f.area, true)
	}
	if list := s.root.child("mergeCells"); list != nil {
		for _, e := range list.elements() {
			if a, err := parseArea(e.attr("ref")); err == nil {
				add("the united cell", a, true)
			}
		}
	}
	pivots, err := d.related(s.part, "pivotTable")
	if err != nil {
		return nil, err
	}
	for _, part := range pivots {
		root, err := d.tree(part)
		if err != nil {
			return nil, err
		}
		if at := root.child("location"); at != nil {
			if a, err := parseArea(at.attr("ref")); err == nil {
				add("a pivot table", a, true)
			}
		}
	}
	anchors, err := d.anchors(s)
	for _, a := range anchors {
		add("a chart or picture", a.area, false)
	}
	return out, err
}

// below looks at what stands under the data: the last row that has anything, and whether all of it moves together.
func (s *designed) below(move *shift, things []thing) (last int, together bool) {
	together = true
	for number, row := range s.rows {
		if number <= move.data.bottom {
			continue
		}
		for column, c := range row.cells {
			if holds(c) {
				last = max(last, number)
				to, _ := move.row(column, number)
				together = together && to != number
			}
		}
	}
	for _, t := range things {
		if t.bottom > move.data.bottom {
			last = max(last, t.bottom)
			to, _ := move.row(t.left, t.top)
			together = together && to != t.top
		}
	}
	return last, together
}

// blocked reports whether something stands where other columns than the data's would move up to.
func (s *designed) blocked(move *shift, things []thing) bool {
	in := func(column, top, bottom int) bool {
		f := move.from[column]
		return f > 0 && (column < move.data.left || column > move.data.right) && top < f && bottom >= f+move.by
	}
	for number, row := range s.rows {
		for column, c := range row.cells {
			if in(column, number, number) && holds(c) {
				return true
			}
		}
	}
	return slices.ContainsFunc(things, func(t thing) bool {
		for c := t.left; c <= t.right; c++ {
			if in(c, t.top, t.bottom) {
				return true
			}
		}
		return false
	})
}
