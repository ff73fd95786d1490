package email

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/reportform/reportform/outputs"
)

// offer makes one transaction, as [line.transact] does.
type offer func(ctx context.Context, part outputs.Artifact, recipients []string) ([]outputs.Reply, error)

// rest hands the parts behind the first to those who have taken that one, each to whoever has got all before it. Who
// misses one is in doubt from then on: nobody can say that they were served, and nobody that they were not. The replies
// are changed to what holds then, and the error is one of doubt.
func (l *line) rest(ctx context.Context, parts []outputs.Artifact, replies []outputs.Reply, offer offer) error {
	var doubt error
	for i, part := range parts[1:] {
		to := accepted(replies)
		if len(to) == 0 {
			break
		}
		arrived := fmt.Sprintf("%d of %d mails arrived", i+1, len(parts))
		said, err := l.again(ctx, part, to, offer)
		switch missed := refusals(said); {
		case err != nil:
			doubt = and(doubt, fmt.Errorf("%s: %w", arrived, err))
		case missed != "":
			doubt = and(doubt, fmt.Errorf("%s, and then the server refused %s", arrived, missed))
		}
		for j := range replies {
			at := slices.Index(to, replies[j].Recipient)
			switch {
			case at < 0:
			case err == nil && said[at].Accepted:
				replies[j].Text = said[at].Text
			default:
				text := fmt.Sprint(err)
				var all *refusedAll
				if err == nil || errors.As(err, &all) {
					text = said[at].Text
				}
				replies[j] = outputs.Reply{Recipient: replies[j].Recipient, InDoubt: true, Text: arrived + ": " + text}
			}
		}
	}
	if doubt != nil {
		return &outputs.InDoubt{Err: doubt}
	}
	return nil
}

// again offers a part, and once more by a new connection where the one before ended too early: servers take so many
// messages by one and then hang up.
func (l *line) again(ctx context.Context, part outputs.Artifact, to []string, offer offer) ([]outputs.Reply, error) {
	said, err := offer(ctx, part, to)
	if err == nil || !lost(err) || ctx.Err() != nil {
		return said, err
	}
	l.hangUp()
	if l.open(ctx) != nil {
		return said, err
	}
	return offer(ctx, part, to)
}

// lost reports whether a transaction came to nothing by the connection, and not by what the server has said to it.
func lost(err error) bool {
	var no *refusal
	var one *refusedRecipient
	var all *refusedAll
	switch {
	case outputs.IsInDoubt(err), errors.As(err, &one), errors.As(err, &all):
		return false
	case errors.As(err, &no):
		return no.code == 421 // it closes the connection
	}
	return true
}

// accepted are those whom the server took.
func accepted(replies []outputs.Reply) []string {
	var out []string
	for _, r := range replies {
		if r.Accepted {
			out = append(out, r.Recipient)
		}
	}
	return out
}

// and adds what went wrong as well.
func and(before, err error) error {
	if before == nil {
		return err
	}
	return fmt.Errorf("%w; %w", before, err)
}
