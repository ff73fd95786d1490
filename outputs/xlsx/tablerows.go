package xlsx

import (
	"context"
	"fmt"
)

// table lays out header, rows and totals of t from the next row on.
func (p *page) table(t *tableSection) error {
	if err := p.head(t); err != nil {
		return err
	}
	if t.rows == 0 {
		if err := p.emptyObject(t); err != nil {
			return err
		}
		return p.quiet(p.book.words.NoRows)
	}
	for n := 0; n < t.rows; {
		if p.full() {
			if err := p.endStretch(t); err != nil {
				return err
			}
			if err := p.turn(); err != nil {
				return err
			}
			if err := p.head(t); err != nil {
				return err
			}
		}
		until := min(t.rows, n+p.book.maxRows-p.leaf.next+1)
		p.leaf.strips = append(p.leaf.strips, strip{first: p.leaf.next, table: t, from: n, until: until})
		p.leaf.next += until - n
		p.paper.fill(until-n, t.average())
		n = until
	}
	p.book.rows += t.rows
	if err := p.endStretch(t); err != nil {
		return err
	}
	if t.totals != nil {
		if err := p.totals(t); err != nil {
			return err
		}
	}
	if t.cut() {
		return p.quiet(p.book.words.RowsShown(t.rows, t.block.Table.Len(), false))
	}
	return nil
}

// filled is how many cells a row of the table has, up to its last helper column.
func (t *tableSection) filled() int {
	if n := len(t.columns); n > 0 {
		return t.columns[n-1].column + 1
	}
	return 0
}

// span is how many with the marks.
func (t *tableSection) span() int {
	if t.marked {
		return t.marks + 1
	}
	return t.filled()
}

// head writes the header, as high as its longest label wraps, and begins a stretch of rows.
func (p *page) head(t *tableSection) error {
	row := make([]cell, t.filled())
	lines, margin := 1, cellMargin
	if t.filtered {
		margin = labelMargin
	}
	for i := range t.columns {
		c := &t.columns[i]
		c.room = p.grid.width(c.column) - cellMargin
		l := look{role: roleHeader, right: c.right(), indent: t.indent(c.right())}
		style, err := p.book.styles.id(l)
		if err != nil {
			return err
		}
		row[c.column] = cell{kind: text, text: c.label, style: style}
		if !c.helper {
			lines = max(lines, wrappedLines(c.label, p.grid.width(c.column)-margin+0.5))
		}
	}
	if err := p.line(line{height: 14*float64(lines) + 10, cells: row}); err != nil {
		return err
	}
	before := 0
	if n := len(t.parts); n > 0 {
		last := t.parts[n-1]
		before = last.before + last.last - last.first + 1
	}
	t.parts = append(t.parts, stretch{sheet: p.leaf.name, first: p.leaf.next, before: before})
	return nil
}

// endStretch closes the stretch of rows on this sheet, and gives it its marks and its filter.
func (p *page) endStretch(t *tableSection) error {
	part := &t.parts[len(t.parts)-1]
	part.last = p.leaf.next - 1
	if part.last < part.first {
		return nil
	}
	if err := p.marks(t, *part); err != nil {
		return err
	}
	if t.block.Object != "" {
		return p.object(t, *part)
	}
	if !t.filtered {
		return nil
	}
	return p.filter(part.first-1, part.last, t.filled())
}

// quiet writes a remark under a table.
func (p *page) quiet(s string) error {
	c, err := p.book.textCell(s, look{role: roleQuiet, indent: 1})
	if err != nil {
		return err
	}
	return p.line(line{height: 18, cells: []cell{c}})
}

// write writes the table's rows that stand on a strip of a leaf.
func (t *tableSection) write(ctx context.Context, w *rowWriter, s strip) error {
	columns, mark, heights := t.encoders(), t.marker(s, w), t.heights()
	n, row := 0, s.first
	for batch, err := range t.block.Table.Rows().Seq {
		if err != nil {
			return fmt.Errorf("read table %q: %w", t.block.Dataset, err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		for i := max(0, s.from-n); i < min(batch.N, s.until-n); i++ {
			w.begin(row, heights.of(batch.Cols, i))
			for j := range columns {
				c := &columns[j]
				c.cell(w, &batch.Cols[c.field], i)
			}
			mark.cell(w)
			if err := w.end(); err != nil {
				return err
			}
			row++
		}
		if n += batch.N; n >= s.until {
			break
		}
	}
	if written := row - s.first; written != s.until-s.from {
		return fmt.Errorf("read table %q: %d rows are missing", t.block.Dataset, s.until-s.from-written)
	}
	return nil
}
