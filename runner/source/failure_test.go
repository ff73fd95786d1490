package source

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// fails fetches numbers over h, which must fail with an *Error of kind.
func fails(t *testing.T, kind string, h http.HandlerFunc, change func(*Request)) *Error {
	t.Helper()
	c, _ := client(Options{})
	r := request(t, serve(t, h), numbers())
	if change != nil {
		change(&r)
	}
	_, err := c.Fetch(t.Context(), r)
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("error is %v", err)
	}
	if e.Kind != kind {
		t.Fatalf("kind is %s, want %s: %v", e.Kind, kind, e)
	}
	if code, summary, detail := e.Diagnose(); code == "" || summary == "" || detail == "" {
		t.Errorf("diagnosed as %q, %q, %q", code, summary, detail)
	}
	return e
}

func answers(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestErrorStatuses(t *testing.T) {
	const body = `{"request_id":"53678450401cf","errors":[{"message":"First.","code":1},{"message":"Second.","code":2}]}`
	for status, want := range map[int]struct{ kind, advice string }{
		400: {KindParameters, "filters"},
		401: {KindAuth, "sends no credentials"},
		403: {KindPermission, "administrator"},
		404: {KindNotFound, "base_url"},
		410: {KindNotFound, "base_url"},
		304: {KindRedirect, "base_url"},
		418: {KindStatus, "418"},
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			e := fails(t, want.kind, answers(status, body), nil)
			_, _, detail := e.Diagnose()
			if e.Attempts != 1 || !strings.Contains(detail, want.advice) {
				t.Errorf("after %d attempts: %s", e.Attempts, detail)
			}
			if status == 304 {
				return // has no body
			}
			for _, text := range []string{e.Error(), detail} {
				if !strings.Contains(text, "First. Second.") || !strings.Contains(text, "53678450401cf") {
					t.Errorf("request_id or messages are missing in %q", text)
				}
			}
		})
	}
}

func TestErrorBodiesOfAnotherForm(t *testing.T) {
	e := fails(t, KindPermission, answers(403, "<html>\x1b[31mNo\u202e!"+strings.Repeat("x", 1000)), nil)
	if want := `<html>\x1b[31mNo\u202e!`; !strings.HasPrefix(e.Body, want) || len(e.Body) > 540 {
		t.Errorf("body is %q", e.Body)
	}
	e = fails(t, KindAuth, answers(401, `{"request_id":12,"errors":[]}`), nil)
	if e.RequestID != "12" {
		t.Errorf("request id is %q", e.RequestID)
	}
}

func TestSuccessesThatAreNone(t *testing.T) {
	for name, c := range map[string]struct{ body, kind, shows string }{
		"login page":       {"<!DOCTYPE html>\n<title>Log in</title>", KindNotJSON, `<!DOCTYPE html>\n<title>`},
		"nothing":          {"", KindNotJSON, "empty"},
		"another envelope": {`{"result":[]}`, KindShape, "the source has no records"},
		"errors with 200":  {`{"errors":[{"message":"no"}]}`, KindShape, `"no"`},
		"list of numbers":  {`[1,2]`, KindShape, "holds a number where a row should be"},
		"cut":              {`[{"n":1},{"n":`, KindTruncated, "ends before its end"},
		"cut in a word":    {`[{"n":tr`, KindTruncated, "ends before its end"},
		"trailing garbage": {`[{"n":1}] <br/>`, KindNotJSON, "more follows"},
		"two documents":    {`[{"n":1}] [{"n":2}]`, KindNotJSON, "more follows"},
		"invalid UTF-8":    {"[{\"n\":1,\"name\":\"\xff\"}]", KindNotJSON, `\xff`},
		"lone surrogate":   {`[{"n":1,"name":"\ud800"}]`, KindNotJSON, "not JSON"},
		"deep":             {`[{"n":` + strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 101) + `]`, KindType, "is an object"},
		"deep and unknown": {`[{"m":` + strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 101) + `]`, KindTooLarge, "deep"},
		"very deep":        {`[{"m":` + strings.Repeat(`[`, 20000) + strings.Repeat("]", 20000) + `}]`, KindNotJSON, "not JSON"},
		"wrong type":       {`[{"n":1},{"n":"two"}]`, KindType, `row 2, column "n": "two" is not a whole number`},
		"twice":            {`[{"n":1,"n":2}]`, KindType, `column "n": 2 is a second value`},
	} {
		t.Run(name, func(t *testing.T) {
			e := fails(t, c.kind, answers(200, c.body), nil)
			if !strings.Contains(e.Error(), c.shows) {
				t.Errorf("%q does not show %q", e, c.shows)
			}
			if e.Attempts != 1 {
				t.Errorf("%d attempts", e.Attempts)
			}
		})
	}
}

