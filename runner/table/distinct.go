package table

import (
	"encoding/binary"

	"github.com/reportform/reportform/spec/expr"
)

// distinctValues counts the different values of a column. Those of a text are told apart letter by letter, and missing
// ones are none.
type distinctValues struct {
	col  int
	kind storage
	n    []int64
	// seen has the values of all groups, with their group's number before them.
	seen map[string]struct{}
	key  []byte
}

func (x *distinctValues) grow(n int) { x.n = grown(x.n, n) }

func (x *distinctValues) columns() []int { return []int{x.col} }

func (x *distinctValues) value(g int) (expr.Value, error) { return expr.IntegerValue(x.n[g]), nil }

func (x *distinctValues) add(b *Batch, groups []int32) error {
	v := &b.Cols[x.col]
	for i, ok := range v.Valid {
		if !ok {
			continue
		}
		x.key = v.appendKey(binary.BigEndian.AppendUint32(x.key[:0], uint32(groups[i])), x.kind, i)
		if _, known := x.seen[string(x.key)]; !known {
			x.seen[string(x.key)] = struct{}{}
			x.n[groups[i]]++
		}
	}
	return nil
}

// duplicates returns how many rows have a value that a row before them has.
func (l *ledger) duplicates(col int) figure {
	valued, different := l.leaf(leafKey{counting, col, all}), l.leaf(leafKey{distinct, col, all})
	return func(g int) (expr.Value, error) {
		n, err := valued.value(g)
		if err != nil {
			return n, err
		}
		m, err := different.value(g)
		return expr.IntegerValue(n.Int - m.Int), err
	}
}
