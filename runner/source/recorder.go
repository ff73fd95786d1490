package source

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Recorder takes down what APIs answer in a run, so that the run can be repeated from it without them: the folder that it
// writes is a cache that holds all answers there are. Nothing of what was asked for may be missing in it.
type Recorder struct {
	cache *Cache
	mu    sync.Mutex
	// taken are the fetches by the file of their answers.
	taken map[string]*fetch
	// lost says why some answers are not there.
	lost error
}

// About says what a recording is of.
type About struct {
	// Report is the name of the report that was run, At the run's moment, Ranges those of its instances as keys have them.
	Report string    `json:"report"`
	At     time.Time `json:"at"`
	Ranges []string  `json:"ranges"`
	// Version is the program's.
	Version string   `json:"version"`
	Answers []Answer `json:"answers"`
	// Made says of which columns the values are made up.
	Made []Made `json:"made_up,omitempty"`
	// Doubtful are columns that seem to hold what is personal, and stand there as they came.
	Doubtful []Made `json:"as_they_came,omitempty"`
}

// Answer is one file: what a source was asked, once for each page.
type Answer struct {
	File   string `json:"file"`
	Source string `json:"source"`
	Pages  int    `json:"pages"`
	Rows   int    `json:"rows"`
}

// Made counts different values of a column.
type Made struct {
	Source string `json:"source"`
	Column string `json:"column"`
	Values int    `json:"values"`
}

// NewRecorder takes answers down in a folder of the run's own, as they come: it is to be removed afterwards.
func NewRecorder(dir string) (*Recorder, error) {
	cache, err := OpenCache(dir, 0)
	if err != nil {
		return nil, err
	}
	r := &Recorder{cache: cache, taken: map[string]*fetch{}}
	cache.taking = r
	return r, nil
}

// Cache is what a client is given so that its answers are taken down.
func (r *Recorder) Cache() *Cache { return r.cache }

// Close gives the folder back.
func (r *Recorder) Close() error { return r.cache.Close() }

// taken gets all pages of f from the API, and takes them down.
func taken[T any](f *fetch, k cacheKey, get func() (T, error)) (T, error) {
	r := f.o.Cache.taking
	f.writer = r.cache.write(k, f.o.Now())
	if f.writer == nil {
		var none T
		return none, fmt.Errorf("record answers: no file can be made in %s", r.cache.root.Name())
	}
	out, err := get()
	f.writer.end(err == nil, f.o.Now())
	r.note(k.file(), f, err)
	f.writer = nil
	return out, err
}

// note remembers whose answers a file has, or that they were lost.
func (r *Recorder) note(file string, f *fetch, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err != nil: // it is told by whoever asked
	case f.writer.spoiled:
		r.lost = errors.Join(r.lost, fmt.Errorf("the answers of %s.%s are not in the recording: together they are longer than %d MiB, or cannot be written. Take a shorter range", f.r.Connection, f.r.Source.Name, mostCached>>20))
	default:
		r.taken[file] = f
	}
}

// question is what the request for the page at a place asks for, as it tells requests apart.
func (f *fetch) question(at place) string {
	return f.target.method + " " + f.veiled(f.shown(at))
}

// veiled puts into a text what stands in a recording for the API's address, where that is a secret.
func (f *fetch) veiled(text string) string {
	if f.r.RecordedAs == "" || f.o.Cache.taking == nil {
		return text
	}
	for _, form := range []func(string) string{func(s string) string { return s }, func(s string) string { return strings.ReplaceAll(s, "/", `\/`) }} {
		text = strings.ReplaceAll(text, form(f.target.api), form(f.r.RecordedAs))
	}
	return text
}

// takeDown notes an answer of a recording, without the request's secrets.
func (f *fetch) takeDown(w *answersWriter, stored cachedAnswer, body []byte) {
	clean := func(text string) string { return f.secrets.Replace(f.veiled(text)) }
	stored.From, stored.ETag, stored.LastModified = f.veiled(stored.From), "", ""
	for i, link := range stored.Link {
		stored.Link[i] = clean(link)
	}
	w.add(stored, []byte(clean(string(body))))
}

// Write makes the recording, a folder that is not there yet. Redact takes the run's secrets out of a text; what stands in
// columns that are personal is made up. About has what it is of, and gets what it holds.
func (r *Recorder) Write(dir string, about *About, redact func(string) string, now time.Time) error {
	if r.lost != nil {
		return r.lost
	}
	out, err := OpenCache(dir, 0)
	if err != nil {
		return err
	}
	defer out.Close()
	out.taking = r // nothing is tidied away
	p := newPseudonyms()
	// What is personal in one answer may come back in any other, so that all is read before anything is written.
	for _, name := range r.files() {
		if err := r.learn(name, p, redact); err != nil {
			return fmt.Errorf("write recording: %w", err)
		}
	}
	p.gather()
	for _, name := range r.files() {
		answer, err := r.rewrite(out, name, p, redact, now)
		if err != nil {
			return fmt.Errorf("write recording: %w", err)
		}
		about.Answers = append(about.Answers, answer)
	}
	about.Made, about.Doubtful = p.made(), p.doubtful()
	mark, err := json.MarshalIndent(cacheNote{Format: cacheFormat, Recording: true, About: about}, "", "  ")
	if err != nil {
		return fmt.Errorf("write recording: %w", err)
	}
	err = out.root.WriteFile(cacheMark, append(mark, '\n'), 0o644)
	// It is made to be committed and read by others, which a cache is not.
	for _, name := range append(r.files(), cacheMark) {
		err = errors.Join(err, out.root.Chmod(name, 0o644))
	}
	if err = errors.Join(err, out.root.Chmod(".", 0o755)); err != nil {
		return fmt.Errorf("write recording: %w", err)
	}
	return nil
}

