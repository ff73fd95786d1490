package xlsx

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// area is a rectangle of cells; columns and rows from 1.
type area struct {
	what                     string
	left, top, right, bottom int
}

func parseArea(s string) (area, error) {
	from, to, ok := strings.Cut(s, ":")
	if !ok {
		to = from
	}
	var a area
	var err error
	if a.left, a.top, err = excelize.CellNameToCoordinates(from); err != nil {
		return area{}, fmt.Errorf("read the area %q: %w", s, err)
	}
	if a.right, a.bottom, err = excelize.CellNameToCoordinates(to); err != nil {
		return area{}, fmt.Errorf("read the area %q: %w", s, err)
	}
	return a, nil
}

func (a area) overlaps(b area) bool {
	return a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom
}
