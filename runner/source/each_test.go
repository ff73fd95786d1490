package source

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/expr"
)

// eachOf asks for each of labelled values of the parameter q.
func eachOf(labels ...string) *Each {
	e := &Each{Parameter: &spec.Parameter{Name: "q", List: true, Style: "brackets"}, Field: table.Field{Name: "queue", Type: expr.Text}}
	for i, label := range labels {
		e.Values = append(e.Values, EachValue{expr.IntegerValue(int64(i)), label})
	}
	return e
}

// The rows of all values are one table in the order of the values, however soon they come, with types over all of it: a
// column that is found as a number for one value and as a text for another is text, as it was written.
func TestEachValueIsAskedFor(t *testing.T) {
	var asked atomic.Int32
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		q := r.URL.Query().Get("q[]")
		n, _ := strconv.Atoi(q)
		time.Sleep(time.Duration(10-n) * time.Millisecond)
		fmt.Fprint(w, map[string]string{
			"0": `[{"n":1,"code":1.50,"ok":true}]`,
			"1": `[]`,
			"2": `[{"code":"x1","n":2,"queue":"theirs"},{"n":3}]`,
			"3": `[{"new":{"one":4}}]`,
		}[q])
	})
	r := unpaged(request(t, base, numbers()))
	r.Each = eachOf("Sales", "None", "Support", "Sales")
	r.Transport.Concurrency = 8
	c := New(Options{})
	want := []string{"Sales|1|1.50|true|-|-", "Support|2|x1|-|theirs|-", "Support|3|-|-|-|-", "Sales|-|-|-|-|4"}
	for range 2 {
		got, err := c.Fetch(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		names, rows := all(t, got)
		if text := strings.Join(names, " "); text != "queue:text n:integer code:text ok:boolean queue_2:text new_one:integer" {
			t.Errorf("columns are %s", text)
		}
		if !slices.Equal(rows, want) {
			t.Errorf("rows are %q", rows)
		}
		_ = got.Close()
	}
	if asked.Load() != 4 {
		t.Errorf("asked %d times: the second dataset asks for the same", asked.Load())
	}
	for name, change := range map[string]func(e *Each){
		"label":  func(e *Each) { e.Values[0].Label = "Other" },
		"order":  func(e *Each) { slices.Reverse(e.Values) },
		"column": func(e *Each) { e.Field.Name = "line" },
		"value":  func(e *Each) { e.Values = e.Values[:2] },
	} {
		before := asked.Load()
		r.Each = eachOf("Sales", "None", "Support", "Sales")
		change(r.Each)
		if _, err := c.Fetch(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if asked.Load() == before {
			t.Errorf("another %s makes no difference", name)
		}
	}
}

// No values are no requests, and a table with the columns that are known.
func TestNoValues(t *testing.T) {
	base := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("asked for nothing") })
	r := request(t, base, numbers())
	r.Source.Path = "q/{q}"
	r.Each = eachOf()
	got, err := New(Options{}).Fetch(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if names, rows := all(t, got); strings.Join(names, " ") != "queue:text n:integer" || len(rows) > 0 {
		t.Errorf("%d rows of %v", len(rows), names)
	}
}

// Many values with many pages each come whole, in little memory, and are counted as one.
func TestEachValueInPages(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("q[]"))
		counting(n)(w, r)
	})
	r := request(t, base, numbers())
	r.Spool.Memory = 1
	r.Each = eachOf(make([]string, 45)...)
	last := Event{}
	pages := 0
	got, err := New(Options{Observe: func(e Event) {
		if e.Kind == Received {
			if e.Rows < last.Rows || e.Page != last.Page+1 || e.Total != -1 {
				t.Errorf("%+v behind %+v", e, last)
			}
			last, pages = e, pages+1
		}
	}}).Fetch(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for n := range 45 {
		for i := range n {
			want = append(want, fmt.Sprintf("|%d", i))
		}
	}
	if _, rows := all(t, got); !slices.Equal(rows, want) || last.Rows != len(want) {
		t.Errorf("%d rows, %d told; want %d", len(rows), last.Rows, len(want))
	}
}

