package xlsx

import (
	"fmt"
	"math"

	"github.com/xuri/excelize/v2"
)

// The sides of A4 within the margins, in points, and how small a sheet may become to stand upright on it: one whose columns
// are no table's (see [grid.canvas]) just may.
const paperLong, paperShort, leastUpright = 770.0, 523.0, 0.72

// pixel is a CSS pixel in points.
const pixel = 0.75

// rowHeight is of a table's rows, which say none of their own, in points: text of 10 with some air.
const rowHeight = 16.5

// paper is how far the printed page is filled that a sheet's rows are on: what belongs together is not torn apart.
type paper struct {
	// room is how high the rows of a page may be, 0 where pages stand side by side and are left to Excel.
	room, used float64
	// heading is the row of the heading that has nothing below it yet, 0 for none, and above what was used before it.
	heading int
	above   float64
}

// orient turns the paper upright for a sheet that is not wide, and higher than a page that lies: tiles, charts and short
// tables on one page instead of two. A table that is longer than a page lies.
func (p *page) orient(sections []section) {
	wide := p.grid.pixels(len(p.grid.widths)) * pixel
	room, high := upright(wide), 0.0
	for _, s := range sections {
		whole := s.least(math.Inf(1))
		if s.table != nil && whole > room {
			return
		}
		high += whole
	}
	p.upright = wide*leastUpright <= paperShort && high > lying(wide)
}

// upright and lying are how high the rows of a page may be, so that columns of such a width fit its other side.
func upright(wide float64) float64 { return paperLong * max(1, wide/paperShort) }
func lying(wide float64) float64   { return paperShort * max(1, wide/paperLong) }

// beginPaper begins the first page: rows are as much smaller as the columns have to be.
func (p *page) beginPaper() {
	p.paper = paper{}
	if across, _ := p.pagesWide(); across == 1 {
		wide := p.grid.pixels(len(p.grid.widths)) * pixel
		if p.paper.room = lying(wide); p.upright {
			p.paper.room = upright(wide)
		}
	}
}

// keep begins another page where so much height is not left on this one: above the heading that belongs to it.
func (p *page) keep(height float64) error {
	a := &p.paper
	if a.used+height <= a.room || a.room == 0 {
		return nil
	}
	row, left := p.leaf.next, 0.0
	if a.heading > 0 {
		row, left = a.heading, a.used-a.above
	}
	if row == 1 || left+height > a.room {
		return nil
	}
	if err := p.book.file.InsertPageBreak(p.leaf.name, ref(0, row)); err != nil {
		return fmt.Errorf("begin a page in print: %w", err)
	}
	a.used = left
	return nil
}

// fill adds rows of a height to the page, and to those after it.
func (a *paper) fill(rows int, height float64) {
	if a.used += float64(rows) * height; a.used > a.room && height > 0 {
		// As many rows as fit whole are on each page, and the last page has the rest.
		over := int((a.used - a.room) / height)
		each := max(1, int(a.room/height))
		a.used = float64(over%each+1) * height
	}
}

// printArea leaves out the columns that nobody sees, and takes in what floats above the cells.
func (p *page) printArea() error {
	if !p.floats {
		return nil
	}
	if err := p.book.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Area", Scope: p.leaf.name,
		RefersTo: fmt.Sprintf("%s!%s:%s", quoteSheet(p.leaf.name), absolute(0, 1), absolute(len(p.grid.widths)-1, p.leaf.next-1)),
	}); err != nil {
		return fmt.Errorf("set the area that is printed: %w", err)
	}
	return nil
}
