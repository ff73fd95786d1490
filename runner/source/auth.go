package source

import (
	"net/http"
	"net/url"
	"strings"
)

// The ways in which requests say who asks.
const (
	authThulium = "thulium"
	authBasic   = "basic"
	authBearer  = "bearer"
	authHeader  = "header"
	authQuery   = "query"
	authOAuth2  = "oauth2"
	authHeaders = "headers"
	authNone    = "none"
)

// authAdvice says what to check where the API does not know who asks.
var authAdvice = map[string]string{
	authThulium: "Check the connection's username and password, and that they are those of an API user, not of an agent.",
	authBasic:   "Check the username and password under the connection's auth: {basic: …}.",
	authBearer:  "Check the token under the connection's auth: {bearer: …}: it may be wrong, of another API, or have expired.",
	authHeader:  "Check name and value under the connection's auth: {header: …}.",
	authQuery:   "Check name and value under the connection's auth: {query: …}.",
	authOAuth2:  "Check token_url, client_id, client_secret and scopes under the connection's auth: {oauth2_client_credentials: …}.",
	authHeaders: "The connection has no auth; check the values of its headers, or add the auth that the API wants.",
	authNone:    "The connection sends no credentials; add its auth, such as\n\n    auth: {bearer: \"${env.API_TOKEN}\"}",
}

// authOf is how r says who asks.
func authOf(r Request) string {
	switch basic := r.Username != "" || !r.Password.IsZero(); {
	case r.OAuth2 != nil:
		return authOAuth2
	case r.HeaderAuth.Name != "":
		return authHeader
	case r.QueryAuth.Name != "":
		return authQuery
	case !r.Bearer.IsZero():
		return authBearer
	case basic && r.Kind == "http":
		return authBasic
	case basic || r.Kind != "http":
		return authThulium
	case len(r.Headers) > 0:
		return authHeaders
	}
	return authNone
}

// hasSecrets reports whether r's requests carry anything that others must not read.
func (r Request) hasSecrets() bool {
	return !r.Password.IsZero() || !r.Bearer.IsZero() || len(r.Headers) > 0 || len(r.Certificate) > 0 ||
		r.OAuth2 != nil || r.HeaderAuth.Name != "" || r.QueryAuth.Name != ""
}

// authorize puts on who asks. Token is that of OAuth2.
func (r Request) authorize(req *http.Request, token string) {
	if r.Username != "" || !r.Password.IsZero() {
		req.SetBasicAuth(r.Username, r.Password.Reveal())
	}
	if !r.Bearer.IsZero() {
		token = r.Bearer.Reveal()
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if h := r.HeaderAuth; h.Name != "" {
		req.Header.Set(h.Name, h.Value.Reveal())
	}
	if q := r.QueryAuth; q.Name != "" {
		req.URL.RawQuery = q.in(req.URL.RawQuery, q.Value.Reveal())
	}
}

// in is a query with the credential in it, once: the address of a next page may have it, or an older one.
func (c Credential) in(query, value string) string {
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		if name, err := url.QueryUnescape(name); part != "" && (err != nil || name != c.Name) {
			kept = append(kept, part)
		}
	}
	return strings.Join(append(kept, url.QueryEscape(c.Name)+"="+url.QueryEscape(value)), "&")
}

// shown is an address that has the credential, or is about to get it.
func (c Credential) shown(address string) string {
	if c.Name == "" {
		return address
	}
	before, query, _ := strings.Cut(address, "?")
	return before + "?" + strings.ReplaceAll(c.in(query, hiddenValue), url.QueryEscape(hiddenValue), hiddenValue)
}

// hiddenValue stands for a secret.
const hiddenValue = "(sensitive)"
