package source

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"

	"github.com/reportform/reportform/spec"
)

// defaultMaxPages bounds a source that does not bound itself: two million rows in pages of a hundred.
const defaultMaxPages = 20_000

// paging is a source's way of handing out rows, as the engine needs it. Its zero value is one response with all rows.
type paging struct {
	spec.Pages
	// parameter takes the number of the first row, of the page, or the cursor.
	parameter string
	// byRow: the number is that of the first row, else of the page, the first of which is first.
	byRow bool
	first int
	// next is the path of what leads to the next page; nextIs says what that is.
	next   string
	nextIs nextKind
	most   int
}

// nextKind is what leads from a page to the next one.
type nextKind uint8

const (
	nothingNext nextKind = iota
	nextNumber           // which is known beforehand
	nextCursor
	nextLink
	nextURL
)

// newPaging says p in the engine's words.
func newPaging(p spec.Paging) paging {
	var out paging
	switch {
	case p.Offset != nil:
		out = paging{Pages: p.Offset.Pages, parameter: p.Offset.Offset, byRow: true, nextIs: nextNumber}
	case p.Page != nil:
		out = paging{Pages: p.Page.Pages, parameter: p.Page.Page, first: p.Page.First, nextIs: nextNumber}
	case p.Cursor != nil:
		out = paging{Pages: p.Cursor.Pages, parameter: p.Cursor.Parameter, next: p.Cursor.Next, nextIs: nextCursor}
	case p.Link != nil:
		out = paging{Pages: p.Link.Pages, nextIs: nextLink}
	case p.NextURL != nil:
		out = paging{Pages: p.NextURL.Pages, next: p.NextURL.Path, nextIs: nextURL}
	}
	out.most = or(out.MaxPages, defaultMaxPages)
	return out
}

// number is the place of the page with an index from 0. Size is how many rows each page has, as far as known.
func (p *paging) number(index, size int) place {
	at := place{before: index * size}
	if p.nextIs == nextNumber {
		n := p.first + index
		if p.byRow {
			n = index * size
		}
		at.pairs = []pair{numbered(p.parameter, n)}
	}
	return at
}

func numbered(name string, n int) pair { return pair{name: name, value: strconv.Itoa(n), json: n} }

// pages yields the pages that have rows, in order.
//
// The first one is asked for alone: it tells the total, or is short and thereby likely the only one.
func (f *fetch) pages(ctx context.Context) iter.Seq2[*page, error] {
	return func(yield func(*page, error) bool) {
		first, err := f.page(ctx, f.paging.number(0, f.paging.Size))
		if err != nil {
			yield(nil, err)
			return
		}
		if !yield(first, nil) {
			return
		}
		switch {
		case f.paging.nextIs == nothingNext:
		case f.paging.nextIs != nextNumber:
			f.chained(ctx, first, yield)
		case first.rows == 0:
			if first.more == yes {
				yield(nil, f.emptyWithMore(1))
			}
		case first.total >= 0:
			f.counted(ctx, first, yield)
		default:
			f.numbered(ctx, first, yield)
		}
	}
}

// numbered yields the pages behind the first, several asked for at a time in the hope that they exist, and dropped once
// an earlier one was the last: the API says so, or it was short or empty. That a short page is the last is made sure of.
func (f *fetch) numbered(ctx context.Context, last *page, yield func(*page, error) bool) {
	size, most := f.paging.Size, f.paging.most
	count, rows := 1, last.rows
	if f.more(last) {
		// One more than may be: whether it has rows is what the bound is about.
		for pg, err := range f.ahead(ctx, 1, most+1, or(size, last.rows)) {
			if err == nil && pg.rows > 0 && count == most {
				err = f.tooManyPages()
			}
			if err == nil && pg.rows == 0 && last.more == yes {
				err = f.emptyWithMore(count + 1)
			}
			if err != nil {
				if !f.behindEnd(last, err) {
					yield(nil, err)
				}
				return
			}
			if pg.rows == 0 || !yield(pg, nil) {
				return
			}
			last, count, rows = pg, count+1, rows+pg.rows
			if !f.more(pg) {
				break
			}
		}
	}
	if last.more == unsaid {
		if err := f.ended(ctx, last, count, rows); err != nil {
			yield(nil, err)
		}
		return
	}
	if last.more == yes {
		// Here only where pages are told by rows and one was short: what follows would be asked for behind a gap.
		yield(nil, f.integrityFault(f.paging.number(count-1, size), "More rows follow page %d, which is short. %s", count, capped(count, last.rows, size)))
	}
}

// more reports whether the page behind pg is to be asked for.
func (f *fetch) more(pg *page) bool {
	full := f.paging.Size == 0 || pg.rows == f.paging.Size
	if pg.more == unsaid {
		return full
	}
	return pg.more == yes && (full || !f.paging.byRow)
}

