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

// demo answers as API.md documents the API, and where that is silent as a PHP program of its kind would.
type demo struct {
	o    DemoOptions
	data data
	// zone is that of the API's wall clock.
	zone *time.Location
	mu   sync.Mutex
	// kept are the latest reports, since each page of one is asked for by itself.
	kept []keptReport
}

type keptReport struct {
	query string
	rows  []figures
}

// Demo returns an API like Thulium's beneath /api, with made-up data that is the same in every run: what it says of a
// stretch of time is the sum of what it says of its parts.
func Demo(o DemoOptions) http.Handler {
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		panic(fmt.Sprintf("load the zone of the demo API: %v", err))
	}
	return &demo{o: o, data: newData(o.Seed, o.Agents), zone: zone}
}

// ServeHTTP implements http.Handler.
func (d *demo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const report = "chats/reports/summary"
	if d.o.Username != "" {
		user, password, ok := r.BasicAuth()
		if !ok || user != d.o.Username || password != d.o.Password {
			w.Header().Set("WWW-Authenticate", `Basic realm="Thulium API"`)
			refuse(w, r, http.StatusUnauthorized, wrongCredentials)
			return
		}
	}
	path, beneath := strings.CutPrefix(r.URL.Path, "/api/")
	if !beneath || path != report || r.Method != http.MethodGet {
		refuse(w, r, http.StatusNotFound, unknownPath)
		return
	}
	if d.o.Permissions != nil && !slices.Contains(d.o.Permissions, report) && !slices.Contains(d.o.Permissions, "*") {
		refuse(w, r, http.StatusForbidden, noPermission)
		return
	}
	q, faults := parseQuery(r.URL.Query())
	if len(faults) > 0 {
		refuse(w, r, http.StatusBadRequest, faults...)
		return
	}
	if d.o.Now != nil {
		q.to = earliest(q.to, d.lastSecond())
	}
	rows := d.report(q)
	from := min(q.offset, len(rows))
	page := rows[from:min(from+q.limit, len(rows))]
	body := []byte{'['}
	for i := range page {
		if i > 0 {
			body = append(body, ',')
		}
		body = d.data.appendRow(body, &page[i], q)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(body, ']'))
}

// lastSecond is the end of the last whole hour, of the wall clock: the pages of one report are asked for one after
// another, and must not move under the reader's hands.
func (d *demo) lastSecond() time.Time {
	now := d.o.Now().In(d.zone)
	return time.Date(now.Year(), now.Month(), now.Day(), now.Hour(), 0, 0, 0, time.UTC).Add(-time.Second)
}

// report returns all rows of a query, the kept ones where they are.
func (d *demo) report(q query) []figures {
	const most = 8
	d.mu.Lock()
	defer d.mu.Unlock()
	text := q.text()
	for _, k := range d.kept {
		if k.query == text {
			return k.rows
		}
	}
	rows := d.data.report(q)
	d.kept = append(d.kept, keptReport{text, rows})
	if len(d.kept) > most {
		d.kept = slices.Delete(d.kept, 0, 1)
	}
	return rows
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
