package table

import (
	"fmt"
	"sync"

	"github.com/reportform/reportform/spec/expr"
)

// aggregates are a table's figures that were computed already, by function and column.
type aggregates struct {
	mu     sync.Mutex
	values map[[2]string]expr.Value
	totals []expr.Value
}

// Totals returns what each column comes to by its own rule, one value a field, hidden ones included: missing where a
// column has no rule, where there was nothing to add, and where a denominator is zero. The mean of whole numbers is a
// decimal. An error is a [*Fault], or a failure to read the rows.
func (t *Table) Totals() ([]expr.Value, error) {
	t.cache.mu.Lock()
	defer t.cache.mu.Unlock()
	if t.cache.totals != nil || len(t.fields) == 0 {
		return t.cache.totals, nil
	}
	l := newLedger(t.fields)
	figures, names := make([]figure, len(t.fields)), make([]string, len(t.fields))
	for i, f := range t.fields {
		names[i] = f.Name
		var err error
		if figures[i], err = l.total(i); err != nil {
			return nil, err
		}
	}
	totals, err := t.compute(l, names, figures)
	t.cache.totals = totals
	return totals, err
}

// Aggregate computes a function (sum, avg, min, max, count, distinct, duplicates, first, last, total, rows, or a percentile
// such as p90) over a column that is not hidden;
// rows, and count without a column, are of the table. Missing values are passed over; of none, the sum is missing
// and the count 0. first, last, min and max of texts go by bytes. An error is a [*Fault], or a failure to read the rows.
func (t *Table) Aggregate(fn, column string) (expr.Value, error) {
	if column == "" || fn == "rows" {
		return expr.IntegerValue(int64(t.n)), nil
	}
	t.cache.mu.Lock()
	defer t.cache.mu.Unlock()
	key := [2]string{fn, column}
	if v, ok := t.cache.values[key]; ok {
		return v, nil
	}
	fields := t.fields
	col, err := find(&fields, false, column, "")
	if err != nil {
		return expr.Value{}, err
	}
	l := newLedger(t.fields)
	f, err := l.aggregate(fn, col)
	if err != nil {
		return expr.Value{}, err
	}
	values, err := t.compute(l, []string{column}, []figure{f})
	if err != nil {
		return expr.Value{}, err
	}
	if t.cache.values == nil {
		t.cache.values = map[[2]string]expr.Value{}
	}
	t.cache.values[key] = values[0]
	return values[0], nil
}

// compute reads what the ledger needs and returns the figures, of columns with the given names, over all rows.
func (t *Table) compute(l *ledger, names []string, figures []figure) ([]expr.Value, error) {
	l.grow(1)
	var one []int32 // every row belongs to group 0
	for b, err := range t.scan(l.columns()) {
		if err != nil {
			return nil, fmt.Errorf("add up rows: %w", err)
		}
		if len(one) < b.N {
			one = make([]int32, b.N)
		}
		if err := l.add(b, one[:b.N], 1); err != nil {
			return nil, err
		}
	}
	values := make([]expr.Value, len(figures))
	for i, f := range figures {
		var err error
		if values[i], err = f(0); err != nil {
			return nil, tooLarge(names[i], err)
		}
	}
	return values, nil
}
