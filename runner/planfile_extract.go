package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Extract writes every artifact to dir/REPORT.DESTINATION@RANGE/NAME, each of a mail's parts to a file of its own, and
// returns their paths, seen from dir. It writes over nothing, and nothing outside of dir.
func (s *Saved) Extract(ctx context.Context, dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	var out []string
	for i := range s.Changes {
		c := &s.Changes[i]
		if c.Artifact == nil {
			continue
		}
		if err := root.MkdirAll(c.folder(), 0o700); err != nil {
			return out, err
		}
		for _, part := range c.Artifact.restore().Parts() {
			if err := ctx.Err(); err != nil {
				return out, err
			}
			name := c.folder() + "/" + part.Name
			f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
			if errors.Is(err, os.ErrExist) {
				return out, fmt.Errorf("%s stands there already, and nothing is written over", filepath.Join(dir, name))
			}
			if err != nil {
				return out, err
			}
			if err := errors.Join(s.copy(i, &partOf{f, part.Offset, part.Size}), f.Close()); err != nil {
				return out, errors.Join(err, root.Remove(name))
			}
			out = append(out, name)
		}
	}
	return out, nil
}

// partOf takes of what is written the bytes of one part.
type partOf struct {
	w io.Writer
	// before are the bytes that come before it, and left those of it, that are not written yet.
	before, left int64
}

func (p *partOf) Write(b []byte) (int, error) {
	n := len(b)
	skipped := min(p.before, int64(len(b)))
	p.before, b = p.before-skipped, b[skipped:]
	b = b[:min(p.left, int64(len(b)))]
	p.left -= int64(len(b))
	_, err := p.w.Write(b)
	return n, err
}
