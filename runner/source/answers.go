package source

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

// keptAnswers are what a fetch was answered, page by page, as a file of a cache has them. The file is lines of JSON: what it
// is; then for each answer what was asked, and beneath it the answer itself; at last a digest of all that, without which
// it is not whole.
type keptAnswers struct {
	file *os.File
	key  string
	at   time.Time
	// pages are by the digest of their request.
	pages map[string]storedAnswer
}

// cacheHead is the first line.
type cacheHead struct {
	Format int       `json:"reportform_cache"`
	Key    string    `json:"key"`
	At     time.Time `json:"at"`
}

// cachedAnswer is the line above an answer.
type cachedAnswer struct {
	Key   string `json:"key"`
	Asked string `json:"asked"`
	// From is where the answer came from, behind redirects.
	From         string   `json:"from"`
	Status       int      `json:"status"`
	Link         []string `json:"link,omitempty"`
	ETag         string   `json:"etag,omitempty"`
	LastModified string   `json:"last_modified,omitempty"`
	Bytes        int64    `json:"bytes"`
}

// cacheEnd is the last line.
type cacheEnd struct {
	End string `json:"end"`
}

// storedAnswer is an answer with its place in the file.
type storedAnswer struct {
	cachedAnswer
	offset int64
}

// longestHead bounds the lines of JSON, in bytes.
const longestHead = 64 << 10

var errNotWhole = errors.New("the file is not whole")

// readAnswers reads what is in a file, and sees to it that it is whole. What a person has edited need not have a digest.
func readAnswers(file *os.File, edited bool) (*keptAnswers, error) {
	r := &answersReader{b: bufio.NewReaderSize(file, longestHead), sum: sha256.New()}
	var head cacheHead
	if err := r.line(&head); err != nil || head.Format != cacheFormat {
		return nil, errNotWhole
	}
	a := &keptAnswers{file: file, key: head.Key, at: head.At, pages: map[string]storedAnswer{}}
	for {
		before := hex.EncodeToString(r.sum.Sum(nil))
		var line struct {
			cachedAnswer
			cacheEnd
		}
		err := r.line(&line)
		switch {
		case errors.Is(err, io.EOF) && edited, err == nil && line.End != "" && (edited || line.End == before):
			return a, nil
		case err != nil || line.End != "" || line.Bytes < 0:
			return nil, errNotWhole
		}
		a.pages[line.cachedAnswer.Key] = storedAnswer{line.cachedAnswer, r.offset}
		if err := r.skip(line.Bytes + 1); err != nil {
			return nil, errNotWhole
		}
	}
}

// answersReader reads lines and bodies, and counts and digests what it reads.
type answersReader struct {
	b      *bufio.Reader
	sum    hash.Hash
	offset int64
}

func (r *answersReader) line(v any) error {
	text, err := r.b.ReadSlice('\n')
	if err != nil {
		return err
	}
	r.offset += int64(len(text))
	r.sum.Write(text)
	return json.Unmarshal(text, v)
}

func (r *answersReader) skip(n int64) error {
	copied, err := io.CopyN(r.sum, r.b, n)
	r.offset += copied
	return err
}

// answer returns an answer as one that has just come. There is one.
func (a *keptAnswers) answer(page storedAnswer, req *http.Request) (*http.Response, []byte, error) {
	body := make([]byte, page.Bytes)
	if _, err := a.file.ReadAt(body, page.offset); err != nil {
		return nil, nil, fmt.Errorf("read cache: %w", err)
	}
	res := &http.Response{StatusCode: page.Status, Header: http.Header{}, ContentLength: page.Bytes, Request: req}
	for _, link := range page.Link {
		res.Header.Add("Link", link)
	}
	return res, body, nil
}

func (a *keptAnswers) close() { _ = a.file.Close() }

// answersWriter writes the answers to one fetch into a new file.
type answersWriter struct {
	cache *Cache
	name  string
	// becomes is the file's name when it is whole.
	becomes string

	mu   sync.Mutex
	file *os.File
	b    *bufio.Writer
	sum  hash.Hash
	size int64
	// spoiled: the answers are not to be kept.
	spoiled bool
}

// write makes a file for the answers to a fetch that begins with k; nil where none can be made.
func (c *Cache) write(k cacheKey, at time.Time) *answersWriter {
	file, name, err := c.unborn(k.file())
	if err != nil {
		return nil
	}
	w := newAnswersWriter(c, file, name, k.file())
	w.line(cacheHead{Format: cacheFormat, Key: k.digest(), At: at.UTC().Truncate(time.Second)})
	return w
}

func newAnswersWriter(c *Cache, file *os.File, name, becomes string) *answersWriter {
	return &answersWriter{cache: c, name: name, becomes: becomes, file: file, b: bufio.NewWriter(file), sum: sha256.New()}
}

// unborn makes a file, which is to become the one of that name, under a name that no other process has.
func (c *Cache) unborn(becomes string) (file *os.File, name string, err error) {
	for n := range 100 {
		name = fmt.Sprintf("%s.%d-%d%s", becomes, os.Getpid(), n, cacheUnborn)
		file, err = c.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if !errors.Is(err, os.ErrExist) {
			break
		}
	}
	return file, name, err
}

// add notes an answer.
func (w *answersWriter) add(page cachedAnswer, body []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	page.Bytes = int64(len(body))
	if w.spoiled = w.spoiled || w.size+page.Bytes > mostCached; w.spoiled {
		return
	}
	w.line(page)
	w.bytes(body)
	w.bytes([]byte("\n"))
}

// spoil says that the answers are not to be kept.
func (w *answersWriter) spoil() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.spoiled = true
}

func (w *answersWriter) line(v any) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) != nil || text.Len() > longestHead {
		w.spoiled = true
		return
	}
	w.bytes(text.Bytes())
}

func (w *answersWriter) bytes(data []byte) {
	w.sum.Write(data)
	n, err := w.b.Write(data)
	w.size += int64(n)
	w.spoiled = w.spoiled || err != nil
}

// end puts the file into its place where the answers are whole and good, and else removes it. A cache that cannot be
// written is no reason to fail: what was asked for is there.
func (w *answersWriter) end(good bool, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.line(cacheEnd{hex.EncodeToString(w.sum.Sum(nil))})
	err := errors.Join(w.b.Flush(), w.file.Close())
	if !good || w.spoiled || err != nil || w.cache.root.Rename(w.name, w.becomes) != nil {
		_ = w.cache.root.Remove(w.name)
		return
	}
	if w.cache.taking == nil {
		w.cache.tidy(now)
	}
}
