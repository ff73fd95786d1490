package source

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec"
)

// rowsOf writes numbers as rows.
func rowsOf(numbers []int) string {
	var rows []string
	for _, n := range numbers {
		rows = append(rows, fmt.Sprintf(`{"n":%d}`, n))
	}
	return "[" + strings.Join(rows, ",") + "]"
}

// handOut serves the numbers below count in pages of ten by every way of paging at once: ?page=1…, ?cursor=, a Link
// header and "next" in the body.
func handOut(count int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		from, _ := strconv.Atoi(strings.TrimPrefix(q.Get("cursor"), "at-"))
		if n, err := strconv.Atoi(q.Get("page")); err == nil {
			from = 10 * (n - 1)
		}
		until := min(count, from+10)
		next := "null"
		if until < count {
			w.Header().Add("Link", fmt.Sprintf(`</numbers?cursor=at-%d&x=1>; rel="last next", <https://elsewhere.example.com/>; rel=prev`, until))
			next = fmt.Sprintf(`"at-%d"`, until)
		}
		fmt.Fprintf(w, `{"meta":{"next":%s,"url":"?cursor=%s","more":%v,"total":%d},"rows":%s}`, next, strings.Trim(next, `"`), until < count, count,
			rowsOf(between(min(from, count), until)))
	}
}

// Every way of paging brings all rows in order, with and without what the API tells beside.
func TestWaysOfPaging(t *testing.T) {
	ways := map[string]spec.Paging{
		"page":             {Page: &spec.PagePaging{Page: "page", First: 1}},
		"page of a size":   {Page: &spec.PagePaging{Page: "page", First: 1, Pages: spec.Pages{Limit: "limit", Size: 10}}},
		"page with total":  {Page: &spec.PagePaging{Page: "page", First: 1, Pages: spec.Pages{Total: "meta.total"}}},
		"page with a flag": {Page: &spec.PagePaging{Page: "page", First: 1, Pages: spec.Pages{More: "meta.more", Size: 10}}},
		"cursor":           {Cursor: &spec.CursorPaging{Parameter: "cursor", Next: "meta.next"}},
		"cursor and total": {Cursor: &spec.CursorPaging{Parameter: "cursor", Next: "meta.next", Pages: spec.Pages{Limit: "limit", Size: 10, Total: "meta.total"}}},
		"cursor, flag":     {Cursor: &spec.CursorPaging{Parameter: "cursor", Next: "meta.next", Pages: spec.Pages{More: "meta.more"}}},
		"link":             {Link: &spec.LinkPaging{}},
		"link and total":   {Link: &spec.LinkPaging{Pages: spec.Pages{Total: "meta.total"}}},
		"next_url, a flag": {NextURL: &spec.NextURLPaging{Path: "meta.url", Pages: spec.Pages{More: "meta.more"}}},
	}
	for name, way := range ways {
		for _, count := range []int{0, 1, 9, 10, 11, 30, 95} {
			t.Run(fmt.Sprintf("%s, %d rows", name, count), func(t *testing.T) {
				s := numbers()
				s.Paging, s.Records = way, "rows"
				got, err := New(Options{}).Fetch(t.Context(), request(t, serve(t, handOut(count)), s))
				if err != nil {
					t.Fatal(err)
				}
				_, rows := all(t, got)
				if len(rows) != count {
					t.Fatalf("%d rows: %v", len(rows), rows)
				}
				for i, row := range rows {
					if row != strconv.Itoa(i) {
						t.Fatalf("rows are %v", rows)
					}
				}
			})
		}
	}
}

// follows is a page of two rows, the first of which is n, with what leads to the next one.
func follows(w http.ResponseWriter, n int, next string) {
	fmt.Fprintf(w, `{"next":%s,"more":true,"rows":%s}`, next, rowsOf(between(n, n+2)))
}

