package xlsx

import (
	"context"
	"fmt"
	"slices"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

const (
	minWidth = 8.0
	maxWidth = 60.0
	// cellMargin is for an indent and the cell's own edges, labelMargin for those and the filter's button: as much as
	// a figure keeps free in a table that has a filter.
	cellMargin  = 3.0
	labelMargin = 4.5
	// mostWrapped is how many rows a table has whose long texts are shown whole: a longer one is no page, but data.
	mostWrapped = 2000
	// bold is how much wider than usual text it is.
	bold = 1.08
)

// tableSection is a table block on its way into a sheet.
type tableSection struct {
	block  outputs.TableBlock
	fields []table.Field
	// columns are those that are seen, then helpers.
	columns []shown
	seen    int
	// rows is how many of the table's are shown.
	rows int
	// marked: a hidden column, marks, says of each row whether it is seen.
	marked bool
	marks  int
	// totals has a value for each column, nil where no totals row is wanted.
	totals []expr.Value
	// filtered: it is its sheet's only table or an object of Excel's, and has a filter.
	filtered bool
	// beyond is how much higher its rows are together than rows of one line, in points.
	beyond float64
	// parts are the stretches of rows, one for each sheet that the table reaches.
	parts []stretch
}

// stretch is some rows of a table on one sheet, from row first up to and with row last of it. before is how many of the
// table's rows stand on sheets before.
type stretch struct {
	sheet       string
	first, last int
	before      int
}

// sheetTables prepares the tables of a sheet: which columns, how wide, which totals.
func (w *workbook) sheetTables(ctx context.Context, s outputs.Sheet) ([]*tableSection, error) {
	var blocks []outputs.TableBlock
	for _, b := range s.Blocks {
		if block, ok := b.(outputs.TableBlock); ok {
			blocks = append(blocks, block)
		}
	}
	widest := 0
	for _, block := range blocks {
		wanted, err := block.Shown()
		if err != nil {
			return nil, fmt.Errorf("table of dataset %q: %w", block.Dataset, err)
		}
		widest = max(widest, len(wanted))
	}
	var out []*tableSection
	for _, block := range blocks {
		t, err := w.prepare(ctx, block, len(blocks) == 1, widest)
		if err != nil {
			return nil, fmt.Errorf("table of dataset %q: %w", block.Dataset, err)
		}
		out = append(out, t)
	}
	return out, nil
}

// prepare measures a table that is alone on its sheet or not; widest is how many columns are seen of the widest one.
func (w *workbook) prepare(ctx context.Context, block outputs.TableBlock, alone bool, widest int) (*tableSection, error) {
	t := &tableSection{block: block, fields: block.Table.Fields(), rows: block.Table.Len(), filtered: alone || block.Object != ""}
	if block.Limit > 0 {
		t.rows = min(t.rows, block.Limit)
	}
	wanted, err := block.Shown()
	if err != nil {
		return nil, err
	}
	t.seen = len(wanted)
	if t.seen > excelize.MaxColumns {
		return nil, fmt.Errorf("the table has %d columns, and a sheet holds %d; choose some of them in the block's columns", t.seen, excelize.MaxColumns)
	}
	totals := block.Totals && t.rows > 0
	// An object's helpers stand within it, or sorting would tear them from their rows: there is no room for them where another
	// table is seen.
	helped := totals && !t.cut() && (block.Object == "" || t.seen == widest)
	t.columns = shownColumns(t.fields, wanted, helped, w.doc.Locale)
	for i := range t.columns {
		c := &t.columns[i]
		var replaced bool
		if c.label, replaced = legalText(c.label); replaced {
			w.replacedNotice(fmt.Sprintf("The label of column %q", c.key))
		}
		if n := units(c.label); n > maxCellUnits {
			return nil, fmt.Errorf("the label of column %d has %d characters, and an Excel cell holds %d; give it a shorter one or leave the column out", i+1, n, maxCellUnits)
		}
	}
	if err := w.checkObject(t); err != nil {
		return nil, err
	}
	if err := t.measure(ctx); err != nil {
		return nil, err
	}
	for i := range t.columns {
		c := &t.columns[i]
		c.broken = c.broken || t.rows <= mostWrapped && c.wraps()
		if c.replaced > 0 {
			w.replacedNotice(fmt.Sprintf("Column %q of dataset %q", c.key, block.Dataset))
		}
	}
	if err := t.dress(&w.styles); err != nil {
		return nil, err
	}
	t.marked = totals && !t.cut() && slices.ContainsFunc(t.columns, func(c shown) bool { return t.weight(&c) >= 0 })
	if totals {
		if t.totals, err = t.computeTotals(ctx, w.dir); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// dress gives the body's cells their styles.
func (t *tableSection) dress(styles *styles) (err error) {
	top := len(t.heights()) > 0
	for i := range t.columns {
		c := &t.columns[i]
		l := look{role: roleBody, right: c.right(), format: c.format, indent: t.indent(c.right()), top: top, wrap: c.broken}
		if c.style, err = styles.id(l); err != nil {
			return fmt.Errorf("column %q: %w", c.key, err)
		}
		if c.textStyle = c.style; c.right() {
			l.format = formatText
			if c.textStyle, err = styles.id(l); err != nil {
				return err
			}
		}
	}
	return nil
}

// indent in Excel's steps keeps texts from the figures before them, and figures from the table's end. A column has the
// same from its header to its total, so that they end at one line: beside the filter's button, where there is one.
func (t *tableSection) indent(right bool) int {
	if right && t.filtered {
		return 2
	}
	return 1
}

// cut reports whether the block shows fewer rows than the table has.
func (t *tableSection) cut() bool { return t.rows < t.block.Table.Len() }

// fit makes the grid's columns wide enough for the table's.
func (t *tableSection) fit(g *grid) {
	for i := range t.columns[:t.seen] {
		c := &t.columns[i]
		if len(g.widths) == i {
			g.widths = append(g.widths, 0)
		}
		width := c.width
		if width == 0 {
			margin := cellMargin
			if t.indent(c.right()) > 1 {
				margin = labelMargin
			}
			width = max(minWidth, labelWidth(c.label)+labelMargin, c.wide(c.format)+margin)
			if t.totals != nil && t.totals[i].Valid {
				var total cell
				put(&total, t.totals[i], c.grain)
				if total.kind == number {
					width = max(width, formatWidth(c.format, total.num)*bold+margin)
				}
			}
			width = min(width, maxWidth)
		}
		g.widths[i] = max(g.widths[i], width)
	}
}

// placeHelpers puts the hidden columns right of the grid, which they widen by nothing. A table that is filtered has its
// helpers next to it, within its filter: sorted by a reader, their rows move along with it. The marks stand apart, since
// Excel takes the last row of a list for its totals, and never hides it, where it holds SUBTOTAL.
func (t *tableSection) placeHelpers(g *grid, from int) {
	for i := range t.columns[t.seen:] {
		t.columns[t.seen+i].column = from + i
	}
	end := from + len(t.columns) - t.seen
	if t.marked {
		t.marks = end + 1
		end += 2
	}
	for len(g.widths) < end {
		g.widths = append(g.widths, 0)
	}
}

// keyColumns is how many columns at the left name the rows of a table that is wider than a screen.
func (t *tableSection) keyColumns(g *grid) int {
	switch {
	case g.sum(t.seen) <= pageWidth:
		return 0
	case t.seen > 1 && !t.columns[1].right() && g.sum(2) <= pageWidth/2:
		return 2
	default:
		return 1
	}
}
