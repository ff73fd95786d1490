package email

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
	parts := a.Parts()
	placed := 0
	for _, part := range parts {
		n, err := place(folder, part)
		if err != nil {
			return outputs.Receipt{}, fmt.Errorf("write %s: %w", filepath.Join(filepath.Dir(path), part.Name), err)
		}
		placed += n
	}
	if len(parts) == 1 && a.Envelope.Individually == nil {
		return outputs.Receipt{Where: path, Path: path}, nil
	}
	return outputs.Receipt{Where: fmt.Sprintf("%d messages in %s", placed, filepath.Dir(path)), Path: filepath.Dir(path)}, nil
}

// place writes a message, or one for each recipient, numbered in the order of those whom the report is for.
func place(folder *os.Root, a outputs.Artifact) (placed int, err error) {
	e := a.Envelope
	if e.Individually == nil {
		return 1, outputs.Place(folder, a.Name, a, 0o600)
	}
	for _, recipient := range e.Recipients {
		i := slices.IndexFunc(e.Individually, func(to *mail.Address) bool { return strings.EqualFold(to.Address, recipient) })
		mine, err := draft(a, recipient)
		if err != nil {
			return 0, err
		}
		mine.Name = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(a.Name, messageEnding), i+1, messageEnding)
		if err := outputs.Place(folder, mine.Name, mine, 0o600); err != nil {
			return 0, err
		}
	}
	return len(e.Recipients), nil
}

// draft writes a recipient's own message beside the artifact.
func draft(a outputs.Artifact, recipient string) (_ outputs.Artifact, err error) {
	message, err := openMessage(a)
	if err != nil {
		return a, err
	}
	defer message.close()
	body, err := own(message, a.Envelope, recipient)
	if err != nil {
		return a, err
	}
	a.Path, a.Offset = a.Path+".own", 0
	if err := removed(a.Path); err != nil {
		return a, err
	}
	a.Digest, err = outputs.WriteFile(a.Path, func(w *bufio.Writer) error {
		a.Size, err = io.Copy(w, body)
		return err
	})
	if err == nil && !message.intact() {
		err = errors.New("the message on disk is not the one that was rendered")
	}
	return a, err
}
