package email

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/reportform/reportform/outputs"
)

// fit writes the message to path, and where it is larger than it may be takes one step after the other until it fits.
func (s *Sender) fit(ctx context.Context, doc outputs.Document, key outputs.Key, with *attachments, path string) (*mailing, error) {
	limit := s.target.MaxSize
	m, err := s.write(doc, key, with, "", path)
	if err != nil || limit == 0 || m.size <= limit {
		return m, err
	}
	whole, tried := m.size, ""
	for i, step := range s.target.Oversize {
		if len(with.files) == 0 {
			break // there is nothing to be made smaller
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if step == outputs.OversizeSplit {
			m, err := s.split(ctx, doc, key, with, slices.Contains(s.target.Oversize[:i], outputs.OversizeZip), whole, path)
			var alone *tooLarge
			if !errors.As(err, &alone) {
				return m, err
			}
			tried += ", " + alone.Error()
			continue
		}
		smaller := *with
		switch step {
		case outputs.OversizeZip:
			if smaller.files, err = zipped(with, doc.Modified, messageName(key)); err != nil {
				return nil, fmt.Errorf("zip the attachments: %w", err)
			}
			defer func() { _ = removed(smaller.files[0].path) }()
		case outputs.OversizeNotice:
			smaller.files, smaller.workbook = nil, false
		}
		said := doc
		said.Notices = append(slices.Clone(doc.Notices), outputs.Words(doc.Locale).TooLarge(with.names(), whole, limit, step, s.target.Elsewhere))
		if m, err = s.write(said, key, &smaller, step, path); err != nil || m.size <= limit {
			return m, err
		}
		if step == outputs.OversizeZip {
			tried += fmt.Sprintf(", %s with its attachments in a zip", inWords(m.size))
		}
	}
	advice := ""
	if len(with.files) > 0 && !slices.Contains(s.target.Oversize, outputs.OversizeNotice) {
		advice = "; say oversize: [zip, split, notice] of the destination to have it sent in several mails then, or without them"
	}
	return nil, fmt.Errorf("the message has %s%s, and max_message_size is %s%s", inWords(whole), tried, inWords(limit), advice)
}

// write makes one message of a document and its attachments.
func (s *Sender) write(doc outputs.Document, key outputs.Key, with *attachments, step, path string) (*mailing, error) {
	m, err := s.compose(doc, with.files, with.workbook, s.target.Subject)
	if err != nil {
		return nil, err
	}
	return s.save(key, step, path, m)
}

// zipped puts the attachments into one file: named as the only one, or as the message where they are several. The same
// attachments are the same bytes: its times are the report's own.
func zipped(with *attachments, modified time.Time, message string) (_ []attached, err error) {
	name := strings.TrimSuffix(message, messageEnding)
	if len(with.files) == 1 {
		name = strings.TrimSuffix(with.files[0].name, filepath.Ext(with.files[0].name))
	}
	file := attached{name: name + ".zip", mediaType: "application/zip", path: with.beneath + ".zip"}
	out, err := os.OpenFile(file.path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err = errors.Join(err, out.Close()); err != nil {
			err = errors.Join(err, removed(file.path))
		}
	}()
	z := zip.NewWriter(out)
	var parts []string
	for _, f := range with.files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: modified.UTC()})
		if err != nil {
			return nil, err
		}
		if err := copyFile(w, f.path); err != nil {
			return nil, err
		}
		parts = append(parts, f.name, string(f.content))
	}
	file.content = outputs.Digest("sha256:" + fingerprint("zip", parts...))
	return []attached{file}, z.Close()
}

func copyFile(w io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, f)
	return errors.Join(err, f.Close())
}
