package cli

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/reportform/reportform/outputs"
)

// rewrite puts a text in the place of a file, whole or not at all and with the same permissions. A link is left alone: the
// file that it stands for may belong to somebody else.
func rewrite(root *os.Root, name string, text []byte) (err error) {
	info, err := root.Lstat(name)
	if err != nil {
		return err
	}
	const ownerWrites = 0o200
	switch {
	case !info.Mode().IsRegular():
		return fmt.Errorf("it is %s, which is left alone: format what it stands for by its own name", outputs.KindOf(info))
	case info.Mode().Perm()&ownerWrites == 0:
		return errors.New("it is read-only")
	}
	drafts, err := os.MkdirTemp("", "reportform-fmt-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(drafts)) }()
	draft := outputs.Artifact{Path: filepath.Join(drafts, "draft"), Size: int64(len(text))}
	draft.Digest, err = outputs.WriteFile(draft.Path, func(w *bufio.Writer) error {
		_, err := w.Write(text)
		return err
	})
	if err != nil {
		return err
	}
	return outputs.Place(root, name, draft, info.Mode().Perm())
}
