package xlsx

import (
	"context"
	"fmt"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
)

// line is one row that stands in a sheet as it is, with the columns that are united in it.
type line struct {
	height float64
	cells  []cell
	merges []span
	// own: what it says is the run's own value, and no part of the workbook's content.
	own bool
}

// span is some neighbouring columns, from up to and with to, counted from 0.
type span struct{ from, to int }

// section is what one block becomes: lines, or a table, whose rows are written while they are read.
type section struct {
	lines []line
	table *tableSection
	// place puts what floats above cells (a chart, a picture) over the lines, which are room for it and stay on one
	// leaf. It is called once every sheet is laid out, with the row of the first line.
	place func(l *leaf, row int) error
	// heads: it is a heading, which stays with what it heads.
	heads bool
}

// grid is a sheet's columns, which all its blocks share.
type grid struct {
	// widths in characters, 0 of a column that is hidden; one beyond them gets gridWidth when a block reaches it.
	widths []float64
	// fixed is how many of them are a table's.
	fixed int
}

// gridWidth is a column that no table needs, so that tiles and text find a measure.
const gridWidth = 10.5

func (g *grid) width(column int) float64 {
	for len(g.widths) <= column {
		g.widths = append(g.widths, gridWidth)
	}
	return g.widths[column]
}

// sum is the width of the first n columns.
func (g *grid) sum(n int) float64 {
	total := 0.0
	for _, w := range g.widths[:n] {
		total += w
	}
	return total
}

// reach returns the last of the columns from a first one on that together are at least wide; total is their width.
func (g *grid) reach(from int, wide float64) (last int, total float64) {
	last = from
	for total = g.width(from); total < wide && last < excelize.MaxColumns-1; total += g.width(last) {
		last++
	}
	return last, total
}

// sheet lays out one sheet of the document; a table that is too long goes on on others.
func (w *workbook) sheet(ctx context.Context, s outputs.Sheet, first bool) error {
	l, err := w.addSheet(s.Name)
	if err != nil {
		return err
	}
	if l.name != s.Name && s.Name != "" {
		w.notice("Sheet %q is named %q: a sheet name has at most 31 characters, none of : \\ / ? * [ ], and stands once in a workbook.", s.Name, l.name)
	}
	tables, err := w.sheetTables(ctx, s)
	if err != nil {
		return err
	}
	g := &grid{}
	for _, t := range tables {
		t.fit(g)
		if t.filtered {
			t.placeHelpers(g, t.seen)
		}
	}
	g.fixed = len(g.widths)
	for _, t := range tables {
		if t.beyond, err = t.taller(ctx, g); err != nil {
			return err
		}
	}
	sections, err := w.sections(s, g, tables, first)
	if err != nil {
		return err
	}
	w.tables = append(w.tables, tables...)
	p := &page{book: w, wanted: s.Name, leaf: l, grid: g}
	end := len(g.widths)
	for _, t := range tables {
		if !t.filtered {
			t.placeHelpers(g, end)
		}
	}
	if len(tables) == 1 {
		p.only = tables[0]
		for _, s := range sections {
			if s.table != nil {
				break
			}
			for _, l := range s.lines {
				p.above++
				p.high += max(l.height, lineHeight)
			}
		}
	}
	p.orient(sections)
	if err := p.open(); err != nil {
		return err
	}
	for _, s := range sections {
		if err := p.section(s); err != nil {
			return err
		}
	}
	return p.close()
}

// section puts a section under what the page has.
func (p *page) section(s section) error {
	if err := p.keep(s.least(p.paper.room)); err != nil {
		return err
	}
	if s.heads {
		p.paper.heading, p.paper.above = p.leaf.next, p.paper.used
	} else if !s.gap() {
		p.paper.heading = 0
	}
	if s.place != nil {
		p.floats = true
		if p.leaf.next+len(s.lines)-1 > p.book.maxRows {
			if err := p.turn(); err != nil {
				return err
			}
		}
		l, row := p.leaf, p.leaf.next
		p.book.placed = append(p.book.placed, func() error { return s.place(l, row) })
	}
	for _, l := range s.lines {
		if err := p.line(l); err != nil {
			return err
		}
	}
	if s.table == nil {
		return nil
	}
	return p.table(s.table)
}

