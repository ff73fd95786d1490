package table

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/reportform/reportform/spec/expr"
)

// Part is the rows of a table that have one value in a column.
type Part struct {
	// Key is the value as [expr.Plain] writes it: a text as it is, a date as 2026-11-09.
	Key string
	// Table has the rows in the order of the whole. It is to be closed like any other.
	Table *Table
}

// MaxParts is how many parts a table can have. A column with more values is not one to split by, but an id or a measure.
const MaxParts = 1000

// MissingKeyError says that rows belong to no part.
type MissingKeyError struct {
	Column string
	Rows   int // how many have no value, or a text of nothing but blanks
	First  int // the number of the first of them, from 1
}

// Error implements error.
func (e *MissingKeyError) Error() string {
	return fmt.Sprintf("rows without a value in the column %q: %d, the first is row %d", e.Column, e.Rows, e.First)
}

// Split divides a table by the values of a column: one part for each value, sorted by key, each with its rows in the
// table's order. Values that print alike are one value. The table stays as it is; an empty one has no parts.
//
// Rows that have no value are a [*MissingKeyError]. A column that is not there, more than [MaxParts] values, and values
// that readers and file systems would confuse are a [*Fault].
//
// Rows beyond what spool keeps in memory go into one file, which all parts share: each of them is a list of places in it,
// so that a thousand parts need one open file and no more memory than one table.
func Split(ctx context.Context, t *Table, column string, spool Spool) ([]Part, error) {
	fields := t.fields
	col, err := find(&fields, false, column, "")
	if err != nil {
		return nil, err
	}
	d := &divider{in: t, col: col, groups: newGrouper(t.fields, []int{col}), spool: spool}
	if err := d.findKeys(ctx); err != nil {
		return nil, err
	}
	if err := d.deal(ctx); err != nil {
		for _, p := range d.parts {
			_ = p.Table.Close() // the first error is the one that tells
		}
		return nil, err
	}
	return d.parts, nil
}

// keyOf returns the key of the part that a row with this value belongs to; "" where it belongs to none.
func keyOf(v expr.Value) string {
	key := expr.Plain(v)
	if strings.TrimSpace(key) == "" {
		return ""
	}
	return key
}

// divider deals the rows of a table to its parts. It reads them twice: the first time only the column, to know that the
// table can be divided at all.
type divider struct {
	in     *Table
	col    int
	groups *grouper // numbers the column's values
	spool  Spool

	parts []Part
	// partOf has the part of each of the grouper's numbers: values of several numbers may print alike.
	partOf []int

	pending [][]rowRef // the rows of each part that were dealt and not kept yet
	size    int64      // of pending, in bytes
	file    *spoolFile // nil while all are in memory
	w       writer
}

// findKeys makes the parts, without rows.
func (d *divider) findKeys(ctx context.Context) error {
	f := d.in.fields[d.col]
	only := make([]bool, len(d.in.fields))
	only[d.col] = true
	missing := MissingKeyError{Column: f.Name}
	known := map[string]bool{}
	var keys []string // of each number
	var numbers, firsts []int32
	row := 0
	for b, err := range d.in.scan(only) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		numbers = slices.Grow(numbers[:0], b.N)[:b.N]
		firsts = d.groups.number(b, numbers, firsts[:0])
		for _, i := range firsts {
			key := keyOf(b.Cols[d.col].Value(f, int(i)))
			keys = append(keys, key)
			if key != "" {
				known[key] = true
			}
		}
		if len(known) > MaxParts {
			return tooManyParts(f.Name)
		}
		for _, n := range numbers {
			row++
			if keys[n] != "" {
				continue
			}
			if missing.Rows++; missing.Rows == 1 {
				missing.First = row
			}
		}
	}
	if missing.Rows > 0 {
		return &missing
	}
	distinct := slices.Sorted(maps.Keys(known))
	for _, key := range distinct {
		d.parts = append(d.parts, Part{key, &Table{fields: d.in.fields}})
	}
	d.partOf = make([]int, len(keys))
	for n, key := range keys {
		d.partOf[n], _ = slices.BinarySearch(distinct, key)
	}
	return CheckKeys(f.Name, distinct)
}

// deal gives each part its rows.
func (d *divider) deal(ctx context.Context) error {
	d.pending = make([][]rowRef, len(d.parts))
	var numbers []int32
	for b, err := range d.in.scan(nil) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		numbers = slices.Grow(numbers[:0], b.N)[:b.N]
		d.groups.number(b, numbers, nil)
		for i, n := range numbers {
			p := d.partOf[n]
			d.pending[p] = append(d.pending[p], rowRef{b, i})
		}
		d.size += b.bytes() + int64(b.N)*16
		if d.size <= d.spool.memory() {
			continue
		}
		if d.file == nil {
			if err := d.spill(); err != nil {
				return err
			}
		}
		if err := d.flush(ctx); err != nil {
			return err
		}
	}
	return d.flush(ctx)
}

// spill makes the file that the parts share.
func (d *divider) spill() error {
	var err error
	if d.file, err = createSpool(d.spool.Dir, len(d.parts)); err != nil {
		return err
	}
	for _, p := range d.parts {
		p.Table.file = d.file
	}
	return nil
}

// flush moves the rows that were dealt into their parts.
func (d *divider) flush(ctx context.Context) error {
	for i, rows := range d.pending {
		if err := ctx.Err(); err != nil {
			return err
		}
		t := d.parts[i].Table
		for chunk := range slices.Chunk(rows, BatchRows) {
			b := together(t.fields, chunk)
			if d.file == nil {
				t.keep(b)
			} else if err := d.w.write(t, b); err != nil {
				return err
			}
		}
		d.pending[i] = nil // and with it the batches
	}
	d.size = 0
	return nil
}

func tooManyParts(column string) *Fault {
	return &Fault{
		Code:    "too-many-parts",
		Summary: "Too many parts",
		Detail:  fmt.Sprintf("The column %q has more than 1,000 different values, and there is a part for each: at most 1,000 are made.", column),
	}
}

// CheckKeys reports, as a [*Fault], two keys of parts that a computer tells apart and a reader or a file system does not.
// Split asks it of one table; who divides several by the same column asks it of all their keys together.
func CheckKeys(column string, keys []string) error {
	seen := make(map[string]string, len(keys))
	for _, key := range keys {
		plain := alike(key)
		if other, ok := seen[plain]; ok && other != key {
			return partsAlike(column, other, key)
		}
		seen[plain] = key
	}
	return nil
}

func partsAlike(column, a, b string) *Fault {
	f := &Fault{Code: "parts-alike", Summary: "Two parts look alike"}
	const harm = "Each would be a part, and readers and file systems would take one for the other."
	if strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) {
		f.Detail = fmt.Sprintf("The column %[1]q has the values %[2]q and %[3]q, which differ only in capitals or in blanks around them. "+harm+
			" Write them alike, for example:\n\n    - derive: {%[1]q: 'lower(trim(row[%[1]q]))'}", column, a, b)
	} else {
		f.Detail = fmt.Sprintf("The column %q has the values %+q and %+q, which are shown alike: an accented letter can be encoded as one character or as two. "+harm+
			" Write them alike where they come from, or leave one out with a where.", column, a, b)
	}
	return f
}

// alike returns the same for texts that look alike: composed, without blanks around them, each letter replaced by the
// first of those that differ only in case.
func alike(key string) string {
	return strings.Map(func(r rune) rune {
		for {
			next := unicode.SimpleFold(r)
			if next <= r {
				return next
			}
			r = next
		}
	}, norm.NFC.String(strings.TrimSpace(key)))
}
