package email

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"net/textproto"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/reportform/reportform/outputs"
)

// send hands the message over: MAIL, RCPT for each recipient, DATA.
func (s *Sender) send(ctx context.Context, a outputs.Artifact) (outputs.Receipt, error) {
	f, err := os.Open(a.Path)
	if err != nil {
		return outputs.Receipt{}, fmt.Errorf("read the message: %w", err)
	}
	defer func() { _ = f.Close() }()
	session, release, err := s.dial(ctx)
	if err != nil {
		return outputs.Receipt{}, err
	}
	defer release()
	defer func() { _ = session.conn.Close() }()

	if err := session.mail(ctx, a); err != nil {
		session.quit()
		return outputs.Receipt{}, err
	}
	replies, err := session.rcpt(ctx, a.Envelope.Recipients)
	if err == nil {
		err = refusedRecipients(session.server, replies)
	}
	if err != nil {
		session.quit()
		return outputs.Receipt{Replies: heldBack(replies)}, err
	}
	answer, err := session.data(ctx, f, a.Digest)
	switch {
	case outputs.IsInDoubt(err):
		return outputs.Receipt{}, err
	case err != nil:
		return outputs.Receipt{Replies: heldBack(replies)}, err
	}
	session.quit() // The message is delivered, whatever the server says to that.
	for i := range replies {
		replies[i].Text = answer
	}
	return outputs.Receipt{Where: people(len(replies)), Replies: replies}, nil
}

// ask sends a command and returns the answer's text, or an error that is a *textproto.Error where the server said no.
func (s *session) ask(step time.Duration, command string) (code int, text string, err error) {
	s.conn.step = step
	if err := s.client.Text.PrintfLine("%s", command); err != nil {
		return 0, "", err
	}
	return s.client.Text.ReadResponse(2)
}

// mail begins the transaction, after looking whether the server would take so much.
func (s *session) mail(ctx context.Context, a outputs.Artifact) error {
	command := "MAIL FROM:" + path(a.Envelope.From)
	if ok, limit := s.client.Extension("SIZE"); ok {
		if n, err := strconv.ParseInt(strings.TrimSpace(limit), 10, 64); err == nil && n > 0 && a.Size > n {
			return fmt.Errorf("%s takes messages of up to %s, and this one has %s", s.server.address(), inWords(n), inWords(a.Size))
		}
		command += fmt.Sprintf(" SIZE=%d", a.Size)
	}
	if needsUTF8(append([]string{a.Envelope.From}, a.Envelope.Recipients...)...) {
		if ok, _ := s.client.Extension("SMTPUTF8"); !ok {
			return fmt.Errorf("%s takes no addresses with letters beyond ASCII (it does not offer SMTPUTF8)", s.server.address())
		}
		command += " BODY=8BITMIME SMTPUTF8"
	}
	s.server.asking = "the sender " + a.Envelope.From
	_, _, err := s.ask(s.steps.Command, command)
	return s.server.explain(ctx, err)
}

// rcpt names the recipients and returns the server's answer for each. An error is the connection's and not a recipient's.
func (s *session) rcpt(ctx context.Context, recipients []string) ([]outputs.Reply, error) {
	replies := make([]outputs.Reply, 0, len(recipients))
	for _, r := range recipients {
		s.server.asking = "the recipient " + r
		code, text, err := s.ask(s.steps.Command, "RCPT TO:"+path(r))
		var answer *textproto.Error
		switch {
		case errors.As(err, &answer) && answer.Code == 421: // It closes the connection with that.
			return replies, s.server.explain(ctx, err)
		case errors.As(err, &answer):
			replies = append(replies, outputs.Reply{Recipient: r, Temporary: answer.Code/100 == 4, Text: s.server.quote(answer.Code, answer.Msg)})
		case err != nil:
			return replies, s.server.explain(ctx, err)
		default:
			replies = append(replies, outputs.Reply{Recipient: r, Accepted: true, Text: s.server.quote(code, text)})
		}
	}
	return replies, nil
}

// refusedRecipients decides that all get the report or none of them anything: somebody who is missing would not be
// noticed otherwise. It is the place where another rule, serving who can be served, would stand.
func refusedRecipients(server *server, replies []outputs.Reply) error {
	var refused []string
	for _, r := range replies {
		if !r.Accepted {
			refused = append(refused, r.Recipient+" ("+r.Text+")")
		}
	}
	if refused == nil {
		return nil
	}
	return fmt.Errorf("%s refused %s; nothing was sent to anybody", server.address(), strings.Join(refused, ", "))
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

// data hands over the message and returns the server's answer to it. From the moment the final dot is being written,
// only an answer tells what became of the message: without one the error is [outputs.InDoubt].
//
// When it fails before, the connection is closed as it is. Another command would end the message: textproto writes
// the missing dot before it.
func (s *session) data(ctx context.Context, message io.Reader, digest outputs.Digest) (string, error) {
	s.conn.step, s.server.asking = s.steps.Block, "the message"
	if err := s.client.Text.PrintfLine("DATA"); err != nil {
		return "", s.server.explain(ctx, err)
	}
	if _, _, err := s.client.Text.ReadResponse(354); err != nil {
		return "", s.server.explain(ctx, err)
	}
	body, sum := s.client.Text.DotWriter(), sha256.New()
	_, err := io.Copy(io.MultiWriter(body, sum), message)
	if err == nil {
		err = s.client.Text.W.Flush()
	}
	if err != nil {
		return "", s.server.explain(ctx, s.lastWords(err))
	}
	if hex.EncodeToString(sum.Sum(nil)) != strings.TrimPrefix(string(digest), "sha256:") {
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
	return &outputs.InDoubt{Err: fmt.Errorf("the message was handed over, and nobody knows whether it was taken: %w", s.server.explain(ctx, err))}
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

func people(n int) string {
	if n == 1 {
		return "1 recipient"
	}
	return fmt.Sprintf("%d recipients", n)
}
