package source

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// cached is what a fetch has to do with the cache.
type cached struct {
	// replay are the answers that are used instead of asking; recorded says that there is nothing else.
	replay   *keptAnswers
	recorded bool
	// old are answers that the API may say still hold, and writer takes new ones.
	old    *keptAnswers
	writer *answersWriter
	// gotten: the rows were got before, and are wanted anew.
	gotten bool
	// at is when the rows were asked for that came from the cache; zero where they did not.
	at time.Time
}

// remembered gets all pages of f: from the cache where they are there and young enough, and else from the API, for the
// cache. It is called once for each time that they are to be got; only the first may be from the cache.
func remembered[T any](f *fetch, get func() (T, error)) (T, error) {
	c := f.o.Cache
	secret := f.hasSecretParameter()
	if c == nil || secret && !c.recording && c.taking == nil {
		return get()
	}
	k := f.cacheKey(f.paging.number(0, f.paging.Size))
	if c.taking != nil {
		return taken(f, k, get)
	}
	var old *keptAnswers
	if !secret || c.recording {
		old = c.kept(k)
	}
	if old != nil {
		defer old.close()
	}
	if c.recording {
		f.replay, f.recorded = old, true
		out, err := get()
		if err == nil && old != nil {
			f.cached.at = old.at
		}
		return out, err
	}
	if old != nil && !f.gotten && c.fresh(old, f.o.Now()) {
		f.gotten, f.replay = true, old
		out, err := get()
		f.replay = nil
		if err == nil {
			f.cached.at = old.at
			return out, nil
		}
		// What was kept may not be all that is needed now; what is wrong with the data itself shows again.
	}
	f.gotten, f.old, f.writer = true, old, c.write(k, f.o.Now())
	out, err := get()
	if f.writer != nil {
		f.writer.end(err == nil, f.o.Now())
	}
	f.old, f.writer = nil, nil
	return out, err
}

// hasSecretParameter reports whether a parameter is secret, so that a request is not told apart by what can be kept.
func (f *fetch) hasSecretParameter() bool {
	return slices.ContainsFunc(f.target.pairs, func(p pair) bool { return p.secret }) ||
		slices.ContainsFunc(f.r.Arguments, func(a Argument) bool { return a.Value.Sensitive })
}

// cacheKey is what the request for the page at a place asks for.
func (f *fetch) cacheKey(at place) cacheKey {
	k := cacheKey{Asked: f.question(at), Rest: []string{accepts[f.r.Source.Format], f.r.Locale}}
	// The content was made before, and there is nothing secret in it.
	content, _ := f.target.content(at)
	k.Rest = append(k.Rest, string(content))
	for _, h := range f.r.Source.Headers {
		k.Rest = append(k.Rest, h.Name+": "+strings.Join(h.Values, ", "))
	}
	for h := range f.target.sent(at, inHeader) {
		k.Rest = append(k.Rest, h.name+": "+h.value)
	}
	return k
}

// replayed is the page at a place as it was answered before. Known is false where the API is to be asked.
func (f *fetch) replayed(at place) (pg *page, known bool, err error) {
	if f.replay == nil && !f.recorded {
		return nil, false, nil
	}
	k := f.cacheKey(at)
	var stored storedAnswer
	if f.replay != nil {
		stored, known = f.replay.pages[k.digest()]
	}
	if !known {
		return nil, true, f.fault(at, &Error{Kind: KindUnrecorded})
	}
	from, err := url.Parse(stored.From)
	if err != nil {
		return nil, true, fmt.Errorf("read cache: the answer to %s came from no address", stored.Asked)
	}
	res, body, err := f.replay.answer(stored, &http.Request{URL: from}) //nolint:bodyclose // It has no connection.
	if err != nil {
		return nil, true, err
	}
	pg, err = f.judge(res, body, at)
	return pg, true, err
}

// condition asks for the page at a place only where it has changed since it was kept.
func (f *fetch) condition(req *http.Request, at place) {
	if f.old == nil || req.Method != http.MethodGet {
		return
	}
	stored := f.old.pages[f.cacheKey(at).digest()]
	if stored.ETag != "" {
		req.Header.Set("If-None-Match", stored.ETag)
	}
	if stored.LastModified != "" {
		req.Header.Set("If-Modified-Since", stored.LastModified)
	}
}

// unchanged is the answer that was kept, where the API says that it still holds.
func (f *fetch) unchanged(res *http.Response, body []byte, at place) (*http.Response, []byte, error) {
	conditional := res.Request != nil && (res.Request.Header.Get("If-None-Match") != "" || res.Request.Header.Get("If-Modified-Since") != "")
	if res.StatusCode != http.StatusNotModified || f.old == nil || !conditional {
		return res, body, nil
	}
	stored := f.old.pages[f.cacheKey(at).digest()]
	old, body, err := f.old.answer(stored, res.Request)
	if err != nil {
		return nil, nil, err
	}
	old.Header.Set("ETag", stored.ETag)
	old.Header.Set("Last-Modified", stored.LastModified)
	return old, body, nil
}

// keep notes an answer for the cache: one of success, or one that says that there is no such page.
func (f *fetch) keep(res *http.Response, body []byte, at place, err error) {
	w := f.writer
	if w == nil || err != nil && !isBehindEnd(err) {
		return
	}
	recording := f.o.Cache.taking != nil
	if !recording && err == nil && (res.StatusCode < 200 || res.StatusCode >= 300) {
		w.spoil() // an error that a rule takes for rows is not what it will be tomorrow
		return
	}
	stored := cachedAnswer{
		Key: f.cacheKey(at).digest(), Asked: f.question(at), Status: res.StatusCode,
		Link: res.Header.Values("Link"), ETag: res.Header.Get("ETag"), LastModified: res.Header.Get("Last-Modified"),
	}
	if res.Request != nil {
		stored.From = f.secrets.Replace(f.r.QueryAuth.shown(res.Request.URL.String()))
	}
	if recording {
		f.takeDown(w, stored, body)
		return
	}
	if text := string(body); f.secrets.Replace(text) != text || f.secrets.Replace(strings.Join(stored.Link, "")) != strings.Join(stored.Link, "") {
		w.spoil() // the API has quoted a secret
		return
	}
	w.add(stored, body)
}