// Whatever leads on wrongly ends in an error with the evidence, and never in an endless round.
func TestWrongWaysOn(t *testing.T) {
	cursor := func(r *Request) {
		r.Source.Records, r.Source.Paging = "rows", spec.Paging{Cursor: &spec.CursorPaging{Parameter: "cursor", Next: "next"}}
	}
	address := func(r *Request) {
		r.Source.Records, r.Source.Paging = "rows", spec.Paging{NextURL: &spec.NextURLPaging{Path: "next"}}
	}
	var asked int
	for name, c := range map[string]struct {
		kind   string
		change func(*Request)
		answer func(w http.ResponseWriter, r *http.Request)
		says   string
	}{
		"a cursor again": {KindIntegrity, cursor, func(w http.ResponseWriter, _ *http.Request) { follows(w, 2*asked, `"a"`) },
			"Page 2 says that the next page is at a, which is what page 1 said"},
		"cursors in a round": {KindIntegrity, cursor, func(w http.ResponseWriter, _ *http.Request) { follows(w, 2*asked, strconv.Itoa(asked%3)) },
			"Page 4 says that the next page is at 1, which is what page 1 said"},
		"a page again": {KindIntegrity, cursor, func(w http.ResponseWriter, _ *http.Request) {
			follows(w, map[int]int{1: 1, 2: 3, 3: 1}[asked], strconv.Itoa(asked))
		},
			"Page 3 has the same rows as page 1, though the API said"},
		"a cursor that is not heeded": {KindIntegrity, cursor, func(w http.ResponseWriter, _ *http.Request) { follows(w, 1, `"a"`) },
			"Page 2 has the same rows as page 1: the API does not heed the parameter cursor."},
		"no end": {KindTooLarge, func(r *Request) { cursor(r); r.Source.Paging.Cursor.MaxPages = 4 },
			func(w http.ResponseWriter, _ *http.Request) { follows(w, 2*asked, strconv.Itoa(asked)) }, "behind page 4"},
		"more without a cursor": {KindIntegrity, func(r *Request) { cursor(r); r.Source.Paging.Cursor.More = "more" },
			func(w http.ResponseWriter, _ *http.Request) { follows(w, 1, "null") }, `says by "more" that more rows follow, and does not say where: it has no "next"`},
		"a wrong path": {KindIntegrity, func(r *Request) {
			cursor(r)
			r.Source.Paging.Cursor.Next, r.Source.Paging.Cursor.Limit, r.Source.Paging.Cursor.Size = "nxet", "limit", 2
		}, func(w http.ResponseWriter, _ *http.Request) { follows(w, 1, `"a"`) }, `it has no "nxet"`},
		"a wrong path, of pages of any size": {KindIntegrity, func(r *Request) { cursor(r); r.Source.Paging.Cursor.Next = "nxet" },
			func(w http.ResponseWriter, _ *http.Request) { follows(w, 1, `"a"`) }, `it has no "nxet". Correct that in the source's paging, or where`},
		"a cursor that is a list": {KindShape, cursor, func(w http.ResponseWriter, _ *http.Request) { follows(w, 1, "[]") }, "no text that leads to the next page"},
		"a long cursor": {KindTooLarge, cursor, func(w http.ResponseWriter, _ *http.Request) {
			follows(w, 1, `"`+strings.Repeat("a", longestNext+1)+`"`)
		},
			"longer than 8192 bytes"},
		"another host": {KindRedirect, address, func(w http.ResponseWriter, _ *http.Request) { follows(w, 1, `"http://elsewhere.example.com/x"`) },
			"the next page is at http://elsewhere.example.com/x, and the connection's server is http://127.0.0.1"},
		"another scheme": {KindRedirect, address, func(w http.ResponseWriter, r *http.Request) { follows(w, 1, `"https://`+r.Host+`/x"`) }, "the connection's server is http://"},
		"another port":   {KindRedirect, address, func(w http.ResponseWriter, _ *http.Request) { follows(w, 1, `"http://127.0.0.1:1/x"`) }, "the connection's server is"},
		"a host without a scheme": {KindRedirect, address, func(w http.ResponseWriter, _ *http.Request) { follows(w, 1, `"//elsewhere.example.com/x"`) },
			"elsewhere.example.com"},
		"a user":       {KindRedirect, address, func(w http.ResponseWriter, r *http.Request) { follows(w, 1, `"http://a:b@`+r.Host+`/x"`) }, "with a user name"},
		"no address":   {KindRedirect, address, func(w http.ResponseWriter, _ *http.Request) { follows(w, 1, `"http://[::1"`) }, "is no address"},
		"a kind apart": {KindRedirect, address, func(w http.ResponseWriter, _ *http.Request) { follows(w, 1, `"file:///etc/passwd"`) }, "file:///etc/passwd"},
		"a flag without rows": {KindIntegrity, func(r *Request) {
			r.Source.Records, r.Source.Paging = "rows", spec.Paging{Page: &spec.PagePaging{Page: "page", First: 1, Pages: spec.Pages{More: "more"}}}
			r.Transport.Concurrency = 1
		}, func(w http.ResponseWriter, _ *http.Request) {
			if asked == 1 {
				follows(w, 1, "null")
				return
			}
			fmt.Fprint(w, `{"more":true,"rows":[]}`)
		}, `More rows were announced by "more", and page 2 has none.`},
	} {
		t.Run(name, func(t *testing.T) {
			asked = 0
			e := fails(t, c.kind, func(w http.ResponseWriter, r *http.Request) { asked++; c.answer(w, r) }, c.change)
			if !strings.Contains(e.Error(), c.says) {
				t.Errorf("error is %v", e)
			}
			if asked > 8 {
				t.Errorf("%d requests", asked)
			}
		})
	}
}

