package table

import (
	"context"
	"slices"

	"github.com/reportform/reportform/spec/expr"
)

// pivotReader adds up the cells of a pivot. Cells are numbered as they appear: most of what rows times columns could be
// may be empty. Cell 0 is one without rows, which stands for all of those.
type pivotReader struct {
	*pivotPlan
	rowsOf, keysOf *grouper
	rowKeys, found *groupKeys
	pairs          codes[uint64]
	cells          []pivotCell
}

// pivotCell is where a cell stands, by the numbers of its row and its key.
type pivotCell struct{ row, key int32 }

func (p *pivotPlan) reader() *pivotReader {
	key := []int{p.col}
	r := &pivotReader{
		pivotPlan: p, rowsOf: newGrouper(p.in, p.rows), keysOf: newGrouper(p.in, key),
		rowKeys: newGroupKeys(p.in, p.rows), found: newGroupKeys(p.in, key), cells: make([]pivotCell, 1),
	}
	p.perCell.ledger.grow(1)
	return r
}

// read takes in all rows.
func (r *pivotReader) read(ctx context.Context, in Rows) error {
	var rows, keys, cells, firsts []int32
	for b, err := range in.Seq {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		rows, keys, cells = slices.Grow(rows[:0], b.N)[:b.N], slices.Grow(keys[:0], b.N)[:b.N], slices.Grow(cells[:0], b.N)[:b.N]
		firsts = r.rowsOf.number(b, rows, firsts[:0])
		r.rowKeys.add(b, firsts)
		firsts = r.keysOf.number(b, keys, firsts[:0])
		r.found.add(b, firsts)
		if r.Keys == nil && r.keysOf.n*len(r.values) > MaxPivotColumns {
			return tooManyColumns(r.Column)
		}
		for i := range cells {
			code := r.pairs.of(uint64(rows[i])<<32 | uint64(keys[i]))
			if int(code) == len(r.cells) {
				r.cells = append(r.cells, pivotCell{rows[i], keys[i]})
			}
			cells[i] = int32(code)
		}
		if err := r.perCell.ledger.add(b, cells, len(r.cells)); err != nil {
			return err
		}
		if r.Totals {
			if err := r.perRow.ledger.add(b, rows, r.rowsOf.n); err != nil {
				return err
			}
		}
	}
	return nil
}

// pivotResult hands out the rows of a pivot.
type pivotResult struct {
	*pivotReader
	fields []Field
	data   []pivotSlot
	keys   int
	at     []int // of each key's number, its place among the keys
	// byRow has the cells but the first, row by row; those of row r from first[r] to first[r+1].
	byRow, first []int32
}

func (r *pivotReader) result() (*pivotResult, error) {
	keys, at, err := r.foundKeys(r.found)
	if err != nil {
		return nil, err
	}
	out := &pivotResult{pivotReader: r, keys: len(keys), at: at}
	if out.fields, out.data, err = r.arrange(keys); err != nil {
		return nil, err
	}
	out.first = make([]int32, r.rowsOf.n+1)
	for _, c := range r.cells[1:] {
		out.first[c.row+1]++
	}
	for i := 1; i < len(out.first); i++ {
		out.first[i] += out.first[i-1]
	}
	next := slices.Clone(out.first)
	out.byRow = make([]int32, len(r.cells)-1)
	for i, c := range r.cells[1:] {
		out.byRow[next[c.row]] = int32(i + 1)
		next[c.row]++
	}
	return out, nil
}

func (p *pivotResult) rows() int { return p.rowsOf.n }

// batch returns some rows.
func (p *pivotResult) batch(from, until int) (*Batch, error) {
	// The cell under each key, row by row; 0 where there is none.
	cells := make([]int32, (until-from)*p.keys)
	for _, c := range p.byRow[p.first[from]:p.first[until]] {
		cell := p.cells[c]
		cells[(int(cell.row)-from)*p.keys+p.at[cell.key]] = c
	}
	b := &Batch{Cols: make([]Vector, len(p.fields)), N: until - from}
	for i, f := range p.fields {
		b.Cols[i] = NewVector(f, b.N)
		for row := from; row < until; row++ {
			x, err := p.value(p.data[i], row, cells[(row-from)*p.keys:])
			if err != nil {
				return nil, tooLarge(f.Name, err)
			}
			b.Cols[i].Append(f, x)
		}
	}
	return b, nil
}

// value is a row's value of a column; cells begin with those of the row.
func (p *pivotResult) value(at pivotSlot, row int, cells []int32) (expr.Value, error) {
	switch at.key {
	case ofRows:
		return p.rowKeys.value(at.slot, row), nil
	case ofTotals:
		return p.perRow.figures[at.slot](row)
	default:
		return p.perCell.figures[at.slot](int(cells[at.key]))
	}
}
