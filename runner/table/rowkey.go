package table

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

// rowKey writes what rows have in some columns as bytes, which are the same where the values are: 1.50 is 1.5, and -0 is 0.
type rowKey struct {
	fields []Field
	cols   []int
}

// append adds the key of row i of b to buf. Whole is false where one of its values is missing.
func (k rowKey) append(buf []byte, b *Batch, i int) (key []byte, whole bool) {
	whole = true
	for _, c := range k.cols {
		v := &b.Cols[c]
		if !v.Valid[i] {
			buf, whole = append(buf, 0), false
			continue
		}
		buf = v.appendKey(append(buf, 1), storageOf(k.fields[c].Type), i)
	}
	return buf, whole
}

// appendKey adds row i, which is not missing, to a key.
func (v *Vector) appendKey(buf []byte, s storage, i int) []byte {
	switch s {
	case ints:
		if v.understood(i) {
			return binary.BigEndian.AppendUint64(buf, uint64(v.Ints[i]))
		}
		return appendText(append(buf, 2), v.Strs[i])
	case floats:
		x := v.Floats[i]
		if x == 0 {
			x = 0 // -0 is 0
		}
		return binary.BigEndian.AppendUint64(buf, math.Float64bits(x))
	case decimals:
		d := v.Decs[i].Trim(0)
		buf = append(buf, byte(d.Scale()), bit(d.IsNeg()))
		return binary.BigEndian.AppendUint64(buf, d.Coef())
	default:
		return appendText(buf, v.Strs[i])
	}
}

// appendText adds a text with its length before it, so that what follows is not taken for a part of it.
func appendText(buf []byte, s string) []byte {
	return append(binary.AppendUvarint(buf, uint64(len(s))), s...)
}

// describe shows the key of a row to a reader: user_name "Anna", series 2026-11-09.
func (k rowKey) describe(b *Batch, i int) string {
	var out []string
	for _, c := range k.cols {
		f := k.fields[c]
		x := b.Cols[c].Value(f, i)
		switch {
		case !x.Valid:
			out = append(out, f.Name+" missing")
		case f.Type == expr.Text:
			out = append(out, fmt.Sprintf("%s %q", f.Name, x.Str))
		default:
			out = append(out, f.Name+" "+expr.Plain(x))
		}
	}
	return strings.Join(out, ", ")
}

// held is all rows of a table in one batch, and behind them one row of missing values for rows that have none here.
// Columns that are not read have no data.
func held(t *Table, only []bool) (*Batch, error) {
	all := &Batch{Cols: make([]Vector, len(t.fields)), N: t.n + 1}
	for c, f := range t.fields {
		if only[c] {
			all.Cols[c] = NewVector(f, t.n+1)
		}
	}
	for b, err := range t.scan(only) {
		if err != nil {
			return nil, err
		}
		for c := range all.Cols {
			if only[c] {
				all.Cols[c].appendRange(&b.Cols[c], 0, b.N)
			}
		}
	}
	for c, f := range t.fields {
		if only[c] {
			all.Cols[c].Append(f, expr.Value{})
		}
	}
	return all, nil
}
