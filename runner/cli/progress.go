package cli

import (
	"fmt"
	"io"
	"maps"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/reportform/reportform/runner"
	"github.com/reportform/reportform/spec/diag"
)

// progress shows long work: one moving line on a terminal, one line a finished step elsewhere.
type progress struct {
	w        io.Writer
	terminal bool
	now      func() time.Time
	bar      *progressbar.ProgressBar
	// pages are how many were fetched so far, by report and dataset.
	pages map[string]int
	// under are the fetches under way of which pages have come.
	under map[string]*course
}

func newProgress(w io.Writer, terminal bool, now func() time.Time) *progress {
	return &progress{w: w, terminal: terminal, now: now, pages: map[string]int{}, under: map[string]*course{}}
}

// fetched counts a page that arrived.
func (p *progress) fetched(e runner.RequestComplete) {
	name := e.Report + " > " + e.Dataset
	p.pages[name] = max(e.Page, p.pages[name])
	if e.Done {
		delete(p.under, name)
	}
	if e.Done && (!p.terminal || !e.Cached.IsZero()) {
		pages := " in " + count(p.pages[name], "page") + p.cached(e.Cached)
		if p.pages[name] == 0 {
			pages = ", asked for already" // by another dataset that asks the same
		}
		p.line("%s: %s%s\n", name, count(e.Rows, "row"), pages)
		return
	}
	if !p.terminal || e.Done {
		return
	}
	now := p.now()
	if p.under[name] == nil {
		p.under[name] = &course{}
	}
	p.under[name].page(e.Page, e.Rows, e.Total, now)
	// One that failed is heard of no more. One that waited for long begins anew with its next page.
	maps.DeleteFunc(p.under, func(_ string, c *course) bool { return now.Sub(c.last) > silence })
	if p.bar == nil {
		p.bar = progressbar.NewOptions(-1,
			progressbar.OptionSetWriter(p.w), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetElapsedTime(false), progressbar.OptionSpinnerType(14))
	}
	p.bar.Describe(diag.Printable(fetchingInWords(p.under, now)))
	_ = p.bar.Add(1)
}

// cached says of when rows are that came from the cache.
func (p *progress) cached(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	now := p.now()
	at = at.In(now.Location())
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return ", from the cache of " + at.Format("15:04")
	}
	return ", from the cache of " + at.Format("2006-01-02 15:04")
}

// line prints a whole line, with the moving one out of its way.
func (p *progress) line(format string, a ...any) {
	p.clear()
	_, _ = fmt.Fprintf(p.w, format, printable(a)...)
}

// clear takes the moving line away.
func (p *progress) clear() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
