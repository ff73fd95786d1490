package email

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strings"

	"github.com/reportform/reportform/outputs"
)

// personal is how a message of their own names a recipient: as the target does.
func personal(to []*mail.Address, recipient string) *mail.Address {
	i := slices.IndexFunc(to, func(a *mail.Address) bool { return strings.EqualFold(a.Address, recipient) })
	if i < 0 {
		return &mail.Address{Address: recipient}
	}
	return to[i]
}

// personalID is the Message-ID of a recipient's own message, made of what all of them have in common.
func personalID(id string, to *mail.Address) string {
	return derivedID(id, "message-id of", strings.ToLower(to.Address))
}

// own is the message of one recipient: the artifact's, but for who it is to and its Message-ID.
func own(message io.Reader, e *outputs.Envelope, recipient string) (io.Reader, error) {
	to := personal(e.Individually, recipient)
	r := bufio.NewReader(message)
	var head bytes.Buffer
	for skipped := false; ; {
		line, err := r.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("read the message's header: %w", err)
		}
		if line == "\r\n" {
			fmt.Fprintf(&head, "To: %s\r\nMessage-ID: %s\r\n\r\n", folded(to.String()), personalID(e.MessageID, to))
			return io.MultiReader(&head, r), nil
		}
		if line[0] != ' ' && line[0] != '\t' { // else it goes on with the field before
			name, _, _ := strings.Cut(line, ":")
			skipped = strings.EqualFold(name, "To") || strings.EqualFold(name, "Message-ID")
		}
		if !skipped {
			head.WriteString(line)
		}
	}
}

// folded breaks a header's value between words, so that its lines have about as many characters as RFC 5322 asks for.
func folded(value string) string {
	const longest = 72
	var b strings.Builder
	for i, used := 0, 0; i < len(value); i++ {
		if word, _, _ := strings.Cut(value[i+1:], " "); value[i] == ' ' && word != "" && used+len(word) > longest {
			b.WriteString("\r\n")
			used = 0
		}
		b.WriteByte(value[i])
		used++
	}
	return b.String()
}

// tooMuch is how often in a row something may go wrong that is about no recipient alone. Then the server is taken to be
// in trouble, and whoever is left is served another time.
const tooMuch = 2

// sendEach hands a message of their own to each recipient, by a transaction for each, over one connection for as long as
// it holds. What becomes of one is not the others' affair: after a refusal or a doubt it goes on with the next.
func (s *Sender) sendEach(ctx context.Context, a outputs.Artifact) (outputs.Receipt, error) {
	e := &each{line: &line{Sender: s}, parts: a.Parts()}
	for _, r := range a.Envelope.Recipients {
		e.replies = append(e.replies, outputs.Reply{Recipient: r, Temporary: true, Text: notAsked})
	}
	for i := 0; i < len(e.replies) && e.trouble < tooMuch; {
		if e.serve(ctx, &e.replies[i]) {
			i++
		}
	}
	if e.session != nil {
		e.session.quit()
	}
	e.hangUp()
	return e.receipt()
}

// each is a sendEach under way.
type each struct {
	*line
	parts   []outputs.Artifact
	replies []outputs.Reply
	// trouble counts what went wrong in a row; failed is the last of it, doubt the last of what nobody can know.
	trouble       int
	failed, doubt error
}

// serve hands one message over and notes what became of it. False: the connection, by which others were served before,
// was no longer there, and the same is to be tried by a new one.
func (e *each) serve(ctx context.Context, reply *outputs.Reply) (settled bool) {
	fresh := e.session == nil
	if fresh {
		err := e.open(ctx)
		if err == nil {
			err = e.session.takes(e.parts)
		}
		if err != nil {
			e.failed, e.trouble = err, tooMuch
			return false
		}
	}
	replies, err := e.hand(ctx, e.parts[0], []string{reply.Recipient})
	if err == nil {
		*reply = replies[0]
		if err = e.rest(ctx, e.parts, replies, e.hand); err != nil {
			*reply = replies[0]
			e.doubt = fmt.Errorf("%s: %w", reply.Recipient, err)
			e.trouble++
			e.hangUp()
			return true
		}
	}
	var theirs *refusedRecipient
	var no *refusal
	switch {
	case err == nil:
		*reply = replies[0]
		e.trouble = 0
		return true
	case errors.As(err, &theirs):
		*reply = theirs.Reply
		e.trouble = 0
		e.reset()
		return true
	case outputs.IsInDoubt(err):
		*reply = outputs.Reply{Recipient: reply.Recipient, InDoubt: true, Text: err.Error()}
		e.doubt = fmt.Errorf("%s: %w", reply.Recipient, err)
		e.trouble++
		e.hangUp()
		return true
	}
	e.trouble++
	e.failed, reply.Text = err, err.Error()
	if errors.As(err, &no) && no.code != 421 && !e.session.midway {
		e.reset() // it refused the sender or the message, and listens on
		return true
	}
	e.hangUp()
	return fresh
}

// refusedRecipient is what the server has said of the recipient, and of nobody else.
type refusedRecipient struct{ outputs.Reply }

func (e *refusedRecipient) Error() string { return e.Text }

// hand makes one transaction.
func (e *each) hand(ctx context.Context, part outputs.Artifact, recipients []string) ([]outputs.Reply, error) {
	if err := e.session.spells(recipients...); err != nil {
		return nil, &refusedRecipient{outputs.Reply{Recipient: recipients[0], Temporary: true, Text: err.Error()}}
	}
	replies, err := e.transact(ctx, part, recipients)
	var theirs *refusedAll
	if errors.As(err, &theirs) {
		err = &refusedRecipient{replies[0]}
	}
	return replies, err
}

// receipt is what it came to.
func (e *each) receipt() (outputs.Receipt, error) {
	served, again := 0, false
	for i := range e.replies {
		r := &e.replies[i]
		if r.Text == notAsked {
			r.Text = "not sent: " + e.failed.Error()
		}
		if r.Accepted {
			served++
		}
		again = again || r.Temporary
	}
	switch {
	case e.doubt != nil:
		return outputs.Receipt{Replies: e.replies}, e.doubt
	case served > 0:
		return outputs.Receipt{Where: people(served, len(e.replies)), Replies: e.replies}, nil
	case e.failed != nil:
		return outputs.Receipt{Replies: e.replies}, e.failed
	}
	err := fmt.Errorf("the server refused %s; nothing was sent", refusals(e.replies))
	if again {
		err = &outputs.Temporary{Err: err}
	}
	return outputs.Receipt{Replies: e.replies}, err
}
