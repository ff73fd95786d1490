package xlsx

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// The functions of SUBTOTAL, which count what a filter leaves and skip rows that were hidden by hand.
const (
	subtotalCount = 103 // of cells that are not empty
	subtotalMax   = 104
	subtotalMin   = 105
	subtotalSum   = 109
)

// computeTotals returns a value for each column, by the block's rules where it has its own.
func (t *tableSection) computeTotals(ctx context.Context, dir string) ([]expr.Value, error) {
	rules := slices.Clone(t.fields)
	for _, c := range t.columns {
		if !c.helper {
			rules[c.field].Total = c.total
		}
	}
	all, err := outputs.Totals(ctx, t.block.Table, rules, table.Spool{Dir: dir})
	if err != nil {
		return nil, err
	}
	out := make([]expr.Value, len(t.columns))
	for i, c := range t.columns {
		if !c.helper {
			out[i] = all[c.field]
		}
	}
	return out, nil
}

// totals writes the totals row: live formulas with their computed values, and plain values where no formula
// over the cells would say the same.
func (p *page) totals(t *tableSection) error {
	if p.full() {
		if err := p.turn(); err != nil {
			return err
		}
	}
	row := make([]cell, t.seen)
	for i := range row {
		c, s := &row[i], &t.columns[i]
		style, err := p.book.styles.id(look{role: roleTotal, right: s.right(), format: s.totalFormat(t.totals[i].Type, p.book.doc.Locale), indent: t.indent(s.right())})
		if err != nil {
			return err
		}
		put(c, t.totals[i], s.grain)
		c.style = style
		if c.kind == number && !t.cut() {
			c.formula = t.formula(s, p.leaf.name)
		}
	}
	if at := t.labelledAt(row); at >= 0 {
		style, err := p.book.styles.id(look{role: roleTotal, indent: 1})
		if err != nil {
			return err
		}
		row[at] = cell{kind: text, text: p.book.words.TotalOf(t.rows, t.block.Table.Len()), style: style}
	}
	p.totalled(t, row)
	return p.line(line{height: 20, cells: row})
}

// labelledAt is the column of the totals' label, below 0 where there is room in none: the first one of texts without a
// total, or the first of all, whose figures may be what rows are told apart by, such as hours.
func (t *tableSection) labelledAt(row []cell) int {
	for i := range row {
		if row[i].kind == empty && !t.columns[i].right() {
			return i
		}
	}
	if len(row) > 0 && row[0].kind == empty {
		return 0
	}
	return -1
}

// formula returns what computes a column's total on the sheet where the totals row stands, "" where none can.
func (t *tableSection) formula(s *shown, sheet string) string {
	if s.inexact {
		return ""
	}
	switch s.total.Kind {
	case table.TotalSum:
		return t.subtotal(subtotalSum, s, sheet)
	case table.TotalMin:
		return t.subtotal(subtotalMin, s, sheet)
	case table.TotalMax:
		return t.subtotal(subtotalMax, s, sheet)
	case table.TotalLast:
		return t.lastCell(s, sheet)
	case table.TotalRatio:
		num, den := t.component(s.total.Num), t.component(s.total.Den)
		if num < 0 || den < 0 || !liveRatio(s.typ, t.columns[num].typ, t.columns[den].typ) {
			return ""
		}
		return quotient(t.subtotal(subtotalSum, &t.columns[num], sheet), t.subtotal(subtotalSum, &t.columns[den], sheet))
	case table.TotalWeighted:
		weight := t.weight(s)
		if weight < 0 {
			return ""
		}
		return quotient(t.weighted(s, &t.columns[weight], sheet))
	case table.TotalDifference, table.TotalGrowth:
		return t.compared(s, sheet)
	default:
		return ""
	}
}

// minutesOfADay turn a cell's days into minutes: Excel has no negative time.
const minutesOfADay = 24 * 60

