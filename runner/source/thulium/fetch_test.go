package thulium

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/expr"
)

// ask is a request for the chat report of a week in November 2026.
func ask(t testing.TB, s *spec.Source, grain string, arguments ...source.Argument) source.Request {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		t.Fatal(err)
	}
	return source.Request{
		Connection: "trial", Kind: "demo", Zone: zone, Source: s, Grain: grain, Arguments: arguments,
		Range: calendar.Range{
			From:  time.Date(2026, 11, 9, 0, 0, 0, 0, zone),
			Until: time.Date(2026, 11, 16, 0, 0, 0, 0, zone),
		},
		Spool: table.Spool{Dir: t.TempDir()},
	}
}

// argument finds a parameter of the catalog.
func argument(t *testing.T, s *spec.Source, name string, v expr.Value) source.Argument {
	for _, p := range s.Parameters {
		if p.Name == name {
			v.Valid = true
			return source.Argument{Parameter: p, Value: v}
		}
	}
	t.Fatalf("no parameter %s", name)
	return source.Argument{}
}

// cell returns a value of a table by row and column name.
func cell(t *testing.T, tbl *table.Table, row int, name string) expr.Value {
	t.Helper()
	for b, err := range tbl.Rows().Seq {
		if err != nil {
			t.Fatal(err)
		}
		if row >= b.N {
			row -= b.N
			continue
		}
		for i, f := range tbl.Fields() {
			if f.Name == name {
				return b.Cols[i].Value(f, row)
			}
		}
	}
	t.Fatalf("no row %d with a column %s", row, name)
	return expr.Value{}
}

// What comes out of the engine is what the demo says, for every grain.
func TestFetchTheDemo(t *testing.T) {
	h := Demo(DemoOptions{})
	c := source.New(source.Options{Demo: h})
	for _, grain := range grains {
		tbl, err := c.Fetch(t.Context(), ask(t, Catalog()["chats_summary"], grain))
		if err != nil {
			t.Fatalf("%s: %v", grain, err)
		}
		want := report(t, h, week+"&aggregate_by="+grain)
		if tbl.Len() != len(want) {
			t.Fatalf("%s: %d rows, want %d", grain, tbl.Len(), len(want))
		}
		if len(tbl.Fields()) != 26 {
			t.Errorf("fields are %v", tbl.Fields())
		}
		var i int
		for b, err := range tbl.Rows().Seq {
			if err != nil {
				t.Fatal(err)
			}
			for at := range b.N {
				v := func(name string) expr.Value {
					for k, f := range tbl.Fields() {
						if f.Name == name {
							return b.Cols[k].Value(f, at)
						}
					}
					return expr.Value{}
				}
				r := want[i]
				i++
				if v("series").Int == expr.NoTime || v("user_name").Str != *r.UserName || v("answered").Int != int64(r.Answered) ||
					v("chat_time_sum").Int != int64(seconds(t, r.ChatTime.Sum))*1e6 || v("service_level_percent").Float != r.ServiceLevel ||
					v("ratings").Int != int64(r.Rating.Rate.Sad+r.Rating.Rate.Neutral+r.Rating.Rate.Happy) {
					t.Fatalf("%s: row %d is not %+v", grain, i, r)
				}
			}
		}
		if f := tbl.Fields()[0]; f.Grain != grain {
			t.Errorf("grain is %q", f.Grain)
		}
		_ = tbl.Close()
	}
}

func TestFilters(t *testing.T) {
	h := Demo(DemoOptions{})
	c := source.New(source.Options{Demo: h})
	s := Catalog()["chats_summary"]
	queues := expr.Value{Type: expr.List, Items: []expr.Value{{Type: expr.Integer, Valid: true, Int: 1}, {Type: expr.Integer, Valid: true, Int: 3}}}
	tbl, err := c.Fetch(t.Context(), ask(t, s, "week",
		argument(t, s, "chat_queue_ids", queues),
		argument(t, s, "sum_users", expr.Value{Type: expr.Boolean, Int: 1}),
		argument(t, s, "response_threshold", expr.Value{Type: expr.Integer, Int: 30})))
	if err != nil {
		t.Fatal(err)
	}
	want := report(t, h, week+"&aggregate_by=week&chat_queue_ids[]=1&chat_queue_ids[]=3&sum_users=true&response_threshold=30")
	if tbl.Len() != 1 || cell(t, tbl, 0, "answered").Int != int64(want[0].Answered) || cell(t, tbl, 0, "user_name").Valid ||
		cell(t, tbl, 0, "service_level_percent").Float != want[0].ServiceLevel {
		t.Errorf("%d rows, want %+v", tbl.Len(), want)
	}
	monday := time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC).UnixMicro()
	if series := cell(t, tbl, 0, "series"); series.Int != monday || series.Str != "" {
		t.Errorf("series is %+v", series)
	}
}