func TestTooManyColumns(t *testing.T) {
	var b strings.Builder
	for i := range maxColumns + 1 {
		fmt.Fprintf(&b, `,"k%d":1`, i)
	}
	fails(t, KindTooLarge, answers(200, `[{"n":1`+b.String()+`}]`), nil)
}

func TestRowNumberCountsAllPages(t *testing.T) {
	pages := counting(10)
	e := fails(t, KindType, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("offset") == "0" {
			pages(w, r)
			return
		}
		fmt.Fprint(w, `[{"n":10},{"n":1.5}]`)
	}, nil)
	if cell, ok := errors.AsType[*CellError](e); !ok || cell.Row != 12 || cell.Value != "1.5" {
		t.Errorf("error is %v", e)
	}
}

func TestNeverAnswers(t *testing.T) {
	done := make(chan struct{})
	defer close(done)
	for name, h := range map[string]http.HandlerFunc{
		"no head": func(http.ResponseWriter, *http.Request) { <-done },
		"no body": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "[")
			w.(http.Flusher).Flush()
			<-done
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := client(Options{})
			server := httptest.NewServer(h)
			t.Cleanup(server.CloseClientConnections)
			r := request(t, server.URL, numbers())
			r.Transport.Timeout, r.Transport.Attempts = 30*time.Millisecond, 2
			_, err := c.Fetch(t.Context(), r)
			if e, ok := errors.AsType[*Error](err); !ok || e.Kind != KindTimeout || e.Attempts != 2 {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	base := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	if _, err := New(Options{}).Fetch(ctx, request(t, base, numbers())); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

// raw serves each connection with the bytes that write sends before it closes.
func raw(t *testing.T, write func(attempt int) string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for attempt := 1; ; attempt++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			buf := make([]byte, 4096)
			_, _ = c.Read(buf)
			_, _ = io.WriteString(c, write(attempt))
			_ = c.Close()
		}
	}()
	return "http://" + l.Addr().String()
}

// A connection that breaks is tried again, wherever it breaks.
func TestBrokenConnections(t *testing.T) {
	const whole = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[{\"n\":7}]"
	for name, broken := range map[string]string{
		"no answer":       "",
		"in the head":     "HTTP/1.1 200 OK\r\nContent-",
		"in the body":     "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[{\"n\":",
		"in a chunk":      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n[{\"n\":",
		"close-delimited": "HTTP/1.1 200 OK\r\n\r\n[{\"n\":",
	} {
		t.Run(name, func(t *testing.T) {
			c, clock := client(Options{})
			base := raw(t, func(attempt int) string {
				if attempt < 3 {
					return broken
				}
				return whole
			})
			got, err := c.Fetch(t.Context(), unpaged(request(t, base, numbers())))
			if err != nil || got.Len() != 1 {
				t.Fatalf("error is %v", err)
			}
			if len(clock.slept) != 2 {
				t.Errorf("slept %v", clock.slept)
			}
		})
	}
}

func TestRetries(t *testing.T) {
	date := newClock().now.Add(7 * time.Second).Format(http.TimeFormat)
	past := newClock().now.Add(-time.Hour).Format(http.TimeFormat)
	for name, c := range map[string]struct {
		status     int
		retryAfter string
		least      time.Duration // of the first wait
		most       time.Duration
	}{
		"408":               {408, "", 0, time.Second},
		"425":               {425, "", 0, time.Second},
		"429":               {429, "", 0, time.Second},
		"500":               {500, "", 0, time.Second},
		"503":               {503, "", 0, time.Second},
		"seconds":           {429, "7", 7 * time.Second, 7 * time.Second},
		"a date":            {503, date, 7 * time.Second, 7 * time.Second},
		"0":                 {429, "0", 0, time.Second},
		"a past date":       {429, past, 0, time.Second},
		"negative":          {429, "-5", 0, time.Second},
		"not a Retry-After": {429, "soon", 0, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				if asked.Add(1) == 1 {
					w.Header().Set("Retry-After", c.retryAfter)
					w.WriteHeader(c.status)
					return
				}
				fmt.Fprint(w, `[{"n":1}]`)
			})
			var retried []Event
			cl, clock := client(Options{Observe: func(e Event) {
				if e.Kind == Retried {
					retried = append(retried, e)
				}
			}})
			if _, err := cl.Fetch(t.Context(), unpaged(request(t, base, numbers()))); err != nil {
				t.Fatal(err)
			}
			if len(clock.slept) != 1 || clock.slept[0] < c.least || clock.slept[0] > c.most {
				t.Errorf("slept %v", clock.slept)
			}
			if len(retried) != 1 || retried[0].Wait != clock.slept[0] || retried[0].Err == nil {
				t.Errorf("told of %+v", retried)
			}
		})
	}
}

func TestRetriesEnd(t *testing.T) {
	t.Run("by attempts", func(t *testing.T) {
		e := fails(t, KindStatus, answers(503, "busy"), func(r *Request) { r.Transport.Attempts = 3 })
		if e.Attempts != 3 {
			t.Errorf("%d attempts", e.Attempts)
		}
	})
	t.Run("by the budget", func(t *testing.T) {
		e := fails(t, KindStatus, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "40")
			w.WriteHeader(http.StatusTooManyRequests)
		}, nil)
		if _, _, detail := e.Diagnose(); e.Attempts != 2 || !strings.Contains(detail, "asks to wait 40s") {
			t.Errorf("after %d attempts: %s", e.Attempts, detail)
		}
	})
	t.Run("backoff grows and is bounded", func(t *testing.T) {
		c, clock := client(Options{})
		r := request(t, serve(t, answers(500, "")), numbers())
		r.Transport.Attempts, r.Transport.MaxWait = 40, time.Hour
		_, _ = c.Fetch(t.Context(), r)
		for i, d := range clock.slept {
			if bound := min(30*time.Second, time.Second<<min(i, 10)); d > bound {
				t.Errorf("wait %d is %s, more than %s", i, d, bound)
			}
		}
		if len(clock.slept) != 39 || clock.now.Sub(newClock().now) < time.Minute {
			t.Errorf("slept %v", clock.slept)
		}
	})
}

