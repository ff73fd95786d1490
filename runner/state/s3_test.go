package state_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/reportform/reportform/runner/state"
	"github.com/reportform/reportform/runner/state/storetest"
)

func TestS3(t *testing.T) {
	storetest.Run(t, func(t *testing.T) func() state.Store {
		location := storetest.S3(t)
		return func() state.Store { return open(t, location, "") }
	})
}

// answers lets a server answer the next conditional puts otherwise than it would.
type answers struct {
	next atomic.Pointer[func(w http.ResponseWriter, r *http.Request, server http.Handler)]
}

func (a *answers) around(server http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := a.next.Load(); f != nil && r.Method == http.MethodPut {
			(*f)(w, r, server)
			return
		}
		server.ServeHTTP(w, r)
	})
}

// once answers one put by f, and those after it as the server does.
func (a *answers) once(f func(w http.ResponseWriter, r *http.Request, server http.Handler)) {
	g := func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		a.next.Store(nil)
		f(w, r, server)
	}
	a.next.Store(&g)
}

func status(code int, word string) func(w http.ResponseWriter, r *http.Request, server http.Handler) {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(code)
		_, _ = w.Write([]byte("<Error><Code>" + word + "</Code><Message>no</Message></Error>"))
	}
}

func TestS3Answers(t *testing.T) {
	arrived := func(then func(w http.ResponseWriter)) func(w http.ResponseWriter, r *http.Request, server http.Handler) {
		return func(w http.ResponseWriter, r *http.Request, server http.Handler) {
			server.ServeHTTP(httptest.NewRecorder(), r)
			then(w)
		}
	}
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, r *http.Request, server http.Handler)
		words  []string // of the error; none for a record that is added
	}{
		"two at once":               {status(409, "ConditionalRequestConflict"), nil},
		"busy":                      {status(503, "SlowDown"), nil},
		"arrived, answered wrongly": {arrived(func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) }), nil},
		"arrived, answer lost":      {arrived(func(http.ResponseWriter) { panic(http.ErrAbortHandler) }), nil},
		"did not arrive":            {func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }, nil},
		"not allowed":               {status(403, "AccessDenied"), []string{"s3:PutObject", "s3:ListBucket", `"reports"`}},
	} {
		t.Run(name, func(t *testing.T) {
			var a answers
			location := storetest.S3(t, a.around)
			s := open(t, location, "")
			begin(t, s)
			a.once(c.answer)
			err := s.Append(t.Context(), key, 1, claimed("me"))
			want := 1
			if c.words != nil {
				says(t, err, c.words...)
				want = 0
			} else if err != nil {
				t.Error(err)
			}
			if r, err := open(t, location, "").Records(t.Context(), key); err != nil || len(r) != want {
				t.Errorf("%d records, %v; want %d", len(r), err, want)
			}
		})
	}
}

// What was not answered is not ours when somebody else's record stands there.
func TestS3UnansweredAndTaken(t *testing.T) {
	var a answers
	location := storetest.S3(t, a.around)
	s := open(t, location, "")
	begin(t, s)
	a.once(func(http.ResponseWriter, *http.Request, http.Handler) {
		if err := open(t, location, "").Append(context.Background(), key, 1, claimed("other")); err != nil {
			t.Error(err)
		}
		panic(http.ErrAbortHandler)
	})
	if err := s.Append(t.Context(), key, 1, claimed("me")); !errors.Is(err, state.ErrTaken) {
		t.Errorf("append: %v, want ErrTaken", err)
	}
}

// A server that writes over what is there gives a key to two runners: it is found out before anything rests on it.
func TestS3WithoutConditions(t *testing.T) {
	location := storetest.S3(t, func(server http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Header.Del("If-None-Match")
			server.ServeHTTP(w, r)
		})
	})
	s := open(t, location, "")
	says(t, s.Init(t.Context(), state.NewRoot(now, func([]byte) {})), "If-None-Match", "another server")
	if _, err := open(t, location, "").Root(t.Context()); !errors.Is(err, state.ErrNoRoot) {
		t.Errorf("root: %v, want ErrNoRoot", err)
	}
}

func TestS3Problems(t *testing.T) {
	location := storetest.S3(t)
	_, err := open(t, strings.Replace(location, "s3://reports/", "s3://no-such-bucket/", 1), "").Root(t.Context())
	says(t, err, `no bucket "no-such-bucket"`, "!test-secret")
	_, err = open(t, "s3://reports/a", "").Root(t.Context())
	says(t, err, "?region=", "AWS_REGION")
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	_, err = open(t, location, "").Root(t.Context())
	says(t, err, "AWS_ACCESS_KEY_ID")
}

// Many keys come in many pages.
func TestS3Pages(t *testing.T) {
	s := open(t, storetest.S3(t), "")
	begin(t, s)
	if err := s.Append(t.Context(), key, 1, claimed("me")); err != nil {
		t.Fatal(err)
	}
	for i := range 1100 {
		k := key
		k.Address = "many." + strings.Repeat("x", 1+i%30) + string(rune('a'+i/30%26)) + string(rune('a'+i/780))
		if err := s.Append(t.Context(), k, 1, claimed("me")); err != nil {
			t.Fatal(k, err)
		}
	}
	if found, err := s.Keys(t.Context(), key.Project, "many."); err != nil || len(found) != 1100 {
		t.Errorf("%d keys, %v; want 1100", len(found), err)
	}
}
