package source

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// cachedRuns makes fetches over one folder, each by a client of its own, as runs are.
type cachedRuns struct {
	t     *testing.T
	dir   string
	keep  time.Duration
	clock *clock
	asked atomic.Int32
	// last is the event that ended the last fetch.
	last Event
}

func newCachedRuns(t *testing.T, keep time.Duration) *cachedRuns {
	return &cachedRuns{t: t, dir: filepath.Join(t.TempDir(), "cache"), keep: keep, clock: newClock()}
}

// serve answers with h, and counts.
func (c *cachedRuns) serve(h http.HandlerFunc) string {
	return serve(c.t, func(w http.ResponseWriter, r *http.Request) {
		c.asked.Add(1)
		h(w, r)
	})
}

// run fetches r, and returns its rows and how many requests that took.
func (c *cachedRuns) run(r Request) (rows string, asked int32, err error) {
	c.t.Helper()
	cache, err := OpenCache(c.dir, c.keep)
	if err != nil {
		return "", 0, err
	}
	defer cache.Close()
	r.Transport.Concurrency = 1 // no page is asked for ahead of the last, which is a matter of time
	before := c.asked.Load()
	cl := New(Options{Cache: cache, Now: c.clock.Now, Sleep: c.clock.Sleep, Observe: func(e Event) {
		if e.Kind == Finished {
			c.last = e
		}
	}})
	t, err := cl.Fetch(c.t.Context(), r)
	asked = c.asked.Load() - before
	if err != nil {
		return "", asked, err
	}
	defer t.Close()
	_, list := all(c.t, t)
	return strings.Join(list, " "), asked, nil
}

// want runs, and compares.
func (c *cachedRuns) want(what string, r Request, rows string, asked int32) {
	c.t.Helper()
	got, n, err := c.run(r)
	if err != nil || got != rows || n != asked {
		c.t.Errorf("%s: %q, %d requests, error %v; want %q and %d", what, got, n, err, rows, asked)
	}
}

// wait lets time pass.
func (c *cachedRuns) wait(d time.Duration) { _ = c.clock.Sleep(c.t.Context(), d) }

// files are what the folder has, but for the note of what it is.
func (c *cachedRuns) files() []string {
	found, err := filepath.Glob(filepath.Join(c.dir, "*.*"))
	if err != nil {
		c.t.Fatal(err)
	}
	var out []string
	for _, name := range found {
		if filepath.Base(name) != cacheMark {
			out = append(out, name)
		}
	}
	return out
}

func TestCacheIsAskedFirst(t *testing.T) {
	c := newCachedRuns(t, time.Hour)
	count := 25
	base := c.serve(func(w http.ResponseWriter, r *http.Request) { counting(count)(w, r) })
	r := request(t, base, numbers())
	_, first, _ := c.run(r)
	if first < 3 || !c.last.Cached.IsZero() {
		t.Fatalf("%d requests, cached at %v", first, c.last.Cached)
	}
	begun := c.clock.Now()
	count = 3
	c.wait(59 * time.Minute)
	rows, asked, err := c.run(r)
	if err != nil || asked != 0 || !strings.HasSuffix(rows, "23 24") || !c.last.Cached.Equal(begun.Truncate(time.Second)) {
		t.Errorf("%q, %d requests, cached at %v, error %v", rows, asked, c.last.Cached, err)
	}
	// What is declared may change meanwhile: that is what the cache is for.
	other := request(t, base, numbers())
	other.Source.Columns[0].Field.Type = expr.Text
	if _, asked, err := c.run(other); asked != 0 || err != nil {
		t.Errorf("another type asks %d times, error %v", asked, err)
	}
	elsewhere := request(t, base, numbers())
	elsewhere.Source.Path = "others"
	c.want("another path", elsewhere, "0 1 2", 2)
	c.wait(2 * time.Minute)
	c.want("an hour later", r, "0 1 2", 2)
	if !c.last.Cached.IsZero() {
		t.Errorf("cached at %v", c.last.Cached)
	}
	c.want("and again", r, "0 1 2", 0)
	c.wait(-2 * time.Hour)
	c.want("when the clock was put back", r, "0 1 2", 2)
	for _, name := range c.files() {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, error %v", name, info.Mode(), err)
		}
	}
}

