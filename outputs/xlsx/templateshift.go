package xlsx

import (
	"strings"

	"github.com/xuri/excelize/v2"
)

// shift is what happens to a sheet when rows of data take the place of those that a template has: the data's last row
// moves, and what stands below moves with it. Only the columns of the data move, with whatever reaches from them to
// others, so that a chart or a note beside a table stays where its designer put it; where nothing stands beside, whole
// rows do.
type shift struct {
	sheet string
	// data is where the rows of data stand before; by is how many more they become.
	data area
	by   int
	// from is, for each column, the first row that moves; 0 where none does.
	from []int
	// until is the last row that moves; 0 means that all do.
	until int
	// whole says that rows move with their heights.
	whole bool
}

func newShift(sheet string, data area, by int) *shift {
	s := &shift{sheet: sheet, data: data, by: by, from: make([]int, excelize.MaxColumns+1)}
	for c := data.left; c <= data.right; c++ {
		s.from[c] = data.bottom + 1
	}
	return s
}

// wholeRows makes all columns move.
func (s *shift) wholeRows() {
	s.whole = true
	for c := range s.from {
		s.from[c] = s.data.bottom + 1
	}
}

// widen makes all of an area move of which a part does; it reports whether that took more columns.
func (s *shift) widen(a area) bool {
	moved := false
	for c := a.left; c <= a.right; c++ {
		moved = moved || s.from[c] > 0 && s.from[c] <= a.top
	}
	if !moved {
		return false
	}
	wider := false
	for c := a.left; c <= a.right; c++ {
		if s.from[c] == 0 || s.from[c] > a.top {
			s.from[c], wider = a.top, true
		}
	}
	return wider
}

// torn reports whether a part of an area moves that begins above what moves, so that it would not stay a rectangle.
func (s *shift) torn(a area) bool {
	for c := a.left; c <= a.right; c++ {
		if f := s.from[c]; f > a.top && f <= a.bottom {
			return true
		}
	}
	return false
}

// row returns where a cell stands afterwards; gone says that it was one of the rows of data that are no more.
func (s *shift) row(column, row int) (to int, gone bool) {
	if s.by < 0 && column >= s.data.left && column <= s.data.right && row > s.data.bottom+s.by && row <= s.data.bottom {
		return s.data.bottom + s.by, true
	}
	if column < len(s.from) && s.from[column] > 0 && row >= s.from[column] && (s.until == 0 || row <= s.until) {
		return row + s.by, false
	}
	return row, false
}

// area returns where an area stands afterwards. What reaches to the last row of the data reaches there again. single
// says that a lone cell is one of the data's columns as well, as in charts; in a formula it is a cell.
func (s *shift) area(a area, single bool) (to area, gone bool) {
	d := s.data
	to = a
	within := a.left >= d.left && a.right <= d.right
	around := a.left <= d.left && a.right >= d.right
	lone := a.top == a.bottom && a.left == a.right
	switch {
	case (within || around) && a.bottom == d.bottom && (a.top < d.bottom || single && a.top == d.top || !lone && a.top == d.top):
		to.bottom = d.bottom + s.by
		to.top = min(a.top, to.bottom)
		return to, false
	case lone:
		to.top, gone = s.row(a.left, a.top)
		to.bottom = to.top
		return to, gone
	}
	if s.until > 0 && a.bottom > s.until {
		return to, false
	}
	first := 0
	for c := a.left; c <= a.right; c++ {
		f := s.from[c]
		if f == 0 {
			// Only a part of it moves: it grows with what stands in it, and never shrinks below what stays.
			if around && a.top <= d.bottom && a.bottom > d.bottom && s.by > 0 {
				to.bottom += s.by
			}
			return to, false
		}
		first = max(first, f)
	}
	switch {
	case a.top >= first:
		to.top, to.bottom = a.top+s.by, a.bottom+s.by
	case a.bottom >= first:
		to.bottom = a.bottom + s.by
		to.top = min(a.top, to.bottom)
	case within:
		var topGone bool
		to.bottom, gone = s.row(a.left, a.bottom)
		to.top, topGone = s.row(a.left, a.top)
		gone = gone && topGone
	}
	return to, gone
}

// areas moves a list of areas, as an attribute sqref has it. Those that are gone are left out.
func (s *shift) areas(list string) string {
	var out []string
	for _, one := range strings.Fields(list) {
		a, err := parseArea(strings.ReplaceAll(one, "$", ""))
		if err != nil {
			out = append(out, one)
			continue
		}
		if to, gone := s.area(a, true); !gone {
			out = append(out, to.String())
		}
	}
	return strings.Join(out, " ")
}

// String names the area, a lone cell by itself.
func (a area) String() string {
	from, to := ref(a.left-1, a.top), ref(a.right-1, a.bottom)
	if from == to {
		return from
	}
	return from + ":" + to
}
