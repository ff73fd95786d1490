package source

import (
	"context"
	"fmt"
	"iter"
	"sync"
)

// defaultMaxPages bounds a source that does not bound itself: two million rows in pages of a hundred.
const defaultMaxPages = 20_000

// pages yields the pages in order, asking for several at a time.
//
// The first one is asked for alone: it tells the total, or is short and thereby the only one. Where no total is told,
// those behind it are asked for in the hope that they exist, and dropped once an earlier one was short or empty.
func (f *fetch) pages(ctx context.Context) iter.Seq2[*page, error] {
	return func(yield func(*page, error) bool) {
		first, err := f.page(ctx, 0)
		if err != nil {
			yield(nil, err)
			return
		}
		paging := f.r.Source.Paging.Offset
		if !yield(first, nil) || paging == nil || f.last(first) {
			return
		}
		count := or(paging.MaxPages, defaultMaxPages)
		if first.total >= 0 {
			needed := int((first.total + int64(paging.Size) - 1) / int64(paging.Size))
			if needed > count {
				yield(nil, f.tooManyPages(count))
				return
			}
			count = needed
		}
		for pg, err := range f.ahead(ctx, 1, count) {
			if !yield(pg, err) || err != nil || f.last(pg) {
				return
			}
		}
		if first.total < 0 {
			yield(nil, f.tooManyPages(count))
		}
	}
}

// last reports whether no page comes after pg, as far as pg itself tells.
func (f *fetch) last(pg *page) bool {
	return pg.rows == 0 || pg.total < 0 && pg.rows < f.r.Source.Paging.Offset.Size
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
