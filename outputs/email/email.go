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
	"path/filepath"
	"strings"
	"time"

	"github.com/reportform/reportform/outputs"
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

// Formats are the renderers of attachments by the ending of their name, with data saying how rows are written.
type Formats func(data outputs.DataFormat) map[string]outputs.Renderer

// Sender is a mail destination.
type Sender struct {
	target  outputs.MailTarget
	formats Formats
	tls     *tls.Config
	options Options
}

var _ outputs.Output = (*Sender)(nil)

// New makes the output for a mail. formats may be nil where nothing is attached.
// What is wrong with the target is found here, before anything is rendered or sent.
func New(t outputs.MailTarget, formats Formats, o Options) (outputs.Output, error) {
	if err := checkTarget(t); err != nil {
		return nil, err
	}
	if err := checkAttachments(t.Attachments, formats); err != nil {
		return nil, err
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
	s := &Sender{target: t, formats: formats, options: o}
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
	if t.Individually && len(t.Cc)+len(t.Bcc) > 0 {
		return errors.New("mails of their own for everybody have no copies: leave out cc and bcc")
	}
	for field, addresses := range map[string][]*mail.Address{
		"from": {t.From}, "to": t.To, "cc": t.Cc, "bcc": t.Bcc, "reply_to": {t.ReplyTo}, "bounce_to": {t.BounceTo},
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
// what the attempt before said. What would be larger than it may be is made to fit by the target's steps.
func (s *Sender) Render(ctx context.Context, doc outputs.Document, key outputs.Key, dir string) (outputs.Artifact, error) {
	name := messageName(key)
	path := filepath.Join(dir, name)
	with, err := s.attach(ctx, doc, strings.TrimSuffix(path, messageEnding))
	if err != nil {
		return outputs.Artifact{}, err
	}
	// The message holds them from now on.
	defer with.remove()
	m, err := s.fit(ctx, doc, key, with, path)
	if err != nil {
		return outputs.Artifact{}, err
	}
	envelope := &outputs.Envelope{
		From: s.target.From.Address, Recipients: recipients(s.target),
		MessageID: m.id, Attempt: m.attempt, Date: m.date, Subject: s.target.Subject,
		Oversize: m.step, Parts: m.parts,
	}
	if s.target.BounceTo != nil {
		envelope.From = s.target.BounceTo.Address
	}
	if s.target.Individually {
		envelope.Individually = s.target.To
	}
	return outputs.Artifact{
		Name: name, Path: path, MediaType: "message/rfc822", Size: m.size, Digest: m.digest, Content: m.content,
		Sheets: with.sheets, Rows: with.rows, Notices: with.notices, Envelope: envelope,
	}, nil
}

// Deliver hands the message to the server, or puts it into the outbox. The receipt has the server's answers even where
// the delivery failed. Cancelling ctx ends it at once: before the message was handed over that is a plain failure, later it leaves it in doubt.
func (s *Sender) Deliver(ctx context.Context, a outputs.Artifact, _ outputs.Key) (outputs.Receipt, error) {
	switch {
	case a.Envelope == nil:
		return outputs.Receipt{}, fmt.Errorf("%s has no envelope, and cannot be sent", a.Name)
	case s.target.Outbox != nil:
		return putIntoOutbox(ctx, *s.target.Outbox, a)
	case a.Envelope.Individually != nil:
		return s.sendEach(ctx, a)
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
