package table

import (
	"fmt"
	"slices"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// Names is the scope of a row expression: every column that is not hidden, and row["name"] for those whose name is also
// a function's or reserved. open says that columns not listed may exist: they are reached through row alone, since a
// bare name that nobody declared is more often a slip.
func Names(fields []Field, open bool) expr.Names {
	return scope(fields, open, func(f Field) expr.Name { return expr.Name{Type: f.Type} })
}

// scope gives every column that is not hidden a name, bare and within row.
func scope(fields []Field, open bool, name func(Field) expr.Name) expr.Names {
	names := make(expr.Names, len(fields)+1)
	row := make(expr.Names, len(fields))
	for _, f := range fields {
		if !f.Hidden {
			names[f.Name] = name(f)
			row[f.Name] = name(f)
		}
	}
	names[rowName] = expr.Name{Type: expr.Map, Fields: row, Open: open}
	return names
}

// rowName is the namespace that reaches every column of a row, whatever its name.
const rowName = "row"

// columnOf returns the column that a path of a row expression names.
func columnOf(path []string) (name string, ok bool) {
	switch {
	case len(path) == 1:
		return path[0], true
	case len(path) == 2 && path[0] == rowName:
		return path[1], true
	default:
		return "", false
	}
}

// index returns where the column of that name stands, hidden ones included, or -1.
func index(fields []Field, name string) int {
	return slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
}

// find returns where a column stands that the user named. Where columns may exist that are not listed (open), an unknown
// name is taken for one and added, its type to be seen with the data; else it is a fault of part.
func find(fields *[]Field, open bool, name, part string) (int, error) {
	if i := index(*fields, name); i >= 0 && !(*fields)[i].Hidden {
		return i, nil
	}
	if open {
		*fields = append(*fields, Field{Name: name})
		return len(*fields) - 1, nil
	}
	return 0, &Fault{
		Part:    part,
		Code:    "unknown-column",
		Summary: "Unknown column",
		Detail:  fmt.Sprintf("There is no column %q here.", name) + suggestion(*fields, name),
	}
}

// suggestion is the sentence that follows "there is no such column".
func suggestion(fields []Field, name string) string {
	var known []string
	for _, f := range fields {
		if !f.Hidden {
			known = append(known, f.Name)
		}
	}
	if near := diag.Nearest(name, known); near != "" {
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	return " " + listing(known)
}

// listing names the columns there are, as many as a reader takes in.
func listing(known []string) string {
	const most = 12
	switch {
	case len(known) == 0:
		return "There are no columns at all."
	case len(known) > most:
		return fmt.Sprintf("The columns are %s and %d more.", quoted(known[:most]), len(known)-most)
	default:
		return fmt.Sprintf("The columns are %s.", quoted(known))
	}
}

func quoted(names []string) string {
	s := ""
	for i, n := range names {
		if i > 0 {
			s += ", "
		}
		s += fmt.Sprintf("%q", n)
	}
	return s
}

func duplicate(part, name string) *Fault {
	return &Fault{
		Part:    part,
		Code:    "duplicate-column",
		Summary: "Duplicate column",
		Detail:  fmt.Sprintf("There would be two columns %q. Each column has a name of its own.", name),
	}
}
