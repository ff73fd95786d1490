package source

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// target makes the requests of a fetch: the same for each page but for where it is.
type target struct {
	base *url.URL
	// api is where all of the connection's sources are.
	api    string
	method string
	pairs  []pair
	source *spec.Source
	// body is the fixed part of a POST's.
	body map[string]any
}

// place is where a page is: what its request has beyond what those of all pages have.
type place struct {
	pairs []pair
	// url is asked for instead of the target's own, where the API said what to ask for.
	url *url.URL
	// before is how many rows the pages before it have.
	before int
}

// pair is one parameter. A secret one is not shown.
type pair struct {
	name, value string
	secret      bool
	// json is the value in a JSON body; nil where it is the text.
	json any
}

// newTarget writes the parameters of r.
func newTarget(r Request) (target, error) {
	base, err := baseURL(r)
	if err != nil {
		return target{}, err
	}
	t := target{api: base.String(), method: http.MethodGet, source: r.Source}
	for _, q := range r.Source.Query {
		for _, v := range q.Values {
			t.pairs = append(t.pairs, pair{name: q.Name, value: v})
		}
	}
	fixed := len(t.pairs)
	for _, a := range r.Arguments {
		t.pairs = append(t.pairs, argument(a, t.where(a.Parameter.Name) == inBody || t.inPath(a.Parameter.Name))...)
	}
	window, err := window(r)
	if err != nil {
		return target{}, err
	}
	t.pairs = append(t.pairs, window...)
	if g := r.Source.Grain; g != nil && r.Grain != "" {
		t.pairs = append(t.pairs, pair{name: g.Parameter, value: r.Grain})
	}
	if p := newPaging(r.Source.Paging); p.Limit != "" {
		t.pairs = append(t.pairs, pair{name: p.Limit, value: strconv.Itoa(p.Size), json: p.Size})
	}
	path, rest, err := filledPath(r.Source.Path, t.pairs[fixed:])
	if err != nil {
		return target{}, err
	}
	t.pairs = append(t.pairs[:fixed:fixed], rest...)
	t.base = base.JoinPath(path)
	if r.Source.Post {
		t.method = http.MethodPost
		if err := t.readBody(r.Source.Body); err != nil {
			return target{}, err
		}
		// Where a parameter finds no place in the body, that shows now.
		if _, err := t.content(place{}); err != nil {
			return target{}, err
		}
	}
	return t, nil
}

// Where parameters are sent.
const (
	inQuery  = "query"
	inBody   = "body"
	inHeader = "header"
)

// where says where a parameter is sent that is not in the path.
func (t *target) where(name string) string {
	for _, p := range t.source.Parameters {
		if p.Name == name && p.In != "" {
			return p.In
		}
	}
	for _, q := range t.source.Query {
		if q.Name == name {
			return inQuery
		}
	}
	if t.source.Post {
		return inBody
	}
	return inQuery
}

func (t *target) inPath(name string) bool { return strings.Contains(t.source.Path, "{"+name+"}") }

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
	if u.Scheme == "http" && r.hasSecrets() && !isLoopback(u.Hostname()) {
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

// argument writes one parameter, a list in its style; whole as one, for where it is not written into a query.
func argument(a Argument, whole bool) []pair {
	name, style := a.Parameter.Name, a.Parameter.Style
	if a.Value.Type != expr.List {
		return []pair{{name: name, value: written(a.Value), secret: a.Value.Sensitive, json: inJSON(a.Value)}}
	}
	secret := a.Value.Sensitive
	var values []string
	list := make([]any, 0, len(a.Value.Items))
	for _, item := range a.Value.Items {
		values, list = append(values, written(item)), append(list, inJSON(item))
		secret = secret || item.Sensitive
	}
	if style == "comma" || whole || a.Parameter.In == inHeader {
		return []pair{{name: name, value: strings.Join(values, ","), secret: secret, json: list}}
	}
	if style == "brackets" {
		name += "[]"
	}
	pairs := make([]pair, 0, len(values))
	for _, v := range values {
		pairs = append(pairs, pair{name: name, value: v, secret: secret})
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
	separator := byte('?')
	for q := range t.sent(at, inQuery) {
		b.WriteByte(separator)
		separator = '&'
		b.WriteString(url.QueryEscape(q.name))
		b.WriteByte('=')
		if hide && q.secret {
			b.WriteString(hiddenValue)
		} else {
			b.WriteString(url.QueryEscape(q.value))
		}
	}
	return b.String()
}

// sent are the parameters of a page's request that stand in one part of it.
func (t *target) sent(at place, in string) iter.Seq[pair] {
	return func(yield func(pair) bool) {
		for _, pairs := range [][]pair{t.pairs, at.pairs} {
			for _, p := range pairs {
				if t.where(strings.TrimSuffix(p.name, "[]")) == in && !yield(p) {
					return
				}
			}
		}
	}
}
