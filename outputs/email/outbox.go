package email

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/reportform/reportform/outputs"
)

// putIntoOutbox writes the message whole or not at all. Its name comes from the key: a rehearsal that is repeated
// replaces the one before. Only its owner may read it, as with a mailbox.
func putIntoOutbox(ctx context.Context, folder string, a outputs.Artifact) (outputs.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return outputs.Receipt{}, fmt.Errorf("put the message into the outbox: %w", err)
	}
	path, err := filepath.Abs(filepath.Join(folder, a.Name))
	if err != nil {
		return outputs.Receipt{}, fmt.Errorf("find the outbox: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return outputs.Receipt{}, fmt.Errorf("make the outbox: %w", err)
	}
	if err := replace(path, a.Path); err != nil {
		return outputs.Receipt{}, fmt.Errorf("write %s: %w", path, err)
	}
	return outputs.Receipt{Where: path, Path: path}, nil
}

// replace puts a copy of the file at source where path is. A temporary file is renamed, so that a link standing there
// is replaced and not followed.
func replace(path, source string) (err error) {
	in, err := os.Open(source)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.CreateTemp(filepath.Dir(path), ".message-*") // CreateTemp makes it 0600.
	if err != nil {
		return err
	}
	defer func() {
		_ = out.Close()
		if err != nil {
			_ = os.Remove(out.Name())
		}
	}()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	if err := out.Sync(); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return os.Rename(out.Name(), path)
}
