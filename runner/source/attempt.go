package source

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// attempt asks once for the page at a place, and once more where the API refuses a token that may have expired. Its error
// is an [*Error] unless ctx is done.
func (f *fetch) attempt(ctx context.Context, at place) (*page, error) {
	if pg, known, err := f.replayed(at); known {
		return pg, err
	}
	token, err := f.token(ctx, at, "")
	if err != nil {
		return nil, err
	}
	pg, err := f.asked(ctx, at, token)
	if e, ok := errors.AsType[*Error](err); ok && token != "" && e.Status == http.StatusUnauthorized && e.Kind == KindAuth && !e.retry {
		if token, err = f.token(ctx, at, token); err != nil {
			return nil, err
		}
		return f.asked(ctx, at, token)
	}
	return pg, err
}

// asked is the answer to the request for the page at a place.
func (f *fetch) asked(ctx context.Context, at place, token string) (*page, error) {
	release, err := f.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	within, cancel := context.WithTimeout(ctx, f.conn.timeout)
	defer cancel()
	var came progress
	req, err := f.request(came.follow(within), at, token)
	if err != nil {
		return nil, f.fault(at, &Error{Kind: KindConnection, Err: err})
	}
	res, err := f.conn.http.Do(req)
	if err != nil {
		return nil, f.broken(ctx, at, came.at(), err)
	}
	defer res.Body.Close()
	body, err := f.body(res)
	if err != nil {
		if e, ok := errors.AsType[*Error](err); ok {
			return nil, f.fault(at, e)
		}
		return nil, f.broken(ctx, at, reading, err)
	}
	if res, body, err = f.unchanged(res, body, at); err != nil { //nolint:bodyclose // It was read to its end, or comes from the cache.
		return nil, err
	}
	pg, err := f.judge(res, body, at)
	f.keep(res, body, at, err)
	return pg, err
}

// request makes the request for the page at a place.
func (f *fetch) request(ctx context.Context, at place, token string) (*http.Request, error) {
	content, err := f.target.content(at)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, f.target.method, f.target.url(at), bytes.NewReader(content))
	if err != nil {
		return nil, errors.New("the source's path makes no URL")
	}
	f.sign(req)
	if content != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, h := range f.r.Source.Headers {
		req.Header.Set(h.Name, strings.Join(h.Values, ", "))
	}
	for h := range f.target.sent(at, inHeader) {
		req.Header.Set(h.name, h.value)
	}
	f.condition(req, at)
	f.r.authorize(req, token)
	return req, nil
}

// accepts are the media types of the formats.
var accepts = map[string]string{
	formatJSON: "application/json", "json": "application/json", formatCSV: "text/csv",
	formatLines: "application/x-ndjson, application/jsonl, application/json",
}

// sign puts on what all requests have.
func (f *fetch) sign(req *http.Request) {
	r := f.r
	req.Header.Set("Accept", accepts[r.Source.Format])
	req.Header.Set("User-Agent", f.o.UserAgent)
	if r.Locale != "" {
		req.Header.Set("Accept-Language", r.Locale)
	}
	for name, value := range r.Headers {
		req.Header.Set(name, value)
	}
}

// body reads an answer to its end, which must come before the connection's bound: 200 kB of gzip can be 200 MB. A file
// that is packed itself, rather than for the way, is unpacked as well.
func (f *fetch) body(res *http.Response) ([]byte, error) {
	body, err := f.bounded(res.Body, res.ContentLength)
	if err != nil || !bytes.HasPrefix(body, []byte("\x1f\x8b")) {
		return body, err
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(body))
	if err == nil {
		body, err = f.bounded(unpacked, 0)
	}
	if _, told := errors.AsType[*Error](err); err != nil && !told {
		return nil, &Error{Kind: KindTruncated, Status: res.StatusCode, Err: errors.New("the answer is packed by gzip, and its end is missing or wrong")}
	}
	return body, err
}

// bounded reads to the end, which must come before the connection's bound. Length is what was announced.
func (f *fetch) bounded(r io.Reader, length int64) ([]byte, error) {
	bound := f.conn.maxResponse
	var b bytes.Buffer
	if length > 0 && length <= bound {
		b.Grow(int(length) + bytes.MinRead)
	}
	n, err := b.ReadFrom(io.LimitReader(r, bound+1))
	if n > bound {
		return nil, &Error{Kind: KindTooLarge, Messages: []string{fmt.Sprintf(
			"The answer is longer than the %d bytes that the connection's max_response_size allows.", bound)}}
	}
	return b.Bytes(), err
}

