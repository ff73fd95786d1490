package outputs

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// OpenFolder opens a folder beneath root, making what is missing. Data names these folders, so none of them may be
// a symbolic link; that nothing leads out even if one appears meanwhile, os.Root sees to.
func OpenFolder(root, below string) (*os.Root, error) {
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
			return nil, fmt.Errorf("%s is %s: reports are written only into folders beneath the configuration", passed, KindOf(info))
		}
	}
	folder, err := at.OpenRoot(below)
	if err != nil {
		return nil, fmt.Errorf("open the folder %s: %w", below, err)
	}
	return folder, nil
}

// KindOf names what stands where something else should.
func KindOf(info fs.FileInfo) string {
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

// Place writes the artifact under another name, has it safely on the disk, and only then gives it its own, in place of
// what stands there. What it writes is checked against the artifact's digest.
func Place(folder *os.Root, name string, a Artifact, mode fs.FileMode) (err error) {
	source, err := a.Open()
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()

	const random = 12
	draft := "." + name + "." + rand.Text()[:random] + ".part"
	f, err := folder.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
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
	if got := Digest("sha256:" + hex.EncodeToString(sum.Sum(nil))); got != a.Digest {
		return fmt.Errorf("what was rendered has changed since: its digest is %s instead of %s", got, a.Digest)
	}
	// Whatever the umask.
	if err := f.Chmod(mode); err != nil {
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
