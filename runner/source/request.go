package source

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

// target makes the URLs of a fetch: the same for each page but for where it is.
type target struct {
	base *url.URL
	// api is where all of the connection's sources are.
	api   string
	query []pair
}

// place is where a page is: what its request has beyond what those of all pages have.
type place struct {
	pairs []pair
	// url is asked for instead of the target's own, where the API said what to ask for.
	url *url.URL
	// page is its number, from 1; before is how many rows the pages before it have.
	page, before int
}

// pair is one query parameter. A secret one is not shown.
type pair struct {
	name, value string
	secret      bool
}

// newTarget writes the parameters of r.
func newTarget(r Request) (target, error) {
	base, err := baseURL(r)
	if err != nil {
		return target{}, err
	}
	t := target{base: base.JoinPath(r.Source.Path), api: base.String()}
	for _, a := range r.Arguments {
		t.query = append(t.query, argument(a)...)
	}
	window, err := window(r)
	if err != nil {
		return target{}, err
	}
	t.query = append(t.query, window...)
	if g := r.Source.Grain; g != nil && r.Grain != "" {
		t.query = append(t.query, pair{name: g.Parameter, value: r.Grain})
	}
	if p := newPaging(r.Source.Paging); p.Limit != "" {
		t.query = append(t.query, pair{name: p.Limit, value: strconv.Itoa(p.Size)})
	}
	return t, nil
}

// baseURL parses where the API is. Credentials need https, loopback aside: on the way anybody could read them.
func baseURL(r Request) (*url.URL, error) {
	u, err := url.Parse(r.BaseURL)
	if err != nil {
		// The error quotes the URL, which may hold a password.
		return nil, errors.New("the base URL is not a URL")
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("the base URL %s must be a whole http or https URL", u.Redacted())
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("the base URL of %s must hold no user, query or fragment", u.Host)
	}
	hasSecrets := !r.Password.IsZero() || !r.Bearer.IsZero() || len(r.Headers) > 0
	if u.Scheme == "http" && hasSecrets && !isLoopback(u.Hostname()) {
		return nil, fmt.Errorf("credentials are not sent to %s without https", u.Host)
	}
	return u, nil
}

// isLoopback reports whether a host names this machine.
func isLoopback(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.Unmap().IsLoopback()
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// argument writes one parameter, a list in its style.
func argument(a Argument) []pair {
	name, style := a.Parameter.Name, a.Parameter.Style
	if a.Value.Type != expr.List {
		return []pair{{name, written(a.Value), a.Value.Sensitive}}
	}
	secret := a.Value.Sensitive
	var values []string
	for _, item := range a.Value.Items {
		values = append(values, written(item))
		secret = secret || item.Sensitive
	}
	if style == "comma" {
		return []pair{{name, strings.Join(values, ","), secret}}
	}
	if style == "brackets" {
		name += "[]"
	}
	pairs := make([]pair, 0, len(values))
	for _, v := range values {
		pairs = append(pairs, pair{name, v, secret})
	}
	return pairs
}

// written is a value as an API reads it. A duration is in seconds.
func written(v expr.Value) string {
	switch v.Type {
	case expr.Integer:
		return strconv.FormatInt(v.Int, 10)
	case expr.Boolean:
		return strconv.FormatBool(v.Int != 0)
	case expr.Duration:
		return strconv.FormatInt(v.Int/1_000_000, 10)
	case expr.Date:
		return expr.FromCivil(v.Int).Format("2006-01-02")
	case expr.DateTime:
		return expr.FromCivil(v.Int).Format("2006-01-02 15:04:05")
	case expr.Decimal:
		return v.Dec.String()
	case expr.Percent, expr.Ratio:
		return strconv.FormatFloat(v.Float, 'f', -1, 64)
	default:
		return v.Str
	}
}

// url is the address of a page.
func (t *target) url(at place) string { return t.write(at, false) }

// shown is url without its secrets.
func (t *target) shown(at place) string { return t.write(at, true) }

func (t *target) write(at place, hide bool) string {
	if at.url != nil {
		return at.url.String()
	}
	var b strings.Builder
	b.WriteString(t.base.String())
	for i, q := range append(t.query[:len(t.query):len(t.query)], at.pairs...) {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(url.QueryEscape(q.name))
		b.WriteByte('=')
		if hide && q.secret {
			b.WriteString("(sensitive)")
		} else {
			b.WriteString(url.QueryEscape(q.value))
		}
	}
	return b.String()
}
