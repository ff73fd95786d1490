package source

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/expr"
)

// warsaw is the zone of most tests.
func warsaw(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// numbers is a source of one integer column in pages of ten.
func numbers() *spec.Source {
	return &spec.Source{
		Name: "numbers", Path: "numbers",
		Paging: spec.Paging{Offset: &spec.OffsetPaging{Offset: "offset", Pages: spec.Pages{Limit: "limit", Size: 10}}},
		Columns: []*spec.SourceColumn{
			{Field: table.Field{Name: "n", Type: expr.Integer}},
		},
	}
}

// request asks source over base for the second week of November 2026.
func request(t testing.TB, base string, s *spec.Source) Request {
	zone := warsaw(t)
	return Request{
		Connection: "api", Kind: "http", BaseURL: base, Zone: zone, Source: s,
		Range: calendar.Range{
			From:  time.Date(2026, 11, 9, 0, 0, 0, 0, zone),
			Until: time.Date(2026, 11, 16, 0, 0, 0, 0, zone),
		},
		Spool: table.Spool{Dir: t.TempDir()},
	}
}

// unpaged is r for a server that has one answer.
func unpaged(r Request) Request {
	r.Source.Paging = spec.Paging{}
	return r
}

// serve answers with h on loopback.
func serve(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// counting serves the numbers below count, as an offset API does.
func counting(count int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var offset, limit int
		fmt.Sscan(r.URL.Query().Get("offset"), &offset)
		fmt.Sscan(r.URL.Query().Get("limit"), &limit)
		rows := []map[string]int{}
		for n := offset; n < min(count, offset+limit); n++ {
			rows = append(rows, map[string]int{"n": n})
		}
		_ = json.NewEncoder(w).Encode(rows)
	}
}

// clock is a clock whose time passes by sleeping alone.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return ctx.Err()
}

// client is a Client on a clock of its own.
func client(o Options) (*Client, *clock) {
	c := newClock()
	o.Now, o.Sleep = c.Now, c.Sleep
	return New(o), c
}

// all reads a table as text, one string a row, with its fields.
func all(t testing.TB, tbl *table.Table) (names []string, rows []string) {
	t.Helper()
	for _, f := range tbl.Fields() {
		names = append(names, fmt.Sprintf("%s:%s", f.Name, typeNames[f.Type]))
	}
	for b, err := range tbl.Rows().Seq {
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.N {
			var cells []string
			for c, f := range tbl.Fields() {
				cells = append(cells, show(b.Cols[c].Value(f, i)))
			}
			rows = append(rows, strings.Join(cells, "|"))
		}
	}
	return names, rows
}

var typeNames = map[expr.Type]string{
	expr.Text: "text", expr.Integer: "integer", expr.Decimal: "decimal", expr.Percent: "percent", expr.Ratio: "ratio",
	expr.Duration: "duration", expr.Date: "date", expr.DateTime: "datetime", expr.Period: "period", expr.Boolean: "boolean",
}

// show is a value as the tests write it.
func show(v expr.Value) string {
	if !v.Valid {
		return "-"
	}
	switch v.Type {
	case expr.Duration:
		return (time.Duration(v.Int) * time.Microsecond).String()
	case expr.Date:
		return expr.FromCivil(v.Int).Format("2006-01-02")
	case expr.DateTime:
		return expr.FromCivil(v.Int).Format("2006-01-02 15:04:05.999")
	case expr.Period:
		if v.Int == expr.NoTime {
			return "?" + v.Str
		}
		return expr.FromCivil(v.Int).Format("2006-01-02 15:04")
	default:
		return written(v)
	}
}

func TestFetchKeepsOrder(t *testing.T) {
	for _, count := range []int{0, 1, 9, 10, 11, 95, 100} {
		for _, total := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d rows, total %v", count, total), func(t *testing.T) {
				pages := counting(count)
				base := serve(t, func(w http.ResponseWriter, r *http.Request) {
					// Later pages answer sooner.
					var offset int
					fmt.Sscan(r.URL.Query().Get("offset"), &offset)
					time.Sleep(time.Duration(offset*7%11) * time.Millisecond)
					if !total {
						pages(w, r)
						return
					}
					fmt.Fprintf(w, `{"count":"%d","result":`, count)
					pages(w, r)
					fmt.Fprint(w, "}")
				})
				s := numbers()
				if total {
					s.Records, s.Paging.Offset.Total = "result", "count"
				}
				got, err := New(Options{}).Fetch(t.Context(), request(t, base, s))
				if err != nil {
					t.Fatal(err)
				}
				_, rows := all(t, got)
				var want []string
				for n := range count {
					want = append(want, fmt.Sprint(n))
				}
				if !slices.Equal(rows, want) {
					t.Errorf("rows are %v", rows)
				}
			})
		}
	}
}

