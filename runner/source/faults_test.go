package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"
)

// fault is what a proxy does to a request. N counts the requests from 1; good is what the server behind it answers.
type fault func(w http.ResponseWriter, r *http.Request, n int, good string)

// late does f to all requests but the first, so that the first page is sound.
func late(f http.HandlerFunc) fault {
	return func(w http.ResponseWriter, r *http.Request, n int, good string) {
		if n == 1 {
			fmt.Fprint(w, good)
			return
		}
		f(w, r)
	}
}

// soon does f to the first so many requests.
func soon(requests int, f http.HandlerFunc) fault {
	return func(w http.ResponseWriter, r *http.Request, n int, good string) {
		if n > requests {
			fmt.Fprint(w, good)
			return
		}
		f(w, r)
	}
}

// rewritten answers with what change makes of the sound answer.
func rewritten(change func(n int, r *http.Request, good string) string) fault {
	return func(w http.ResponseWriter, r *http.Request, n int, good string) { fmt.Fprint(w, change(n, r, good)) }
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

func says(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

// TestProxyOfFaults puts a proxy of faults before a server of 25 rows: each ends in the right rows or in an error that
// names the request, and none in wrong rows. The table of what became of each is printed with -v.
func TestProxyOfFaults(t *testing.T) {
	const count = 25
	elsewhere := serve(t, says(`<html>Log in</html>`))
	var table strings.Builder
	lines := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprint(lines, "fault\trequests\twaited\tbecame of it\n")
	stop := make(chan struct{})
	defer close(stop)
	hang := func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}
	const right = "" // all rows, in order
	for _, unit := range []struct {
		name  string
		fault fault
		kind  string // of the error, or right
		shows string
	}{
		{"nothing", soon(0, nil), right, ""},
		{"429 twice, no Retry-After", soon(2, status(429)), right, ""},
		{"429, Retry-After in seconds", soon(1, status(429, "Retry-After", "3")), right, ""},
		{"429, Retry-After as a date", soon(1, status(429, "Retry-After", newClock().now.Add(5*time.Second).Format(http.TimeFormat))), right, ""},
		{"429, Retry-After too long", soon(1, status(429, "Retry-After", "86400")), KindStatus, "asks to wait 24h"},
		{"429 for ever", late(status(429)), KindStatus, "429"},
		{"500 twice, then good", soon(2, status(500)), right, ""},
		{"500 on each other request", func(w http.ResponseWriter, r *http.Request, n int, good string) {
			if n%2 == 1 {
				status(500)(w, r)
				return
			}
			fmt.Fprint(w, good)
		}, right, ""},
		{"502 for ever", late(status(502)), KindStatus, "502"},
		{"403 on page 2", late(status(403)), KindPermission, "403"},
		{"hang once", soon(1, hang), right, ""},
		{"hang for ever", late(hang), KindTimeout, "no answer"},
		{"slow drip", late(func(w http.ResponseWriter, r *http.Request) {
			for range 1000 {
				if _, err := io.WriteString(w, " "); err != nil || r.Context().Err() != nil {
					return
				}
				w.(http.Flusher).Flush()
				select {
				case <-time.After(5 * time.Millisecond):
				case <-r.Context().Done():
				}
			}
		}), KindTimeout, "did not end"},
		{"connection closed", soon(2, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), right, ""},
		{"cut JSON", rewritten(func(_ int, _ *http.Request, body string) string { return body[:len(body)-20] }), KindTruncated, "ends before its end"},
		{"body shorter than announced", soon(1, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"count":25,"result":[]}`)
		}), right, ""},
		{"HTML with 200", late(says("<!DOCTYPE html><title>Log in</title>")), KindNotJSON, "<!DOCTYPE html>"},
		{"another JSON with 200", late(says(`{"errors":[{"message":"sorry"}]}`)), KindShape, "sorry"},
		{"nothing with 200", late(says("")), KindNotJSON, "empty"},
		{"redirect to another host", late(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere, http.StatusFound) }), KindRedirect, "another server"},
		{"redirects in a round", late(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) }), KindRedirect, "redirects more than"},
		{"page 1 for page 2", rewritten(func(_ int, r *http.Request, body string) string {
			if r.URL.Query().Get("offset") == "10" {
				return `{"count":25,"result":` + rowsOf(between(0, 10)) + `}`
			}
			return body
		}), KindIntegrity, "Page 2 has the same rows as page 1"},
		{"page 2 for page 3", rewritten(func(_ int, r *http.Request, body string) string {
			if r.URL.Query().Get("offset") == "20" {
				return `{"count":25,"result":` + rowsOf(between(10, 15)) + `}`
			}
			return body
		}), KindIntegrity, "the same record"},
		{"a row moves once", rewritten(func(n int, r *http.Request, body string) string {
			if n == 2 {
				return `{"count":25,"result":` + rowsOf(append([]int{9}, between(10, 19)...)) + `}`
			}
			return body
		}), right, ""},
		{"rows keep moving", rewritten(func(n int, r *http.Request, body string) string {
			if r.URL.Query().Get("offset") == "10" {
				return `{"count":25,"result":` + rowsOf(append([]int{9}, between(10, 19)...)) + `}`
			}
			return body
		}), KindIntegrity, "the same record"},
		{"a total too high", rewritten(func(_ int, _ *http.Request, body string) string {
			return strings.Replace(body, `"count":25`, `"count":27`, 1)
		}), KindIntegrity, "announced 27 records and gave 25"},
		{"a total too low", rewritten(func(_ int, _ *http.Request, body string) string {
			return strings.Replace(body, `"count":25`, `"count":22`, 1)
		}), KindIntegrity, "announced 22 records and gave 25"},
		{"a total that changes", rewritten(func(n int, _ *http.Request, body string) string {
			return strings.Replace(body, `"count":25`, fmt.Sprintf(`"count":%d`, 24+n), 1)
		}), KindIntegrity, "Page 1 announced"},
		{"a total of billions", rewritten(func(_ int, _ *http.Request, body string) string {
			return strings.Replace(body, `"count":25`, `"count":9000000000`, 1)
		}), KindTooLarge, "max_pages"},
		{"100 MB of garbage", late(func(w http.ResponseWriter, _ *http.Request) {
			chunk := bytes.Repeat([]byte("garbage "), 1<<13)
			for range 100 << 20 / len(chunk) {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}), KindTooLarge, "max_response_size"},
		{"invalid UTF-8", late(says("{\"count\":25,\"result\":[{\"n\":10,\"name\":\"\xff\"}]}")), KindNotJSON, `\xff`},
		{"deep nesting", late(says(`{"count":25,"result":[{"m":` + strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000) + `}]}`)), KindTooLarge, "deep"},
		{"deep lists", late(says(`{"count":25,"result":[{"m":` + strings.Repeat(`[`, 50000) + strings.Repeat("]", 50000) + `}]}`)), KindNotJSON, "not JSON"},
		{"a value of another type", rewritten(func(_ int, _ *http.Request, body string) string {
			return strings.Replace(body, `{"n":12}`, `{"n":"twelve"}`, 1)
		}), KindType, `row 13, column "n"`},
	} {
		t.Run(unit.name, func(t *testing.T) {
			var asked atomic.Int32
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				good := httptest.NewRecorder()
				counting(count)(good, r)
				unit.fault(w, r, int(asked.Add(1)), fmt.Sprintf(`{"count":%d,"result":%s}`, count, good.Body))
			})
			c, clock := client(Options{})
			r := request(t, base, numbers())
			r.Source.Records, r.Source.Paging.Offset.Total, r.Source.Key = "result", "count", []string{"n"}
			r.Transport.Attempts, r.Transport.Concurrency, r.Transport.MaxResponse = 3, 1, 8<<20
			if strings.HasPrefix(unit.name, "hang") || strings.HasPrefix(unit.name, "slow") {
				r.Transport.Timeout = 500 * time.Millisecond
			}
			got, err := c.Fetch(t.Context(), r)
			became := "error"
			switch e, ok := errors.AsType[*Error](err); {
			case err == nil:
				_, rows := all(t, got)
				became = fmt.Sprintf("%d rows", len(rows))
				for i, row := range rows {
					if row != fmt.Sprint(i) {
						t.Fatalf("wrong rows: %v", rows)
					}
				}
				if len(rows) != count || unit.kind != right {
					t.Errorf("%d rows, want %s", len(rows), unit.kind)
				}
			case !ok:
				t.Errorf("error is %v", err)
			default:
				code, _, detail := e.Diagnose()
				became = code + ": " + firstLine(strings.Join(append(e.Messages, detail), "\n"))
				if e.Kind != unit.kind || !strings.Contains(strings.ToLower(detail), strings.ToLower(unit.shows)) {
					t.Errorf("kind is %s, want %s: %s", e.Kind, unit.kind, detail)
				}
				if !strings.HasPrefix(e.URL, base+"/numbers?") && e.URL != base || !strings.Contains(detail, base) {
					t.Errorf("the request is not named: %s", detail)
				}
			}
			fmt.Fprintf(lines, "%s\t%d\t%s\t%s\n", unit.name, asked.Load(), clock.Now().Sub(newClock().Now()).Round(time.Second), became)
		})
	}
	_ = lines.Flush()
	t.Log("\n" + table.String())
}

// firstLine is a text up to its first line break.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	if len(line) > 90 {
		line = line[:90] + "…"
	}
	return line
}
