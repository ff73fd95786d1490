package table

import (
	"context"
	"fmt"
	"hash/crc32"
	"os"
	"sync/atomic"
)

// Spool says where a table may keep its rows.
type Spool struct {
	// Dir is the run's private folder for rows beyond Memory; empty means the system's temporary folder.
	Dir string
	// Memory is how many bytes of rows stay in memory; 0 means 8 MiB, some 35,000 rows of a report:
	// reading them back from disk costs less than writing them into a workbook by far, and many tables are open at once.
	Memory int64
}

func (s Spool) memory() int64 {
	if s.Memory == 0 {
		return 8 << 20
	}
	return s.Memory
}

// Table is a set of rows that can be read again and again, from several goroutines at once.
//
// While they are few the rows stay in memory. Once they outgrow it, all of them are in one temporary file, so that
// memory stays flat however many there are.
type Table struct {
	// Absent names the columns that a source declares and that none of its records had a place for, if only for a null.
	Absent []string
	// Quoted names the columns in whose texts the API quoted the credential that it was asked with, which is hidden there.
	Quoted []string

	fields []Field
	n      int

	batches []*Batch // while in memory
	size    int64    // of batches, in bytes

	file   *spoolFile // nil while in memory
	places []place

	cache aggregates
}

// spoolFile is a temporary file with the rows of a table, or of several that were divided from one.
type spoolFile struct {
	*os.File
	end int64
	// users are the tables that are not closed yet; the last one takes the file away.
	users atomic.Int32
}

func createSpool(dir string, users int) (*spoolFile, error) {
	f, err := os.CreateTemp(dir, "rows-*.spool")
	if err != nil {
		return nil, fmt.Errorf("keep rows on disk: %w", err)
	}
	s := &spoolFile{File: f}
	s.users.Store(int32(users))
	return s, nil
}

// release removes the file when nobody uses it any more.
func (f *spoolFile) release() error {
	if f.users.Add(-1) > 0 {
		return nil
	}
	err := f.Close()
	if e := os.Remove(f.Name()); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("remove rows from disk: %w", err)
	}
	return nil
}

// place is where an encoded batch stands in the file.
type place struct {
	offset int64
	length int
	sum    uint32 // CRC-32C, so that a damaged disk is an error and not a wrong figure
}

// castagnoli is the polynomial that processors compute by themselves.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Collect reads rows to their end into a table. On an error nothing is left on disk.
func Collect(ctx context.Context, rows Rows, spool Spool) (*Table, error) {
	t := &Table{fields: rows.Fields}
	if err := t.fill(ctx, rows, spool); err != nil {
		_ = t.Close() // the first error is the one that tells
		return nil, err
	}
	return t, nil
}

func (t *Table) fill(ctx context.Context, rows Rows, spool Spool) error {
	var w writer
	for b, err := range rechunk(rows) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if t.file != nil {
			if err := w.write(t, b); err != nil {
				return err
			}
			continue
		}
		t.keep(b)
		if t.size > spool.memory() {
			if err := t.spill(&w, spool.Dir); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep adds a batch in memory.
func (t *Table) keep(b *Batch) {
	t.batches = append(t.batches, b)
	t.n += b.N
	t.size += b.bytes()
}

// spill moves all rows from memory into a new file.
func (t *Table) spill(w *writer, dir string) error {
	var err error
	if t.file, err = createSpool(dir, 1); err != nil {
		return err
	}
	batches := t.batches
	t.batches, t.size, t.n = nil, 0, 0
	for _, b := range batches {
		if err := w.write(t, b); err != nil {
			return err
		}
	}
	return nil
}

// writer appends encoded batches to a table's file, one buffer for all of them.
type writer struct{ buf []byte }

func (w *writer) write(t *Table, b *Batch) error {
	w.buf = encode(w.buf[:0], t.fields, b)
	if _, err := t.file.Write(w.buf); err != nil {
		return fmt.Errorf("keep rows on disk: %w", err)
	}
	t.places = append(t.places, place{t.file.end, len(w.buf), crc32.Checksum(w.buf, castagnoli)})
	t.file.end += int64(len(w.buf))
	t.n += b.N
	return nil
}

// Fields describes the columns, hidden ones included.
func (t *Table) Fields() []Field { return t.fields }

// Len is the number of rows.
func (t *Table) Len() int { return t.n }

// Rows starts a new stream over all rows.
func (t *Table) Rows() Rows {
	return Rows{Fields: t.fields, Seq: t.scan(nil)}
}

// scan streams all batches; where only is not nil, the columns outside it have no data: they are not read from disk.
func (t *Table) scan(only []bool) func(func(*Batch, error) bool) {
	return func(yield func(*Batch, error) bool) {
		for _, b := range t.batches {
			if !yield(b, nil) {
				return
			}
		}
		var buf []byte
		for _, p := range t.places {
			if cap(buf) < p.length {
				buf = make([]byte, p.length)
			}
			buf = buf[:p.length]
			if _, err := t.file.ReadAt(buf, p.offset); err != nil {
				yield(nil, fmt.Errorf("read rows back: %w", err))
				return
			}
			if crc32.Checksum(buf, castagnoli) != p.sum {
				yield(nil, fmt.Errorf("read rows back: %s was changed or is damaged", t.file.Name()))
				return
			}
			if !yield(decode(buf, t.fields, only), nil) {
				return
			}
		}
	}
}

// Close lets go of the rows, on disk and in memory. The table cannot be read afterwards.
func (t *Table) Close() error {
	file := t.file
	t.file, t.places, t.batches, t.n, t.size = nil, nil, nil, 0, 0
	if file == nil {
		return nil
	}
	return file.release()
}
