package source

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"slices"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// integrity watches whether the pages of a fetch fit together.
type integrity struct {
	f      *fetch
	fields []table.Field
	// key is where the source's key columns are.
	key  []int
	seed maphash.Seed
	// seen has the digests of the keys on earlier pages. Eight bytes of a keyed hash spare the memory of the keys;
	// two of a million rows meet by chance once in forty million fetches.
	seen digestSet
	// pageOf has the number of the page of each digest.
	pageOf map[uint64]int
	total  int64
	pages  int
	rows   int
	// first is how many rows the first page has, and firstDigest of what.
	first       int
	firstDigest uint64
	// digests are those of the page at hand.
	digests []uint64
	buf     []byte
}

func newIntegrity(f *fetch) *integrity {
	w := &integrity{f: f, fields: f.layout.fields, total: -1, seed: maphash.MakeSeed(), pageOf: map[uint64]int{}}
	for _, name := range f.r.Source.Key {
		if i := slices.IndexFunc(w.fields, func(f table.Field) bool { return f.Name == name }); i >= 0 {
			w.key = append(w.key, i)
		}
	}
	return w
}

// page looks at the next page.
func (w *integrity) page(pg *page) error {
	w.pages++
	switch {
	case w.pages == 1:
		w.total, w.first, w.firstDigest = pg.total, pg.rows, pg.digest
	case pg.total != w.total && pg.rows > 0:
		return w.changed("Page 1 announced %d records, page %d announces %d.", w.total, w.pages, pg.total)
	}
	if p := w.f.paging; p.nextIs != nothingNext && pg.rows > 0 {
		earlier, twice := w.pageOf[pg.digest]
		switch {
		case p.Limit != "" && pg.rows > p.Size && int64(w.rows+pg.rows) != w.total:
			return w.f.wrongPaging(w.at(), "Page %d has %d rows where %d were asked for: the API does not heed the parameter %s. "+
				"Correct its name in the source's paging, or leave paging out where the API gives all rows at once.", w.pages, pg.rows, p.Size, p.Limit)
		case twice:
			return w.f.sameRows(w.at(), w.pages, earlier)
		}
		w.pageOf[pg.digest] = w.pages
	}
	for _, b := range pg.batches {
		if err := w.repeats(b); err != nil {
			return err
		}
	}
	w.next()
	return nil
}

// repeats finds a record that stood on an earlier page. One that stands twice on the same page was not brought there
// by paging.
func (w *integrity) repeats(b *table.Batch) error {
	for i := range b.N {
		w.rows++
		digest, ok := w.digest(b, i)
		if !ok {
			continue
		}
		if w.seen.has(digest) {
			return w.changed("Row %d on page %d is the same record as one on an earlier page.", w.rows, w.pages)
		}
		w.digests = append(w.digests, digest)
	}
	return nil
}

// slice finds a record that stood in an earlier slice. Next goes on to the next one.
func (w *integrity) slice(b *table.Batch) error {
	for i := range b.N {
		digest, ok := w.digest(b, i)
		if !ok {
			continue
		}
		if w.seen.has(digest) {
			text := "A record of this slice of the range came with an earlier slice, too."
			if window := w.f.r.Source.Window; window != nil && !window.Inclusive {
				text += " Where the API takes the end of a range as a part of it, say so in the source's range: end: inclusive."
			}
			return w.changed("%s", text)
		}
		w.digests = append(w.digests, digest)
	}
	return nil
}

// next ends a page, or a slice.
func (w *integrity) next() {
	for _, digest := range w.digests {
		w.seen.add(digest)
	}
	w.digests = w.digests[:0]
}

// digest is of a row's key; ok is false where the row has none.
func (w *integrity) digest(b *table.Batch, row int) (digest uint64, ok bool) {
	buf := w.buf[:0]
	for _, c := range w.key {
		v := b.Cols[c].Value(w.fields[c], row)
		if !v.Valid {
			buf = append(buf, 0)
			continue
		}
		ok = true
		buf = append(buf, 1)
		if v.Type == expr.Decimal {
			v.Str = v.Dec.String()
		}
		buf = binary.LittleEndian.AppendUint64(buf, uint64(v.Int))
		buf = binary.LittleEndian.AppendUint64(buf, math.Float64bits(v.Float))
		buf = binary.LittleEndian.AppendUint64(buf, uint64(len(v.Str)))
		buf = append(buf, v.Str...)
	}
	w.buf = buf
	return maphash.Bytes(w.seed, buf), ok
}

// end looks at the whole: as many rows as were announced must have come.
func (w *integrity) end() error {
	if w.total < 0 || w.total == int64(w.rows) {
		return nil
	}
	text := fmt.Sprintf("The API announced %d records and gave %d.", w.total, w.rows)
	if p := w.f.paging; p.nextIs == nextNumber && w.first > 0 && w.first < p.Size && w.total > int64(w.rows) {
		text += " " + capped(1, w.first, p.Size)
	}
	return w.changed("%s", text)
}

// again looks at the first page once more, which was asked for behind the last one.
func (w *integrity) again(pg *page) error {
	switch {
	case pg.total != w.total:
		return w.changed("Page 1 announced %d records, and behind page %d it announces %d.", w.total, w.pages, pg.total)
	case pg.rows != w.first || pg.digest != w.firstDigest:
		return w.changed("Page 1 has other rows behind page %d than it had at the beginning: rows moved from page to page while they were read.", w.pages)
	}
	return nil
}

// changed is a fault that rows make which change while they are read.
func (w *integrity) changed(format string, args ...any) error {
	err := w.fault(format, args...)
	if e, ok := errors.AsType[*Error](err); ok {
		e.unsteady = true
	}
	return err
}

func (w *integrity) fault(format string, args ...any) error {
	return w.f.integrityFault(w.at(), format, args...)
}

// at is the place that errors name: the first page, by which the whole can be asked for again.
func (w *integrity) at() place { return w.f.paging.number(0, w.f.paging.Size) }
