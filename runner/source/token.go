package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/reportform/reportform/spec/expr"
)

// ClientCredentials is how a token is asked for: OAuth 2.0's grant of that name (RFC 6749, section 4.4), or that of a
// refresh token (section 6).
type ClientCredentials struct {
	TokenURL string
	ID       string
	Secret   expr.Secret
	// Refresh is the refresh token; without one id and secret are enough.
	Refresh  expr.Secret
	Scopes   []string
	Audience string
	// InBody: id and secret stand in the form, rather than in HTTP Basic.
	InBody bool
}

const (
	// longestToken bounds the answer that has a token, in bytes.
	longestToken = 1 << 20
	// tokenSpare is how long before its end a token is no longer used: requests take their time.
	tokenSpare = 10 * time.Second
)

// tokens are a connection's: one at a time, asked for when it is first needed.
type tokens struct {
	ClientCredentials
	http *http.Client
	user string // agent
	now  func() time.Time
	tell func(value string)
	// asking is held by whoever asks for a token; all others wait for what comes of it.
	asking chan struct{}

	mu      sync.Mutex
	current string
	until   time.Time // zero: not told
	// forms are those of all tokens so far, to be hidden.
	forms   []string
	needles [][]byte // of the same
	longest int
}

// newTokens checks what is known before the first request.
func newTokens(c ClientCredentials, carrier http.RoundTripper, o Options, tell func(string)) (*tokens, error) {
	u, err := url.Parse(c.TokenURL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
		return nil, errors.New("the token_url must be a whole http or https URL without a user")
	}
	if u.Scheme == "http" && !isLoopback(u.Hostname()) {
		return nil, fmt.Errorf("credentials are not sent to %s without https", u.Host)
	}
	if tell == nil {
		tell = func(string) {}
	}
	// Id and secret go to the token's own address and nowhere that it may redirect to.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &tokens{
		ClientCredentials: c, http: &http.Client{Transport: carrier, CheckRedirect: stay}, user: o.UserAgent, now: o.Now, tell: tell,
		asking: make(chan struct{}, 1),
	}, nil
}

// get returns a token, a new one where there is none, or only the one that the API refused.
func (t *tokens) get(ctx context.Context, refused string) (string, error) {
	select {
	case t.asking <- struct{}{}:
		defer func() { <-t.asking }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if t.current != "" && t.current != refused && (t.until.IsZero() || t.now().Before(t.until)) {
		return t.current, nil
	}
	begun := t.now()
	token, lifetime, err := t.ask(ctx)
	if err != nil {
		return "", err
	}
	t.tell(token)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.current, t.until = token, time.Time{}
	if lifetime > 0 {
		t.until = begun.Add(max(lifetime-tokenSpare, 0))
	}
	if len(token) >= shortestQuoted {
		t.needles = append(t.needles, needles(token)...)
	}
	for _, form := range expr.NewSecret(token).Forms() {
		t.forms = append(t.forms, form)
		t.longest = max(t.longest, len(form))
	}
	return token, nil
}

// ask asks for a token once.
func (t *tokens) ask(ctx context.Context) (token string, lifetime time.Duration, err error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	if !t.Refresh.IsZero() {
		form = url.Values{"grant_type": {"refresh_token"}, "refresh_token": {t.Refresh.Reveal()}}
	}
	if len(t.Scopes) > 0 {
		form.Set("scope", strings.Join(t.Scopes, " "))
	}
	if t.Audience != "" {
		form.Set("audience", t.Audience)
	}
	if t.InBody {
		form.Set("client_id", t.ID)
		form.Set("client_secret", t.Secret.Reveal())
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return "", 0, errors.New("the token_url makes no request")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", t.user)
	if !t.InBody {
		// RFC 6749, 2.3.1: both are written as in a form first.
		req.SetBasicAuth(url.QueryEscape(t.ID), url.QueryEscape(t.Secret.Reveal()))
	}
	res, err := t.http.Do(req)
	if err != nil {
		return "", 0, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, longestToken+1))
	if err != nil {
		return "", 0, err
	}
	return t.read(res, body)
}

// tokenError is an answer without a token.
type tokenError struct {
	status int
	body   []byte
	text   string
	wait   time.Duration
}

func (e *tokenError) Error() string { return e.text }

// read takes the token from an answer.
func (t *tokens) read(res *http.Response, body []byte) (token string, lifetime time.Duration, err error) {
	refuse := func(text string) (string, time.Duration, error) {
		return "", 0, &tokenError{status: res.StatusCode, body: body, text: text, wait: retryAfter(res.Header.Get("Retry-After"), t.now())}
	}
	if res.StatusCode != http.StatusOK {
		return refuse("no token was given")
	}
	var answer struct {
		AccessToken string      `json:"access_token"`
		TokenType   string      `json:"token_type"`
		ExpiresIn   json.Number `json:"expires_in"`
	}
	switch {
	case len(body) > longestToken, json.Unmarshal(body, &answer) != nil, answer.AccessToken == "":
		return refuse("the answer holds no access_token")
	case answer.TokenType != "" && !strings.EqualFold(answer.TokenType, "bearer"):
		return refuse("the token is not of the type Bearer")
	}
	if seconds, err := answer.ExpiresIn.Float64(); err == nil && seconds > 0 && seconds < 1e9 {
		lifetime = time.Duration(seconds * float64(time.Second))
	}
	return answer.AccessToken, lifetime, nil
}

// hide takes the tokens out of a text.
func (t *tokens) hide(text string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, form := range t.forms {
		text = strings.ReplaceAll(text, form, hiddenValue)
	}
	return text
}

// in reports whether a stretch of a token stands in an answer.
func (t *tokens) in(body []byte) bool {
	t.mu.Lock()
	known := t.needles
	t.mu.Unlock()
	return hasAny(body, known)
}

// length is that of the longest form of a token.
func (t *tokens) length() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.longest
}

// token returns the token to ask with, where the connection has one.
func (f *fetch) token(ctx context.Context, at place, refused string) (string, error) {
	t := f.conn.tokens
	if t == nil {
		return "", nil
	}
	within, cancel := context.WithTimeout(ctx, f.conn.timeout)
	defer cancel()
	var came progress
	token, err := t.get(came.follow(within), refused)
	if err == nil || ctx.Err() != nil {
		return token, err
	}
	told, ok := errors.AsType[*tokenError](err)
	if !ok {
		err = f.broken(ctx, at, came.at(), err)
		if e, ok := errors.AsType[*Error](err); ok {
			e.Method, e.URL, e.base = http.MethodPost, f.secrets.Replace(t.TokenURL), t.TokenURL
			e.wide = true
		}
		return "", err
	}
	e := &Error{Kind: KindAuth, Method: http.MethodPost, URL: f.secrets.Replace(t.TokenURL), base: f.secrets.Replace(t.TokenURL), Err: told,
		Status: told.status, auth: authOAuth2, wide: true, retry: worthRetrying(told.status)}
	if e.retry {
		e.RetryAfter = told.wait
	}
	if told.status == http.StatusOK {
		return "", e // what it holds may be a token
	}
	e.explain(told.body, f.secrets)
	return "", e
}