// compared returns the change of the totals of two columns, "" where one of them has no formula. Where nothing is left to
// compare, or with nought before, the cell is empty.
func (t *tableSection) compared(s *shown, sheet string) string {
	num, den := t.component(s.total.Num), t.component(s.total.Den)
	if num < 0 || den < 0 {
		return ""
	}
	this, before := t.formula(&t.columns[num], sheet), t.formula(&t.columns[den], sheet)
	switch {
	case this == "" || before == "":
		return ""
	case s.total.Kind == table.TotalGrowth:
		return fmt.Sprintf(`IFERROR((%s-%s)/ABS(%s),"")`, this, before, before)
	case t.columns[num].typ == expr.Duration:
		return fmt.Sprintf(`IFERROR(%d*(%s-%s),"")`, minutesOfADay, this, before)
	default:
		return fmt.Sprintf(`IFERROR(%s-%s,"")`, this, before)
	}
}

func quotient(over, under string) string { return fmt.Sprintf(`IF(%s=0,"",%s/%s)`, under, over, under) }

// weight returns the column that a weighted mean is computed with, -1 where no formula does so.
func (t *tableSection) weight(s *shown) int {
	if s.total.Kind != table.TotalWeighted || s.inexact {
		return -1
	}
	weight := t.component(s.total.Weight)
	if weight < 0 || !plain(t.columns[weight].typ) {
		return -1
	}
	return weight
}

// component finds a column that a total is computed from, -1 where it is not there or its cells are not its figures.
func (t *tableSection) component(name string) int {
	return slices.IndexFunc(t.columns, func(c shown) bool { return c.key == name && !c.inexact })
}

// liveRatio reports whether a quotient of cells is the quotient's cell: percents stand in cells as hundredths,
// durations as days.
func liveRatio(result, num, den expr.Type) bool {
	switch {
	case result == expr.Duration:
		return num == expr.Duration && plain(den)
	case num == expr.Duration:
		return den == expr.Duration
	default:
		return plain(num) && plain(den)
	}
}

// plain reports whether a cell of the type holds the very figure.
func plain(t expr.Type) bool { return t == expr.Integer || t == expr.Decimal || t == expr.Ratio }

// areas are the column's rows on every sheet they reach, as seen from a sheet.
func (t *tableSection) areas(s *shown, sheet string) []string {
	var out []string
	for _, part := range t.parts {
		if part.last >= part.first {
			out = append(out, from(sheet, part.sheet)+ref(s.column, part.first)+":"+ref(s.column, part.last))
		}
	}
	return out
}

// from is what stands before a reference on one sheet to another.
func from(sheet, other string) string {
	if sheet == other {
		return ""
	}
	return quoteSheet(other) + "!"
}

func (t *tableSection) subtotal(function int, s *shown, sheet string) string {
	return fmt.Sprintf("SUBTOTAL(%d,%s)", function, strings.Join(t.areas(s, sheet), ","))
}

// lastCell is the cell of a column's last value, "" where it has none.
func (t *tableSection) lastCell(s *shown, sheet string) string {
	for _, part := range slices.Backward(t.parts) {
		if part.before < s.last {
			return from(sheet, part.sheet) + ref(s.column, part.first+s.last-1-part.before)
		}
	}
	return ""
}

// weighted returns the two sums of a weighted mean; a row whose value is missing does not count with its weight either.
// SUMPRODUCT heeds no filter: the marks of rows that are seen are a factor.
func (t *tableSection) weighted(s, weight *shown, sheet string) (over, under string) {
	var overs, unders []string
	weights, seen := t.areas(weight, sheet), t.areas(&shown{column: t.marks}, sheet)
	for i, area := range t.areas(s, sheet) {
		overs = append(overs, fmt.Sprintf("SUMPRODUCT(%s,%s,%s)", seen[i], weights[i], area))
		unders = append(unders, fmt.Sprintf("SUMPRODUCT(%s,%s,--ISNUMBER(%s))", seen[i], weights[i], area))
	}
	if !s.gaps {
		return sum(overs), t.subtotal(subtotalSum, weight, sheet)
	}
	return sum(overs), sum(unders)
}

func sum(terms []string) string {
	if len(terms) == 1 {
		return terms[0]
	}
	return "(" + strings.Join(terms, "+") + ")"
}
