package email

import (
	"context"
	"slices"

	"github.com/reportform/reportform/outputs"
)

// line is a way to the server over several transactions.
type line struct {
	*Sender
	session *session // nil where there is none
	release func()
}

// open connects.
func (l *line) open(ctx context.Context) (err error) {
	if l.session, l.release, err = l.dial(ctx); err != nil {
		l.session = nil
	}
	return err
}

// hangUp closes the connection, if there is one.
func (l *line) hangUp() {
	if l.session == nil {
		return
	}
	_ = l.session.conn.Close()
	l.release()
	l.session = nil
}

// reset ends a transaction that came to nothing.
func (l *line) reset() {
	if _, _, err := l.session.ask(l.session.steps.Command, "RSET"); err != nil {
		l.hangUp()
	}
}

// transact hands one message to recipients: MAIL, RCPT for each of them, DATA. Who is served has the server's answer to
// the message as text. On an error nobody is, unless it leaves that in doubt, and the replies are those to RCPT; there are
// none where it had not come to that.
func (l *line) transact(ctx context.Context, a outputs.Artifact, recipients []string) ([]outputs.Reply, error) {
	message, err := openMessage(a)
	if err != nil {
		return nil, err
	}
	defer message.close()
	named := recipients
	if a.Envelope.Individually == nil {
		named = slices.Concat(l.target.Served, recipients)
	} else if message.Reader, err = own(message.Reader, a.Envelope, recipients[0]); err != nil {
		return nil, err
	}
	if err := l.session.mail(ctx, a, named...); err != nil {
		return nil, err
	}
	replies, err := l.session.rcpt(ctx, recipients)
	if err != nil {
		return replies, err
	}
	answer, err := l.session.data(ctx, message)
	if err != nil {
		return replies, beside(err, replies)
	}
	for i := range replies {
		if replies[i].Accepted {
			replies[i].Text = answer
		}
	}
	return replies, nil
}
