package thulium

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// DemoOptions shape the demo API. The zero value serves a dozen agents to whoever asks.
type DemoOptions struct {
	// Username and Password are asked for by HTTP Basic; without a username nobody is asked.
	Username, Password string
	// Permissions are the methods that the API user may call, such as "chats/reports/summary"; nil means all.
	Permissions []string
	// Seed makes other figures.
	Seed uint64
	// Agents is how many there are, for tests of scale; 0 means a dozen.
	Agents int
	// Now bounds the data: the running hour and what comes after it have none yet. Nil means no bound.
	Now func() time.Time
}

// demo answers as the API is documented, and where that is silent as a PHP program of its kind would.
type demo struct {
	o    DemoOptions
	data data
	// zone is that of the API's wall clock.
	zone *time.Location
	mu   sync.Mutex
	// kept are the latest answers in whole, since each page of one is asked for by itself.
	kept []keptAnswer
}

type keptAnswer struct {
	query string
	value any
}

// Demo returns an API like Thulium's beneath /api, with made-up data that is the same in every run: what it says of a
// stretch of time is the sum of what it says of its parts, and its reports add up what its lists have.
func Demo(o DemoOptions) http.Handler {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		panic(fmt.Sprintf("load the zone of the demo API: %v", err))
	}
	return &demo{o: o, data: newData(o.Seed, o.Agents), zone: zone}
}

// endpoint is one method of the API.
type endpoint struct {
	// path has {} where an object is named. It is the method's name in the permissions, too.
	path string
	// read reads the parameters and returns what answers: nil where there is no object of that name. What is answered
	// is written as JSON.
	read func(d *demo, object string, r *reader) func() any
}

var endpoints = []endpoint{
	{"chats/reports/summary", (*demo).chatReport},
	{"chats", (*demo).chats},
	{"chats/queues", (*demo).queues},
	{"agents_work_report", (*demo).workReport},
	{"connections", (*demo).connections},
	{"recordings", (*demo).recordings},
	{"queues", (*demo).queues},
	{"queues/{}/waiting_list", (*demo).waiting},
	{"tickets", (*demo).tickets},
	{"ticket_queues", (*demo).queues},
	{"ticket_statuses", (*demo).statuses},
	{"ticket_categories", (*demo).categories},
	{"outbounds", (*demo).campaigns},
	{"outbounds/stats", (*demo).campaignStats},
	{"outbounds/{}/records", (*demo).campaignRecords},
	{"agents", (*demo).agents},
	{"agents/{}", (*demo).agent},
	{"agents/{}/status", (*demo).agentStatus},
	{"agents_groups", (*demo).groups},
}

// endpointOf finds the method at a path, and the object that the path names. What is named in full comes first.
func endpointOf(path string) (found *endpoint, object string) {
	for i := range endpoints {
		e := &endpoints[i]
		before, after, named := strings.Cut(e.path, "{}")
		rest, ok := strings.CutPrefix(path, before)
		switch {
		case e.path == path:
			return e, ""
		case named && ok && strings.HasSuffix(rest, after) && len(rest) > len(after) && !strings.Contains(rest[:len(rest)-len(after)], "/"):
			found, object = e, rest[:len(rest)-len(after)]
		}
	}
	return found, object
}

