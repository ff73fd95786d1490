package xlsx

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// page is a sheet of the document on its way into the workbook, downwards, over as many leaves as its rows need.
type page struct {
	book *workbook
	// wanted is the sheet's name as the document has it.
	wanted string
	// leaf is the one that is being filled.
	leaf *leaf
	grid *grid
	// only is the sheet's table where it has one: it is frozen, filtered and repeated on each printed page.
	only *tableSection
	// above is how many lines stand above that table, and high how high they are.
	above int
	high  float64
	// paper is the printed page that is being filled, floats says that something floats above the cells of the leaf.
	paper  paper
	floats bool
	// upright: it is printed in portrait.
	upright bool
}

// open sets the leaf up but for its rows.
func (p *page) open() error {
	f, sheet := p.book.file, p.leaf.name
	yes, no, height := true, false, rowHeight
	if err := f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &yes, DefaultRowHeight: &height, CustomHeight: &yes}); err != nil {
		return fmt.Errorf("set up the page: %w", err)
	}
	if err := f.SetSheetView(sheet, -1, &excelize.ViewOptions{ShowGridLines: &no}); err != nil {
		return fmt.Errorf("set up the view: %w", err)
	}
	p.beginPaper()
	if err := p.printing(); err != nil {
		return err
	}
	if err := p.columns(); err != nil {
		return err
	}
	return p.freeze()
}

// columns sets the widths, neighbours that are alike in one go, and hides what totals alone need.
func (p *page) columns() error {
	f, sheet, widths := p.book.file, p.leaf.name, p.grid.widths
	for from := 0; from < len(widths); {
		until := from + 1
		for until < len(widths) && widths[until] == widths[from] {
			until++
		}
		if err := f.SetColWidth(sheet, columnName(from), columnName(until-1), min(widths[from], excelize.MaxColumnWidth)); err != nil {
			return fmt.Errorf("set the width of column %s: %w", columnName(from), err)
		}
		if widths[from] == 0 {
			if err := f.SetColVisible(sheet, columnName(from)+":"+columnName(until-1), false); err != nil {
				return fmt.Errorf("hide the columns for totals: %w", err)
			}
		}
		from = until
	}
	return nil
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
	if err := p.book.file.SetPanes(p.leaf.name, &panes); err != nil {
		return fmt.Errorf("freeze the header: %w", err)
	}
	return nil
}

// printing fits the width of A4, or of several where letters would become too small, with page numbers and, for a table, its
// header and the columns that name its rows on every page.
func (p *page) printing() error {
	f, sheet := p.book.file, p.leaf.name
	paper, high, turned := 9, 0, "landscape"
	if p.upright {
		turned = "portrait"
	}
	wide, keys := p.pagesWide()
	if err := f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &paper, Orientation: &turned, FitToWidth: &wide, FitToHeight: &high}); err != nil {
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
	titles := fmt.Sprintf("%s!$%d:$%d", quoteSheet(sheet), p.above+1, p.above+1)
	if wide > 1 {
		titles = fmt.Sprintf("%s!$A:$%s,%s", quoteSheet(sheet), columnName(keys-1), titles)
	}
	if err := f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: titles, Scope: sheet}); err != nil {
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

// line puts a line under what is there.
func (p *page) line(l line) error {
	if p.full() {
		if err := p.turn(); err != nil {
			return err
		}
	}
	p.leaf.add(l)
	p.paper.fill(1, orDefault(l.height))
	return nil
}

// full reports whether the leaf has no row left.
func (p *page) full() bool { return p.leaf.next > p.book.maxRows }

// turn goes on on another leaf of the same columns.
func (p *page) turn() error {
	before := p.leaf
	if err := p.close(); err != nil {
		return err
	}
	var err error
	if p.leaf, err = p.book.addSheet(p.wanted); err != nil {
		return err
	}
	p.book.notice("Sheet %q goes on as %q: a sheet holds %d rows.", before.name, p.leaf.name, p.book.maxRows)
	p.above, p.high, p.floats = 0, 0, false
	return p.open()
}

// close ends the leaf: its last row is known.
func (p *page) close() error {
	if err := p.printArea(); err != nil {
		return err
	}
	if err := p.book.file.SetSheetDimension(p.leaf.name, p.leaf.area()); err != nil {
		return fmt.Errorf("say how large the sheet is: %w", err)
	}
	return nil
}

// filter gives the rows from a header down to last a filter on the columns of a table.
func (p *page) filter(header, last, columns int) error {
	p.leaf.filter = ref(0, header) + ":" + ref(columns-1, last)
	if err := p.book.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm._FilterDatabase", Scope: p.leaf.name,
		RefersTo: fmt.Sprintf("%s!%s:%s", quoteSheet(p.leaf.name), absolute(0, header), absolute(columns-1, last)),
	}); err != nil {
		return fmt.Errorf("add the filter: %w", err)
	}
	names := p.book.file.WorkBook.DefinedNames.DefinedName
	names[len(names)-1].Hidden = true
	return nil
}

// columnName names a column, from 0.
func columnName(column int) string {
	name, _ := excelize.ColumnNumberToName(column + 1)
	return name
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
