package file

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

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
	folder, err := openFolder(o.target.Root, path.Dir(o.target.Path))
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
	if err := place(folder, name, a); err != nil {
		return outputs.Receipt{}, fmt.Errorf("write %s: %w", o.target.Path, err)
	}
	return receipt, nil
}

// openFolder opens a folder beneath root, making what is missing. Data names these folders, so none of them may be
// a symbolic link; that nothing leads out even if one appears meanwhile, os.Root sees to.
func openFolder(root, below string) (*os.Root, error) {
	at, err := os.OpenRoot(root)
	if err != nil {
		return nil, fmt.Errorf("open the configuration's folder: %w", err)
	}
	if below == "." {
		return at, nil
	}
	defer func() { _ = at.Close() }()
	passed := ""
	for part := range strings.SplitSeq(below, "/") {
		passed = path.Join(passed, part)
		info, err := at.Lstat(passed)
		if errors.Is(err, fs.ErrNotExist) {
			if err = at.Mkdir(passed, 0o755); err == nil || errors.Is(err, fs.ErrExist) {
				info, err = at.Lstat(passed)
			}
		}
		if err != nil {
			return nil, fmt.Errorf("make the folder %s: %w", passed, err)
		}
		if !info.IsDir() {
			return nil, fmt.Errorf("%s is %s: reports are written only into folders beneath the configuration", passed, kindOf(info))
		}
	}
	folder, err := at.OpenRoot(below)
	if err != nil {
		return nil, fmt.Errorf("open the folder %s: %w", below, err)
	}
	return folder, nil
}

// kindOf names what stands where something else should.
func kindOf(info fs.FileInfo) string {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return "a symbolic link"
	case info.IsDir():
		return "a folder"
	case info.Mode().IsRegular():
		return "a file"
	default:
		return "no regular file"
	}
}

// look returns the digest of the file that stands there.
func look(folder *os.Root, name string) (outputs.Digest, error) {
	info, err := folder.Lstat(name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("it is %s, where a report's file should be", kindOf(info))
	}
	found, _, err := digestOf(folder.Open(name))
	return found, err
}

// place writes the artifact under another name, has it safely on the disk, and only then gives it its own.
func place(folder *os.Root, name string, a outputs.Artifact) (err error) {
	source, err := os.Open(a.Path)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()

	const random = 12
	draft := "." + name + "." + rand.Text()[:random] + ".part"
	f, err := folder.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = folder.Remove(draft)
		}
	}()
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(f, sum), source); err != nil {
		return err
	}
	if got := digest(sum.Sum(nil)); got != a.Digest {
		return fmt.Errorf("what was rendered has changed since: its digest is %s instead of %s", got, a.Digest)
	}
	// Whatever the umask: a report is for others to read.
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := folder.Rename(draft, name); err != nil {
		return err
	}
	return syncFolder(folder)
}

// syncFolder has the new name on the disk, too.
func syncFolder(folder *os.Root) error {
	f, err := folder.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
