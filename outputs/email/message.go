package email

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"os"
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
	letter  html.Letter
	files   []attached
	date    time.Time
	attempt int
	id      string // with angle brackets
	content outputs.Digest
	// step is what was done to make it fit.
	step string
	// size and digest are of its bytes, once it is saved.
	size   int64
	digest outputs.Digest
}

// setContent makes the two bodies. The mail may say that the workbook has all rows only if one is attached.
func (m *message) setContent(doc outputs.Document, workbook bool) (err error) {
	blocks := html.Blocks(doc)
	if !workbook {
		doc.Sheets = nil
	}
	if m.letter, err = html.Body(doc, blocks); err != nil {
		return err
	}
	// The digest is of what the mail says: subject, bodies and attachments. Who gets it, its date and its Message-ID are
	// the delivery's and not the content's.
	parts := []string{m.target.Subject, string(m.letter.Content)}
	for _, f := range m.files {
		parts = append(parts, f.name, string(f.content))
	}
	m.content = outputs.Digest("sha256:" + fingerprint("content", parts...))
	return nil
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

// save writes the message to a new file.
func (m *message) save(path string) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	buffered := bufio.NewWriter(f)
	out := newWire(buffered)
	if err := errors.Join(m.encode(out), buffered.Flush()); err != nil {
		return err
	}
	m.size, m.digest = out.size, out.sum()
	return out.finish()
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
	msg.SetGenHeader(gomail.HeaderSubject, encodeWords(m.target.Subject))
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
