// Package email delivers a report as a mail: a message with an HTML and a text body and the workbook attached,
// handed to a server by SMTP or put into a folder as an .eml file.
//
// The message is rendered to a file before anybody is dialled. go-mail writes it, dials, encrypts and signs in;
// the transaction itself is ours, since only then each step has its own deadline, a refused recipient keeps nobody else
// from the report, and a lost answer is told from a refusal.
package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/html"
)

// Options are what a sender takes from its surroundings. The zero value works.
type Options struct {
	// Hello is how the program names itself to a server (EHLO). Empty means [127.0.0.1], the address literal that is
	// valid everywhere: the machine's own name is nobody's business.
	Hello string
	// Dial opens connections; nil means a plain dialler.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Now is the message's date; nil means time.Now.
	Now func() time.Time
	// Timeouts bound the steps of a delivery.
	Timeouts Timeouts
}

// Sender is a mail destination.
type Sender struct {
	target   outputs.MailTarget
	workbook outputs.Renderer
	tls      *tls.Config
	options  Options
}

var _ outputs.Output = (*Sender)(nil)

// New makes the output for a mail. workbook renders the attachments and may be nil where there are none.
// What is wrong with the target is found here, before anything is rendered or sent.
func New(t outputs.MailTarget, workbook outputs.Renderer, o Options) (outputs.Output, error) {
	if err := checkTarget(t); err != nil {
		return nil, err
	}
	if workbook == nil && len(t.Attachments) > 0 {
		return nil, errors.New("a workbook is to be attached, and there is none to render it")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Dial == nil {
		o.Dial = new(net.Dialer).DialContext
	}
	if o.Hello == "" {
		o.Hello = "[127.0.0.1]"
	}
	s := &Sender{target: t, workbook: workbook, options: o}
	if t.Server != nil {
		server, config, err := checkServer(*t.Server)
		if err != nil {
			return nil, err
		}
		s.target.Server, s.tls = &server, config
		s.options.Timeouts = o.Timeouts.withDefaults(server.Timeout)
	}
	return s, nil
}

// checkTarget refuses what would break a message or leave it without a reader.
func checkTarget(t outputs.MailTarget) error {
	if (t.Server == nil) == (t.Outbox == nil) {
		return errors.New("a mail goes to a server or into an outbox, and to one of them")
	}
	if t.From == nil {
		return errors.New("a mail needs a sender: set from")
	}
	if len(t.To)+len(t.Cc)+len(t.Bcc) == 0 {
		return errors.New("a mail needs a recipient: set to, cc or bcc")
	}
	if len(recipients(t)) == 0 {
		return errors.New("nobody is left to send the mail to: every recipient has it or was refused for good")
	}
	if err := checkLine("subject", t.Subject); err != nil {
		return err
	}
	for _, name := range t.Attachments {
		if err := checkAttachmentName(name); err != nil {
			return err
		}
	}
	for field, addresses := range map[string][]*mail.Address{
		"from": {t.From}, "to": t.To, "cc": t.Cc, "bcc": t.Bcc, "reply_to": {t.ReplyTo},
	} {
		for _, a := range addresses {
			if err := checkAddress(field, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// Render writes the message into dir: the same document, key and moment give the same bytes, and so does a repeat of
// what the attempt before said.
func (s *Sender) Render(ctx context.Context, doc outputs.Document, key outputs.Key, dir string) (outputs.Artifact, error) {
	name := messageName(key)
	base := filepath.Join(dir, strings.TrimSuffix(name, messageEnding))

	var book outputs.Rendered
	bookPath := base + ".workbook"
	if len(s.target.Attachments) > 0 {
		var err error
		if book, err = s.workbook.Render(ctx, doc, bookPath); err != nil {
			return outputs.Artifact{}, fmt.Errorf("render the attachment: %w", err)
		}
		// The message holds it from now on.
		defer func() { _ = os.Remove(bookPath) }()
	}
	m := message{target: s.target, date: s.options.Now()}
	if err := m.setContent(doc); err != nil {
		return outputs.Artifact{}, fmt.Errorf("render the mail's body: %w", err)
	}
	m.content = m.digest(book.Content)
	attempt := key.Attempt
	if last := key.Last; last != nil && last.Content == m.content {
		attempt, m.date = last.Number, last.Date
	}
	m.id = messageID(key, attempt, m.content, s.target.From.Address)
	if len(s.target.Attachments) > 0 {
		m.workbook, m.mediaType = bookPath, s.workbook.MediaType()
	}

	path := filepath.Join(dir, name)
	size, digest, err := m.save(path)
	if err != nil {
		return outputs.Artifact{}, fmt.Errorf("render the message: %w", err)
	}
	if limit := s.target.MaxSize; limit > 0 && size > limit {
		return outputs.Artifact{}, fmt.Errorf("the message has %s, and max_message_size is %s", inWords(size), inWords(limit))
	}
	return outputs.Artifact{
		Name:      name,
		Path:      path,
		MediaType: "message/rfc822",
		Size:      size,
		Digest:    digest,
		Content:   m.content,
		Sheets:    book.Sheets,
		Rows:      book.Rows,
		Notices:   book.Notices,
		Envelope: &outputs.Envelope{
			From:       s.target.From.Address,
			Recipients: recipients(s.target),
			MessageID:  m.id,
			Attempt:    attempt,
			Date:       m.date,
			Subject:    s.target.Subject,
		},
	}, nil
}

// setContent makes the two bodies. The mail may say that the attachment has all rows only if one is attached.
func (m *message) setContent(doc outputs.Document) (err error) {
	blocks := html.Blocks(doc)
	if len(m.target.Attachments) == 0 {
		doc.Sheets = nil
	}
	m.letter, err = html.Body(doc, blocks)
	return err
}

// Deliver hands the message to the server, or puts it into the outbox. The receipt has the server's answers even where
// the delivery failed. Cancelling ctx ends it at once: before the message was handed over that is a plain failure, later it leaves it in doubt.
func (s *Sender) Deliver(ctx context.Context, a outputs.Artifact, _ outputs.Key) (outputs.Receipt, error) {
	if a.Envelope == nil {
		return outputs.Receipt{}, fmt.Errorf("%s has no envelope, and cannot be sent", a.Name)
	}
	if s.target.Outbox != nil {
		return putIntoOutbox(ctx, *s.target.Outbox, a)
	}
	return s.send(ctx, a)
}

// recipients returns the addresses a message goes to, each once, in the order to, cc, bcc, without those served already.
func recipients(t outputs.MailTarget) []string {
	var list []string
	// Servers may tell A@ from a@; people do not, and would be annoyed by two.
	done := make(map[string]bool)
	for _, address := range t.Served {
		done[strings.ToLower(address)] = true
	}
	for _, addresses := range [][]*mail.Address{t.To, t.Cc, t.Bcc} {
		for _, a := range addresses {
			if same := strings.ToLower(a.Address); !done[same] {
				done[same] = true
				list = append(list, a.Address)
			}
		}
	}
	return list
}

// inWords is a size as mail servers' limits are given.
func inWords(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
