package email

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/reportform/reportform/outputs"
)

// mailing is what is handed over: one message, or the parts of one.
type mailing struct {
	id      string // with angle brackets
	attempt int
	date    time.Time
	content outputs.Digest
	// step is what was done to make it fit.
	step string
	// size and digest are of all its bytes.
	size   int64
	digest outputs.Digest
	parts  []outputs.MailPart // nil where it is one
}

// save writes messages to one file, the one behind the other, each with a Message-ID of its own.
func (s *Sender) save(key outputs.Key, step, path string, messages ...*message) (*mailing, error) {
	out := &mailing{step: step, content: messages[0].content, attempt: key.Attempt, date: s.options.Now()}
	if len(messages) > 1 {
		var said []string
		for _, m := range messages {
			said = append(said, string(m.content))
		}
		out.content = outputs.Digest("sha256:" + fingerprint("parts", said...))
	}
	if last := key.Last; last != nil && last.Content == out.content {
		out.attempt, out.date = last.Number, last.Date
	}
	out.id = messageID(key, out.attempt, out.content, s.target.From.Address)
	for i, m := range messages {
		m.date, m.id = out.date, partID(out.id, i)
	}
	if err := out.write(path, messages); err != nil {
		return nil, fmt.Errorf("render the message: %w", err)
	}
	return out, nil
}

// partID is the Message-ID of a part. The first bears the one by which the delivery is known.
func partID(id string, part int) string {
	if part == 0 {
		return id
	}
	return derivedID(id, "message-id of part", strconv.Itoa(part+1))
}

// derivedID is a Message-ID made of another one, at the same domain.
func derivedID(id, purpose, what string) string {
	_, domain, _ := strings.Cut(strings.Trim(id, "<>"), "@")
	return "<" + fingerprint(purpose, id, what)[:40] + "@" + domain + ">"
}

func (o *mailing) write(path string, messages []*message) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	buffered := bufio.NewWriter(io.MultiWriter(f, sum))
	var parts []outputs.MailPart
	for _, m := range messages {
		w := newWire(buffered)
		if err := errors.Join(m.encode(w), w.finish()); err != nil {
			return err
		}
		parts = append(parts, outputs.MailPart{MessageID: m.id, Size: w.size, Digest: w.sum()})
		o.size += w.size
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	if o.digest = outputs.DigestOf(sum.Sum(nil)); len(parts) > 1 {
		o.parts = parts
	}
	return nil
}
