package table

import (
	"errors"
	"fmt"

	"github.com/reportform/reportform/spec/expr"
)

// ledger adds up columns of a stream, for many groups of rows at once. Figures are asked for first, then rows are
// added, then the figures are read. What several figures need is added up once.
type ledger struct {
	fields []Field
	leaves []leaf
	known  map[leafKey]leaf
	groups int
	held   int // values that are kept
}

// figure returns what was added up for a group.
type figure func(group int) (expr.Value, error)

// leaf adds up one thing.
type leaf interface {
	// grow makes room for n groups.
	grow(n int)
	// add takes in a batch; groups says which group each of its rows belongs to.
	add(b *Batch, groups []int32) error
	// value is what a group's rows came to.
	value(group int) (expr.Value, error)
	// columns are those whose data is read.
	columns() []int
}

// leafKey tells leaves apart: what is added up, of which column, and with which other one.
type leafKey struct {
	kind leafKind
	col  int
	with int
}

type leafKind uint8

const (
	// adding sums col over the rows where with is not missing.
	adding leafKind = iota
	// products sums col × with.
	products
	// counting counts the rows where col is not missing, or all.
	counting
	least
	greatest
	first
	last
	// distinct counts the different values of col.
	distinct
	// holding keeps the values themselves.
	holding
)

// all stands for no column: all rows.
const all = -1

func newLedger(fields []Field) *ledger {
	return &ledger{fields: fields, known: map[leafKey]leaf{}}
}

func (l *ledger) leaf(k leafKey) leaf {
	if x, ok := l.known[k]; ok {
		return x
	}
	var x leaf
	switch k.kind {
	case adding, products, counting:
		x = newSums(k, l.fields)
	case holding:
		x = &holder{col: k.col, field: l.fields[k.col], held: &l.held}
	case distinct:
		x = &distinctValues{col: k.col, kind: storageOf(l.fields[k.col].Type), seen: map[string]struct{}{}}
	default:
		x = &pickers{kind: k.kind, col: k.col, field: l.fields[k.col]}
	}
	l.known[k] = x
	l.leaves = append(l.leaves, x)
	return x
}

func (l *ledger) sums(col, with int) *sums { return l.leaf(leafKey{adding, col, with}).(*sums) }

func (l *ledger) sumOf(col int) figure { return l.sums(col, all).value }

// aggregate returns the figure of a function over a column; col is -1 for the rows themselves.
// What cannot be computed is a [*Fault].
func (l *ledger) aggregate(fn string, col int) (figure, error) {
	if fn == "rows" || fn == "count" && col == all {
		return l.leaf(leafKey{counting, all, all}).value, nil
	}
	f := l.fields[col]
	if why := aggregateConflict(fn, f); why != "" {
		return nil, &Fault{Code: "wrong-type", Summary: "Wrong type", Detail: why}
	}
	if r, ok := percentileOf(fn); ok {
		x := l.leaf(leafKey{holding, col, all}).(*holder)
		return func(g int) (expr.Value, error) { return x.percentile(g, r) }, nil
	}
	switch fn {
	case "sum":
		return l.sumOf(col), nil
	case "avg":
		num, den := l.sums(col, all), l.leaf(leafKey{counting, col, all}).(*sums)
		t := meanType(f.Type)
		return func(g int) (expr.Value, error) { return quotient(&num.s[g], &den.s[g], t) }, nil
	case "count":
		return l.leaf(leafKey{counting, col, all}).value, nil
	case "distinct":
		return l.leaf(leafKey{distinct, col, all}).value, nil
	case "duplicates":
		return l.duplicates(col), nil
	case "min":
		return l.leaf(leafKey{least, col, all}).value, nil
	case "max":
		return l.leaf(leafKey{greatest, col, all}).value, nil
	case "first":
		return l.leaf(leafKey{first, col, all}).value, nil
	case "last":
		return l.leaf(leafKey{last, col, all}).value, nil
	case "total":
		return l.total(col)
	default:
		return nil, fmt.Errorf("no aggregate function %q", fn)
	}
}

// meanType is the type of the mean of values of type t.
func meanType(t expr.Type) expr.Type {
	if t == expr.Integer {
		return expr.Decimal
	}
	return t
}

// aggregateConflict says, in a sentence, why a function cannot be computed over a column; "" where it can.
func aggregateConflict(fn string, f Field) string {
	_, percentile := percentileOf(fn)
	switch {
	case percentile && addable(f.Type), fn != "sum" && fn != "avg" && !percentile:
		return ""
	}
	switch f.Type {
	case expr.Any, expr.Integer, expr.Decimal, expr.Duration:
		return ""
	case expr.Percent, expr.Ratio:
		return fmt.Sprintf("%q is of type %s, which does not add up by itself. Use total(%s), which follows the column's own rule.",
			f.Name, expr.TypeName(f.Type), f.Name)
	default:
		return fmt.Sprintf("%s needs a number or a duration, and %q is of type %s.", fn, f.Name, expr.TypeName(f.Type))
	}
}

// add takes in a batch; groups says which group each row belongs to, below n.
func (l *ledger) add(b *Batch, groups []int32, n int) error {
	l.grow(n)
	for _, x := range l.leaves {
		if err := x.add(b, groups); err != nil {
			return l.fault(x, err)
		}
	}
	return nil
}

// grow makes room for n groups.
func (l *ledger) grow(n int) {
	if n <= l.groups {
		return
	}
	for _, x := range l.leaves {
		x.grow(n)
	}
	l.groups = n
}

// fault says of which column a figure grew too large.
func (l *ledger) fault(x leaf, err error) error {
	return tooLarge(l.fields[x.columns()[0]].Name, err)
}

// tooLarge turns errTooLarge into what a user reads.
func tooLarge(name string, err error) error {
	if !errors.Is(err, errTooLarge) {
		return err
	}
	return &Fault{
		Code: "overflow", Summary: "Figure is too large",
		Detail: fmt.Sprintf("The sum of %q passes what its type can hold: 64 bits for whole numbers and durations, 19 digits for decimals, of which those from the seventh after the point on may be rounded away.", name),
	}
}

// columns says which columns of the input are read.
func (l *ledger) columns() []bool {
	only := make([]bool, len(l.fields))
	for _, x := range l.leaves {
		for _, c := range x.columns() {
			only[c] = true
		}
	}
	return only
}
