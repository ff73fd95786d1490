package xlsx

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// designed is a sheet of a template: its cells by row and column, and all around them as it is.
type designed struct {
	name, part string
	root, data *element
	rows       map[int]*designedRow
	stretches  []*filled
	changed    bool
}

// designedRow is a row with its height and style.
type designedRow struct {
	attrs []attribute
	cells map[int]*element
}

// readSheet takes a sheet apart. Formulas lose their stored values, which are those of the designer's sample: no reader
// shall take them for figures of the report. A program that computes makes them again.
func readSheet(name, part string, root *element) (*designed, error) {
	s := &designed{name: name, part: part, root: root, data: root.child("sheetData"), rows: map[int]*designedRow{}}
	if s.data == nil || root.local() != "worksheet" {
		return nil, fmt.Errorf("the part %s is no sheet", part)
	}
	last := 0
	shared := map[string]sharedFormula{}
	for _, e := range s.data.elements() {
		number := last + 1
		if r := e.attr("r"); r != "" {
			n, err := strconv.Atoi(r)
			if err != nil || n <= last || n > excelize.TotalRows {
				return nil, fmt.Errorf("sheet %q has a row %q out of order", name, r)
			}
			number = n
		}
		last = number
		row := &designedRow{cells: map[int]*element{}}
		for _, a := range e.attrs {
			if a.name != "r" && a.name != "spans" {
				row.attrs = append(row.attrs, a)
			}
		}
		column := 0
		for _, c := range e.elements() {
			column++
			if r := c.attr("r"); r != "" {
				at, _, err := excelize.CellNameToCoordinates(r)
				if err != nil {
					return nil, fmt.Errorf("sheet %q has a cell %q: %w", name, r, err)
				}
				column = at
			}
			row.cells[column] = c
			if f := c.child("f"); f != nil {
				s.changed = true
				forget(c, f)
				shared[f.attr("si")] = expand(f, shared[f.attr("si")], column, number)
			}
		}
		s.rows[number] = row
	}
	s.data.content = nil
	return s, nil
}

// sharedFormula is one that other cells repeat.
type sharedFormula struct {
	text        string
	column, row int
}

// expand writes out a formula that a cell shares with others, and returns what is shared from there on.
func expand(f *element, known sharedFormula, column, row int) sharedFormula {
	if f.attr("t") != "shared" {
		return known
	}
	if text := f.text(); text != "" {
		known = sharedFormula{text, column, row}
	} else {
		f.setText(copied(known.text, row-known.row, column-known.column))
	}
	f.unset("t", "si", "ref")
	return known
}

// forget removes a formula's stored value.
func forget(c, f *element) {
	if f.attr("t") == "dataTable" {
		return
	}
	c.remove(func(e *element) bool { return e.local() == "v" || e.local() == "is" })
	c.unset("t")
}

// holds reports whether a cell says something, other than how it looks.
func holds(c *element) bool {
	return c.child("v") != nil || c.child("f") != nil || c.child("is") != nil
}

// move carries the cells to where a shift puts them.
func (s *designed) move(by *shift) {
	rows := map[int]*designedRow{}
	at := func(number int) *designedRow {
		if rows[number] == nil {
			rows[number] = &designedRow{cells: map[int]*element{}}
		}
		return rows[number]
	}
	for number, row := range s.rows {
		to, gone := number, false
		if by.whole {
			to, gone = by.row(by.data.left, number)
		}
		if !gone {
			at(to).attrs = row.attrs
		}
		for column, c := range row.cells {
			if to, gone := by.row(column, number); !gone {
				at(to).cells[column] = c
			}
		}
	}
	s.rows = rows
	for _, f := range s.stretches {
		f.area, _ = by.area(f.area, false)
	}
}

// clear empties an area.
func (s *designed) clear(a area) {
	for number, row := range s.rows {
		if number >= a.top && number <= a.bottom {
			maps.DeleteFunc(row.cells, func(column int, _ *element) bool { return column >= a.left && column <= a.right })
		}
	}
}

