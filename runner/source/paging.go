package source

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"sync"
)

// defaultMaxPages bounds a source that does not bound itself: two million rows in pages of a hundred.
const defaultMaxPages = 20_000

// pages yields the pages that have rows, in order, asking for several at a time.
//
// The first one is asked for alone: it tells the total, or is short and thereby likely the only one. Where no total is
// told, those behind it are asked for in the hope that they exist, and dropped once an earlier one was short or empty.
// That a short page is the last is made sure of.
func (f *fetch) pages(ctx context.Context) iter.Seq2[*page, error] {
	return func(yield func(*page, error) bool) {
		first, err := f.page(ctx, 0)
		if err != nil {
			yield(nil, err)
			return
		}
		paging := f.r.Source.Paging.Offset
		if !yield(first, nil) || paging == nil || first.rows == 0 {
			return
		}
		most := or(paging.MaxPages, defaultMaxPages)
		if first.total >= 0 {
			f.counted(ctx, first.total, most, yield)
			return
		}
		last, count, rows := first, 1, first.rows
		if first.rows == paging.Size {
			// One more than may be: whether it has rows is what the bound is about.
			for pg, err := range f.ahead(ctx, 1, most+1) {
				if err == nil && pg.rows > 0 && count == most {
					err = f.tooManyPages(most)
				}
				if err != nil {
					yield(nil, err)
					return
				}
				if pg.rows == 0 || !yield(pg, nil) {
					return
				}
				last, count, rows = pg, count+1, rows+pg.rows
				if pg.rows != paging.Size {
					break
				}
			}
		}
		if err := f.ended(ctx, last, count, rows); err != nil {
			yield(nil, err)
		}
	}
}

// counted yields the pages behind the first, where the answer tells how many records there are.
func (f *fetch) counted(ctx context.Context, total int64, most int, yield func(*page, error) bool) {
	size := int64(f.r.Source.Paging.Offset.Size)
	needed := (total + size - 1) / size
	if needed > int64(most) {
		yield(nil, f.tooManyPages(most))
		return
	}
	for pg, err := range f.ahead(ctx, 1, int(needed)) {
		if !yield(pg, err) || err != nil || pg.rows == 0 {
			return
		}
	}
}

// ended makes sure that the rows end where a page was short, by asking for what would come next. Some servers give
// fewer rows than they are asked for and say nothing: because they cap the limit, or because they leave rows out after
// they have cut the page. What they hold back would be missing from every figure, which is worth one more request.
func (f *fetch) ended(ctx context.Context, last *page, number, rows int) error {
	next, err := f.page(ctx, rows)
	if e, ok := errors.AsType[*Error](err); ok && (e.Kind == KindParameters || e.Kind == KindNotFound || e.Status == http.StatusRequestedRangeNotSatisfiable) {
		// To some an offset behind the last row is a mistake.
		return nil
	}
	if err != nil || next.rows == 0 {
		return err
	}
	paging := f.r.Source.Paging.Offset
	text := fmt.Sprintf("Page %d has %d of the %d rows that were asked for, as if it were the last, but more rows follow.", number, last.rows, paging.Size)
	if number == 1 {
		text = "More rows follow a page that is short. " + capped(last.rows, paging.Size)
	}
	if next.digest == last.digest {
		text = f.sameRows(number + 1)
	}
	return (&Error{Kind: KindIntegrity, Messages: []string{text}}).of(f.target, rows)
}

// capped says what a first page means that is short though more rows follow.
func capped(rows, size int) string {
	return fmt.Sprintf("Page 1 has %d of the %d rows that were asked for, as if these were all. "+
		"If the API never gives more at once, say so in the source's paging (size: %d).", rows, size, rows)
}

// sameRows says that a page has the rows of the one before it.
func (f *fetch) sameRows(number int) string {
	return fmt.Sprintf("Page %d has the same rows as page %d: the API does not heed the parameter %s. "+
		"Correct its name in the source's paging, or leave paging out where the API gives all rows at once.", number, number-1, f.r.Source.Paging.Offset.Offset)
}

// ahead yields the pages from one number up to but without another, with as many requests under way as the connection
// lets be in flight.
func (f *fetch) ahead(ctx context.Context, from, until int) iter.Seq2[*page, error] {
	type result struct {
		page *page
		err  error
	}
	return func(yield func(*page, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()
		var queue []chan result
		for next := from; next < until || len(queue) > 0; {
			for ; next < until && len(queue) < cap(f.conn.slots); next++ {
				c, offset := make(chan result, 1), next*f.r.Source.Paging.Offset.Size
				queue = append(queue, c)
				running.Go(func() {
					pg, err := f.page(ctx, offset)
					c <- result{pg, err}
				})
			}
			r := <-queue[0]
			queue = queue[1:]
			if !yield(r.page, r.err) {
				return
			}
		}
	}
}

func (f *fetch) tooManyPages(bound int) error {
	return (&Error{Kind: KindTooLarge, Messages: []string{fmt.Sprintf(
		"The rows go on behind page %d, the last that the source's paging allows; nothing is cut off silently. "+
			"Ask for a smaller range, or raise max_pages.", bound)}}).of(f.target, 0)
}
