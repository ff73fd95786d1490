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
		r := request(t, serve(t, answers(200, `[{"n":1},{"n":1}]`)), numbers())
		r.Source.Key = []string{"n"}
		if got, err := New(Options{}).Fetch(t.Context(), r); err != nil || got.Len() != 2 {
			t.Errorf("error is %v", err)
		}
	})
}
