package table

import (
	"fmt"
	"slices"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
)

// storage says which slice of a Vector holds a type's values.
type storage uint8

const (
	texts storage = iota
	ints
	floats
	decimals
)

// storageOf returns where values of type t are kept. A type that no column of rows has (a list, a column whose type
// is only known with data) counts as text, so that its missing values have a place.
func storageOf(t expr.Type) storage {
	switch t {
	case expr.Integer, expr.Boolean, expr.Duration, expr.Date, expr.DateTime, expr.Period:
		return ints
	case expr.Percent, expr.Ratio:
		return floats
	case expr.Decimal:
		return decimals
	default:
		return texts
	}
}

// NewVector returns an empty column for values of f, with room for capacity rows.
func NewVector(f Field, capacity int) Vector {
	v := Vector{Valid: make([]bool, 0, capacity)}
	switch storageOf(f.Type) {
	case ints:
		v.Ints = make([]int64, 0, capacity)
	case floats:
		v.Floats = make([]float64, 0, capacity)
	case decimals:
		v.Decs = make([]decimal.Decimal, 0, capacity)
	default:
		v.Strs = make([]string, 0, capacity)
	}
	return v
}

// Value returns row i as a value of the type of f, the field the vector was made for.
func (v *Vector) Value(f Field, i int) expr.Value {
	x := expr.Value{Type: f.Type, Valid: v.Valid[i]}
	if !x.Valid {
		return x
	}
	switch storageOf(f.Type) {
	case ints:
		x.Int = v.Ints[i]
		if v.Strs != nil {
			x.Str = v.Strs[i]
		}
	case floats:
		x.Float = v.Floats[i]
	case decimals:
		x.Dec = v.Decs[i]
	default:
		x.Str = v.Strs[i]
	}
	return x
}

// Append adds x as the last row. A valid value must be of the type of f, else Append panics:
// the figure would silently become another one.
func (v *Vector) Append(f Field, x expr.Value) {
	if !x.Valid {
		x = expr.Value{}
	} else if x.Type != f.Type {
		panic(fmt.Sprintf("table: value of type %d appended to column %q of type %d", x.Type, f.Name, f.Type))
	}
	v.Valid = append(v.Valid, x.Valid)
	switch storageOf(f.Type) {
	case ints:
		v.Ints = append(v.Ints, x.Int)
		// A period's own text is kept only where it names no moment; else the column goes without texts.
		notUnderstood := x.Valid && f.Type == expr.Period && x.Int == expr.NoTime
		switch {
		case notUnderstood:
			v.padStrs(len(v.Ints) - 1)
			v.Strs = append(v.Strs, x.Str)
		case v.Strs != nil:
			v.Strs = append(v.Strs, "")
		}
	case floats:
		v.Floats = append(v.Floats, x.Float)
	case decimals:
		v.Decs = append(v.Decs, x.Dec)
	default:
		v.Strs = append(v.Strs, x.Str)
	}
}

// padStrs gives a period's column n texts when it had none so far.
func (v *Vector) padStrs(n int) {
	if v.Strs == nil {
		v.Strs = make([]string, n, max(n+1, cap(v.Valid)))
	}
}

// appendRange adds rows from up to but without until of src, a vector of the same type.
func (v *Vector) appendRange(src *Vector, from, until int) {
	n := len(v.Valid)
	v.Valid = append(v.Valid, src.Valid[from:until]...)
	if src.Ints != nil {
		v.Ints = append(v.Ints, src.Ints[from:until]...)
		switch {
		case src.Strs != nil:
			v.padStrs(n)
			v.Strs = append(v.Strs, src.Strs[from:until]...)
		case v.Strs != nil:
			v.Strs = append(v.Strs, make([]string, until-from)...)
		}
		return
	}
	switch {
	case src.Floats != nil:
		v.Floats = append(v.Floats, src.Floats[from:until]...)
	case src.Decs != nil:
		v.Decs = append(v.Decs, src.Decs[from:until]...)
	default:
		v.Strs = append(v.Strs, src.Strs[from:until]...)
	}
}

// gather returns the rows of v that stand in index, in that order.
func (v *Vector) gather(index []int32) Vector {
	return Vector{
		Valid:  pick(v.Valid, index),
		Ints:   pick(v.Ints, index),
		Floats: pick(v.Floats, index),
		Decs:   pick(v.Decs, index),
		Strs:   pick(v.Strs, index),
	}
}

func pick[T any](s []T, index []int32) []T {
	if s == nil {
		return nil
	}
	out := make([]T, len(index))
	for i, j := range index {
		out[i] = s[j]
	}
	return out
}

// head returns the first n rows, sharing memory with v.
func (v *Vector) head(n int) Vector {
	return Vector{
		Valid:  cut(v.Valid, n),
		Ints:   cut(v.Ints, n),
		Floats: cut(v.Floats, n),
		Decs:   cut(v.Decs, n),
		Strs:   cut(v.Strs, n),
	}
}

func cut[T any](s []T, n int) []T {
	if s == nil {
		return nil
	}
	return slices.Clip(s[:n])
}

// bytes estimates the memory that v takes.
func (v *Vector) bytes() int64 {
	n := int64(len(v.Valid)) + 8*int64(len(v.Ints)+len(v.Floats)) + 16*int64(len(v.Decs)+len(v.Strs))
	for _, s := range v.Strs {
		n += int64(len(s))
	}
	return n
}
