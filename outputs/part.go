package outputs

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// MailPart is one of the messages that a mail was split into. In the artifact's file they stand one behind the other.
type MailPart struct {
	MessageID string // with angle brackets
	Size      int64
	Digest    Digest
}

// Parts are the messages that a mail is handed over as, each an artifact of its own; an artifact that was not split is its
// only part. Their names are numbered, as "weekly-1of3.eml".
func (a Artifact) Parts() []Artifact {
	if a.Envelope == nil || len(a.Envelope.Parts) == 0 {
		return []Artifact{a}
	}
	ending := filepath.Ext(a.Name)
	all := a.Envelope.Parts
	out := make([]Artifact, len(all))
	offset := a.Offset
	for i, p := range all {
		envelope := *a.Envelope
		envelope.MessageID, envelope.Parts = p.MessageID, nil
		out[i] = a
		out[i].Name = fmt.Sprintf("%s-%dof%d%s", strings.TrimSuffix(a.Name, ending), i+1, len(all), ending)
		out[i].Offset, out[i].Size, out[i].Digest, out[i].Envelope = offset, p.Size, p.Digest, &envelope
		offset += p.Size
	}
	return out
}

// Whole reports whether the parts are all of an artifact's bytes.
func (a Artifact) Whole() bool {
	left := a.Size
	for _, p := range a.Parts() {
		if p.Size < 0 {
			return false
		}
		left -= p.Size
	}
	return left == 0
}

// Open opens the artifact's bytes.
func (a Artifact) Open() (io.ReadCloser, error) {
	f, err := os.Open(a.Path)
	if err != nil {
		return nil, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(f, a.Offset, a.Size), f}, nil
}