// An offset API that caps its pages and says that more follow would leave a gap before the next offset.
func TestCappedWithAFlag(t *testing.T) {
	e := fails(t, KindIntegrity, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"more":true,"rows":[{"n":1},{"n":2}]}`)
	}, func(r *Request) { r.Source.Records, r.Source.Paging.Offset.More = "rows", "more" })
	if !strings.Contains(e.Error(), "(size: 2)") {
		t.Errorf("error is %v", e)
	}
}

func TestNextOf(t *testing.T) {
	for header, want := range map[string]string{
		`<https://a/b?c=1,2;3>; rel="next"`:                        "https://a/b?c=1,2;3",
		`<a>; rel=prev, <b>; rel=next`:                             "b",
		`<a>; title="x, <z>; rel=next"; rel="prev" , <b>;REL=Next`: "b",
		`<a>; rel="last  next"`:                                    "a",
		`<a>; rel=prev; rel=next`:                                  "",
		`<a>; rel=next; anchor="#x", <b>; rel = "next"`:            "b",
		`<a>; rel="nextish"`:                                       "",
		`<a`:                                                       "",
		`a; rel=next`:                                              "",
		`<a>; rel="ne\xt"`:                                         "a",
		`<a>; rel="next`:                                           "a",
		``:                                                         "",
	} {
		if got := nextOf([]string{header}); got != want {
			t.Errorf("%s leads to %q, want %q", header, got, want)
		}
	}
	if got := nextOf([]string{"<a>; rel=prev", "<b>; rel=next"}); got != "b" {
		t.Errorf("the second header leads to %q", got)
	}
}

// An API says that there is one page by null, in the place of the mark or around it, and by no rows.
func TestOnePageOfAnySize(t *testing.T) {
	for body, want := range map[string]int{
		`{"meta":{"next":null},"rows":[{"n":1}]}`: 1,
		`{"meta":{"next":""},"rows":[{"n":1}]}`:   1,
		`{"meta":null,"rows":[{"n":1}]}`:          1,
		`{"rows":[]}`:                             0,
	} {
		r := request(t, serve(t, answers(200, body)), numbers())
		r.Source.Records, r.Source.Paging = "rows", spec.Paging{Cursor: &spec.CursorPaging{Parameter: "cursor", Next: "meta.next"}}
		cl, _ := client(Options{})
		if got, err := cl.Fetch(t.Context(), r); err != nil || got.Len() != want {
			t.Errorf("%s: %v", body, err)
		}
	}
}
