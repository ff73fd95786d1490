package source

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Cache keeps answers in a folder across runs, so that who works on a report does not ask its API for the same rows all
// day. What one fetch was answered, all its pages, is one file: pages of different moments never come together, and
// fetches that failed leave nothing.
//
// Files are told apart by what was asked, without secrets: whoever asks gets the same answers, and two accounts of one
// API want two folders. Answers may be personal data; files are their owner's alone. Several processes may use a folder.
type Cache struct {
	root *os.Root
	keep time.Duration
	// recording: the folder holds all answers that there are. Nothing is asked and nothing is written, however old they are.
	recording bool
	// taking: a recording is made. All that is asked is asked, and every answer kept.
	taking *Recorder
	// about is what a recording is of, where it says so.
	about *About
}

// Bounds of a cache, in bytes and by age of what a killed process has left.
const (
	mostCached = 256 << 20
	abandoned  = time.Hour
)

// cacheFormat is the version of the files.
const cacheFormat = 1

// The names of a cache's files. The first says what the folder is.
const (
	cacheMark   = "reportform-cache.json"
	cacheEnding = ".answers"
	cacheUnborn = ".part"
)

// OpenCache opens a folder, or makes it, whose answers are used for as long as keep. The folder must be empty or a cache:
// files of others are none of its business.
func OpenCache(dir string, keep time.Duration) (*Cache, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make cache: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open cache: %w", err)
	}
	c := &Cache{root: root, keep: keep}
	if err := c.readMark(); err != nil {
		_ = root.Close()
		return nil, err
	}
	return c, nil
}

// Close gives the folder back.
func (c *Cache) Close() error { return c.root.Close() }

// cacheNote is what says that a folder is a cache.
type cacheNote struct {
	Format int `json:"reportform_cache"`
	// Recording: see [Cache].
	Recording bool `json:"recording,omitempty"`
	// About is what a recording is of; nil for a cache.
	About *About `json:"about,omitempty"`
}

func (c *Cache) readMark() error {
	data, err := c.root.ReadFile(cacheMark)
	if errors.Is(err, fs.ErrNotExist) {
		if err := c.begin(); err != nil {
			return err
		}
		data, err = c.root.ReadFile(cacheMark)
	}
	if err != nil {
		return fmt.Errorf("read cache: %w", err)
	}
	var m cacheNote
	if json.Unmarshal(data, &m) != nil || m.Format != cacheFormat {
		return fmt.Errorf("%s in the folder %s is not of this version of reportform: name another folder", cacheMark, c.root.Name())
	}
	c.recording, c.about = m.Recording, m.About
	return nil
}

// begin makes a cache of an empty folder, or of one that another process is making one of.
func (c *Cache) begin() error {
	names, err := fs.ReadDir(c.root.FS(), ".")
	if err != nil {
		return fmt.Errorf("read cache: %w", err)
	}
	if slices.ContainsFunc(names, func(e fs.DirEntry) bool { return e.Name() != cacheMark && filepath.Ext(e.Name()) != cacheUnborn }) {
		return fmt.Errorf("the folder %s is no cache and not empty: name another one", c.root.Name())
	}
	file, name, err := c.unborn(cacheMark)
	if err == nil {
		err = errors.Join(json.NewEncoder(file).Encode(cacheNote{Format: cacheFormat}), file.Close())
	}
	if err == nil {
		err = c.root.Rename(name, cacheMark)
	}
	if err != nil {
		return fmt.Errorf("make cache: %w", err)
	}
	return nil
}

// cacheKey is what one request asks for. It has no secrets.
type cacheKey struct {
	// Asked is method and address.
	Asked string
	// Rest is what else the answer depends on.
	Rest []string
}

// digest tells keys apart.
func (k cacheKey) digest() string {
	text, err := json.Marshal(k)
	if err != nil {
		panic(fmt.Sprintf("write a key of texts: %v", err))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

var notInName = regexp.MustCompile(`[^A-Za-z0-9]+`)

// file is the name under which the answers to a fetch stand that begins with k: people see by it what it is.
func (k cacheKey) file() string {
	path, _, _ := strings.Cut(k.Asked, "?")
	word := strings.Trim(notInName.ReplaceAllString(filepath.Base(path), "-"), "-")
	return word[:min(len(word), 40)] + "-" + k.digest()[:16] + cacheEnding
}

// kept returns the answers to a fetch; nil where there are none that can be read.
func (c *Cache) kept(k cacheKey) *keptAnswers {
	file, err := c.root.Open(k.file())
	if err != nil {
		return nil
	}
	a, err := readAnswers(file, c.recording)
	if err != nil || a.key != k.digest() {
		_ = file.Close()
		return nil
	}
	return a
}

// fresh reports whether answers need not be asked for again.
func (c *Cache) fresh(a *keptAnswers, now time.Time) bool {
	age := now.Sub(a.at)
	return c.recording || age >= 0 && age <= c.keep
}

// tidy removes the oldest answers until the rest is within bounds, and what killed processes have left. What cannot be
// removed is another's to complain of.
func (c *Cache) tidy(now time.Time) {
	entries, err := fs.ReadDir(c.root.FS(), ".")
	if err != nil {
		return
	}
	var all []fs.FileInfo
	total := int64(0)
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue
		}
		switch filepath.Ext(e.Name()) {
		case cacheEnding:
			all = append(all, info)
			total += info.Size()
		case cacheUnborn:
			if now.Sub(info.ModTime()) > abandoned {
				_ = c.root.Remove(e.Name())
			}
		}
	}
	slices.SortFunc(all, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, info := range all {
		if total <= mostCached {
			return
		}
		_ = c.root.Remove(info.Name())
		total -= info.Size()
	}
}