// cell returns a cell, nil where none is.
func (s *designed) cell(column, row int) *element {
	if r := s.rows[row]; r != nil {
		return r.cells[column]
	}
	return nil
}

// write writes the sheet's part and returns what it says without its rows.
func (s *designed) write(ctx context.Context, out io.Writer) (xml []byte, err error) {
	var head, tail bytes.Buffer
	head.Write(s.root.before)
	s.root.writeStart(&head)
	b := &head
	for _, n := range s.root.content {
		switch {
		case n.element == s.data && n.element != nil:
			s.data.writeStart(&head)
			b = &tail
			s.data.writeEnd(&tail)
		case n.element != nil:
			n.element.write(b)
		case n.markup != nil:
			b.Write(n.markup)
		}
	}
	s.root.writeEnd(&tail)
	tail.Write(s.root.after)
	if _, err := out.Write(head.Bytes()); err != nil {
		return nil, err
	}
	w := &rowWriter{out: out}
	if err := s.writeRows(ctx, w); err != nil {
		return nil, fmt.Errorf("write sheet %q: %w", s.name, err)
	}
	if err := w.flush(); err != nil {
		return nil, err
	}
	_, err = out.Write(tail.Bytes())
	return slices.Concat(head.Bytes(), tail.Bytes()), err
}

// writeRows writes the rows that the template has and those of the data, in order.
func (s *designed) writeRows(ctx context.Context, w *rowWriter) error {
	numbers := slices.Sorted(maps.Keys(s.rows))
	slices.SortFunc(s.stretches, func(a, b *filled) int { return a.area.left - b.area.left })
	for _, f := range s.stretches {
		defer f.begin()()
	}
	for row := 1; ; row++ {
		next := excelize.TotalRows + 1
		if len(numbers) > 0 {
			next = numbers[0]
		}
		for _, f := range s.stretches {
			if f.area.bottom >= row {
				next = min(next, max(row, f.area.top))
			}
		}
		if next > excelize.TotalRows {
			return nil
		}
		row = next
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(numbers) > 0 && numbers[0] == row {
			numbers = numbers[1:]
		}
		if err := s.writeRow(w, row); err != nil {
			return err
		}
	}
}

func (s *designed) writeRow(w *rowWriter, number int) error {
	row := s.rows[number]
	var attrs []attribute
	var columns []int
	if row != nil {
		attrs, columns = row.attrs, slices.Sorted(maps.Keys(row.cells))
	}
	var data []*filled
	for _, f := range s.stretches {
		if number >= f.area.top && number <= f.area.bottom {
			data = append(data, f)
			if row == nil || f.whole {
				attrs = f.attrs
			}
		}
	}
	w.beginWith(number, attrs)
	until := func(column int) {
		for len(columns) > 0 && columns[0] < column {
			c := row.cells[columns[0]]
			c.set("r", ref(columns[0]-1, number))
			var b bytes.Buffer
			c.write(&b)
			w.buf = append(w.buf, b.Bytes()...)
			columns = columns[1:]
		}
	}
	for _, f := range data {
		until(f.area.left)
		if err := f.row(w, number); err != nil {
			return err
		}
	}
	until(excelize.MaxColumns + 1)
	return w.end()
}

// beginWith begins a row that looks as a template has it.
func (w *rowWriter) beginWith(row int, attrs []attribute) {
	w.begin(row, 0)
	if len(attrs) == 0 {
		return
	}
	w.buf = w.buf[:len(w.buf)-1]
	for _, a := range attrs {
		w.buf = append(w.buf, ' ')
		w.buf = append(w.buf, a.name...)
		w.buf = append(w.buf, `="`...)
		w.buf = appendText(w.buf, strings.ReplaceAll(a.value, `"`, ""))
		w.buf = append(w.buf, '"')
	}
	w.buf = append(w.buf, '>')
}
