package table

import (
	"cmp"
	"encoding/binary"
	"math"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/reportform/reportform/spec/expr"
)

// A sort key is a row's place in an order as bytes: rows compare as their keys do. One comparison serves sorting in
// memory and merging from disk, whatever the types and directions.

// keyMaker makes sort keys.
type keyMaker struct {
	keys   []keyColumn
	order  *collate.Collator
	buffer collate.Buffer
	// texts has the keys of texts seen before: a column of names has few of them.
	texts map[string][]byte
	// parts is where one column's key is put together.
	part []byte
}

type keyColumn struct {
	col  int
	typ  expr.Type
	desc bool
}

// knownTexts bounds keyMaker.texts.
const knownTexts = 1 << 14

func newKeyMaker(keys []keyColumn, locale string) *keyMaker {
	return &keyMaker{keys: keys, order: collator(locale), texts: map[string][]byte{}}
}

// collator knows the order of a language, English where none is said: its own letters, capitals after small ones, and
// numbers within texts by their size, so that "Queue 10" comes after "Queue 9".
func collator(locale string) *collate.Collator {
	tag := language.English
	if locale != "" {
		tag = language.Make(locale)
	}
	return collate.New(tag, collate.Numeric)
}

// TextOrder compares texts as a sort step orders them; what a language does not tell apart, it orders by code point.
func TextOrder(locale string) func(a, b string) int {
	order := collator(locale)
	return func(a, b string) int { return cmp.Or(order.CompareString(a, b), strings.Compare(a, b)) }
}

// Where a value stands before its content counts: missing ones come last in both directions.
const (
	present byte = iota + 1
	absent
)

// append adds the key of row i of b to buf.
func (m *keyMaker) append(buf []byte, b *Batch, i int) []byte {
	for _, k := range m.keys {
		v := &b.Cols[k.col]
		if !v.Valid[i] {
			buf = append(buf, absent)
			continue
		}
		buf = append(buf, present)
		m.part = m.value(m.part[:0], k.typ, v, i)
		if k.desc {
			for j := range m.part {
				m.part[j] = ^m.part[j]
			}
		}
		buf = append(buf, m.part...)
	}
	return buf
}

// signBit turned over makes signed numbers compare as unsigned ones.
const signBit = 1 << 63

func (m *keyMaker) value(buf []byte, t expr.Type, v *Vector, i int) []byte {
	switch storageOf(t) {
	case ints:
		if !v.understood(i) {
			// After all moments, by its text.
			return m.text(append(buf, 1), v.Strs[i])
		}
		if t == expr.Period {
			buf = append(buf, 0)
		}
		return binary.BigEndian.AppendUint64(buf, uint64(v.Ints[i])^signBit)
	case floats:
		x := v.Floats[i]
		if x == 0 {
			x = 0 // -0 is 0
		}
		u := math.Float64bits(x)
		if u&signBit != 0 {
			u = ^u
		} else {
			u |= signBit
		}
		return binary.BigEndian.AppendUint64(buf, u)
	case decimals:
		d := v.Decs[i]
		c := signed(0, d.Coef(), d.IsNeg())
		// At 19 digits after the point every decimal is a whole number below 2^127.
		for s := d.Scale(); s < 19; s++ {
			c, _ = c.tenfold()
		}
		buf = binary.BigEndian.AppendUint64(buf, uint64(c.hi)^signBit)
		return binary.BigEndian.AppendUint64(buf, c.lo)
	default:
		return m.text(buf, v.Strs[i])
	}
}

// text adds a text's key in the locale's order, so ended that a text comes before its continuations.
func (m *keyMaker) text(buf []byte, s string) []byte {
	key, ok := m.texts[s]
	if !ok {
		m.buffer.Reset()
		for _, c := range m.order.KeyFromString(&m.buffer, s) {
			key = append(key, c)
			if c == 0 {
				key = append(key, 0xff)
			}
		}
		key = append(key, 0, 0)
		if len(m.texts) == knownTexts {
			clear(m.texts)
		}
		m.texts[s] = key
	}
	return append(buf, key...)
}
