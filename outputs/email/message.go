package email

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
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
	date    time.Time
	id      string // with angle brackets
	content outputs.Digest
	// workbook is the file that is attached, empty where none is.
	workbook, mediaType string
}

// digest is of what the mail says: subject, bodies and attachments. Who gets it, its date and its Message-ID
// are the delivery's and not the content's.
func (m *message) digest(workbook outputs.Digest) outputs.Digest {
	parts := []string{m.target.Subject, string(m.letter.Content)}
	for _, name := range m.target.Attachments {
		parts = append(parts, name, string(workbook))
	}
	return outputs.Digest("sha256:" + fingerprint("content", parts...))
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

// save writes the message to a new file and returns its size and digest.
func (m *message) save(path string) (size int64, digest outputs.Digest, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, "", err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	out := newWire(f)
	if err := m.encode(out); err != nil {
		return 0, "", err
	}
	return out.size, out.sum(), out.finish()
}

// encode writes the message as it goes over the wire.
func (m *message) encode(w io.Writer) error {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.SetDateWithValue(m.date)
	msg.SetMessageIDWithValue(strings.Trim(m.id, "<>"))
	msg.SetGenHeader(gomail.HeaderSubject, encodeWords(m.target.Subject))
	// Nobody's absence note shall answer a report: the first is RFC 3834, the second what Exchange heeds.
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader(gomail.HeaderXAutoResponseSuppress, "OOF, AutoReply")
	msg.FromMailAddress(m.target.From)
	if m.target.ReplyTo != nil {
		msg.ReplyToMailAddress(m.target.ReplyTo)
	}
	if len(m.target.To) > 0 {
		msg.ToMailAddress(m.target.To...)
	} else {
		msg.SetGenHeader("To", "undisclosed-recipients:;")
	}
	if len(m.target.Cc) > 0 {
		msg.CcMailAddress(m.target.Cc...)
	}
	if err := m.setBodies(msg); err != nil {
		return err
	}
	if m.workbook == "" {
		_, err := msg.WriteTo(w)
		return err
	}
	f, err := os.Open(m.workbook)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	var read error
	for _, name := range m.target.Attachments {
		msg.AttachReadSeeker(name, f, attachment(name, m.mediaType, f, &read))
	}
	_, err = msg.WriteTo(w)
	return errors.Join(read, err)
}

// setBodies adds the text and the HTML and fixes the boundaries, which would be random: they come from the content,
// so that the same content is the same bytes and no content can hold its own boundary.
//
// go-mail takes one boundary for all multiparts of a message, where nested ones need two; but it remembers for each
// kind the one it was last written with. So each kind is written once to nowhere.
func (m *message) setBodies(msg *gomail.Msg) error {
	rehearse := func(kind string) error {
		msg.SetBoundary(fingerprint(kind, string(m.content))[:60])
		_, err := msg.WriteTo(io.Discard)
		return err
	}
	msg.SetBodyString(gomail.TypeTextPlain, string(m.letter.Text))
	msg.AttachReadSeeker("", strings.NewReader(""))
	if err := rehearse("mixed"); err != nil {
		return err
	}
	msg.UnsetAllAttachments()
	msg.AddAlternativeString(gomail.TypeTextHTML, string(m.letter.HTML))
	if err := rehearse("alternative"); err != nil {
		return err
	}
	msg.SetBoundary("")
	return nil
}

// attachment sets an attachment's headers and content. go-mail would forget an error of reading when it closes
// the multipart, and deliver a cut file: it is kept in read.
func attachment(name, mediaType string, f io.ReadSeeker, read *error) gomail.FileOption {
	return func(file *gomail.File) {
		plain := asciiName(name)
		file.Header.Set("Content-Type", fmt.Sprintf("%s;\r\n name=\"%s\"", mediaType, plain))
		file.Header.Set("Content-Disposition", contentDisposition(name, plain))
		file.Header.Set("Content-Transfer-Encoding", "base64")
		file.Writer = func(w io.Writer) (int64, error) {
			_, err := f.Seek(0, io.SeekStart)
			if err != nil {
				*read = err
				return 0, err
			}
			n, err := io.Copy(w, f)
			if err != nil {
				*read = fmt.Errorf("read the attachment: %w", err)
			}
			return n, err
		}
	}
}
