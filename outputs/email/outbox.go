package email

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/reportform/reportform/outputs"
)

// putIntoOutbox writes the message whole or not at all. Its name comes from the key: a rehearsal that is repeated
// replaces the one before. Only its owner may read it, as with a mailbox.
func putIntoOutbox(ctx context.Context, outbox outputs.Folder, a outputs.Artifact) (_ outputs.Receipt, err error) {
	if err := ctx.Err(); err != nil {
		return outputs.Receipt{}, fmt.Errorf("put the message into the outbox: %w", err)
	}
	path, err := filepath.Abs(filepath.Join(outbox.Root, filepath.FromSlash(outbox.Path), a.Name))
	if err != nil {
		return outputs.Receipt{}, fmt.Errorf("find the outbox: %w", err)
	}
	folder, err := outputs.OpenFolder(outbox.Root, outbox.Path)
	if err != nil {
		return outputs.Receipt{}, fmt.Errorf("open the outbox: %w", err)
	}
	defer func() { err = errors.Join(err, folder.Close()) }()
	if err := outputs.Place(folder, a.Name, a, 0o600); err != nil {
		return outputs.Receipt{}, fmt.Errorf("write %s: %w", path, err)
	}
	return outputs.Receipt{Where: path, Path: path}, nil
}
