package source

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec"
)

// feed serves rows by page, ten on each, the newest first; grow is asked before each answer how many rows there are.
func feed(grow func(request int) int) (h http.HandlerFunc, asked func() int) {
	n := 0
	return func(w http.ResponseWriter, r *http.Request) {
		n++
		count := grow(n)
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		rows := between(0, count)
		slices.Reverse(rows)
		from := min(count, 10*(page-1))
		fmt.Fprint(w, rowsOf(rows[from:min(count, from+10)]))
	}, func() int { return n }
}

// drifting asks by page number, one page at a time.
func drifting(key ...string) func(*Request) {
	return func(r *Request) {
		r.Source.Paging = spec.Paging{Page: &spec.PagePaging{Page: "page", First: 1, Pages: spec.Pages{Limit: "size", Size: 10}}}
		r.Source.Drifts, r.Source.Key, r.Transport.Concurrency = true, key, 1
	}
}

// Rows that move from page to page while they are read are fetched again, once.
func TestRowsThatMoveAreFetchedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		grow  func(request int) int
		key   []string
		asked int
	}{
		"nothing moves":         {func(int) int { return 25 }, nil, 5},
		"once, seen by the end": {func(n int) int { return 25 + min(n-1, 1) }, nil, 10},
		"once, seen by a key":   {func(n int) int { return 25 + min(n-1, 1) }, []string{"n"}, 7},
	} {
		t.Run(name, func(t *testing.T) {
			h, asked := feed(c.grow)
			var retried []string
			cl, _ := client(Options{Observe: func(e Event) {
				if e.Kind == Retried {
					retried = append(retried, e.Err.Error())
				}
			}})
			r := request(t, serve(t, h), numbers())
			drifting(c.key...)(&r)
			got, err := cl.Fetch(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			_, rows := all(t, got)
			if slices.Sort(rows); len(slices.Compact(rows)) != c.grow(100) {
				t.Errorf("%d rows, %d different ones", got.Len(), len(slices.Compact(rows)))
			}
			if asked() != c.asked || (len(retried) > 0) != (c.asked > 5) {
				t.Errorf("%d requests, retried %v", asked(), retried)
			}
		})
	}
}

// What moves again and again ends in an error with both findings, and one page is not read twice.
func TestRowsThatKeepMoving(t *testing.T) {
	h, asked := feed(func(n int) int { return 25 + n })
	e := fails(t, KindIntegrity, h, drifting())
	if text := e.Error(); !strings.Contains(text, "rows moved from page to page") || !strings.Contains(text, "All pages were fetched twice. The first time: Page 1 has other rows") {
		t.Errorf("error is %s", text)
	}
	if asked() > 12 { // twice three or four pages, a look behind them, and the first one
		t.Errorf("%d requests", asked())
	}
	h, asked = feed(func(int) int { return 7 })
	r := request(t, serve(t, h), numbers())
	drifting()(&r)
	if _, err := New(Options{}).Fetch(t.Context(), r); err != nil || asked() != 2 {
		t.Errorf("%d requests, error is %v", asked(), err)
	}
}
