package source

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestPagesWithoutEnd(t *testing.T) {
	for begin, end := range map[string]string{"[": "]", `{"count":1000000,"result":[`: "]}"} {
		e := fails(t, KindTooLarge, func(w http.ResponseWriter, r *http.Request) {
			var offset int
			fmt.Sscan(r.URL.Query().Get("offset"), &offset)
			fmt.Fprint(w, begin)
			for n := range 10 {
				fmt.Fprintf(w, `%s{"n":%d}`, strings.Repeat(",", min(n, 1)), offset+n)
			}
			fmt.Fprint(w, end)
		}, func(r *Request) {
			r.Source.Paging.Offset.MaxPages = 5
			if end == "]}" {
				r.Source.Records, r.Source.Paging.Offset.Total = "result", "count"
			}
		})
		if !strings.Contains(e.Error(), "page 5") {
			t.Errorf("error is %v", e)
		}
	}
}

func TestIntegrity(t *testing.T) {
	page := func(w http.ResponseWriter, offset string, count int, numbers ...int) {
		var rows []string
		for _, n := range numbers {
			rows = append(rows, fmt.Sprintf(`{"n":%d}`, n))
		}
		fmt.Fprintf(w, `{"count":%d,"result":[%s]}`, count, strings.Join(rows, ","))
	}
	for name, c := range map[string]struct {
		second func(w http.ResponseWriter)
		says   string
	}{
		"a record again": {func(w http.ResponseWriter) { page(w, "10", 12, 10, 3) }, "Row 12 on page 2 is the same record as one on an earlier page"},
		"an empty page":  {func(w http.ResponseWriter) { page(w, "10", 0) }, "announced 12 records and gave 10"},
		"page 1 again":   {func(w http.ResponseWriter) { page(w, "0", 12, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) }, "Page 2 has the same rows as page 1"},
		"fewer":          {func(w http.ResponseWriter) { page(w, "10", 12, 10) }, "announced 12 records and gave 11"},
		"more":           {func(w http.ResponseWriter) { page(w, "10", 12, 10, 11, 12) }, "announced 12 records and gave 13"},
		"a new total":    {func(w http.ResponseWriter) { page(w, "10", 13, 10, 11) }, "Page 1 announced 12 records, page 2 announces 13"},
	} {
		t.Run(name, func(t *testing.T) {
			e := fails(t, KindIntegrity, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("offset") == "0" {
					page(w, "0", 12, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
					return
				}
				c.second(w)
			}, func(r *Request) {
				r.Source.Key = []string{"n"}
				r.Source.Records, r.Source.Paging.Offset.Total = "result", "count"
			})
			if !strings.Contains(e.Error(), c.says) {
				t.Errorf("error is %v", e)
			}
		})
	}
	t.Run("twice on one page", func(t *testing.T) {
		// Two agents of one name: that is what the API has, not what paging did.
		r := unpaged(request(t, serve(t, answers(200, `[{"n":1},{"n":1}]`)), numbers()))
		r.Source.Key = []string{"n"}
		if got, err := New(Options{}).Fetch(t.Context(), r); err != nil || got.Len() != 2 {
			t.Errorf("error is %v", err)
		}
	})
}

// stubborn is an offset API over the numbers below count with a will of its own: page gives the numbers of an answer.
func stubborn(page func(offset, limit int) []int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var offset, limit int
		fmt.Sscan(r.URL.Query().Get("offset"), &offset)
		fmt.Sscan(r.URL.Query().Get("limit"), &limit)
		rows := []string{}
		for _, n := range page(offset, limit) {
			rows = append(rows, fmt.Sprintf(`{"n":%d}`, n))
		}
		fmt.Fprintf(w, "[%s]", strings.Join(rows, ","))
	}
}

// between are the numbers from one up to but without another.
func between(from, until int) (numbers []int) {
	for n := from; n < until; n++ {
		numbers = append(numbers, n)
	}
	return numbers
}

