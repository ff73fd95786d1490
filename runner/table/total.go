package table

import (
	"fmt"

	"github.com/reportform/reportform/spec/expr"
)

// This file is how columns add up, the one place for it: totals rows, group without measures and the aggregate total
// all come here.
//
// Sums of a numerator and of a denominator each pass over what is missing, as SQL's SUM(a) / SUM(b) does; a weighted
// mean counts the weight only of rows that have a value. Nothing to add is a missing total, as is a zero denominator.

// names are the columns that a rule needs beside its own.
func (t Total) names() []string {
	switch t.Kind {
	case TotalRatio, TotalDifference, TotalGrowth:
		return []string{t.Num, t.Den}
	case TotalWeighted:
		return []string{t.Weight}
	default:
		return nil
	}
}

// roles say what the columns of names are to the rule.
func (t Total) roles() []string {
	switch t.Kind {
	case TotalWeighted:
		return []string{"weight"}
	case TotalDifference, TotalGrowth:
		return []string{"figure", "figure before"}
	default:
		return []string{"numerator", "denominator"}
	}
}

// compares reports whether the rule is made of the totals of two columns rather than of their sums.
func (t Total) compares() bool { return t.Kind == TotalDifference || t.Kind == TotalGrowth }

// renamed returns the rule with other names for the columns it needs.
func (t Total) renamed(names []string) Total {
	if t.Kind == TotalWeighted {
		t.Weight = names[0]
	} else {
		t.Num, t.Den = names[0], names[1]
	}
	return t
}

// Rule is the rule as definitions write it, "ratio(answered, incoming)". What a comparison adds up by is written nowhere, and
// is "none" here.
func (t Total) Rule() string {
	switch t.Kind {
	case TotalSum:
		return "sum"
	case TotalMin:
		return "min"
	case TotalMax:
		return "max"
	case TotalLast:
		return "last"
	case TotalRatio:
		return fmt.Sprintf("ratio(%s, %s)", t.Num, t.Den)
	case TotalWeighted:
		return fmt.Sprintf("weighted(%s)", t.Weight)
	default:
		return "none"
	}
}

// Type returns the type of the total of a column of type of: a mean of whole numbers is a decimal.
func (t Total) Type(of expr.Type) expr.Type {
	if of == expr.Integer && (t.Kind == TotalRatio || t.Kind == TotalWeighted) {
		return expr.Decimal
	}
	return of
}

// Check reports, as a [*Fault] of the part called name, why the column of that name cannot add up by its rule: the columns
// that the rule needs are not there, or have types that it cannot use. open says that columns not listed may exist.
func Check(fields []Field, name string, open bool) error {
	f := fields[index(fields, name)]
	var needs []Field
	for _, n := range f.Total.names() {
		i := index(fields, n)
		if i < 0 && open {
			return nil
		}
		if i < 0 {
			return unknownNeed(name, n, fields)
		}
		needs = append(needs, fields[i])
	}
	return f.Total.check(f, needs)
}

func unknownNeed(name, need string, fields []Field) *Fault {
	return &Fault{
		Part: name, Code: "unknown-column", Summary: "Unknown column",
		Detail: fmt.Sprintf("The total of %q needs the column %q, which does not exist.", name, need) + suggestion(fields, need),
	}
}

// check reports why f cannot add up by the rule with what it needs.
func (t Total) check(f Field, needs []Field) error {
	if why := t.conflict(f.Type, needs); why != "" {
		return &Fault{
			Part: f.Name, Code: "wrong-type", Summary: "Wrong type",
			Detail: fmt.Sprintf("The column %q cannot add up so: %s.", f.Name, why),
		}
	}
	return nil
}

// conflict says why a column of type t cannot add up by the rule with what it needs; "" where it can.
func (t Total) conflict(of expr.Type, needs []Field) string {
	if of == expr.Any {
		return ""
	}
	if t.compares() {
		return compareConflict(needs[0], needs[1])
	}
	for i, n := range needs {
		if !addable(n.Type) {
			return fmt.Sprintf("its %s %q is of type %s, which has no sum", t.roles()[i], n.Name, expr.TypeName(n.Type))
		}
	}
	switch t.Kind {
	case TotalSum, TotalRatio, TotalWeighted:
		if !addable(of) {
			return fmt.Sprintf("type %s has no sum", expr.TypeName(of))
		}
	}
	if t.Kind != TotalRatio || needs[0].Type == expr.Any || needs[1].Type == expr.Any {
		return ""
	}
	num, den := needs[0].Type == expr.Duration, needs[1].Type == expr.Duration
	switch {
	case of == expr.Duration && (!num || den):
		return "a duration is the quotient of a duration and a count"
	case of != expr.Duration && num != den, needs[0].Type == expr.Percent && needs[1].Type == expr.Ratio,
		needs[0].Type == expr.Ratio && needs[1].Type == expr.Percent: // one of them is 100 times the other
		return fmt.Sprintf("%s and %s have no quotient of type %s",
			expr.TypeName(needs[0].Type), expr.TypeName(needs[1].Type), expr.TypeName(of))
	}
	return ""
}

// addable reports whether values of type t have a sum.
func addable(t expr.Type) bool {
	switch t {
	case expr.Any, expr.Integer, expr.Decimal, expr.Percent, expr.Ratio, expr.Duration:
		return true
	default:
		return false
	}
}

// total returns the figure that column col comes to by its own rule.
func (l *ledger) total(col int) (figure, error) {
	f := l.fields[col]
	if err := Check(l.fields, f.Name, false); err != nil {
		return nil, err
	}
	t := f.Total.Type(f.Type)
	switch f.Total.Kind {
	case TotalSum:
		return l.sumOf(col), nil
	case TotalMin:
		return l.leaf(leafKey{least, col, all}).value, nil
	case TotalMax:
		return l.leaf(leafKey{greatest, col, all}).value, nil
	case TotalLast:
		return l.leaf(leafKey{last, col, all}).value, nil
	case TotalRatio:
		num, den := l.sums(index(l.fields, f.Total.Num), all), l.sums(index(l.fields, f.Total.Den), all)
		points := f.Type == expr.Percent
		return func(g int) (expr.Value, error) {
			n := num.s[g]
			if points {
				n = n.points()
			}
			return quotient(&n, &den.s[g], t)
		}, nil
	case TotalDifference, TotalGrowth:
		return l.compared(f)
	case TotalWeighted:
		num, den := l.weighted(col)
		return func(g int) (expr.Value, error) { return quotient(&num.s[g], &den.s[g], t) }, nil
	default:
		return func(int) (expr.Value, error) { return expr.Missing(t), nil }, nil
	}
}

// weighted returns the sums of a column times its weight, and of the weights of rows that have a value.
func (l *ledger) weighted(col int) (num, den *sums) {
	weight := index(l.fields, l.fields[col].Total.Weight)
	num = l.leaf(leafKey{products, col, weight}).(*sums)
	return num, l.sums(weight, col)
}
