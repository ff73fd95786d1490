package source

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The first characters of a body that an error shows.
const (
	shownOfError   = 500
	shownOfSuccess = 200
)

// explain fills in what an error's body says: its request_id and messages where it has the documented form, else
// its beginning.
func (e *Error) explain(body []byte, secrets redactor) {
	var known struct {
		RequestID any `json:"request_id"`
		Errors    []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(body, &known); err == nil {
		switch id := known.RequestID.(type) {
		case string:
			e.RequestID = secrets.excerpt([]byte(id), 100)
		case float64:
			e.RequestID = strconv.FormatFloat(id, 'f', -1, 64)
		}
		for _, m := range known.Errors {
			if m.Message != "" && len(e.Messages) < 20 {
				e.Messages = append(e.Messages, secrets.excerpt([]byte(m.Message), shownOfError))
			}
		}
	}
	if len(e.Messages) == 0 {
		e.Body = secrets.excerpt(body, shownOfError)
	}
}

// excerpt is the first characters of text, control characters escaped: what a server sends must not move the
// terminal's cursor.
func excerpt(text []byte, characters int) string {
	var b strings.Builder
	text = []byte(strings.TrimSpace(string(text[:min(len(text), 4*characters+64)])))
	for n := 0; len(text) > 0; n++ {
		if n == characters {
			b.WriteString("…")
			break
		}
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x` + strconv.FormatUint(uint64(text[0]), 16))
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			q := strconv.QuoteRune(r)
			b.WriteString(q[1 : len(q)-1])
		}
		text = text[size:]
	}
	return b.String()
}

// redactor takes a request's secrets out of what a server wrote: some echo the headers they were sent.
type redactor struct{ *strings.Replacer }

// newRedactor knows r's secrets, plain, in base64 and as in a URL.
func newRedactor(r Request) redactor {
	var pairs []string
	hide := func(s string) {
		// A shorter one would be found in every second word.
		if len(s) < 4 {
			return
		}
		for _, form := range []string{s, url.QueryEscape(s), base64.StdEncoding.EncodeToString([]byte(s))} {
			pairs = append(pairs, form, "(sensitive)")
		}
	}
	if p := r.Password.Reveal(); p != "" {
		hide(r.Username + ":" + p)
		hide(p)
	}
	hide(r.Bearer.Reveal())
	for _, v := range r.Headers {
		hide(v)
	}
	for _, a := range r.Arguments {
		for _, p := range argument(a) {
			if p.secret {
				hide(p.value)
			}
		}
	}
	return redactor{strings.NewReplacer(pairs...)}
}

// excerpt is excerpt without the secrets. They are taken out first, so that no part of one is left at the cut.
func (r redactor) excerpt(text []byte, characters int) string {
	return excerpt([]byte(r.Replace(string(text[:min(len(text), 16<<10)]))), characters)
}
