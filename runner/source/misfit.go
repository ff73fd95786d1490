package source

import (
	"fmt"
	"strings"
)

// How many of a page's misfits are told: a column that is declared wrongly has one in each row, and must not hide the
// others.
const (
	toldMisfits   = 20
	toldOfAColumn = 5
)

// Misfits are the values of one page that do not fit their columns' types: whoever corrects a declaration wants to know
// of all that are wrong, and not to run once for each.
type Misfits struct {
	// Cells are the first ones, in the order of their rows.
	Cells []*CellError
	// More is how many there are beside those.
	More int
	// of counts those of each column.
	of map[string]int
}

// add takes in one more, which cell makes where it is to be told.
func (e *Misfits) add(column string, cell func() *CellError) {
	if e.of == nil {
		e.of = map[string]int{}
	}
	e.of[column]++
	if len(e.Cells) == toldMisfits || e.of[column] > toldOfAColumn {
		e.More++
		return
	}
	e.Cells = append(e.Cells, cell())
}

// several reports whether there is more than one.
func (e *Misfits) several() bool { return len(e.Cells)+e.More > 1 }

// Error says how many there are, and names the first; a single one is its own error.
func (e *Misfits) Error() string {
	if e.several() {
		return e.short() + ", the first in " + e.Cells[0].Error()
	}
	return e.short()
}

// short is for a text that names them besides.
func (e *Misfits) short() string {
	if e.several() {
		return fmt.Sprintf("%d values of a page do not fit their columns", len(e.Cells)+e.More)
	}
	return e.Cells[0].Error()
}

// Unwrap returns the first.
func (e *Misfits) Unwrap() error { return e.Cells[0] }

// list names them, a line each.
func (e *Misfits) list() string {
	var lines []string
	for _, c := range e.Cells {
		lines = append(lines, "  "+c.Error())
	}
	if e.More > 0 {
		lines = append(lines, fmt.Sprintf("  and %d more", e.More))
	}
	return strings.Join(lines, "\n")
}

// advice names the declarations to change, and shows them changed.
func (e *Misfits) advice() string {
	var changes []string
	told := map[string]bool{}
	for _, c := range e.Cells {
		if !told[c.Column] {
			told[c.Column] = true
			_, change := c.remedy()
			changes = append(changes, fmt.Sprintf("      %s: {%s}", c.Column, change))
		}
	}
	text, _ := e.Cells[0].remedy()
	if len(changes) > 1 {
		text = "Where the API is right, declare the columns otherwise"
	}
	return text + " under the columns of the source or of the dataset:\n\n    columns:\n" + strings.Join(changes, "\n")
}
