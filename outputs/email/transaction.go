package email

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/mail"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"github.com/reportform/reportform/outputs"
)

// send hands the message over, by a transaction for each of its parts.
func (s *Sender) send(ctx context.Context, a outputs.Artifact) (outputs.Receipt, error) {
	parts := a.Parts()
	l := &line{Sender: s}
	if err := l.open(ctx); err != nil {
		return outputs.Receipt{}, err
	}
	defer l.hangUp()
	if err := l.session.takes(parts); err != nil {
		l.session.quit()
		return outputs.Receipt{}, err
	}
	replies, err := l.transact(ctx, parts[0], a.Envelope.Recipients)
	if err != nil {
		if !l.session.offered {
			l.session.quit()
		}
		if outputs.IsInDoubt(err) {
			return outputs.Receipt{Replies: doubtful(replies)}, err
		}
		return outputs.Receipt{Replies: heldBack(replies)}, err
	}
	if err := l.rest(ctx, parts, replies, l.transact); err != nil {
		return outputs.Receipt{Replies: replies}, err
	}
	l.session.quit() // The message is delivered, whatever the server says to that.
	return outputs.Receipt{Where: people(len(accepted(replies)), len(replies)), Replies: replies}, nil
}

// ask sends a command and returns the answer's text, or an error that is a *textproto.Error where the server said no.
func (s *session) ask(step time.Duration, command string) (code int, text string, err error) {
	s.conn.step = step
	if err := s.client.Text.PrintfLine("%s", command); err != nil {
		return 0, "", err
	}
	return s.client.Text.ReadResponse(2)
}

// spells reports an error where the server does not take the letters of an address (RFC 6531).
func (s *session) spells(addresses ...string) error {
	if ok, _ := s.client.Extension("SMTPUTF8"); ok {
		return nil
	}
	for _, a := range addresses {
		if needsUTF8(a) {
			return fmt.Errorf("%s takes no addresses with letters beyond ASCII (it does not offer SMTPUTF8), and %q is one%s", s.server.address(), a, inASCII(a))
		}
	}
	return nil
}

// inASCII offers the spelling that every server takes, where only the domain has letters beyond ASCII; nobody but the
// mailbox's own server can say another name for it.
func inASCII(address string) string {
	i := strings.LastIndexByte(address, '@')
	domain, err := idna.Lookup.ToASCII(address[i+1:])
	if err != nil || needsUTF8(address[:i+1]) {
		return ""
	}
	return "; it takes it as " + address[:i+1] + domain
}

// takes reports an error where the server says that it takes no messages of the size of one of them. All are looked at
// before the first is sent: nobody is to get some of them alone.
func (s *session) takes(messages []outputs.Artifact) error {
	_, limit := s.client.Extension("SIZE")
	n, _ := strconv.ParseInt(strings.TrimSpace(limit), 10, 64)
	for _, a := range messages {
		if n > 0 && a.Size > n { // with 0 or nothing it does not say
			return fmt.Errorf("%s takes messages of up to %s, and this one has %s; with max_message_size: %dkB in the connection it is made to fit as the destination's oversize says", s.server.address(), inWords(n), inWords(a.Size), n/1e3)
		}
	}
	return nil
}

// mail begins the transaction. named are the addresses of the envelope and those that may stand in the headers.
func (s *session) mail(ctx context.Context, a outputs.Artifact, named ...string) error {
	s.offered = false
	command := "MAIL FROM:" + path(a.Envelope.From)
	if ok, _ := s.client.Extension("SIZE"); ok {
		command += fmt.Sprintf(" SIZE=%d", a.Size)
	}
	if named = append(named, a.Envelope.From); needsUTF8(named...) {
		if err := s.spells(named...); err != nil {
			return err
		}
		command += " BODY=8BITMIME SMTPUTF8"
	}
	s.server.asking = "the sender " + a.Envelope.From
	_, _, err := s.ask(s.steps.Command, command)
	return s.server.explain(ctx, err)
}

// notAsked is said of a recipient of whom the server has said nothing.
const notAsked = "not asked"

// rcpt names the recipients and returns the server's answer for each: it takes some and refuses others, and those it
// takes are served. An error means that nobody is; whom it had not refused for good by then is to be tried again.
func (s *session) rcpt(ctx context.Context, recipients []string) ([]outputs.Reply, error) {
	replies := make([]outputs.Reply, len(recipients))
	for i, r := range recipients {
		replies[i] = outputs.Reply{Recipient: r, Temporary: true, Text: notAsked}
	}
	taken := false
	for i, r := range recipients {
		s.server.asking = "the recipient " + r
		code, text, err := s.ask(s.steps.Command, "RCPT TO:"+path(r))
		var answer *textproto.Error
		switch {
		case err == nil:
			taken = true
			replies[i] = outputs.Reply{Recipient: r, Accepted: true, Text: s.server.quote(code, text)}
		case errors.As(err, &answer) && answer.Code >= 400 && answer.Code != 421: // That one closes the connection.
			replies[i] = outputs.Reply{Recipient: r, Temporary: later(answer.Code), Text: s.server.quote(answer.Code, answer.Msg)}
		default:
			return replies, beside(s.server.explain(ctx, err), replies[:i])
		}
	}
	if taken {
		return replies, nil
	}
	err := error(&refusedAll{fmt.Sprintf("%s refused %s; nothing was sent", s.server.address(), refusals(replies))})
	if slices.ContainsFunc(replies, func(r outputs.Reply) bool { return r.Temporary }) {
		err = &outputs.Temporary{Err: err}
	}
	return replies, err
}

