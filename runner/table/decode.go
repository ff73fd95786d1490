package table

import (
	"encoding/binary"
	"math"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
)

// cursor reads what encode wrote.
type cursor struct{ b []byte }

func (c *cursor) next(n int) []byte {
	b := c.b[:n]
	c.b = c.b[n:]
	return b
}

func (c *cursor) byte() byte { return c.next(1)[0] }

func (c *cursor) uvarint() int {
	x, n := binary.Uvarint(c.b)
	c.b = c.b[n:]
	return int(x)
}

func (c *cursor) varint() int64 {
	x, n := binary.Varint(c.b)
	c.b = c.b[n:]
	return x
}

// decode returns the batch in buf, which it does not keep. Columns that only leaves out have no data.
func decode(buf []byte, fields []Field, only []bool) *Batch {
	c := cursor{buf}
	b := &Batch{N: c.uvarint(), Cols: make([]Vector, len(fields))}
	for i, f := range fields {
		col := cursor{c.next(int(binary.LittleEndian.Uint32(c.next(4))))}
		if only == nil || only[i] {
			b.Cols[i] = col.vector(f.Type, b.N)
		}
	}
	return b
}

func (c *cursor) vector(t expr.Type, n int) Vector {
	v := Vector{Valid: make([]bool, n)}
	kind := c.byte()
	if kind == allMissing {
		switch storageOf(t) {
		case ints:
			v.Ints = make([]int64, n)
		case floats:
			v.Floats = make([]float64, n)
		case decimals:
			v.Decs = make([]decimal.Decimal, n)
		default:
			v.Strs = make([]string, n)
		}
		return v
	}
	if kind == someValid {
		for i, x := range c.next(n) {
			v.Valid[i] = x != 0
		}
	} else {
		for i := range v.Valid {
			v.Valid[i] = true
		}
	}
	switch storageOf(t) {
	case ints:
		v.Ints = decodeInts[int64](c, n)
		if c.byte() != 0 {
			v.Strs = c.texts(n)
		}
	case floats:
		v.Floats = c.floats(n)
	case decimals:
		v.Decs = c.decimals(n)
	default:
		v.Strs = c.texts(n)
	}
	return v
}

func decodeInts[T int32 | int64](c *cursor, n int) []T {
	base := uint64(c.varint())
	width := int(c.byte())
	out := make([]T, n)
	b := c.next(n * width)
	switch width {
	case 0:
		for i := range out {
			out[i] = T(base)
		}
	case 1:
		for i := range out {
			out[i] = T(base + uint64(b[i]))
		}
	case 2:
		for i := range out {
			out[i] = T(base + uint64(binary.LittleEndian.Uint16(b[2*i:])))
		}
	case 4:
		for i := range out {
			out[i] = T(base + uint64(binary.LittleEndian.Uint32(b[4*i:])))
		}
	case 8:
		for i := range out {
			out[i] = T(base + binary.LittleEndian.Uint64(b[8*i:]))
		}
	}
	return out
}

func (c *cursor) floats(n int) []float64 {
	out := make([]float64, n)
	step := 8 * int(c.byte())
	for i := range out {
		out[i] = math.Float64frombits(binary.LittleEndian.Uint64(c.b[step*i:]))
	}
	return out
}

func (c *cursor) decimals(n int) []decimal.Decimal {
	out := make([]decimal.Decimal, n)
	scale := c.byte()
	if scale == mixedScales {
		for i, s := range c.texts(n) {
			out[i] = decimal.MustParse(s)
		}
		return out
	}
	for i, x := range decodeInts[int64](c, n) {
		out[i] = decimal.MustNew(x, int(scale))
	}
	return out
}

func (c *cursor) texts(n int) []string {
	lengths := make([]int, c.uvarint())
	total := c.uvarint()
	for i := range lengths {
		lengths[i] = c.uvarint()
	}
	// One string holds them all: one allocation a column instead of one a row.
	all := string(c.next(total))
	words := make([]string, len(lengths))
	for i, n := range lengths {
		words[i], all = all[:n], all[n:]
	}
	out := make([]string, n)
	for i, code := range decodeInts[int32](c, n) {
		out[i] = words[code]
	}
	return out
}
