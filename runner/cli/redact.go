package cli

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"sync"
	"syscall"

	"github.com/reportform/reportform/spec/expr"
)

// shortestSecret is the length from which a secret is hidden wherever it shows up; shorter ones would hide half of all words.
const shortestSecret = 4

// redactor hides secrets in what is written. Secrets are a type that does not print; this is the second net,
// for those that come back in a server's answer or a library's error.
type redactor struct {
	mu    sync.Mutex
	forms [][]byte
	// announce is told of every secret once, before anything can show it; nil tells nobody.
	announce func(secret string)
}

// add registers a secret with the forms in which it may show up.
func (r *redactor) add(secret string) {
	if len(secret) < shortestSecret {
		return
	}
	forms := expr.NewSecret(secret).Forms()
	r.mu.Lock()
	known := r.knows(secret)
	r.mu.Unlock()
	if r.announce != nil && !known {
		r.announce(secret)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range forms {
		if !r.knows(f) {
			r.forms = append(r.forms, []byte(f))
		}
	}
	// Longer forms go first, so that a form within another does not leave the rest of it behind.
	slices.SortFunc(r.forms, func(a, b []byte) int { return len(b) - len(a) })
}

func (r *redactor) knows(form string) bool {
	return slices.ContainsFunc(r.forms, func(b []byte) bool { return string(b) == form })
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
func (r *redactor) writer(w io.Writer) *redactingWriter { return &redactingWriter{r: r, w: w} }

type redactingWriter struct {
	r *redactor
	w io.Writer

	mu sync.Mutex
	// err is the first failure to write, but for that of a reader who went away: that is their own decision.
	err error
}

func (w *redactingWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.w.Write(w.r.hide(b)); err != nil {
		if w.err == nil && !errors.Is(err, syscall.EPIPE) {
			w.err = err
		}
		return 0, err
	}
	return len(b), nil
}

// raw writes what the redactor would hide: to the one reader who is to know it.
func (w *redactingWriter) raw(b []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, _ = w.w.Write(b)
}

// failed is the first failure to write.
func (w *redactingWriter) failed() error {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}