// Errors are asked for again, and no page of a fetch that failed stays.
func TestCacheKeepsNoErrors(t *testing.T) {
	c := newCachedRuns(t, time.Hour)
	// A page that was asked for ahead may still be on its way when the first run has failed.
	var broken atomic.Bool
	broken.Store(true)
	base := c.serve(func(w http.ResponseWriter, r *http.Request) {
		if broken.Load() && r.URL.Query().Get("offset") != "0" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		counting(12)(w, r)
	})
	r := request(t, base, numbers())
	if _, _, err := c.run(r); err == nil {
		t.Fatal("no error")
	}
	if left := c.files(); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	broken.Store(false)
	if _, asked, err := c.run(r); asked < 2 || err != nil {
		t.Errorf("%d requests, error %v", asked, err)
	}
}

// An answer that says that there is no such page belongs to the answers.
func TestCacheOfPagesBehindTheEnd(t *testing.T) {
	c := newCachedRuns(t, time.Hour)
	r := request(t, c.serve(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("offset") != "0" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		counting(3)(w, r)
	}), numbers())
	c.want("first", r, "0 1 2", 2)
	c.want("again", r, "0 1 2", 0)
}

// An API that knows what it has said before says so, and need not say it again.
func TestCacheAsksWhatHasChanged(t *testing.T) {
	for name, header := range map[string][2]string{"ETag": {"ETag", "If-None-Match"}, "date": {"Last-Modified", "If-Modified-Since"}} {
		t.Run(name, func(t *testing.T) {
			c := newCachedRuns(t, time.Hour)
			version, sent := "v1", 0
			base := c.serve(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set(header[0], version)
				if r.Header.Get(header[1]) == version {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				sent++
				fmt.Fprintf(w, `[{"n": %s}]`, version[1:])
			})
			r := unpaged(request(t, base, numbers()))
			c.want("first", r, "1", 1)
			for range 2 {
				c.wait(2 * time.Hour)
				c.want("unchanged", r, "1", 1)
				c.want("young again", r, "1", 0)
			}
			version = "v2"
			c.wait(2 * time.Hour)
			c.want("changed", r, "2", 1)
			if sent != 2 {
				t.Errorf("the rows were sent %d times", sent)
			}
		})
	}
}

// A file that is cut, changed or another's is no answer.
func TestCacheThatIsBroken(t *testing.T) {
	for name, damage := range map[string]func([]byte) []byte{
		"cut":      func(b []byte) []byte { return b[:len(b)/2] },
		"last cut": func(b []byte) []byte { return b[:len(b)-2] },
		"changed":  func(b []byte) []byte { return bytes.Replace(b, []byte(`{"n":7}`), []byte(`{"n":8}`), 1) },
		"empty":    func([]byte) []byte { return nil },
		"other":    func(b []byte) []byte { return bytes.Replace(b, []byte(`"key":"`), []byte(`"key":"0`), 1) },
		"negative": func(b []byte) []byte { return bytes.Replace(b, []byte(`"bytes":`), []byte(`"bytes":-`), 1) },
		"huge":     func(b []byte) []byte { return bytes.Replace(b, []byte(`"bytes":`), []byte(`"bytes":9`), 1) },
		"no lines": func(b []byte) []byte { return bytes.Repeat([]byte("x"), 1<<20) },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCachedRuns(t, time.Hour)
			r := request(t, c.serve(counting(9)), numbers())
			const rows = "0 1 2 3 4 5 6 7 8"
			c.want("first", r, rows, 2)
			c.want("whole", r, rows, 0)
			files := c.files()
			if len(files) != 1 {
				t.Fatal(files)
			}
			data, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(files[0], damage(data), 0o600); err != nil {
				t.Fatal(err)
			}
			c.want("broken", r, rows, 2)
			c.want("whole again", r, rows, 0)
		})
	}
}

// Several runs at once write whole files, and read whole ones.
func TestCacheOfSeveralRuns(t *testing.T) {
	c := newCachedRuns(t, time.Hour)
	base := c.serve(counting(250))
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			cache, err := OpenCache(c.dir, c.keep)
			if err != nil {
				t.Error(err)
				return
			}
			defer cache.Close()
			for range 5 {
				got, err := New(Options{Cache: cache}).Fetch(t.Context(), request(t, base, numbers()))
				if err != nil || got.Len() != 250 {
					t.Errorf("error %v", err)
				}
			}
		})
	}
	running.Wait()
	if files := c.files(); len(files) != 1 {
		t.Errorf("files are %v", files)
	}
}