// Where no total is told, what looks like the end is not believed: rows that are held back would be missing silently.
func TestEndsThatAreNone(t *testing.T) {
	for name, c := range map[string]struct {
		page func(offset, limit int) []int
		says string
	}{
		"a capped limit": {func(offset, limit int) []int { return between(offset, min(25, offset+4)) },
			"More rows follow a page that is short. Page 1 has 4 of the 10 rows that were asked for, as if these were all."},
		"a capped limit's size": {func(offset, limit int) []int { return between(offset, min(25, offset+4)) }, "(size: 4)"},
		"rows left out of a first page": {func(offset, limit int) []int { return between(max(offset, 3), min(25, offset+limit)) },
			"has 7 of the 10"},
		"a page short in the middle": {func(offset, limit int) []int {
			if offset == 10 {
				return between(10, 15)
			}
			return between(offset, min(35, offset+limit))
		}, "Page 2 has 5 of the 10 rows that were asked for, as if it were the last, but more rows follow."},
		"no offset":            {func(int, int) []int { return between(0, 10) }, "Page 2 has the same rows as page 1: the API does not heed the parameter offset."},
		"no offset, few rows":  {func(int, int) []int { return between(0, 3) }, "Page 2 has the same rows as page 1: the API does not heed the parameter offset."},
		"an offset that stops": {func(offset, limit int) []int { return between(min(offset, 20), min(offset, 20)+limit) }, "Page 4 has the same rows as page 3"},
		"no limit":             {func(offset, limit int) []int { return between(offset, 25) }, "Page 1 has 25 rows where 10 were asked for: the API does not heed the parameter limit."},
	} {
		t.Run(name, func(t *testing.T) {
			for _, concurrency := range []int{1, 4} {
				e := fails(t, KindIntegrity, stubborn(c.page), func(r *Request) { r.Transport.Concurrency = concurrency })
				_, _, detail := e.Diagnose()
				if !strings.Contains(detail, c.says) {
					t.Errorf("detail is %s", detail)
				}
				if strings.Contains(detail, "Correct its name") && strings.Contains(detail, "Run again") {
					t.Errorf("to run again is advised where it is in vain: %s", detail)
				}
			}
		})
	}
}

// Where the total is told, a limit that is capped shows by it.
func TestCappedWithATotal(t *testing.T) {
	e := fails(t, KindIntegrity, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"count":7,"result":`)
		stubborn(func(offset, limit int) []int { return between(offset, min(7, offset+4)) })(w, r)
		fmt.Fprint(w, "}")
	}, func(r *Request) { r.Source.Records, r.Source.Paging.Offset.Total = "result", "count" })
	if want := "announced 7 records and gave 4. Page 1 has 4 of the 10 rows"; !strings.Contains(e.Error(), want) || !strings.Contains(e.Error(), "(size: 4)") {
		t.Errorf("error is %v", e)
	}
}

// An end costs one request more where the last page was short, and none where it was empty or the total is told.
func TestRequestsForAnEnd(t *testing.T) {
	for count, want := range map[int]string{0: "0", 7: "0 7", 10: "0 10", 25: "0 10 20 25"} {
		var asked []string
		pages := counting(count)
		base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.URL.Query().Get("offset"))
			pages(w, r)
		})
		r := request(t, base, numbers())
		r.Transport.Concurrency = 1
		got, err := New(Options{}).Fetch(t.Context(), r)
		if err != nil || got.Len() != count {
			t.Fatalf("%d: error is %v", count, err)
		}
		if strings.Join(asked, " ") != want {
			t.Errorf("%d rows: asked for %v, want %s", count, asked, want)
		}
	}
}

// To some APIs an offset behind the last row is a mistake; behind a page that was full it is one.
func TestOffsetsBehindTheEnd(t *testing.T) {
	for _, status := range []int{400, 404, 416} {
		for count, kind := range map[int]bool{7: true, 15: true, 10: false} {
			pages := counting(count)
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				var offset int
				if fmt.Sscan(r.URL.Query().Get("offset"), &offset); offset >= count {
					w.WriteHeader(status)
					return
				}
				pages(w, r)
			})
			got, err := New(Options{}).Fetch(t.Context(), request(t, base, numbers()))
			if (err == nil) != kind || kind && got.Len() != count {
				t.Errorf("%d at %d: error is %v", status, count, err)
			}
		}
	}
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("offset") != "0" {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		counting(7)(w, r)
	})
	c, _ := client(Options{})
	if _, err := c.Fetch(t.Context(), request(t, base, numbers())); err == nil {
		t.Error("an end that could not be asked for is believed")
	}
}

// A bound of pages is reached by rows behind it, and not by having as many pages.
func TestAsManyPagesAsMayBe(t *testing.T) {
	for count, ok := range map[int]bool{19: true, 20: true, 21: false} {
		r := request(t, serve(t, counting(count)), numbers())
		r.Source.Paging.Offset.MaxPages = 2
		if got, err := New(Options{}).Fetch(t.Context(), r); (err == nil) != ok || ok && got.Len() != count {
			t.Errorf("%d rows: error is %v", count, err)
		}
	}
}
