// Package source asks JSON APIs for rows. A [spec.Source] describes the endpoint as data; the engine here makes the
// requests, pages through the answers in order, tries again what is worth it, and decodes straight into typed columns.
package source

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/expr"
)

// Options are the surroundings of a Client. The zero value works.
type Options struct {
	// Transport carries the requests; nil means the package's own, whose dialler checks each resolved address.
	Transport http.RoundTripper
	// Demo answers the requests of connections of kind "demo", in this process.
	Demo http.Handler
	// Observe is told what happens, from several goroutines at once.
	Observe func(Event)
	// Now and Sleep are the clock; nil means the real one. Sleep returns early with the context's error.
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error
	// AllowPrivate says that a host may resolve to a private address, because the operator's policy names it.
	AllowPrivate func(host string) bool
	// UserAgent is sent with each request.
	UserAgent string
	// Cache keeps answers across runs; nil keeps none.
	Cache *Cache
}

// Client fetches rows. Requests over one connection share its rate and its number of requests in flight,
// whichever Fetch they belong to. It is safe for use by several goroutines.
type Client struct {
	o           Options
	mu          sync.Mutex
	connections map[string]*connection
	once        once
}

// New returns a client.
func New(o Options) *Client {
	if o.Observe == nil {
		o.Observe = func(Event) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.AllowPrivate == nil {
		o.AllowPrivate = func(string) bool { return false }
	}
	if o.UserAgent == "" {
		o.UserAgent = "reportform"
	}
	return &Client{o: o, connections: map[string]*connection{}, once: once{flights: map[[sha256.Size]byte]*flight{}}}
}

// Request is one dataset to fetch: a source with everything that it is asked for.
type Request struct {
	// Connection is the name under which requests share rate and concurrency. Its endpoint, credentials and
	// transport are those of the connection's first request.
	Connection string
	// Kind is thulium, http or demo.
	Kind string
	// BaseURL is put before the source's path; a demo needs none.
	BaseURL string
	// RecordedAs stands for BaseURL in a recording; empty where BaseURL may be read by all.
	RecordedAs string
	// Zone is the API's: range parameters are written in it, stamps without an offset are read in it.
	Zone *time.Location
	// ReportZone is where the report's dates are; nil means the zone of Range.
	ReportZone *time.Location
	// Username and Password are sent by HTTP Basic, Bearer as a token; empty ones are not sent.
	Username string
	Password expr.Secret
	Bearer   expr.Secret
	// HeaderAuth and QueryAuth are a credential in a header or query parameter of its own; without a name there is none.
	HeaderAuth, QueryAuth Credential
	// OAuth2 is how a token is had; nil where none is.
	OAuth2 *ClientCredentials
	// Certificate and CertificateKey are PEM by which the client says who it is, to the host of BaseURL alone.
	Certificate    []byte
	CertificateKey expr.Secret
	// Secret is told of secrets that are learned on the way, before they are used; nil tells nobody.
	Secret func(value string)
	// Headers are sent too. They may hold secrets, so they never follow a redirect to another host.
	Headers   map[string]string
	Transport spec.Transport
	// CAs is PEM of authorities trusted beside the system's.
	CAs []byte
	// Proxy is the URL of a proxy; empty means none.
	Proxy  string
	Source *spec.Source
	// Columns are the source's with the dataset's overrides; nil means the source's own.
	Columns   []*spec.SourceColumn
	Arguments []Argument
	// Each asks for each of several values of a parameter by itself; nil asks once.
	Each *Each
	// Grain is the time bucket asked for; empty leaves it to the API.
	Grain string
	Range calendar.Range
	// Slices are the ranges, one behind the other, that are asked for by themselves instead of Range; nil is Range alone.
	Slices []calendar.Range
	// Locale is the language in which the API is asked to word its errors.
	Locale string
	Spool  table.Spool
	// Report and Dataset name what the rows are for, in events.
	Report, Dataset string
}

// Credential is a secret under a name.
type Credential struct {
	Name  string
	Value expr.Secret
}

// Argument is a parameter with its value.
type Argument struct {
	Parameter *spec.Parameter
	Value     expr.Value
}

// Fetch asks for all rows of r. An error of the API or of its data is an [*Error]. What was asked for before is not asked
// for again: the rows are shared.
//
// The table has the column of r.Each, the declared columns in their order, then those found in the data in the order of
// their first value, with types inferred over the whole table.
func (c *Client) Fetch(ctx context.Context, r Request) (*table.Table, error) {
	if r.Each == nil && r.Slices == nil {
		f, err := c.prepare(r)
		if err != nil {
			return nil, err
		}
		key, err := f.key()
		if err != nil {
			return nil, err
		}
		return f.observed(func() (*table.Table, error) {
			return c.once.do(ctx, key, func() (*table.Table, error) { return f.table(ctx) })
		})
	}
	w, err := c.divide(r)
	if err != nil {
		return nil, err
	}
	if len(w.parts) == 0 {
		c.o.Observe(Event{Kind: Finished, Report: r.Report, Dataset: r.Dataset, Source: r.Source.Name, Total: -1})
		return w.table(ctx)
	}
	key, err := w.key()
	if err != nil {
		return nil, err
	}
	return w.parts[0].observed(func() (*table.Table, error) {
		return c.once.do(ctx, key, func() (*table.Table, error) { return w.table(ctx) })
	})
}

// observed tells when rows are asked for and there.
func (f *fetch) observed(get func() (*table.Table, error)) (*table.Table, error) {
	f.o.Observe(f.event(Started))
	t, err := get()
	if err != nil {
		return nil, err
	}
	done := f.event(Finished)
	done.Rows = t.Len()
	f.o.Observe(done)
	return t, nil
}

// fetch is one request under way, with all of its pages.
type fetch struct {
	*Client
	r      Request
	conn   *connection
	target target
	paging paging
	layout *layout
	// secrets must not come back in messages.
	secrets redactor
	// credentials must not come back in rows.
	credentials credentials
	// part says which of a dataset's several requests this is; empty where it is the only one. tally counts what came by
	// all of them.
	part  string
	tally *tally
	cached
}

// prepare checks what can be known before the first request.
func (c *Client) prepare(r Request) (*fetch, error) {
	if r.Columns == nil {
		r.Columns = r.Source.Columns
	}
	if r.Zone == nil {
		r.Zone = r.Range.From.Location()
	}
	if r.ReportZone == nil {
		r.ReportZone = r.Range.From.Location()
	}
	if r.Kind == "demo" {
		r.BaseURL = demoURL
	}
	target, err := newTarget(r)
	if err != nil {
		return nil, err
	}
	conn, err := c.connection(r)
	if err != nil {
		return nil, fmt.Errorf("set up connection %q: %w", r.Connection, err)
	}
	layout := newLayout(r)
	layout.secrets.tokens = conn.tokens
	return &fetch{Client: c, r: r, conn: conn, target: target, paging: newPaging(r.Source.Paging), layout: layout, secrets: layout.secrets, credentials: newCredentials(credentialsOf(r), conn.tokens), tally: &tally{}}, nil
}

// sleep waits for d or until ctx is done.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
