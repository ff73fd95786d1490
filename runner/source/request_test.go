package source

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

func textValue(s string) expr.Value { return expr.Value{Type: expr.Text, Valid: true, Str: s} }

func integerValue(i int64) expr.Value { return expr.Value{Type: expr.Integer, Valid: true, Int: i} }

func listValue(items ...expr.Value) expr.Value {
	return expr.Value{Type: expr.List, Valid: true, Items: items}
}

// recorded answers with no rows and keeps what it was asked, with the body.
func recorded(t *testing.T, asked *[]string) string {
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*asked = append(*asked, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+r.Header.Get("Content-Type")+" "+string(body)))
		fmt.Fprint(w, "[]")
	})
}

func TestWhereParametersGo(t *testing.T) {
	id := &spec.Parameter{Name: "id"}
	for name, c := range map[string]struct {
		source    spec.Source
		arguments []Argument
		want      string
	}{
		"path": {spec.Source{Path: "users/{id}/orders", Parameters: []*spec.Parameter{id}},
			[]Argument{{id, textValue("a/b?c %2e")}}, "GET /users/a%2Fb%3Fc%20%252e/orders"},
		"a list in the path": {spec.Source{Path: "users/{id}/orders", Parameters: []*spec.Parameter{id}},
			[]Argument{{id, listValue(integerValue(1), integerValue(2))}}, "GET /users/1%2C2/orders"},
		"range in the path": {spec.Source{Path: "days/{from}", Window: &spec.Window{From: "from", Until: "until", Layout: "2006-01-02"}},
			nil, "GET /days/2026-11-09?until=2026-11-16"},
		"fixed query": {spec.Source{Path: "a", Query: []spec.Fixed{{Name: "x", Values: []string{"1", "2"}}, {Name: "id", Values: []string{"&"}}}},
			nil, "GET /a?x=1&x=2&id=%26"},
		"body": {
			spec.Source{Path: "search", Post: true, Body: []byte(`{"filter":{"archived":false,"ids":[12345678901234567890]},"n":null}`), Query: []spec.Fixed{{Name: "v", Values: []string{"2"}}},
				Paging: spec.Paging{Page: &spec.PagePaging{Page: "page", First: 1, Pages: spec.Pages{Limit: "size", Size: 10}}}, Grain: &spec.Grain{Parameter: "by"}},
			[]Argument{{&spec.Parameter{Name: "filter.status", Style: "brackets"}, listValue(textValue("open"))}, {&spec.Parameter{Name: "max"}, integerValue(5)},
				{&spec.Parameter{Name: "deep.er.still"}, expr.Value{Type: expr.Boolean, Valid: true, Int: 1}}},
			`POST /search?v=2 application/json {"by":"day","deep":{"er":{"still":true}},"filter":{"archived":false,"ids":[12345678901234567890],"status":["open"]},"max":5,"n":null,"page":1,"size":10}`,
		},
		"a POST's query": {
			spec.Source{Path: "search", Post: true, Parameters: []*spec.Parameter{{Name: "page", In: "query"}}, Paging: spec.Paging{Page: &spec.PagePaging{Page: "page", First: 1}}},
			nil, `POST /search?page=1 application/json {}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			r := request(t, recorded(t, &asked), &c.source)
			r.Arguments, r.Grain = c.arguments, "day"
			if _, err := New(Options{}).Fetch(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			if len(asked) != 1 || asked[0] != c.want {
				t.Errorf("asked\n%s, want\n%s", strings.Join(asked, "\n"), c.want)
			}
		})
	}
}

// Each page of a POST has its own number in the body.
func TestPagesByPost(t *testing.T) {
	var bodies []string
	s := numbers()
	s.Post, s.Body = true, []byte(`{"page":{"of":"all"}}`)
	s.Paging = spec.Paging{Page: &spec.PagePaging{Page: "page.number", First: 0}}
	r := request(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(body))
		fmt.Fprint(w, rowsOf(between(len(bodies), min(4, len(bodies)+1))))
	}), s)
	r.Transport.Concurrency = 1
	got, err := New(Options{}).Fetch(t.Context(), r)
	if err != nil || got.Len() != 3 {
		t.Fatalf("error is %v", err)
	}
	for i, body := range bodies {
		if want := fmt.Sprintf(`{"page":{"number":%d,"of":"all"}}`, i); body != want {
			t.Errorf("body is %s, want %s", body, want)
		}
	}
}

func TestHeadersOfASource(t *testing.T) {
	var header http.Header
	s := numbers()
	s.Paging = spec.Paging{}
	s.Headers = []spec.Fixed{{Name: "Accept", Values: []string{"application/vnd.x+json"}}}
	tenant := &spec.Parameter{Name: "X-Tenant", In: "header"}
	s.Parameters = []*spec.Parameter{tenant}
	r := request(t, serve(t, func(w http.ResponseWriter, r *http.Request) { header = r.Header; fmt.Fprint(w, "[]") }), s)
	r.Headers = map[string]string{"X-Tenant": "of the connection"}
	r.Arguments = []Argument{{tenant, listValue(textValue("a"), textValue("b"))}}
	if _, err := New(Options{}).Fetch(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if header.Get("Accept") != "application/vnd.x+json" || header.Get("X-Tenant") != "a,b" {
		t.Errorf("headers are %v", header)
	}
}

// What would ask another endpoint, or has no place, is refused before anything is asked.
func TestUnsayableRequests(t *testing.T) {
	var asked []string
	base := recorded(t, &asked)
	id := &spec.Parameter{Name: "id"}
	users := spec.Source{Path: "users/{id}/orders", Parameters: []*spec.Parameter{id}}
	for name, c := range map[string]struct {
		source    spec.Source
		arguments []Argument
		says      string
	}{
		"no value": {users, nil, "has no value for {id}"},
		"empty":    {users, []Argument{{id, textValue("")}}, `the value "" of {id}`},
		"parent":   {users, []Argument{{id, textValue("..")}}, `the value ".." of {id}`},
		"no place": {spec.Source{Path: "a", Post: true, Body: []byte(`{"a":1}`)}, []Argument{{&spec.Parameter{Name: "a.b"}, textValue("x")}}, `"a.b" has no place`},
	} {
		t.Run(name, func(t *testing.T) {
			r := request(t, base, &c.source)
			r.Arguments = c.arguments
			if _, err := New(Options{}).Fetch(t.Context(), r); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error is %v", err)
			}
		})
	}
	if len(asked) > 0 {
		t.Errorf("asked %v", asked)
	}
}

// A POST's body goes to nobody else, and is not lost on the way.
func TestRedirectsOfPosts(t *testing.T) {
	var asked []string
	other := recorded(t, &asked)
	for status, within := range map[int]bool{301: true, 302: true, 303: true, 307: false, 308: false} {
		e := fails(t, KindRedirect, func(w http.ResponseWriter, r *http.Request) {
			to := other
			if within {
				to = "/elsewhere"
			}
			http.Redirect(w, r, to, status)
		}, func(r *Request) { r.Source.Post, r.Source.Body = true, []byte(`{"a":1}`) })
		if e.Method != http.MethodPost || !strings.Contains(e.Error(), "redirects a POST") {
			t.Errorf("%d: error is %v", status, e)
		}
	}
	if len(asked) > 0 {
		t.Errorf("the other was asked %v", asked)
	}
}

func TestSecretsInPathsAreHidden(t *testing.T) {
	id := &spec.Parameter{Name: "id"}
	e := fails(t, KindNotFound, answers(404, "nothing"), func(r *Request) {
		r.Source.Path, r.Source.Parameters = "users/{id}", []*spec.Parameter{id}
		v := textValue("hunter/2!")
		v.Sensitive = true
		r.Arguments = []Argument{{id, v}}
	})
	if strings.Contains(e.Error(), "hunter") {
		t.Errorf("error is %v", e)
	}
}
