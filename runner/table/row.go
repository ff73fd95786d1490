package table

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/reportform/reportform/spec/expr"
)

// Outer is what an expression of a step may refer to beside the row's columns: var, each, range. Its names win over
// columns of the same name, which row["name"] still reaches. The zero Outer has none.
type Outer struct {
	Names expr.Names
	// Env gives the names their values; it is not needed to check a step.
	Env expr.Env
}

// over returns the names of a row with the outer ones laid over them.
func (o Outer) over(names expr.Names) expr.Names {
	maps.Copy(names, o.Names)
	return names
}

// has reports whether a path is one of the outer names.
func (o Outer) has(path []string) bool {
	_, ok := o.Names[path[0]]
	return ok
}

func (o Outer) lookup(path []string) (expr.Value, error) {
	if o.Env == nil {
		return expr.Value{}, fmt.Errorf("no value for %s", strings.Join(path, "."))
	}
	return o.Env.Lookup(path)
}

// locale is that of the readers, where the outer names know it.
func (o Outer) locale() string {
	if l, ok := o.Env.(expr.Localizer); ok {
		return l.Locale()
	}
	return "en"
}

// location is where the rows' moments are, where the outer names know it.
func (o Outer) location() *time.Location {
	if z, ok := o.Env.(expr.Zoned); ok {
		return z.Location()
	}
	return nil
}

// Bind returns the step with what it needs of its surroundings when it runs: where rows may be kept on disk, and the
// values of outer names. A step itself does not change, since several runs may share it.
func Bind(s Step, spool Spool, env expr.Env) Step {
	if b, ok := s.(interface{ bind(Spool, expr.Env) Step }); ok {
		return b.bind(spool, env)
	}
	return s
}

// row is the expr.Env of one row after the other of a batch.
type row struct {
	fields []Field
	// names maps a column's name to its position; what a name means may change within a derive.
	names map[string]int
	outer Outer
	cols  []Vector
	i     int
	// known has the paths seen so far. An expression hands out the same slices at every evaluation,
	// so that a row costs no look-up by text.
	known []knownPath
}

type knownPath struct {
	first *string
	n     int
	col   int // -1 for an outer name
}

var (
	_ expr.Env       = (*row)(nil)
	_ expr.Localizer = (*row)(nil)
	_ expr.Zoned     = (*row)(nil)
)

// Locale implements expr.Localizer.
func (r *row) Locale() string { return r.outer.locale() }

// Location implements expr.Zoned.
func (r *row) Location() *time.Location { return r.outer.location() }

// Lookup implements expr.Env.
func (r *row) Lookup(path []string) (expr.Value, error) {
	for _, k := range r.known {
		if k.first == &path[0] && k.n == len(path) {
			return r.at(k.col, path)
		}
	}
	col := -1
	if name, ok := columnOf(path); ok && !r.outer.has(path) {
		i, ok := r.names[name]
		if !ok {
			return expr.Value{}, fmt.Errorf("no column %q", name)
		}
		col = i
	}
	r.known = append(r.known, knownPath{&path[0], len(path), col})
	return r.at(col, path)
}

func (r *row) at(col int, path []string) (expr.Value, error) {
	if col < 0 {
		return r.outer.lookup(path)
	}
	return r.cols[col].Value(r.fields[col], r.i), nil
}

// Aggregate implements expr.Env: the checker lets no aggregate function into a row's expression.
func (r *row) Aggregate(fn string, _ []string) (expr.Value, error) {
	return expr.Value{}, fmt.Errorf("%s cannot be computed over a row", fn)
}

// positions maps the names of columns that are not hidden to where they stand.
func positions(fields []Field) map[string]int {
	names := make(map[string]int, len(fields))
	for i, f := range fields {
		if !f.Hidden {
			names[f.Name] = i
		}
	}
	return names
}

// plainColumn returns the column that an expression wholly is.
func plainColumn(e *expr.Expr, outer Outer) (string, bool) {
	refs := e.References()
	if len(refs) != 1 || outer.has(refs[0]) {
		return "", false
	}
	name, ok := columnOf(refs[0])
	text := strings.TrimSpace(e.Text())
	if len(refs[0]) == 1 {
		return name, ok && text == name
	}
	return name, ok && (text == "row."+name || text == `row["`+name+`"]` || text == "row['"+name+"']")
}

// fault lays a fault of part's expression where the user can be shown it; other errors stay as they are.
func fault(part string, err error) error {
	var f *expr.Fault
	if errors.As(err, &f) {
		return &Fault{Part: part, Expr: f}
	}
	return err
}