// judge decides what an answer means: rows, none, or an error.
func (f *fetch) judge(res *http.Response, body []byte, at place) (*page, error) {
	action := ""
	for _, rule := range f.r.Source.Rules {
		if rule.Status == res.StatusCode && bytes.Contains(body, []byte(rule.BodyContains)) {
			action = rule.Action
			break
		}
	}
	if action == "empty" {
		return &page{total: -1}, nil
	}
	success := res.StatusCode >= 200 && res.StatusCode < 300
	if action == "ignore" || action == "" && success {
		pg, err := f.layout.decode(body)
		if err != nil {
			return nil, f.undecoded(res, body, at, err)
		}
		f.credentials.hide(body, f.layout, pg)
		if f.paging.nextIs == nextLink {
			pg.next = nextOf(res.Header.Values("Link"))
		}
		if res.Request != nil {
			pg.from = res.Request.URL
		}
		return pg, nil
	}
	e := f.fault(at, &Error{Kind: kindOf(res.StatusCode)})
	e.Status, e.auth, e.wide = res.StatusCode, authOf(f.r), e.Kind == KindAuth
	e.explain(body, f.secrets)
	if e.Kind == KindAuth || e.Kind == KindPermission {
		f.strayed(e, res)
	}
	e.retry = action == "retry" || action == "" && worthRetrying(res.StatusCode)
	if e.retry {
		e.RetryAfter = retryAfter(res.Header.Get("Retry-After"), f.o.Now())
	}
	return nil, e
}

// undecoded says why an answer of success holds no rows.
func (f *fetch) undecoded(res *http.Response, body []byte, at place, err error) *Error {
	e := f.fault(at, &Error{Kind: KindNotJSON, Err: err})
	e.Status = res.StatusCode
	if misfits, ok := errors.AsType[*Misfits](err); ok {
		for _, cell := range misfits.Cells {
			cell.Row += at.before
		}
		e.Kind = KindType
		return e
	}
	if errors.Is(err, errBound) {
		e.Kind = KindTooLarge
		return e
	}
	e.Body = f.secrets.excerpt(body, shownOfSuccess)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		e.Kind, e.Err = KindTruncated, errors.New("the JSON ends before its end")
		// Where the end of the connection is the end of the body, a lost connection looks like this.
		e.retry = res.ContentLength < 0 && len(res.TransferEncoding) == 0 && !res.Uncompressed
		return e
	}
	if _, ok := errors.AsType[*formatError](err); ok {
		e.Kind = KindNotCSV
	}
	if shape, ok := errors.AsType[*shapeError](err); ok {
		e.Kind = KindShape
		shape.look(bytes.TrimPrefix(body, byteOrderMark), f.secrets)
	}
	f.strayed(e, res)
	return e
}

// strayed makes an error of another host a matter of the redirect that led there: credentials stayed behind, so a
// refusal or a page to log in says nothing of them.
func (f *fetch) strayed(e *Error, res *http.Response) {
	if res.Request == nil || origin(res.Request.URL) == origin(f.target.base) {
		return
	}
	e.Kind, e.wide, e.retry = KindRedirect, true, false
	e.Messages = append([]string{fmt.Sprintf("The API redirected to %s, which is another server and was sent no credentials.",
		f.secrets.Replace(server(res.Request.URL)))}, e.Messages...)
}

// kindOf returns what a status that is no success means.
func kindOf(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return KindAuth
	case http.StatusForbidden:
		return KindPermission
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return KindParameters
	case http.StatusNotFound, http.StatusGone:
		return KindNotFound
	}
	if status >= 300 && status < 400 {
		return KindRedirect
	}
	return KindStatus
}

// fault is e as an error of the request for the page at a place.
func (f *fetch) fault(at place, e *Error) *Error {
	e.Method, e.URL, e.base = f.target.method, f.shown(at), f.target.api
	return e
}

// shown is the address of a page without secrets.
func (f *fetch) shown(at place) string {
	return f.secrets.Replace(f.r.QueryAuth.shown(f.target.shown(at)))
}