// ServeHTTP implements http.Handler.
func (d *demo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if d.o.Username != "" {
		user, password, ok := r.BasicAuth()
		if !ok || user != d.o.Username || password != d.o.Password {
			w.Header().Set("WWW-Authenticate", `Basic realm="Thulium API"`)
			refuse(w, r, http.StatusUnauthorized, wrongCredentials)
			return
		}
	}
	path, beneath := strings.CutPrefix(r.URL.Path, "/api/")
	e, object := endpointOf(path)
	if !beneath || e == nil || r.Method != http.MethodGet {
		refuse(w, r, http.StatusNotFound, unknownPath)
		return
	}
	if d.o.Permissions != nil && !slices.Contains(d.o.Permissions, e.path) && !slices.Contains(d.o.Permissions, "*") {
		refuse(w, r, http.StatusForbidden, noPermission)
		return
	}
	parameters := &reader{values: r.URL.Query()}
	answer := e.read(d, object, parameters)
	switch {
	case len(parameters.faults) > 0:
		refuse(w, r, http.StatusBadRequest, parameters.faults...)
		return
	case answer == nil:
		refuse(w, r, http.StatusNotFound, fault{code: 100405, en: "There is no object %q.", pl: "Nie ma obiektu %q.", about: []any{object}})
		return
	}
	w.Header().Set("Content-Type", "application/json")
	body := answer()
	if raw, ok := body.(json.RawMessage); ok {
		_, _ = w.Write(raw)
		return
	}
	_ = json.NewEncoder(w).Encode(body)
}

// until is the last second that there is data of: the end of the last whole hour of the wall clock. The pages of one
// report are asked for one after another, and must not move under the reader's hands.
func (d *demo) until() time.Time {
	if d.o.Now == nil {
		return endOfDemo
	}
	now := d.o.Now().In(d.zone)
	return time.Date(now.Year(), now.Month(), now.Day(), now.Hour(), 0, 0, 0, time.UTC).Add(-time.Second)
}

// moment is the last whole hour, or where time has no bound one on a busy day: what goes on right now goes on then.
func (d *demo) moment() time.Time {
	if d.o.Now == nil {
		return time.Date(2026, 11, 20, 11, 0, 0, 0, time.UTC)
	}
	return d.until().Add(time.Second)
}

// keep returns what make makes of a query: once, while it is among the latest.
func keep[V any](d *demo, query string, make func() V) V {
	const most = 16
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, k := range d.kept {
		if k.query == query {
			return k.value.(V)
		}
	}
	v := make()
	d.kept = append(d.kept, keptAnswer{query, v})
	if len(d.kept) > most {
		d.kept = slices.Delete(d.kept, 0, 1)
	}
	return v
}

// chatReport is chats/reports/summary.
func (d *demo) chatReport(_ string, r *reader) func() any {
	q, p := chatQuery(r), r.page()
	q.to = earliest(q.to, d.until())
	return func() any {
		rows := keep(d, "chats/reports/summary"+q.text(), func() []figures { return d.data.report(q) })
		body := []byte{'['}
		for i, row := range of(p, rows) {
			if i > 0 {
				body = append(body, ',')
			}
			body = d.data.appendRow(body, &row, q)
		}
		return json.RawMessage(append(body, ']'))
	}
}

// fault is one error of a response, in the languages of the API.
type fault struct {
	code   int
	en, pl string
	// about is put into the texts.
	about []any
}

var (
	wrongCredentials = fault{code: 100401, en: "Wrong user or password.", pl: "Nieprawidłowy użytkownik lub hasło."}
	noPermission     = fault{code: 100403, en: "API user has no permission for this method.", pl: "Użytkownik API nie ma uprawnień do tej metody."}
	unknownPath      = fault{code: 100404, en: "There is nothing at this URI.", pl: "Pod tym adresem nic nie ma."}
)

// refuse writes an error body. Its request_id is the same for the same request, so that tests can expect it.
func refuse(w http.ResponseWriter, r *http.Request, status int, faults ...fault) {
	type entry struct {
		Message string `json:"message"`
		Code    int    `json:"code"`
	}
	h := fnv.New64a()
	fmt.Fprint(h, r.Method, " ", r.URL.RequestURI())
	body := struct {
		RequestID string  `json:"request_id"`
		Errors    []entry `json:"errors"`
	}{RequestID: fmt.Sprintf("%013x", h.Sum64()>>12)}
	for _, f := range faults {
		text := f.en
		if strings.HasPrefix(r.Header.Get("Accept-Language"), "pl") {
			text = f.pl
		}
		body.Errors = append(body.Errors, entry{fmt.Sprintf(text, f.about...), f.code})
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
