package email

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/html"
)

// message is a mail about to be written.
type message struct {
	target  outputs.MailTarget
	subject string
	letter  html.Letter
	files   []attached
	content outputs.Digest
	// date and id, with angle brackets, are known once the content of all messages is that are handed over together.
	date time.Time
	id   string
}

// compose makes a message of a document. It may say that the workbook has all rows only if one is attached.
func (s *Sender) compose(doc outputs.Document, files []attached, workbook bool, subject string) (_ *message, err error) {
	m := &message{target: s.target, subject: subject, files: files}
	blocks := html.Blocks(doc)
	if !workbook {
		doc.Sheets = nil
	}
	doc.Notices = slices.Concat(s.target.Notices, doc.Notices)
	if m.letter, err = html.Body(doc, blocks); err != nil {
		return nil, fmt.Errorf("render the mail's body: %w", err)
	}
	// The digest is of what the mail says: subject, bodies and attachments. Who gets it, its date and its Message-ID are
	// the delivery's and not the content's.
	parts := []string{subject, string(m.letter.Content)}
	for _, f := range m.files {
		parts = append(parts, f.name, string(f.content))
	}
	m.content = outputs.Digest("sha256:" + fingerprint("content", parts...))
	return m, nil
}

// messageID comes from the key, the attempt and the content, so that a repeat of the same mail is recognised as one,
// and a correction is not. The domain is the sender's: the library would tell the machine's name.
func messageID(k outputs.Key, attempt int, content outputs.Digest, from string) string {
	id := fingerprint("message-id", k.Project, k.Address, k.Range, strconv.Itoa(attempt), string(content))
	return "<" + id[:40] + "@" + from[strings.LastIndexByte(from, '@')+1:] + ">"
}

// fingerprint is the SHA-256 of its parts in hex, each with its length before it, so that no two lists look the same.
func fingerprint(purpose string, parts ...string) string {
	h := sha256.New()
	for _, p := range append([]string{purpose}, parts...) {
		_ = binary.Write(h, binary.BigEndian, uint64(len(p)))
		_, _ = io.WriteString(h, p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// measure is how many bytes the message will have: every date is as long as any other, and every Message-ID.
func (m *message) measure() (int64, error) {
	will := *m
	will.id = messageID(outputs.Key{}, 0, "", m.target.From.Address)
	out := newWire(io.Discard)
	err := will.encode(out)
	return out.size, err
}

// encode writes the message as it goes over the wire. go-mail writes its header; its parts are written here, since
// go-mail keeps each attachment in memory, gives all multiparts one boundary, and puts pictures beside both bodies.
func (m *message) encode(w io.Writer) error {
	parts := m.parts()
	msg := m.header()
	for name, values := range parts.header() {
		msg.SetGenHeader(gomail.Header(name), strings.ReplaceAll(values[0], "\r\n", "")) // it folds by itself
	}
	if _, err := msg.WriteTo(w); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\r\n"); err != nil {
		return err
	}
	return parts.write(w)
}

// header is a message's, without what its parts are.
func (m *message) header() *gomail.Msg {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.SetDateWithValue(m.date)
	msg.SetGenHeader(gomail.HeaderSubject, encodeWords(m.subject))
	// Nobody's absence note shall answer a report: the first is RFC 3834, the second what Exchange heeds.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "OOF, AutoReply")
	msg.FromMailAddress(m.target.From)
	if m.target.ReplyTo != nil {
		msg.ReplyToMailAddress(m.target.ReplyTo)
	}
	if m.target.Individually {
		first := personal(m.target.To, recipients(m.target)[0])
		msg.SetMessageIDWithValue(strings.Trim(personalID(m.id, first), "<>"))
		msg.ToMailAddress(first)
		return msg
	}
	msg.SetMessageIDWithValue(strings.Trim(m.id, "<>"))
	if len(m.target.To) > 0 {
		msg.ToMailAddress(m.target.To...)
	} else {
		msg.SetGenHeader("To", "undisclosed-recipients:;")
	}
	if len(m.target.Cc) > 0 {
		msg.CcMailAddress(m.target.Cc...)
	}
	return msg
}
