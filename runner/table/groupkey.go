package table

import (
	"math"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
)

// grouper numbers the groups of rows that agree in some columns, in order of first appearance. Missing values are a
// group of their own, as in SQL.
type grouper struct {
	columns []coder
	// pairs number what the first columns together and the next one are, step by step.
	pairs []codes[uint64]
	n     int
}

// coder numbers the distinct values of a column.
type coder struct {
	col     int
	storage storage
	texts   codes[string]
	ints    codes[int64]
	floats  codes[uint64]
	decs    codes[decimal.Decimal]
}

// codes numbers distinct keys from 1 on; 0 is for missing values.
type codes[K comparable] struct {
	known map[K]uint32
	// The key before is often the same.
	key  K
	code uint32
}

func (c *codes[K]) of(key K) uint32 {
	if c.code != 0 && key == c.key {
		return c.code
	}
	code, ok := c.known[key]
	if !ok {
		if c.known == nil {
			c.known = map[K]uint32{}
		}
		code = uint32(len(c.known) + 1)
		c.known[key] = code
	}
	c.key, c.code = key, code
	return code
}

func newGrouper(fields []Field, cols []int) *grouper {
	g := &grouper{columns: make([]coder, len(cols)), pairs: make([]codes[uint64], len(cols))}
	for i, c := range cols {
		g.columns[i] = coder{col: c, storage: storageOf(fields[c].Type)}
	}
	return g
}

// number writes the group of each row of b into groups, and the rows that are the first of theirs into firsts.
func (g *grouper) number(b *Batch, groups, firsts []int32) []int32 {
	if len(g.columns) == 0 {
		clear(groups)
		if g.n == 0 && b.N > 0 {
			g.n, firsts = 1, append(firsts, 0)
		}
		return firsts
	}
	for k := range g.columns {
		c, v := &g.columns[k], &b.Cols[g.columns[k].col]
		for i := range groups {
			pair := uint64(c.code(v, i))
			if k > 0 {
				pair |= uint64(groups[i]) << 32
			}
			code := g.pairs[k].of(pair)
			groups[i] = int32(code)
		}
	}
	for i := range groups {
		groups[i]--
		if int(groups[i]) == g.n {
			firsts = append(firsts, int32(i))
			g.n++
		}
	}
	return firsts
}

func (c *coder) code(v *Vector, i int) uint32 {
	if !v.Valid[i] {
		return 0
	}
	switch c.storage {
	case ints:
		if !v.understood(i) {
			// Texts and moments are numbered apart: the odd codes and the even ones.
			return 2*c.texts.of(v.Strs[i]) + 1
		}
		return 2 * c.ints.of(v.Ints[i])
	case floats:
		x := v.Floats[i]
		if x == 0 {
			x = 0 // -0 is 0
		}
		return c.floats.of(math.Float64bits(x))
	case decimals:
		return c.decs.of(v.Decs[i].Trim(0)) // 1.50 is 1.5
	default:
		return c.texts.of(v.Strs[i])
	}
}

// groupKeys are the values that groups have in common, a row each.
type groupKeys struct {
	fields []Field
	cols   []int
	batch  Batch
}

func newGroupKeys(fields []Field, cols []int) *groupKeys {
	k := &groupKeys{cols: cols}
	for _, c := range cols {
		k.fields = append(k.fields, fields[c])
		k.batch.Cols = append(k.batch.Cols, NewVector(fields[c], BatchRows))
	}
	return k
}

// add takes the keys of the rows of b that are the first of their groups.
func (k *groupKeys) add(b *Batch, firsts []int32) {
	for i, c := range k.cols {
		for _, r := range firsts {
			k.batch.Cols[i].appendRange(&b.Cols[c], int(r), int(r)+1)
		}
	}
	k.batch.N += len(firsts)
}

// value returns key i of a group.
func (k *groupKeys) value(i, group int) expr.Value { return k.batch.Cols[i].Value(k.fields[i], group) }
