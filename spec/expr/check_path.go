package expr

import (
	"fmt"
	"slices"
	"strings"
)

// String is the path as it can be written in an expression.
func (n *path) String() string {
	var b strings.Builder
	for i, name := range n.path {
		switch {
		case i == 0:
			b.WriteString(name)
		case isWord(name):
			b.WriteString("." + name)
		default:
			fmt.Fprintf(&b, "[%q]", name)
		}
	}
	return b.String()
}

// resolve finds what the path means: the entry itself, and whether it lies within a table.
func (n *path) resolve(names Names) (found Name, column bool, f *Fault) {
	parent := Name{Fields: names}
	for i, name := range n.path {
		child, ok := parent.Fields[name]
		switch {
		case ok:
		case parent.Open:
			child = Name{Type: parent.Elem}
		case i == 0 || isNamespace(parent) || parent.Type == Table:
			return Name{}, false, n.unknown(i, parent)
		case parent.Type == Any || parent.Type == Map:
			return Name{Type: parent.Elem}, column, nil // its fields are known only when it is there
		default:
			return Name{}, false, n.parts[i].fault(unknownName, "%s is %s and has no fields.", n.upTo(i), an(parent.Type))
		}
		if child.Renamed != "" {
			return Name{}, false, n.parts[i].fault(unknownName, "The column %q was renamed to %q.", name, child.Renamed)
		}
		if child.Unavailable != "" {
			at := place{n.from, n.parts[i].to}
			return Name{}, false, at.fault(nameUnavailable, "%s cannot stand here. %s", n.upTo(i+1), child.Unavailable)
		}
		column = column || parent.Type == Table
		parent = child
	}
	return parent, column, nil
}

func (n *path) upTo(i int) *path { return &path{path: n.path[:i]} }

func (n *path) unknown(i int, parent Name) *Fault {
	known := parent.Fields.known()
	name := n.path[i]
	switch {
	case i == 0 && byName[name] != nil:
		return n.parts[i].fault(unknownName, "%q is a function: write %s. A column of that name is row[%q].",
			name, byName[name].signature, name)
	case i == 0 && (name == "null" || name == "None" || name == "NULL"):
		return n.parts[i].fault(unknownName, "A missing value is written nil; to ask for one write missing(x).")
	case i == 0:
		return n.parts[i].fault(unknownName, "Nothing here is called %q.%s", name, meant(name, known))
	case i == 1 && n.path[0] == "var":
		detail := fmt.Sprintf("No variable %q is declared.", name)
		if near := meant(name, known); near != "" {
			detail += near
		} else {
			detail += fmt.Sprintf(" A variable is declared by:\n\n    variables: {%s: {type: text}}", name)
		}
		return n.parts[i].fault(unknownVariable, "%s", detail)
	case parent.Type == Table:
		return n.parts[i].fault(unknownName, "The dataset %s has no column %q.%s", n.upTo(i), name, meant(name, known))
	default:
		return n.parts[i].fault(unknownName, "%s has no %q.%s", n.upTo(i), name, meant(name, known))
	}
}

// known are the names that can be written, by the alphabet.
func (n Names) known() []string {
	names := make([]string, 0, len(n))
	for name, what := range n {
		if what.Renamed == "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// isNamespace reports whether a name only leads to others.
func isNamespace(n Name) bool {
	return (n.Type == Any || n.Type == Map) && (n.Fields != nil || n.Open)
}

func (n *path) check(names Names) (kind, *Fault) {
	found, column, f := n.resolve(names)
	switch {
	case f != nil:
		return kind{}, f
	case found.Type == Table:
		return kind{}, n.fault(wrongType, "%s is a dataset, not one value. Count its rows with rows(%s), or add up a column: sum(%s.column).", n, n, n)
	case column || found.Type == Column:
		return kind{}, n.fault(wrongType, "%s is a column: use %s(%s).", n, usual(found), n)
	case isNamespace(found):
		return kind{}, n.fault(wrongType, "%s is not a value, it only holds names%s.", n, n.examples(found))
	}
	return kind{Type: found.Type, elem: found.Elem}, nil
}

// usual is the aggregate that one would want of a column.
func usual(column Name) string {
	t := column.Type
	if t == Column {
		t = column.Elem
	}
	switch {
	case shares.has(t), column.Recomputed:
		return "total"
	case t == Any || byName["sum"].accepts(0).has(t):
		return "sum"
	default:
		return "last"
	}
}

func (n *path) examples(found Name) string {
	known := found.Fields.known()
	if len(known) == 0 {
		return ""
	}
	const most = 3
	paths := make([]string, 0, most)
	for _, name := range known[:min(most, len(known))] {
		paths = append(paths, (&path{path: append(slices.Clone(n.path), name)}).String())
	}
	return ", such as " + strings.Join(paths, ", ")
}

// checkColumn wants a column for an aggregate function and gives its type.
func (n *path) checkColumn(names Names, function string) (Type, *Fault) {
	found, column, f := n.resolve(names)
	switch {
	case f != nil:
		return Any, f
	case found.Recomputed && function == "sum":
		return Any, n.fault(wrongTotal, "The rows of %s are averages or shares, and adding them up means nothing: two rows of 3 minutes would come out as 6. Use total(%s), which follows the column's own rule.", n, n)
	case found.Recomputed && function == "avg":
		return Any, n.fault(wrongTotal, "The rows of %s are averages or shares, and their plain mean counts a row of one like a row of a hundred. Use total(%s), which follows the column's own rule.", n, n)
	case column:
		return found.Type, nil
	case found.Type == Column:
		return found.Elem, nil
	case found.Type == Any && !isNamespace(found):
		return Any, nil
	case found.Type == Table && function == "count":
		return Any, n.fault(wrongType, "%s is a dataset: count its rows with rows(%s).", n, n)
	case found.Type == Table:
		return Any, n.fault(wrongType, "%s is a dataset: name one of its columns, as in %s(%s.column).", n, function, n)
	}
	return Any, n.fault(wrongType, "%s adds up a whole column of a dataset, and %s is not one.", function, n)
}

func (n *path) checkTable(names Names) *Fault {
	found, _, f := n.resolve(names)
	if f == nil && found.Type != Table && (found.Type != Any || isNamespace(found)) {
		f = n.fault(wrongType, "rows counts the rows of a dataset, and %s is not one.", n)
	}
	return f
}