// least is how much of the section a printed page has to hold before another may begin: all of it, or the first rows of a
// table that is longer than a page.
func (s section) least(room float64) float64 {
	if s.table != nil {
		const header, few, much = 38.0, 3, 0.5
		whole := header + float64(s.table.rows+2)*rowHeight + s.table.beyond
		// Rows of long texts are read one by one, and leave no page half empty.
		if whole <= room && (s.table.beyond == 0 || whole <= room*much) {
			return whole
		}
		return header + few*s.table.average()
	}
	high := 0.0
	for _, l := range s.lines {
		high += orDefault(l.height)
	}
	return high
}

// gap reports whether the section is but a distance between two others.
func (s section) gap() bool {
	return s.table == nil && s.place == nil && len(s.lines) == 1 && s.lines[0].cells == nil
}

// orDefault is how high a row is that says so, or says nothing.
func orDefault(height float64) float64 {
	if height == 0 {
		return rowHeight
	}
	return height
}

// sections lays the blocks out below each other. A heading that begins the sheet is its title, with the range below.
func (w *workbook) sections(s outputs.Sheet, g *grid, tables []*tableSection, first bool) ([]section, error) {
	var out []section
	gap := 0.0
	add := func(after float64, lines ...line) {
		if gap > 0 {
			out = append(out, section{lines: []line{{height: gap}}})
		}
		out = append(out, section{lines: lines})
		gap = after
	}
	float := func(s section) {
		add(blockGap)
		out[len(out)-1] = s
	}
	if first && w.styles.theme.Logo != nil {
		s, err := w.logo(g)
		if err != nil {
			return nil, err
		}
		float(s)
	}
	blocks := s.Blocks
	if len(blocks) > 0 {
		if h, ok := blocks[0].(outputs.Heading); ok {
			lines, err := w.title(h)
			if err != nil {
				return nil, err
			}
			add(blockGap, lines...)
			blocks = blocks[1:]
		}
	}
	if first && len(w.doc.Notices) > 0 {
		for _, n := range w.doc.Notices {
			lines, err := w.paragraph(n, roleNotice, g)
			if err != nil {
				return nil, err
			}
			add(blockGap, lines...)
		}
	}
	for i := 0; i < len(blocks); i++ {
		var lines []line
		var err error
		after := blockGap
		switch b := blocks[i].(type) {
		case outputs.Heading:
			lines, err = w.heading(b, roleHeading, headingHeight)
			after = headingGap
		case outputs.Text:
			lines, err = w.paragraph(b.Text, roleText, g)
		case outputs.KPIs:
			lines, err = w.kpis(b, g)
		case outputs.Chart:
			pair := side(blocks[i:])
			i += len(pair) - 1
			s, err := w.charts(pair, g)
			if err != nil {
				return nil, err
			}
			float(s)
			continue
		case outputs.Image:
			s, err := w.image(b, g)
			if err != nil {
				return nil, err
			}
			float(s)
			continue
		case outputs.TableBlock:
			if gap > 0 {
				out = append(out, section{lines: []line{{height: gap}}})
			}
			out = append(out, section{table: tables[0]})
			tables, gap = tables[1:], blockGap
			continue
		default:
			err = fmt.Errorf("a workbook cannot show a block of kind %T", b)
		}
		if err != nil {
			return nil, err
		}
		if len(lines) > 0 {
			add(after, lines...)
			_, out[len(out)-1].heads = blocks[i].(outputs.Heading)
		}
	}
	return out, nil
}

// side returns the chart that begins the blocks, and the next one where both are halves, which stand side by side.
func side(blocks []outputs.Block) []outputs.Chart {
	first, _ := blocks[0].(outputs.Chart)
	if first.Half && len(blocks) > 1 {
		if second, ok := blocks[1].(outputs.Chart); ok && second.Half {
			return []outputs.Chart{first, second}
		}
	}
	return []outputs.Chart{first}
}
