package xlsx

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// page is a sheet of the workbook being written, downwards.
type page struct {
	book *workbook
	// wanted is the sheet's name as the document has it, name as the workbook does.
	wanted, name string
	grid         *grid
	// helpers is how many hidden columns stand right of the grid.
	helpers int
	// only is the sheet's table where it has one: it is frozen, filtered and repeated on each printed page.
	only *tableSection
	// above is how many lines stand above that table, and high how high they are.
	above int
	high  float64
	rows  rowWriter
	// next is the row to be written next, from 1.
	next int
}

// open sets the sheet up; all of it must be said before the first row.
func (p *page) open() error {
	if err := p.book.openLeaf(); err != nil {
		return err
	}
	f, sheet := p.book.leaf.file, p.book.leaf.sheet
	p.next = 1
	yes, no := true, false
	if err := f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &yes}); err != nil {
		return fmt.Errorf("set up the page: %w", err)
	}
	if err := f.SetSheetView(sheet, -1, &excelize.ViewOptions{ShowGridLines: &no}); err != nil {
		return fmt.Errorf("set up the view: %w", err)
	}
	// excelize says A1 whatever is there, and readers that trust it see one cell.
	if err := f.SetSheetDimension(sheet, ""); err != nil {
		return fmt.Errorf("set up the sheet: %w", err)
	}
	if err := p.printing(); err != nil {
		return err
	}
	stream, err := f.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("begin the rows: %w", err)
	}
	p.rows = rowWriter{stream: stream}
	for i, width := range p.grid.widths {
		if err := stream.SetColWidth(i+1, i+1, min(width, excelize.MaxColumnWidth)); err != nil {
			return fmt.Errorf("set the width of column %d: %w", i+1, err)
		}
	}
	if n := len(p.grid.widths); p.helpers > 0 {
		if err := stream.SetColVisible(n+1, n+p.helpers, false); err != nil {
			return fmt.Errorf("hide the columns for totals: %w", err)
		}
	}
	return p.freeze()
}

// freeze keeps the header in view, unless too much stands above it, and in a wide table the columns that name the rows.
func (p *page) freeze() error {
	if p.only == nil {
		return nil
	}
	panes := excelize.Panes{Freeze: true, XSplit: p.only.keyColumns(p.grid)}
	if p.high <= maxFrozen {
		panes.YSplit = p.above + 1
	}
	switch {
	case panes.XSplit == 0 && panes.YSplit == 0:
		return nil
	case panes.XSplit == 0:
		panes.ActivePane = "bottomLeft"
	case panes.YSplit == 0:
		panes.ActivePane = "topRight"
	default:
		panes.ActivePane = "bottomRight"
	}
	corner := ref(panes.XSplit, panes.YSplit+1)
	panes.TopLeftCell = corner
	panes.Selection = []excelize.Selection{{Pane: panes.ActivePane, ActiveCell: corner, SQRef: corner}}
	if err := p.rows.stream.SetPanes(&panes); err != nil {
		return fmt.Errorf("freeze the header: %w", err)
	}
	return nil
}

// printing fits the width of landscape A4, or of several where letters would become too small, with page numbers and,
// for a table, its header and the columns that name its rows on every page.
func (p *page) printing() error {
	f, sheet := p.book.leaf.file, p.book.leaf.sheet
	paper, high, landscape := 9, 0, "landscape"
	wide, keys := p.pagesWide()
	if err := f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &paper, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &high}); err != nil {
		return fmt.Errorf("set up the print: %w", err)
	}
	margin, edge := 0.5, 0.3
	if err := f.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{
		Left: &margin, Right: &margin, Top: &margin, Bottom: &margin, Header: &edge, Footer: &edge,
	}); err != nil {
		return fmt.Errorf("set up the print: %w", err)
	}
	w := p.book.words
	if err := f.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{
		OddFooter: fmt.Sprintf("&L&8&A&R&8%s &P %s &N", w.Page, w.PageOf),
	}); err != nil {
		return fmt.Errorf("set up the print: %w", err)
	}
	if p.only == nil {
		return nil
	}
	titles := fmt.Sprintf("%s!$%d:$%d", quoteSheet(p.name), p.above+1, p.above+1)
	if wide > 1 {
		last, _ := excelize.ColumnNumberToName(keys)
		titles = fmt.Sprintf("%s!$A:$%s,%s", quoteSheet(p.name), last, titles)
	}
	if err := p.book.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: titles, Scope: p.name}); err != nil {
		return fmt.Errorf("repeat the header in print: %w", err)
	}
	return nil
}

// pagesWide is over how many pages side by side the columns are printed, so that none is at less than half its size,
// and how many columns each of them repeats.
func (p *page) pagesWide() (pages, keys int) {
	if p.only == nil {
		return 1, 0
	}
	keys = p.only.keyColumns(p.grid)
	total, repeated := p.grid.sum(len(p.grid.widths)), p.grid.sum(keys)
	pages = 1
	for total+float64(pages-1)*repeated > float64(pages)*2*paperWidth {
		pages++
	}
	return pages, keys
}

// line writes l as the next row.
func (p *page) line(l line) error {
	if p.full() {
		if err := p.turn(); err != nil {
			return err
		}
	}
	if err := p.rows.write(p.next, l.height, l.cells); err != nil {
		return err
	}
	for _, m := range l.merges {
		if err := p.rows.stream.MergeCell(ref(m.from, p.next), ref(m.to, p.next)); err != nil {
			return fmt.Errorf("unite cells of row %d: %w", p.next, err)
		}
	}
	p.next++
	return nil
}

// full reports whether the sheet has no row left.
func (p *page) full() bool { return p.next > p.book.maxRows }

// turn closes the sheet and goes on on another one of the same columns.
func (p *page) turn() error {
	if err := p.close(); err != nil {
		return err
	}
	name, err := p.book.addSheet(p.wanted)
	if err != nil {
		return err
	}
	p.book.notice("Sheet %q goes on as %q: a sheet holds %d rows.", p.name, name, p.book.maxRows)
	p.name, p.above, p.high = name, 0, 0
	return p.open()
}

// close ends the sheet and hands it to the package.
func (p *page) close() error {
	if err := p.rows.stream.Flush(); err != nil {
		return fmt.Errorf("end the rows: %w", err)
	}
	return p.book.closeLeaf()
}

// filter gives the rows from a header down to last a filter on the columns of a table.
func (p *page) filter(header, last, columns int) error {
	area := ref(0, header) + ":" + ref(columns-1, last)
	if err := p.book.leaf.file.AutoFilter(p.book.leaf.sheet, area, nil); err != nil {
		return fmt.Errorf("add the filter: %w", err)
	}
	// The sheet's own file is not the one whose names count.
	if err := p.book.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm._FilterDatabase", Scope: p.name,
		RefersTo: fmt.Sprintf("%s!%s:%s", quoteSheet(p.name), absolute(0, header), absolute(columns-1, last)),
	}); err != nil {
		return fmt.Errorf("add the filter: %w", err)
	}
	names := p.book.file.WorkBook.DefinedNames.DefinedName
	names[len(names)-1].Hidden = true
	return nil
}

// ref names a cell: column from 0, row from 1.
func ref(column, row int) string {
	name, _ := excelize.CoordinatesToCellName(column+1, row)
	return name
}

// absolute names a cell in the form of $A$1.
func absolute(column, row int) string {
	name, _ := excelize.CoordinatesToCellName(column+1, row, true)
	return name
}
