package source

import "sync"

// tally counts the pages and rows that came for a dataset, of however many requests.
type tally struct {
	mu          sync.Mutex
	pages, rows int
	// several: the rows come by more than one request, so that what one answer announces is not all.
	several bool
}

// received counts a page of f, and tells the observer: one page after the other, so that counts never go back.
func (t *tally) received(f *fetch, rows int, total int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pages++
	t.rows += rows
	e := f.event(Received)
	e.Page, e.Rows = t.pages, t.rows
	if !t.several {
		e.Total = int(total)
	}
	f.o.Observe(e)
}

// forget takes back what came of a request that is made again.
func (t *tally) forget(pages, rows int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pages -= pages
	t.rows -= rows
}

// reset begins anew.
func (t *tally) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pages, t.rows = 0, 0
}
