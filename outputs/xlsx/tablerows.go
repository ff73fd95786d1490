package xlsx

import (
	"context"
	"fmt"

	"github.com/reportform/reportform/runner/table"
)

// table writes header, rows and totals of t from the next row on.
func (p *page) table(ctx context.Context, t *tableSection) error {
	row := make([]cell, t.span())
	if err := p.head(t, row); err != nil {
		return err
	}
	if t.rows == 0 {
		return p.quiet(p.book.words.NoRows)
	}
	n := 0
	for batch, err := range t.block.Table.Rows().Seq {
		if err != nil {
			return fmt.Errorf("read table %q: %w", t.block.Dataset, err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		rows := min(batch.N, t.rows-n)
		for i := range rows {
			if p.full() {
				if err := p.endStretch(t); err != nil {
					return err
				}
				if err := p.turn(); err != nil {
					return err
				}
				if err := p.head(t, row); err != nil {
					return err
				}
			}
			t.fill(row, batch, i, place{p.name, p.next})
			if err := p.rows.write(p.next, 0, row); err != nil {
				return err
			}
			p.next++
		}
		if n += rows; n == t.rows {
			break
		}
	}
	p.book.rows += n
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

// span is how many cells a row of the table has, up to its last helper column.
func (t *tableSection) span() int {
	if n := len(t.columns); n > 0 {
		return t.columns[n-1].column + 1
	}
	return 0
}

// head writes the header, as high as its longest label wraps, and begins a stretch of rows.
func (p *page) head(t *tableSection, row []cell) error {
	clear(row)
	lines := 1
	for _, c := range t.columns {
		l := look{role: roleHeader, right: c.right(), indent: t.indent(c.right())}
		style, err := p.book.styles.id(l)
		if err != nil {
			return err
		}
		row[c.column] = cell{kind: text, text: c.label, style: style}
		if !c.helper {
			lines = max(lines, wrappedLines(c.label, p.grid.width(c.column)-labelMargin+0.5))
		}
	}
	if err := p.line(line{height: 14*float64(lines) + 10, cells: row}); err != nil {
		return err
	}
	t.parts = append(t.parts, stretch{sheet: p.name, first: p.next})
	clear(row)
	return nil
}

// fill sets the cells of a row to row i of a batch.
func (t *tableSection) fill(row []cell, batch *table.Batch, i int, at place) {
	for j := range t.columns {
		s := &t.columns[j]
		c := &row[s.column]
		put(c, batch.Cols[s.field].Value(t.fields[s.field], i), s.grain)
		c.style = s.style
		if c.kind == text {
			c.text, _ = legalText(c.text)
			c.style = s.textStyle
		}
		if s.total.Kind == table.TotalLast && c.kind != empty {
			t.last[j] = at
		}
	}
}

// endStretch closes the stretch of rows on this sheet, and gives it its filter.
func (p *page) endStretch(t *tableSection) error {
	part := &t.parts[len(t.parts)-1]
	part.last = p.next - 1
	if !t.filtered || part.last < part.first {
		return nil
	}
	return p.filter(part.first-1, part.last, t.seen)
}

// quiet writes a remark under a table.
func (p *page) quiet(s string) error {
	c, err := p.book.textCell(s, look{role: roleQuiet, indent: 1})
	if err != nil {
		return err
	}
	return p.line(line{height: 18, cells: []cell{c}})
}
