package file

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/reportform/reportform/outputs"
)

// Different is the error of a delivery onto another file: nothing is overwritten by itself.
type Different struct {
	// Path is as the target names it.
	Path string
	// Found and Wanted are the digests of what stands there and of what was to be written.
	Found, Wanted outputs.Digest
}

// Error says what stands there and what may be done.
func (e *Different) Error() string {
	return fmt.Sprintf("another file stands at %s and is left as it is; move it away to have the report written there", e.Path)
}

// Deliver makes the file true on disk. The same content there is left untouched, any other than what the target
// replaces is refused with [*Different].
func (o *output) Deliver(ctx context.Context, a outputs.Artifact, _ outputs.Key) (_ outputs.Receipt, err error) {
	if err := ctx.Err(); err != nil {
		return outputs.Receipt{}, err
	}
	absolute, err := filepath.Abs(filepath.Join(o.target.Root, filepath.FromSlash(o.target.Path)))
	if err != nil {
		return outputs.Receipt{}, fmt.Errorf("find %s: %w", o.target.Path, err)
	}
	receipt := outputs.Receipt{Where: o.target.Path, Path: absolute}
	folder, err := outputs.OpenFolder(o.target.Root, path.Dir(o.target.Path))
	if err != nil {
		return outputs.Receipt{}, err
	}
	defer func() { err = errors.Join(err, folder.Close()) }()

	name := path.Base(o.target.Path)
	found, err := look(folder, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return outputs.Receipt{}, fmt.Errorf("look at %s: %w", o.target.Path, err)
	case found == a.Digest:
		receipt.Unchanged = true
		return receipt, nil
	case found == o.target.Replaces:
	default:
		return outputs.Receipt{}, &Different{Path: o.target.Path, Found: found, Wanted: a.Digest}
	}
	if err := outputs.Place(folder, name, a, 0o644); err != nil {
		return outputs.Receipt{}, fmt.Errorf("write %s: %w", o.target.Path, err)
	}
	return receipt, nil
}

// look returns the digest of the file that stands there.
func look(folder *os.Root, name string) (outputs.Digest, error) {
	info, err := folder.Lstat(name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("it is %s, where a report's file should be", outputs.KindOf(info))
	}
	found, _, err := digestOf(folder.Open(name))
	return found, err
}