// The API's own sample, and what it leaves open: how sum_users shows, and how buckets are written.
func TestFetchTheSample(t *testing.T) {
	sample, err := os.ReadFile(filepath.Join("testdata", "chats_reports_summary.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(string) string{
		"as it is":        func(s string) string { return s },
		"nobody":          func(s string) string { return strings.Replace(s, `"user_name": "John Doe",`, "", 1) },
		"null":            func(s string) string { return strings.Replace(s, `"John Doe"`, "null", 1) },
		"empty":           func(s string) string { return strings.Replace(s, `"John Doe"`, `""`, 1) },
		"words":           func(s string) string { return strings.Replace(s, `"2021-12"`, `"grudzień"`, 1) },
		"numbers as text": func(s string) string { return strings.NewReplacer(": 1,", `: "1",`, ": 100,", `: "100",`).Replace(s) },
		"PHP's empty map": func(s string) string { return strings.Replace(s, `{"sad": 0, "neutral": 0, "happy": 0}`, "[]", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("offset") != "0" {
					fmt.Fprint(w, "[]")
					return
				}
				fmt.Fprint(w, edit(string(sample)))
			}))
			defer server.Close()
			r := ask(t, Catalog()["chats_summary"], "month")
			r.Kind, r.BaseURL = "thulium", server.URL+"/api"
			tbl, err := source.New(source.Options{}).Fetch(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			if tbl.Len() != 1 || len(tbl.Fields()) != 26 || cell(t, tbl, 0, "chat_time_avg").Int != 48e6 || cell(t, tbl, 0, "sla_percent").Float != 100 ||
				cell(t, tbl, 0, "incoming_to_agent").Int != 1 {
				t.Errorf("%d rows of %v", tbl.Len(), tbl.Fields())
			}
			if (cell(t, tbl, 0, "user_name").Str == "John Doe") == (name == "nobody" || name == "null" || name == "empty") {
				t.Errorf("user_name is %+v", cell(t, tbl, 0, "user_name"))
			}
			series := cell(t, tbl, 0, "series")
			if name == "words" != (series.Int == expr.NoTime && series.Str == "grudzień") {
				t.Errorf("series is %+v", series)
			}
		})
	}
}

// What the demo refuses comes back as an error of its kind, with its words.
func TestRefusals(t *testing.T) {
	for kind, o := range map[string]DemoOptions{
		source.KindAuth:       {Username: "api", Password: "another"},
		source.KindPermission: {Username: "api", Password: "password", Permissions: []string{}},
	} {
		server := httptest.NewServer(Demo(o))
		defer server.Close()
		r := ask(t, Catalog()["chats_summary"], "day")
		r.Connection, r.Kind, r.BaseURL = kind, "thulium", server.URL+"/api"
		r.Username, r.Password = "api", expr.NewSecret("password")
		_, err := source.New(source.Options{}).Fetch(t.Context(), r)
		e, ok := errors.AsType[*source.Error](err)
		if !ok || e.Kind != kind || len(e.RequestID) != 13 || len(e.Messages) != 1 {
			t.Errorf("error is %v", err)
		}
	}
}

// BenchmarkFetch100000Rows is 1,000 pages over loopback, all of their columns kept.
func BenchmarkFetch100000Rows(b *testing.B) {
	h := Demo(DemoOptions{Agents: 1200})
	server := httptest.NewServer(h)
	defer server.Close()
	r := ask(b, Catalog()["chats_summary"], "day")
	r.Kind, r.BaseURL = "thulium", server.URL+"/api"
	r.Range.From = r.Range.Until.AddDate(0, 0, -120)
	r.Transport.Concurrency = 8
	c := source.New(source.Options{})
	b.ReportAllocs()
	for b.Loop() {
		tbl, err := c.Fetch(b.Context(), r)
		if err != nil {
			b.Fatal(err)
		}
		if tbl.Len() < 100_000 {
			b.Fatalf("%d rows", tbl.Len())
		}
		b.ReportMetric(float64(tbl.Len()), "rows")
		_ = tbl.Close()
	}
}