// refusedAll is a server's no to every recipient of a transaction.
type refusedAll struct{ text string }

func (e *refusedAll) Error() string { return e.text }

// later reports whether a recipient who was refused may be taken another time. Old servers say with 552 that they take
// no more recipients in this transaction (RFC 5321, 4.5.3.1.10), others that the mailbox is full.
func later(code int) bool { return code/100 == 4 || code == 552 }

// refusals says who was refused, with the server's words; empty where nobody was.
func refusals(replies []outputs.Reply) string {
	var refused []string
	for _, r := range replies {
		if !r.Accepted {
			refused = append(refused, r.Recipient+" ("+r.Text+")")
		}
	}
	return strings.Join(refused, ", ")
}

// beside adds to what went wrong who had been refused before that.
func beside(err error, replies []outputs.Reply) error {
	if refused := refusals(replies); refused != "" {
		return fmt.Errorf("%w; before that it refused %s", err, refused)
	}
	return err
}

// heldBack turns the answers of a transaction that came to nothing into what holds for each recipient: who was
// accepted got nothing either, and is to be served by the next attempt.
func heldBack(replies []outputs.Reply) []outputs.Reply {
	for i, r := range replies {
		if r.Accepted {
			replies[i].Accepted, replies[i].Temporary = false, true
			replies[i].Text += "; nothing was sent"
		}
	}
	return replies
}

// doubtful turns the answers of a transaction that nobody can know the end of into what holds for each recipient.
func doubtful(replies []outputs.Reply) []outputs.Reply {
	for i, r := range replies {
		if r.Accepted {
			replies[i].Accepted, replies[i].InDoubt = false, true
		}
	}
	return replies
}

// onDisk is a message on its way from the disk: what is read is held against what was rendered.
type onDisk struct {
	io.Reader
	file   io.Closer
	sum    hash.Hash
	digest outputs.Digest
}

func openMessage(a outputs.Artifact) (*onDisk, error) {
	f, err := a.Open()
	if err != nil {
		return nil, fmt.Errorf("read the message: %w", err)
	}
	sum := sha256.New()
	return &onDisk{Reader: io.TeeReader(f, sum), file: f, sum: sum, digest: a.Digest}, nil
}

// intact reports whether all that was read is what was rendered.
func (r *onDisk) intact() bool { return outputs.DigestOf(r.sum.Sum(nil)) == r.digest }

func (r *onDisk) close() { _ = r.file.Close() }

// data hands over the message and returns the server's answer to it. From the moment the final dot is being written,
// only an answer tells what became of the message: without one the error is [outputs.InDoubt].
//
// When it fails before, the connection is closed as it is. Another command would end the message: textproto writes
// the missing dot before it.
func (s *session) data(ctx context.Context, message *onDisk) (string, error) {
	s.offered = true
	s.conn.step, s.server.asking = s.steps.Block, "the message"
	if err := s.client.Text.PrintfLine("DATA"); err != nil {
		return "", s.server.explain(ctx, err)
	}
	if _, _, err := s.client.Text.ReadResponse(354); err != nil {
		return "", s.server.explain(ctx, err)
	}
	s.midway = true
	body := s.client.Text.DotWriter()
	_, err := io.Copy(body, message)
	if err == nil {
		err = s.client.Text.W.Flush()
	}
	if err != nil {
		return "", s.server.explain(ctx, s.lastWords(err))
	}
	if !message.intact() {
		return "", errors.New("the message on disk is not the one that was rendered; nothing was sent")
	}
	if ctx.Err() != nil {
		return "", s.server.explain(ctx, ctx.Err())
	}
	s.conn.step = s.steps.Dot
	if err := body.Close(); err != nil {
		return "", s.inDoubt(ctx, err)
	}
	code, text, err := s.client.Text.ReadResponse(2)
	s.midway = false
	var answer *textproto.Error
	if errors.As(err, &answer) && answer.Code >= 400 {
		return "", s.server.explain(ctx, err)
	}
	if err != nil {
		return "", s.inDoubt(ctx, err)
	}
	return s.server.quote(code, text), nil
}

// inDoubt says that the message was handed over and not answered.
func (s *session) inDoubt(ctx context.Context, err error) error {
	return &outputs.InDoubt{Err: fmt.Errorf("the message was handed over, and no answer to it came: %w", s.server.explain(ctx, err))}
}

// lastWords returns what the server said before it closed the connection in the middle of the message, if that can still be read.
func (s *session) lastWords(err error) error {
	const moment = time.Second
	if s.conn.Conn.SetDeadline(time.Now().Add(moment)) != nil {
		return err
	}
	var answer *textproto.Error
	if _, _, said := s.client.Text.ReadResponse(2); errors.As(said, &answer) {
		return answer
	}
	return err
}

// quit ends the session in peace, if the server goes along within a moment. A transaction without its message comes to nothing by it.
func (s *session) quit() {
	const moment = 5 * time.Second
	_, _, _ = s.ask(min(moment, s.steps.Command), "QUIT")
}

// path writes an address as a command has it, its local part quoted where it must be.
func path(address string) string {
	return (&mail.Address{Address: address}).String()
}

// people says how many of the recipients the server took.
func people(served, all int) string {
	switch {
	case served < all:
		return fmt.Sprintf("%d of %d recipients", served, all)
	case all == 1:
		return "1 recipient"
	}
	return fmt.Sprintf("%d recipients", all)
}
