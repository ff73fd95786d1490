package source

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/spec"
)

// benchPages is how many pages of 100 rows the benchmarks of fetching have.
const benchPages = 1000

// pagesServer serves benchPages pages of the chat report, each after a time that its path says: /50ms/chats.
func pagesServer(tb testing.TB) string {
	tb.Helper()
	page, _ := chatPage(tb)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		latency, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if d, err := time.ParseDuration(latency); err != nil {
			http.NotFound(w, r)
			return
		} else if d > 0 {
			time.Sleep(d)
		}
		w.Header().Set("Content-Type", "application/json")
		offset, err := strconv.Atoi(r.URL.Query().Get("offset"))
		if err != nil || offset%100 != 0 || r.URL.Query().Get("limit") != "100" {
			http.Error(w, `{"errors":[{"message":"offset and limit"}]}`, http.StatusBadRequest)
			return
		}
		if offset >= 100*benchPages {
			_, _ = w.Write([]byte("[]"))
			return
		}
		// No two pages are the same: that would be a fault of the API.
		_, _ = w.Write(bytes.ReplaceAll(page, []byte("Żółkiewski"), fmt.Appendf(nil, "Żółkiewski %07d", offset)))
	}))
	tb.Cleanup(server.Close)
	return server.URL
}

// chatRequest asks the pages server for its rows, with eight requests in flight.
func chatRequest(tb testing.TB, base string) Request {
	_, l := chatPage(tb)
	s := &spec.Source{Name: "chats", Path: "chats", Columns: l.columns}
	s.Paging.Offset = &spec.OffsetPaging{Offset: "offset", Pages: spec.Pages{Limit: "limit", Size: 100}}
	r := request(tb, base, s)
	r.Transport.Concurrency = 8
	return r
}

// BenchmarkFetch gets 100,000 rows in pages of 100, with the time that a server takes for each. What is under way at
// once bounds that: "of-bound" is the time in shares of pages × latency ÷ requests in flight.
func BenchmarkFetch(b *testing.B) {
	server := pagesServer(b)
	for _, latency := range []time.Duration{0, 50 * time.Millisecond} {
		b.Run(latency.String(), func(b *testing.B) {
			r := chatRequest(b, server+"/"+latency.String())
			for b.Loop() {
				rows, err := New(Options{}).Fetch(b.Context(), r)
				if err != nil || rows.Len() != 100*benchPages {
					b.Fatal(err)
				}
				_ = rows.Close()
			}
			b.ReportMetric(100*benchPages*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			if latency > 0 {
				bound := benchPages * latency / time.Duration(r.Transport.Concurrency)
				b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/bound.Seconds(), "of-bound")
			}
		})
	}
}

// pandasPython is a Python that has requests and pandas; empty where there is none. The first in the path may be another
// than the one that the system's packages belong to.
func pandasPython() string {
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import requests, pandas").Run() == nil {
			return python
		}
	}
	return ""
}

// BenchmarkBesidePython gets the rows by turns with a loop in Python, as sidebyside.sh shows.
func BenchmarkBesidePython(b *testing.B) {
	python := pandasPython()
	if python == "" {
		b.Skip("skipped: there is no Python with requests and pandas to compare with")
	}
	server := pagesServer(b) + "/0s"
	r := chatRequest(b, server)
	var ours, theirs float64
	for b.Loop() {
		begin := time.Now()
		rows, err := New(Options{}).Fetch(b.Context(), r)
		if err != nil || rows.Len() != 100*benchPages {
			b.Fatal(err)
		}
		ours += time.Since(begin).Seconds()
		_ = rows.Close()
		out, err := exec.Command(python, "sidebyside.py", server+"/chats").Output()
		var got int
		var seconds float64
		if _, malformed := fmt.Sscan(string(out), &got, &seconds); err != nil || malformed != nil || got != 100*benchPages {
			b.Fatalf("%v: %s", err, out)
		}
		theirs += seconds
	}
	all := 100 * benchPages * float64(b.N)
	b.ReportMetric(all/ours, "rows/s")
	b.ReportMetric(all/theirs, "python-rows/s")
	b.ReportMetric(theirs/ours, "x-python")
}