// At most so many requests are in flight over one connection, whichever fetch they belong to.
func TestConcurrencyIsShared(t *testing.T) {
	var mu sync.Mutex
	inFlight, most := 0, 0
	pages := counting(200)
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		inFlight++
		most = max(most, inFlight)
		mu.Unlock()
		time.Sleep(3 * time.Millisecond)
		mu.Lock()
		inFlight--
		mu.Unlock()
		fmt.Fprint(w, `{"count":200,"result":`)
		pages(w, r)
		fmt.Fprint(w, "}")
	})
	c := New(Options{})
	var fetches sync.WaitGroup
	for range 3 {
		fetches.Go(func() {
			// With a total no page is asked for in vain: a dropped request would leave its slot before the server knows.
			s := numbers()
			s.Records, s.Paging.Offset.Total = "result", "count"
			r := request(t, base, s)
			r.Transport.Concurrency = 3
			if _, err := c.Fetch(t.Context(), r); err != nil {
				t.Error(err)
			}
		})
	}
	fetches.Wait()
	if most != 3 {
		t.Errorf("%d requests were in flight at once", most)
	}
}

func TestRateIsShared(t *testing.T) {
	base := serve(t, counting(95))
	c, clock := client(Options{})
	r := request(t, base, numbers())
	r.Transport.Rate, r.Transport.Concurrency = 5, 1
	if _, err := c.Fetch(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	// Ten pages, the first at once.
	if elapsed := clock.Now().Sub(newClock().Now()); elapsed < 1799*time.Millisecond || elapsed > 2001*time.Millisecond {
		t.Errorf("ten requests at 5/s took %s", elapsed)
	}
}

func TestRequestParameters(t *testing.T) {
	var got string
	var header http.Header
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got, header = r.URL.RequestURI(), r.Header
		fmt.Fprint(w, "[]")
	})
	s := numbers()
	s.Window = &spec.Window{From: "date_from", Until: "date_to", Layout: "2006-01-02 15:04:05", Inclusive: true}
	s.Grain = &spec.Grain{Parameter: "aggregate_by"}
	list := func(values ...expr.Value) expr.Value { return expr.Value{Type: expr.List, Valid: true, Items: values} }
	text := func(s string) expr.Value { return expr.Value{Type: expr.Text, Valid: true, Str: s} }
	integer := func(i int64) expr.Value { return expr.Value{Type: expr.Integer, Valid: true, Int: i} }
	r := request(t, base+"/api", s)
	r.Grain = "day"
	r.Locale = "pl"
	r.Username, r.Password = "api", expr.NewSecret("pass word")
	r.Headers = map[string]string{"X-Tenant": "7"}
	r.Arguments = []Argument{
		{&spec.Parameter{Name: "user_logins", Style: "brackets"}, list(text("żółw"), text("a&b"))},
		{&spec.Parameter{Name: "tag", Style: "repeat"}, list(text("x"), text("y"))},
		{&spec.Parameter{Name: "ids", Style: "comma"}, list(integer(1), integer(3))},
		{&spec.Parameter{Name: "sum_users"}, expr.Value{Type: expr.Boolean, Valid: true, Int: 1}},
	}
	if _, err := New(Options{}).Fetch(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	want := "/api/numbers?user_logins%5B%5D=%C5%BC%C3%B3%C5%82w&user_logins%5B%5D=a%26b&tag=x&tag=y&ids=1%2C3&sum_users=true" +
		"&date_from=2026-11-09+00%3A00%3A00&date_to=2026-11-15+23%3A59%3A59&aggregate_by=day&limit=10&offset=0"
	if got != want {
		t.Errorf("asked for\n%s, want\n%s", got, want)
	}
	if user, password, _ := (&http.Request{Header: header}).BasicAuth(); user != "api" || password != "pass word" {
		t.Errorf("asked as %s, %s", user, password)
	}
	for name, value := range map[string]string{"Accept": "application/json", "Accept-Language": "pl", "X-Tenant": "7"} {
		if header.Get(name) != value {
			t.Errorf("header %s is %q", name, header.Get(name))
		}
	}
}

func TestEvents(t *testing.T) {
	base := serve(t, counting(25))
	var events []string
	c := New(Options{Observe: func(e Event) {
		events = append(events, fmt.Sprintf("%d page %d rows %d total %d", e.Kind, e.Page, e.Rows, e.Total))
	}})
	if _, err := c.Fetch(t.Context(), request(t, base, numbers())); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"0 page 0 rows 0 total -1", "1 page 1 rows 10 total -1", "1 page 2 rows 20 total -1", "1 page 3 rows 25 total -1",
		"3 page 0 rows 25 total -1",
	}
	if !slices.Equal(events, want) {
		t.Errorf("events are %q", events)
	}
}
