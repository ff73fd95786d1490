package table

import (
	"encoding/binary"
	"math"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/spec/expr"
)

// An encoded batch is the number of its rows and then its columns, each with its length before it, so that a reader
// can pass over those it does not need. A column is its validity and its data:
//
//	whole numbers    the least one, and what each is above it, in 0, 1, 2, 4 or 8 bytes
//	floats           0 and the one value they all have, or 8 bytes each
//	decimals         a scale and their coefficients as whole numbers, or their texts where scales differ
//	texts            the distinct ones, and which of them each row has as whole numbers
//
// The file is read by the process that wrote it, which has checked its sum: nothing here is open to the world.

// How the validity of a column is written.
const (
	allMissing byte = iota
	allValid
	someValid // a byte a row
)

func encode(buf []byte, fields []Field, b *Batch) []byte {
	buf = binary.AppendUvarint(buf, uint64(b.N))
	for i, f := range fields {
		at := len(buf)
		buf = append(buf, 0, 0, 0, 0)
		buf = encodeVector(buf, f.Type, &b.Cols[i], b.N)
		binary.LittleEndian.PutUint32(buf[at:], uint32(len(buf)-at-4))
	}
	return buf
}

func encodeVector(buf []byte, t expr.Type, v *Vector, n int) []byte {
	valid := 0
	for _, ok := range v.Valid[:n] {
		if ok {
			valid++
		}
	}
	switch valid {
	case 0:
		return append(buf, allMissing)
	case n:
		buf = append(buf, allValid)
	default:
		buf = append(buf, someValid)
		for _, ok := range v.Valid[:n] {
			buf = append(buf, bit(ok))
		}
	}
	switch storageOf(t) {
	case ints:
		buf = encodeInts(buf, v.Ints[:n])
		buf = append(buf, bit(v.Strs != nil))
		if v.Strs != nil {
			buf = encodeTexts(buf, v.Strs[:n])
		}
	case floats:
		buf = encodeFloats(buf, v.Floats[:n])
	case decimals:
		buf = encodeDecimals(buf, v.Decs[:n])
	default:
		buf = encodeTexts(buf, v.Strs[:n])
	}
	return buf
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func encodeInts[T int32 | int64](buf []byte, s []T) []byte {
	least, most := s[0], s[0]
	for _, x := range s {
		least, most = min(least, x), max(most, x)
	}
	// The difference of two int64 fits a uint64 even where it overflows an int64.
	width := byteWidth(uint64(int64(most)) - uint64(int64(least)))
	buf = binary.AppendVarint(buf, int64(least))
	buf = append(buf, width)
	base := uint64(int64(least))
	switch width {
	case 1:
		for _, x := range s {
			buf = append(buf, byte(uint64(int64(x))-base))
		}
	case 2:
		for _, x := range s {
			buf = binary.LittleEndian.AppendUint16(buf, uint16(uint64(int64(x))-base))
		}
	case 4:
		for _, x := range s {
			buf = binary.LittleEndian.AppendUint32(buf, uint32(uint64(int64(x))-base))
		}
	case 8:
		for _, x := range s {
			buf = binary.LittleEndian.AppendUint64(buf, uint64(int64(x))-base)
		}
	}
	return buf
}

// byteWidth is how many bytes a number up to most takes: 0, 1, 2, 4 or 8.
func byteWidth(most uint64) byte {
	switch {
	case most == 0:
		return 0
	case most <= math.MaxUint8:
		return 1
	case most <= math.MaxUint16:
		return 2
	case most <= math.MaxUint32:
		return 4
	default:
		return 8
	}
}

func encodeFloats(buf []byte, s []float64) []byte {
	first := math.Float64bits(s[0])
	same := true
	for _, x := range s {
		same = same && math.Float64bits(x) == first
	}
	if same {
		s = s[:1]
	}
	buf = append(buf, bit(!same))
	for _, x := range s {
		buf = binary.LittleEndian.AppendUint64(buf, math.Float64bits(x))
	}
	return buf
}

// mixedScales stands for the scale of decimals that are written as texts.
const mixedScales = 0xff

func encodeDecimals(buf []byte, s []decimal.Decimal) []byte {
	coefs := make([]int64, len(s))
	for i, d := range s {
		if d.Scale() != s[0].Scale() || d.Coef() > math.MaxInt64 {
			return encodeMixed(buf, s)
		}
		coefs[i] = int64(d.Coef())
		if d.IsNeg() {
			coefs[i] = -coefs[i]
		}
	}
	buf = append(buf, byte(s[0].Scale()))
	return encodeInts(buf, coefs)
}

func encodeMixed(buf []byte, s []decimal.Decimal) []byte {
	words := make([]string, len(s))
	for i, d := range s {
		words[i] = d.String()
	}
	return encodeTexts(append(buf, mixedScales), words)
}

func encodeTexts(buf []byte, s []string) []byte {
	codes := make([]int32, len(s))
	known := make(map[string]int32, 64)
	var words []string
	total := 0
	last, lastCode := "", int32(-1)
	for i, x := range s {
		if x == last && lastCode >= 0 {
			codes[i] = lastCode
			continue
		}
		code, ok := known[x]
		if !ok {
			code = int32(len(words))
			known[x] = code
			words = append(words, x)
			total += len(x)
		}
		codes[i] = code
		last, lastCode = x, code
	}
	buf = binary.AppendUvarint(buf, uint64(len(words)))
	buf = binary.AppendUvarint(buf, uint64(total))
	for _, w := range words {
		buf = binary.AppendUvarint(buf, uint64(len(w)))
	}
	for _, w := range words {
		buf = append(buf, w...)
	}
	return encodeInts(buf, codes)
}
