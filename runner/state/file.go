package state

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// File is a state in a folder, for one machine:
//
//	root.json
//	records/PROJECT/ADDRESS/RANGE/000001.json
//
// A record is written to a temporary file, synced, and linked to its name, which fails when the name is taken;
// so a record is either whole or not there, whatever stops the program.
type File struct{ dir string }

var _ Store = (*File)(nil)

// OpenFile returns the state in dir, which need not exist yet.
func OpenFile(dir string) *File { return &File{dir: dir} }

// Root reads the root record.
func (f *File) Root(context.Context) (Root, error) {
	path := filepath.Join(f.dir, "root.json")
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Root{}, f.lost(path)
	}
	if err != nil {
		return Root{}, fmt.Errorf("read state: %w", err)
	}
	return DecodeRoot(path, data)
}

// lost tells a state that nobody has begun from one whose root is gone: with another salt its records would no longer say
// who has a mail.
func (f *File) lost(path string) error {
	projects, err := os.ReadDir(filepath.Join(f.dir, "records"))
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("read state: %w", err)
	case len(projects) > 0:
		return &DamagedError{Where: path, Reason: rootLost}
	}
	return ErrNoRoot
}

// Init creates the root record.
func (f *File) Init(ctx context.Context, r Root) error {
	if _, err := f.Root(ctx); err == nil {
		return ErrTaken
	} else if !errors.Is(err, ErrNoRoot) {
		return err
	}
	return createExclusive(filepath.Join(f.dir, "root.json"), mustJSON(r))
}

// Records reads a key's records in order.
func (f *File) Records(_ context.Context, k Key) ([]Record, error) {
	dir := f.keyDir(k)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read state: %w", err)
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".json") { // others are temporary files of a runner that died
			names = append(names, e.Name())
		}
	}
	return decodeRecords(dir, names, func(name string) ([]byte, error) {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("read state: %w", err)
		}
		return data, nil
	})
}

// Append adds record number seq.
func (f *File) Append(_ context.Context, k Key, seq int, r Record) error {
	return createExclusive(filepath.Join(f.keyDir(k), recordName(seq)), mustJSON(r))
}

// Keys lists the keys of a project whose address begins with prefix.
func (f *File) Keys(_ context.Context, project, prefix string) ([]Key, error) {
	var out []Key
	base := filepath.Join(f.dir, "records", encodeName(project))
	addresses, err := readNames(base)
	if err != nil {
		return nil, err
	}
	for _, address := range addresses {
		if !strings.HasPrefix(address, prefix) {
			continue
		}
		ranges, err := readNames(filepath.Join(base, encodeName(address)))
		if err != nil {
			return nil, err
		}
		for _, r := range ranges {
			out = append(out, Key{Project: project, Address: address, Range: r})
		}
	}
	slices.SortFunc(out, Key.Compare)
	return out, nil
}

func (f *File) keyDir(k Key) string {
	return filepath.Join(f.dir, filepath.FromSlash(k.folder()))
}

// readNames lists the folders in dir, decoded; none when dir does not exist.
func readNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read state: %w", err)
	}
	var out []string
	for _, e := range entries {
		if name, ok := decodeName(e.Name()); ok && e.IsDir() {
			out = append(out, name)
		}
	}
	return out, nil
}

// createExclusive writes a whole new file, durably, or returns ErrTaken when one stands there.
func createExclusive(path string, data []byte) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	tmp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Sync(), tmp.Close())
	if err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	if err := os.Link(tmp.Name(), path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return ErrTaken
		}
		return fmt.Errorf("write state: %w", err)
	}
	return syncDir(dir)
}

// syncDir makes new names in dir durable. A file system that cannot sync a folder has nothing better to offer.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, os.ErrInvalid) {
		return fmt.Errorf("write state: %w", err)
	}
	return nil
}

func mustJSON(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic(err) // records are plain structs
	}
	return b.Bytes()
}