func TestTooLarge(t *testing.T) {
	bomb := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, "[")
		for range 1 << 10 {
			_, _ = z.Write(make([]byte, 1<<10))
		}
		_ = z.Close()
	}
	e := fails(t, KindTooLarge, bomb, func(r *Request) { r.Transport.MaxResponse = 1 << 16 })
	if !strings.Contains(e.Error(), "max_response_size") || e.Attempts != 1 {
		t.Errorf("after %d attempts: %v", e.Attempts, e)
	}
}

func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		rule     spec.Rule
		status   int
		body     string
		kind     string
		attempts int
		rows     int
	}{
		"empty":             {spec.Rule{Status: 404, Action: "empty"}, 404, "none", "", 0, 0},
		"ignore":            {spec.Rule{Status: 500, Action: "ignore"}, 500, `[{"n":1}]`, "", 0, 1},
		"retry":             {spec.Rule{Status: 409, Action: "retry"}, 409, "", KindStatus, 2, 0},
		"fail":              {spec.Rule{Status: 503, Action: "fail"}, 503, "", KindStatus, 1, 0},
		"fail a success":    {spec.Rule{Status: 200, BodyContains: "maintenance", Action: "fail"}, 200, "maintenance", KindStatus, 1, 0},
		"another body":      {spec.Rule{Status: 404, BodyContains: "queue", Action: "empty"}, 404, "no agent", KindNotFound, 1, 0},
		"retried successes": {spec.Rule{Status: 200, BodyContains: "wait", Action: "retry"}, 200, "wait", KindStatus, 2, 0},
		"of another status": {spec.Rule{Status: 404, Action: "empty"}, 403, "", KindPermission, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			change := func(r *Request) {
				r.Source.Rules = []spec.Rule{c.rule}
				r.Transport.Attempts = 2
			}
			if c.kind != "" {
				if e := fails(t, c.kind, answers(c.status, c.body), change); e.Attempts != c.attempts {
					t.Errorf("%d attempts", e.Attempts)
				}
				return
			}
			r := unpaged(request(t, serve(t, answers(c.status, c.body)), numbers()))
			change(&r)
			if got, err := New(Options{}).Fetch(t.Context(), r); err != nil || got.Len() != c.rows {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// Servers that echo what they were sent do not bring secrets into messages.
func TestSecretsAreTakenOut(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, "%s %s %s %s", password, r.Header.Get("Authorization"), r.Header.Get("X-Api-Key"), r.URL)
	}
	e := fails(t, KindPermission, echo, func(r *Request) {
		r.Username, r.Password = "api", expr.NewSecret("hunter2!")
		r.Headers = map[string]string{"X-Api-Key": "0123456789"}
		r.Arguments = []Argument{{&spec.Parameter{Name: "token"},
			expr.Value{Type: expr.Text, Valid: true, Sensitive: true, Str: "tok-en"}}}
	})
	_, _, detail := e.Diagnose()
	for _, text := range []string{e.Error(), detail, fmt.Sprintf("%+v", *e)} {
		for _, secret := range []string{"hunter2", "YXBpOmh1bnRlcjIh", "0123456789", "tok-en"} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in %s", secret, text)
			}
		}
	}
	if !strings.Contains(e.URL, "token=(sensitive)") {
		t.Errorf("URL is %s", e.URL)
	}
}