// behindEnd reports whether err says that there is no page behind the last one, which is how some APIs end whose pages
// are of no known size.
func (f *fetch) behindEnd(last *page, err error) bool {
	return f.paging.Size == 0 && last.more == unsaid && isBehindEnd(err)
}

// isBehindEnd reports whether an API refuses a page as one that it does not have: to some an offset behind the last row
// is a mistake.
func isBehindEnd(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && (e.Kind == KindParameters || e.Kind == KindNotFound || e.Status == http.StatusRequestedRangeNotSatisfiable)
}

// counted yields the pages behind the first, where the answer tells how many records there are.
func (f *fetch) counted(ctx context.Context, first *page, yield func(*page, error) bool) {
	size := or(f.paging.Size, first.rows)
	needed := (first.total + int64(size) - 1) / int64(size)
	if needed > int64(f.paging.most) {
		yield(nil, f.tooManyPages())
		return
	}
	for pg, err := range f.ahead(ctx, 1, int(needed), size) {
		if !yield(pg, err) || err != nil || pg.rows == 0 {
			return
		}
	}
}

// ended makes sure that the rows end where a page was short, by asking for what would come next. Some servers give
// fewer rows than they are asked for and say nothing: because they cap the limit, or because they leave rows out after
// they have cut the page. What they hold back would be missing from every figure, which is worth one more request.
func (f *fetch) ended(ctx context.Context, last *page, number, rows int) error {
	if f.paging.Size == 0 {
		return nil // an empty page has been the end
	}
	at := f.paging.number(number, f.paging.Size)
	if f.paging.byRow {
		at.pairs = []pair{numbered(f.paging.parameter, rows)}
	}
	next, err := f.page(ctx, at)
	if isBehindEnd(err) {
		return nil
	}
	if err != nil || next.rows == 0 {
		return err
	}
	size := f.paging.Size
	text := fmt.Sprintf("Page %d has %d of the %d rows that were asked for, as if it were the last, but more rows follow.", number, last.rows, size)
	if number == 1 {
		text = "More rows follow a page that is short. " + capped(1, last.rows, size)
	}
	if next.digest == last.digest {
		return f.sameRows(at, number+1, number)
	}
	return f.integrityFault(at, "%s", text)
}

// capped says what a page means that is short though more rows follow.
func capped(number, rows, size int) string {
	return fmt.Sprintf("Page %d has %d of the %d rows that were asked for, as if these were all. "+
		"If the API never gives more at once, say so in the source's paging (size: %d).", number, rows, size, rows)
}

// sameRows is the error for a page that has the rows of an earlier one.
func (f *fetch) sameRows(at place, number, earlier int) error {
	text := fmt.Sprintf("Page %d has the same rows as page %d", number, earlier)
	// A cursor that once led on is heeded.
	if f.paging.nextIs != nextNumber && (f.paging.nextIs != nextCursor || number > 2) {
		return f.integrityFault(at, "%s, though the API said that it comes behind the others.", text)
	}
	return f.wrongPaging(at, "%s: the API does not heed the parameter %s. "+
		"Correct its name in the source's paging, or leave paging out where the API gives all rows at once.", text, f.paging.parameter)
}

// ahead yields the pages from one index up to but without another, with as many requests under way as the connection
// lets be in flight.
func (f *fetch) ahead(ctx context.Context, from, until, size int) iter.Seq2[*page, error] {
	return inOrder(ctx, from, until, cap(f.conn.slots), func(ctx context.Context, index int) (*page, error) {
		return f.page(ctx, f.paging.number(index, size))
	})
}

func (f *fetch) tooManyPages() error {
	return f.fault(f.paging.number(0, f.paging.Size), &Error{Kind: KindTooLarge, Messages: []string{fmt.Sprintf(
		"The rows go on behind page %d, the last that the source's paging allows; nothing is cut off silently. "+
			"Ask for a smaller range, or raise max_pages.", f.paging.most)}})
}

// emptyWithMore is the error for a page without rows that promises more.
func (f *fetch) emptyWithMore(number int) error {
	return f.integrityFault(f.paging.number(number-1, f.paging.Size),
		"More rows were announced by %q, and page %d has none.", f.paging.More, number)
}

func (f *fetch) integrityFault(at place, format string, args ...any) error {
	return f.fault(at, &Error{Kind: KindIntegrity, Messages: []string{fmt.Sprintf(format, args...)}})
}

// wrongPaging is integrityFault for what the source's paging says wrongly, and says what to correct.
func (f *fetch) wrongPaging(at place, format string, args ...any) error {
	return f.fault(at, &Error{Kind: KindIntegrity, Messages: []string{fmt.Sprintf(format, args...)}, lasting: true})
}
