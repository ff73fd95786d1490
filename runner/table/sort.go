package table

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"strconv"

	"github.com/reportform/reportform/spec/expr"
)

// Sort orders rows by keys, stably: rows of one place keep their order. Missing values come last in both directions,
// texts in the order of the locale's language, periods by time.
//
// Rows beyond what Spool keeps in memory are sorted in stretches on disk and merged, so that memory stays flat.
type Sort struct {
	Keys []SortKey
	// Locale is a language such as "pl"; empty means "en".
	Locale string
	Spool  Spool
}

// SortKey is a column to sort by.
type SortKey struct {
	Name string
	Desc bool
}

// Fields implements Step.
func (s Sort) Fields(in []Field, open bool) ([]Field, error) {
	_, err := s.plan(in, open)
	return in, err
}

func (s Sort) plan(in []Field, open bool) ([]keyColumn, error) {
	keys := make([]keyColumn, len(s.Keys))
	for i, k := range s.Keys {
		col, err := find(&in, open, k.Name, strconv.Itoa(i))
		if err != nil {
			return nil, err
		}
		keys[i] = keyColumn{col, in[col].Type, k.Desc}
	}
	return keys, nil
}

func (s Sort) bind(spool Spool, _ expr.Env) Step {
	s.Spool = spool
	return s
}

// Apply implements Step.
func (s Sort) Apply(ctx context.Context, in Rows) Rows {
	keys, err := s.plan(in.Fields, false)
	if err != nil {
		return failed(err)
	}
	return Rows{Fields: in.Fields, Seq: func(yield func(*Batch, error) bool) {
		x := &sorter{fields: in.Fields, keys: newKeyMaker(keys, s.Locale), spool: s.Spool}
		err := x.sort(ctx, in, func(b *Batch) bool { return yield(b, nil) })
		if e := x.close(); err == nil {
			err = e
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	}}
}

// errStopped says that the reader wants no more rows, and must not be called again.
var errStopped = errors.New("the reader stopped")

// sorter sorts one stream.
type sorter struct {
	fields []Field
	keys   *keyMaker
	spool  Spool

	batches []*Batch // not sorted yet
	size    int64
	runs    []*Table // sorted stretches on disk, in the order of the input
}

// keyedRow is a row with its key, which stands in a buffer that all rows of a batch share.
type keyedRow struct {
	key []byte
	rowRef
	n int // its number in the input, which decides between equals
}

func (x *sorter) sort(ctx context.Context, in Rows, emit func(*Batch) bool) error {
	for b, err := range rechunk(in) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		x.batches = append(x.batches, b)
		// A row's key and its place take about as much again as a few columns.
		x.size += b.bytes() + int64(b.N)*int64(32+24*len(x.keys.keys))
		if x.size > x.spool.memory() {
			if err := x.flush(ctx); err != nil {
				return err
			}
		}
	}
	rest := x.sorted()
	if len(x.runs) == 0 {
		return drain(ctx, rest, emit)
	}
	return x.merge(ctx, rest, emit)
}

func drain(ctx context.Context, seq iter.Seq[*Batch], emit func(*Batch) bool) error {
	for b := range seq {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !emit(b) {
			return errStopped
		}
	}
	return nil
}

// flush sorts what is in memory into a run on disk.
func (x *sorter) flush(ctx context.Context) error {
	seq := x.sorted()
	run, err := Collect(ctx, Rows{Fields: x.fields, Seq: func(yield func(*Batch, error) bool) {
		for b := range seq {
			if !yield(b, nil) {
				return
			}
		}
	}}, Spool{Dir: x.spool.Dir, Memory: -1})
	if err != nil {
		return err
	}
	x.runs = append(x.runs, run)
	x.batches, x.size = nil, 0
	return nil
}

// sorted returns the rows in memory in order.
func (x *sorter) sorted() iter.Seq[*Batch] {
	var rows []keyedRow
	for _, b := range x.batches {
		var buf []byte
		ends := make([]int, b.N)
		for i := range b.N {
			buf = x.keys.append(buf, b, i)
			ends[i] = len(buf)
		}
		from := 0
		for i, end := range ends {
			rows = append(rows, keyedRow{buf[from:end], rowRef{b, i}, len(rows)})
			from = end
		}
	}
	slices.SortFunc(rows, func(a, b keyedRow) int { return cmp.Or(bytes.Compare(a.key, b.key), a.n-b.n) })
	return func(yield func(*Batch) bool) {
		refs := make([]rowRef, 0, BatchRows)
		for chunk := range slices.Chunk(rows, BatchRows) {
			refs = refs[:0]
			for _, r := range chunk {
				refs = append(refs, r.rowRef)
			}
			if !yield(together(x.fields, refs)) {
				return
			}
		}
	}
}

func (x *sorter) close() error {
	var err error
	for _, run := range x.runs {
		err = errors.Join(err, run.Close())
	}
	return err
}

// runCursor is the next row of a run.
type runCursor struct {
	next func() (*Batch, error, bool)
	b    *Batch
	i    int
	key  []byte
}

// advance goes to the following row; false at the end.
func (c *runCursor) advance(keys *keyMaker) (bool, error) {
	c.i++
	for c.b == nil || c.i >= c.b.N {
		b, err, ok := c.next()
		if !ok || err != nil {
			return false, err
		}
		c.b, c.i = b, 0
	}
	c.key = keys.append(c.key[:0], c.b, c.i)
	return true, nil
}

// merge hands out the rows of all runs and of the rest, which is the last of them, in order.
func (x *sorter) merge(ctx context.Context, rest iter.Seq[*Batch], emit func(*Batch) bool) error {
	streams := make([]iter.Seq2[*Batch, error], 0, len(x.runs)+1)
	for _, run := range x.runs {
		streams = append(streams, run.scan(nil))
	}
	streams = append(streams, func(yield func(*Batch, error) bool) {
		for b := range rest {
			if !yield(b, nil) {
				return
			}
		}
	})
	var open []*runCursor
	for _, s := range streams {
		next, stop := iter.Pull2(s)
		defer stop()
		c := &runCursor{next: next}
		ok, err := c.advance(x.keys)
		if err != nil {
			return err
		}
		if ok {
			open = append(open, c)
		}
	}
	refs := make([]rowRef, 0, BatchRows)
	for len(open) > 0 {
		// Runs are few, some dozens for millions of rows: looking at each is as quick as a heap.
		// The first of equals is of the earlier run, which keeps the order stable.
		least := 0
		for i := 1; i < len(open); i++ {
			if bytes.Compare(open[i].key, open[least].key) < 0 {
				least = i
			}
		}
		c := open[least]
		refs = append(refs, rowRef{c.b, c.i})
		ok, err := c.advance(x.keys)
		if err != nil {
			return err
		}
		if !ok {
			open = slices.Delete(open, least, least+1)
		}
		if len(refs) == BatchRows || len(open) == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if !emit(together(x.fields, refs)) {
				return errStopped
			}
			refs = refs[:0]
		}
	}
	return nil
}