// Secrets stay out: of what is kept, and of what tells it apart.
func TestCacheHoldsNoSecrets(t *testing.T) {
	const secret = "tajne-4412-x"
	echo := false
	c := newCachedRuns(t, time.Hour)
	base := c.serve(func(w http.ResponseWriter, r *http.Request) {
		if echo {
			w.Header().Set("Link", fmt.Sprintf(`</?%s>; rel="self"`, r.URL.RawQuery))
		}
		fmt.Fprint(w, `[{"n": 1}]`)
	})
	r := unpaged(request(t, base, numbers()))
	r.QueryAuth = Credential{Name: "token", Value: expr.NewSecret(secret)}
	c.want("first", r, "1", 1)
	c.want("again", r, "1", 0)
	for _, name := range c.files() {
		if data, err := os.ReadFile(name); err != nil || bytes.Contains(data, []byte(secret)) || !bytes.Contains(data, []byte("token=(sensitive)")) {
			t.Errorf("%s, error %v", data, err)
		}
	}
	echo = true
	r.Source.Path = "echo"
	c.want("quoted", r, "1", 1)
	c.want("quoted again", r, "1", 1)
	// A secret parameter may be the only difference of two requests.
	echo = false
	r.Source.Path = "secret"
	v := textValue("geheim-77")
	v.Sensitive = true
	r.Arguments = []Argument{{&spec.Parameter{Name: "q"}, v}}
	c.want("secret parameter", r, "1", 1)
	c.want("secret parameter again", r, "1", 1)
}

// A recording is all there is: nothing is asked, and nothing written.
func TestRecordingIsAllThereIs(t *testing.T) {
	c := newCachedRuns(t, time.Hour)
	r := request(t, c.serve(counting(12)), numbers())
	if _, _, err := c.run(r); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.dir, cacheMark), []byte(`{"reportform_cache": 1, "recording": true}`), 0o600); err != nil {
		t.Fatal(err)
	}
	c.wait(1000 * time.Hour)
	c.want("long ago", r, "0 1 2 3 4 5 6 7 8 9 10 11", 0)
	r.Source.Path = "others"
	_, asked, err := c.run(r)
	if e, ok := errors.AsType[*Error](err); !ok || e.Kind != KindUnrecorded || asked != 0 || !strings.Contains(e.URL, "/others?") {
		t.Errorf("%d requests, error %v", asked, err)
	}
	v := textValue("geheim-77")
	v.Sensitive = true
	r.Arguments = []Argument{{&spec.Parameter{Name: "q"}, v}}
	if _, asked, err := c.run(r); asked != 0 || err == nil {
		t.Errorf("a secret parameter asks %d times, error %v", asked, err)
	}
	if len(c.files()) != 1 {
		t.Errorf("files are %v", c.files())
	}
}

// Processes that begin at once make one cache of the folder.
func TestCacheIsMadeByOne(t *testing.T) {
	for range 50 {
		dir := t.TempDir()
		var running sync.WaitGroup
		for range 8 {
			running.Go(func() {
				c, err := OpenCache(dir, time.Hour)
				if err != nil {
					t.Error(err)
					return
				}
				_ = c.Close()
			})
		}
		running.Wait()
	}
}

// A folder of something else is left alone.
func TestCacheTakesNoOtherFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "mine.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCache(dir, time.Hour); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("error is %v", err)
	}
	later := t.TempDir()
	if err := os.WriteFile(filepath.Join(later, cacheMark), []byte(`{"reportform_cache": 2}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCache(later, time.Hour); err == nil || !strings.Contains(err.Error(), "version") {
		t.Errorf("error is %v", err)
	}
}

// The oldest go first where there is too much, and what others have begun stays.
func TestCacheIsBounded(t *testing.T) {
	c := newCachedRuns(t, time.Hour)
	cache, err := OpenCache(c.dir, c.keep)
	if err != nil {
		t.Fatal(err)
	}
	defer cache.Close()
	now := c.clock.Now()
	for i, size := range []int64{mostCached / 2, mostCached / 2, 1, mostCached / 2} {
		name := filepath.Join(c.dir, fmt.Sprintf("%d%s", i, cacheEnding))
		old := now.Add(time.Duration(i) * time.Minute)
		if err := errors.Join(os.WriteFile(name, nil, 0o600), os.Truncate(name, size), os.Chtimes(name, old, old)); err != nil {
			t.Fatal(err)
		}
	}
	for name, age := range map[string]time.Duration{"young": time.Minute, "old": 2 * time.Hour} {
		name = filepath.Join(c.dir, name+cacheUnborn)
		at := now.Add(-age)
		if err := errors.Join(os.WriteFile(name, nil, 0o600), os.Chtimes(name, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	cache.tidy(now)
	var left []string
	if err := fs.WalkDir(os.DirFS(c.dir), ".", func(path string, d fs.DirEntry, err error) error {
		if !d.IsDir() {
			left = append(left, path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(left, " "); got != "2.answers 3.answers reportform-cache.json young.part" {
		t.Errorf("left is %s", got)
	}
}