// An error says which of the requests it is of, and ends the others.
func TestErrorOfOneValue(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("q[]") {
		case "1":
			w.WriteHeader(http.StatusBadRequest)
		case "0":
			fmt.Fprint(w, `[{"n":1}]`)
		default:
			<-r.Context().Done()
		}
	})
	r := unpaged(request(t, base, numbers()))
	r.Each = eachOf("Sales", "Support", "Other", "More")
	r.Slices = []calendar.Range{r.Range}
	r.Source.Window = &spec.Window{From: "from", Until: "until", Layout: "2006-01-02"}
	_, err := New(Options{}).Fetch(t.Context(), r)
	if err == nil || !strings.Contains(err.Error(), "for q 1 (Support), 2026-11-09..2026-11-15") {
		t.Errorf("error is %v", err)
	}
	e, _ := errors.AsType[*Error](err)
	if _, _, detail := e.Diagnose(); !strings.Contains(detail, "It is one of the dataset's requests, that for q 1 (Support), 2026-11-09..2026-11-15.") {
		t.Errorf("detail is %s", detail)
	}
}

// days is the request's range in slices of a day.
func days(r Request) (out []calendar.Range) {
	for from := r.Range.From; from.Before(r.Range.Until); from = from.AddDate(0, 0, 1) {
		out = append(out, calendar.Range{From: from, Until: from.AddDate(0, 0, 1)})
	}
	return out
}

// A record that two slices have is found where the source has a key, and asked for again once, as one that two pages
// have. For two values it is no wonder.
func TestRecordInTwoSlices(t *testing.T) {
	for name, c := range map[string]struct {
		key   []string
		each  *Each
		once  bool // the record is there only the first time
		fails bool
	}{
		"with a key":    {key: []string{"n"}, fails: true},
		"and values":    {key: []string{"n"}, each: eachOf("a", "b"), fails: true},
		"it moved":      {key: []string{"n"}, once: true},
		"without a key": {},
	} {
		t.Run(name, func(t *testing.T) {
			var fifth atomic.Int32
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				day := strings.TrimPrefix(r.URL.Query().Get("from"), "2026-11-")
				if day == "12" && (fifth.Add(1) == 1 || !c.once) {
					fmt.Fprint(w, `[{"n":12},{"n":9}]`)
					return
				}
				fmt.Fprintf(w, `[{"n":%s}]`, strings.TrimPrefix(day, "0"))
			})
			r := unpaged(request(t, base, numbers()))
			r.Source.Window = &spec.Window{From: "from", Until: "until", Layout: "2006-01-02"}
			r.Source.Key, r.Each, r.Slices = c.key, c.each, days(r)
			told := 0
			got, err := New(Options{Observe: func(e Event) {
				if e.Kind == Received {
					told = e.Rows
				}
			}}).Fetch(t.Context(), r)
			if c.fails {
				if err == nil || !strings.Contains(err.Error(), "A record of this slice of the range came with an earlier slice") || !strings.Contains(err.Error(), "2026-11-12: ") {
					t.Errorf("error is %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := "9 10 11 12 13 14 15"
			if c.key == nil {
				want = "9 10 11 12 9 13 14 15"
			}
			if _, rows := all(t, got); strings.Join(rows, " ") != want || told != len(rows) {
				t.Errorf("rows are %v, and %d were told", rows, told)
			}
		})
	}
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `[{"n":%s}]`, strings.TrimPrefix(strings.TrimPrefix(r.URL.Query().Get("from"), "2026-11-"), "0"))
	})
	r := unpaged(request(t, base, numbers()))
	r.Source.Window = &spec.Window{From: "from", Until: "until", Layout: "2006-01-02"}
	r.Source.Key, r.Each, r.Slices = []string{"n"}, eachOf("a", "b"), days(r)
	if _, err := New(Options{}).Fetch(t.Context(), r); err != nil {
		t.Errorf("the same records for two values: %v", err)
	}
}

// A fetch that is stopped stops all of its requests.
func TestEachValueIsStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	r := request(t, base, numbers())
	r.Each = eachOf("a", "b", "c")
	if _, err := New(Options{}).Fetch(ctx, r); err == nil {
		t.Error("no error")
	}
}
