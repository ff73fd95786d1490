// Package file delivers a document as a file beneath the configuration's folder: made true on disk, whole or not at all.
package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/reportform/reportform/outputs"
)

// output writes one file.
type output struct {
	target   outputs.FileTarget
	renderer outputs.Renderer
}

var _ outputs.Output = (*output)(nil)

// New makes the output for a target; byEnding has a renderer for each ending, such as ".xlsx".
func New(t outputs.FileTarget, byEnding map[string]outputs.Renderer) (outputs.Output, error) {
	if err := checkPath(t.Path); err != nil {
		return nil, err
	}
	r, ok := byEnding[strings.ToLower(path.Ext(t.Path))]
	if !ok {
		known := slices.Sorted(maps.Keys(byEnding))
		return nil, fmt.Errorf("the path %q ends in no known format; known are %s", t.Path, strings.Join(known, ", "))
	}
	return &output{target: t, renderer: r}, nil
}

// checkPath refuses what would leave the folder by its name alone.
func checkPath(p string) error {
	switch {
	case p == "":
		return errors.New("the path is empty")
	case path.IsAbs(p) || filepath.IsAbs(p) || strings.ContainsAny(p, "\\\x00"):
		return fmt.Errorf("the path %q must be relative to the configuration's folder, with slashes", p)
	case slices.Contains(strings.Split(p, "/"), ".."):
		return fmt.Errorf("the path %q leads out of its folder by its dots", p)
	case !filepath.IsLocal(p) || path.Clean(p) == "." || strings.HasSuffix(p, "/"):
		return fmt.Errorf("the path %q names no file beneath the configuration's folder", p)
	}
	return nil
}

// Render writes the document in the format of the path's ending.
func (o *output) Render(ctx context.Context, doc outputs.Document, _ outputs.Key, dir string) (outputs.Artifact, error) {
	name := path.Base(o.target.Path)
	at := filepath.Join(dir, name)
	rendered, err := o.renderer.Render(ctx, doc, at)
	if err != nil {
		return outputs.Artifact{}, err
	}
	digest, size, err := digestOf(os.Open(at))
	if err != nil {
		return outputs.Artifact{}, fmt.Errorf("read back %s: %w", name, err)
	}
	return outputs.Artifact{
		Name: name, Path: at, MediaType: o.renderer.MediaType(), Size: size, Digest: digest, Content: rendered.Content,
		Sheets: rendered.Sheets, Rows: rendered.Rows, Notices: rendered.Notices,
	}, nil
}

// digestOf reads a file that was just opened and closes it.
func digestOf(f *os.File, err error) (outputs.Digest, int64, error) {
	if err != nil {
		return "", 0, err
	}
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", 0, err
	}
	return digest(sum.Sum(nil)), n, nil
}

func digest(sum []byte) outputs.Digest { return outputs.Digest("sha256:" + hex.EncodeToString(sum)) }