// files are those of the answers, in an order that does not depend on who was asked first.
func (r *Recorder) files() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var names []string
	for name := range r.taken {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// open reads what the file of one fetch has.
func (r *Recorder) open(name string) (*keptAnswers, error) {
	raw, err := r.cache.root.Open(name)
	if err != nil {
		return nil, err
	}
	kept, err := readAnswers(raw, false)
	if err != nil {
		_ = raw.Close()
		return nil, err
	}
	return kept, nil
}

// each hands over the answers in the order of the file, without the run's secrets.
func (a *keptAnswers) each(redact func(string) string, read func(page storedAnswer, body []byte) error) error {
	for _, page := range a.inOrder() {
		_, body, err := a.answer(page, nil) //nolint:bodyclose // It has no connection.
		if err == nil {
			err = read(page, []byte(redact(string(body))))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// learn makes values up for what is personal in the answers of one fetch.
func (r *Recorder) learn(name string, p *pseudonyms, redact func(string) string) error {
	kept, err := r.open(name)
	if err != nil {
		return err
	}
	defer kept.close()
	return kept.each(redact, func(page storedAnswer, body []byte) error {
		_, _, err := p.replace(r.taken[name], page.Status, body)
		return err
	})
}

// rewrite puts the answers of one fetch into the recording.
func (r *Recorder) rewrite(out *Cache, name string, p *pseudonyms, redact func(string) string, now time.Time) (Answer, error) {
	f := r.taken[name]
	about := Answer{File: name, Source: f.r.Connection + "." + f.r.Source.Name}
	kept, err := r.open(name)
	if err != nil {
		return about, err
	}
	defer kept.close()
	file, unborn, err := out.unborn(name)
	if err != nil {
		return about, err
	}
	w := newAnswersWriter(out, file, unborn, name)
	w.line(cacheHead{Format: cacheFormat, Key: kept.key, At: kept.at})
	err = kept.each(redact, func(page storedAnswer, body []byte) error {
		body, rows, err := p.replace(f, page.Status, body)
		if err != nil {
			return err
		}
		for i, link := range page.Link {
			page.Link[i] = redact(link)
		}
		w.add(page.cachedAnswer, body)
		about.Pages++
		about.Rows += rows
		return nil
	})
	if err != nil {
		w.spoil()
		w.end(false, now)
		return about, err
	}
	w.end(true, now)
	if w.spoiled {
		return about, fmt.Errorf("write %s: it cannot be written", name)
	}
	return about, nil
}

// inOrder are the pages as they stand in the file.
func (a *keptAnswers) inOrder() []storedAnswer {
	var pages []storedAnswer
	for _, page := range a.pages {
		pages = append(pages, page)
	}
	slices.SortFunc(pages, func(a, b storedAnswer) int { return int(a.offset - b.offset) })
	return pages
}

// ErrDamaged is wrapped by the errors for a folder that was a recording and is no longer whole.
var ErrDamaged = errors.New("the recording is damaged")

// OpenRecording opens a folder that [Recorder.Write] made, or a person by its example. Its error is [ErrDamaged], too: none of
// the answers can then be relied upon.
func OpenRecording(dir string) (*Cache, *About, error) {
	mark, err := os.ReadFile(filepath.Join(dir, cacheMark))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if answers, _ := filepath.Glob(filepath.Join(dir, "*"+cacheEnding)); len(answers) > 0 {
			return nil, nil, fmt.Errorf("%w: it has answers, and the file %s is gone", ErrDamaged, cacheMark)
		}
		return nil, nil, fmt.Errorf("there is no recording in %s", dir)
	case err != nil:
		return nil, nil, fmt.Errorf("read recording: %w", err)
	case !json.Valid(mark):
		return nil, nil, fmt.Errorf("%w: the file %s is not JSON", ErrDamaged, cacheMark)
	}
	c, err := OpenCache(dir, 0)
	if err != nil {
		return nil, nil, err
	}
	if !c.recording {
		_ = c.Close()
		return nil, nil, fmt.Errorf("%s is a cache and no recording", dir)
	}
	if err := c.whole(); err != nil {
		_ = c.Close()
		return nil, nil, err
	}
	return c, c.about, nil
}

// whole looks whether a recording has all the answers that it says, each to its end.
func (c *Cache) whole() error {
	pages := map[string]int{}
	if c.about != nil {
		for _, a := range c.about.Answers {
			pages[a.File] = a.Pages
		}
	}
	names, err := fs.Glob(c.root.FS(), "*"+cacheEnding)
	if err != nil {
		return fmt.Errorf("read recording: %w", err)
	}
	for name := range pages {
		if !slices.Contains(names, name) {
			return fmt.Errorf("%w: the file %s is gone", ErrDamaged, name)
		}
	}
	for _, name := range names {
		file, err := c.root.Open(name)
		if err != nil {
			return fmt.Errorf("read recording: %w", err)
		}
		a, err := readAnswers(file, true)
		_ = file.Close()
		if err != nil || len(a.pages) < pages[name] {
			return fmt.Errorf("%w: the file %s is cut short, or changed so that the lengths of its answers no longer fit", ErrDamaged, name)
		}
	}
	return nil
}
