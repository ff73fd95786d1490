package xlsx

import (
	"context"
	"fmt"
	"io"
)

// sheetFolder is where the parts with rows are; a sheet's has its number, from 1.
const sheetFolder = "xl/worksheets/sheet"

// leaf is one sheet of the workbook. It is laid out before anything is written, so that formulas, charts and names can
// say where things stand on whatever sheet. Its rows are made while excelize hands over its part, from which they are
// missing: nothing keeps them, and no call of excelize's has to read them again.
type leaf struct {
	name string
	// strips are its rows from top to bottom; next is the number of the row after them, from 1.
	strips []strip
	next   int
	// filter is the area that has one, "" for none; united are the areas of united cells.
	filter string
	united []string
}

// strip is some rows of a leaf, from row number first on: lines, or a table's rows from up to but without until.
type strip struct {
	first       int
	lines       []line
	table       *tableSection
	from, until int
}

// add puts a line under what the leaf has.
func (l *leaf) add(at line) {
	if n := len(l.strips); n == 0 || l.strips[n-1].table != nil {
		l.strips = append(l.strips, strip{first: l.next})
	}
	last := &l.strips[len(l.strips)-1]
	last.lines = append(last.lines, at)
	for _, m := range at.merges {
		l.united = append(l.united, ref(m.from, l.next)+":"+ref(m.to, l.next))
	}
	l.next++
}

// area names all cells of the leaf, "" where it has none.
func (l *leaf) area() string {
	columns := 0
	for _, s := range l.strips {
		for _, at := range s.lines {
			columns = max(columns, len(at.cells))
		}
		if s.table != nil {
			columns = max(columns, s.table.span())
		}
	}
	if columns == 0 {
		return ""
	}
	return "A1:" + ref(columns-1, l.next-1)
}

// write writes the rows.
func (l *leaf) write(ctx context.Context, out io.Writer) error {
	w := &rowWriter{out: out}
	for _, s := range l.strips {
		if s.table != nil {
			if err := s.table.write(ctx, w, s); err != nil {
				return fmt.Errorf("write sheet %q: %w", l.name, err)
			}
			continue
		}
		for i, at := range s.lines {
			if err := w.said(s.first+i, at); err != nil {
				return fmt.Errorf("write sheet %q: %w", l.name, err)
			}
		}
	}
	return w.flush()
}

// said writes a line; one of the run's own past the digest of what is said.
func (w *rowWriter) said(row int, at line) error {
	out, ok := w.out.(partWriter)
	if !at.own || !ok {
		return w.line(row, at)
	}
	if err := w.flush(); err != nil {
		return err
	}
	w.out = ownWriter(out)
	if err := w.line(row, at); err != nil {
		return err
	}
	err := w.flush()
	w.out = out
	return err
}

// below is what stands in a sheet's part next to its rows (ECMA-376, 18.3.1.99): the filter and the united cells.
// excelize makes cells of what is united, for which it would need the rows above, and calls a sheet with a filter filtered.
func (l *leaf) below() []byte {
	var b []byte
	if l.filter != "" {
		b = fmt.Appendf(b, `<autoFilter ref="%s"/>`, l.filter)
	}
	if len(l.united) > 0 {
		b = fmt.Appendf(b, `<mergeCells count="%d">`, len(l.united))
		for _, area := range l.united {
			b = fmt.Appendf(b, `<mergeCell ref="%s"/>`, area)
		}
		b = append(b, `</mergeCells>`...)
	}
	return b
}
