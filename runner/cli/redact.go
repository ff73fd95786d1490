package cli

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"sync"
)

// shortestSecret is the length from which a secret is hidden wherever it shows up; shorter ones would hide half of all words.
const shortestSecret = 4

// redactor hides secrets in what is written. Secrets are a type that does not print; this is the second net,
// for those that come back in a server's answer or a library's error.
type redactor struct {
	mu    sync.Mutex
	forms [][]byte
}

// add registers a secret with the forms in which it may show up: as it is, in base64, in a URL, in JSON.
func (r *redactor) add(secret string) {
	if len(secret) < shortestSecret {
		return
	}
	quoted, _ := json.Marshal(secret)
	forms := []string{
		secret,
		base64.StdEncoding.EncodeToString([]byte(secret)),
		base64.RawURLEncoding.EncodeToString([]byte(secret)),
		url.QueryEscape(secret), url.PathEscape(secret),
		string(quoted[1 : len(quoted)-1]),
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range forms {
		if !slices.ContainsFunc(r.forms, func(b []byte) bool { return string(b) == f }) {
			r.forms = append(r.forms, []byte(f))
		}
	}
	// Longer forms go first, so that a form within another does not leave the rest of it behind.
	slices.SortFunc(r.forms, func(a, b []byte) int { return len(b) - len(a) })
}

func (r *redactor) hide(b []byte) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range r.forms {
		b = bytes.ReplaceAll(b, f, []byte("(sensitive)"))
	}
	return b
}

// writer returns w behind the redactor. Each Write is looked at by itself: the program writes whole messages.
func (r *redactor) writer(w io.Writer) io.Writer { return &redactingWriter{r, w} }

type redactingWriter struct {
	r *redactor
	w io.Writer
}

func (w *redactingWriter) Write(b []byte) (int, error) {
	if _, err := w.w.Write(w.r.hide(b)); err != nil {
		return 0, err
	}
	return len(b), nil
}
