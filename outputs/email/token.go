package email

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/wneessen/go-mail/smtp"
)

// dial connects and signs in. A token that the server refuses may have been withdrawn before its time: then another one
// is asked for, once.
func (s *Sender) dial(ctx context.Context) (*session, func(), error) {
	if s.target.Server.Auth != tokenAuth {
		return s.connect(ctx, "")
	}
	token, err := s.target.Server.Token(ctx, "")
	if err != nil {
		return nil, nil, fmt.Errorf("ask for a token: %w", err)
	}
	session, release, err := s.connect(ctx, token)
	var no *refusal
	if !errors.As(err, &no) || !no.signIn {
		return session, release, err
	}
	if token, err = s.target.Server.Token(ctx, token); err != nil {
		return nil, nil, fmt.Errorf("%w; another token is not to be had: %w", no, err)
	}
	return s.connect(ctx, token)
}

// tokenAuth is the mechanism that shows a token instead of a password.
const tokenAuth = "xoauth2"

// bearer signs in by XOAUTH2, which Google has described and Microsoft has taken over. go-mail's own forgets the reason
// that the server gives with its first no.
type bearer struct {
	server *server
	token  string
}

var _ smtp.Auth = (*bearer)(nil)

// Start shows the token.
func (b *bearer) Start(*smtp.ServerInfo) (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + b.server.Username + "\x01auth=Bearer " + b.token + "\x01\x01"), nil
}

// Next takes the reason of a refusal. The server wants an empty line for it, and only then says no.
func (b *bearer) Next(challenge []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	b.server.reason = reasonOf(challenge)
	return []byte{}, nil
}

// reasonOf says in words what the JSON of a refusal has: the status, and the scope that a token is to have.
func reasonOf(challenge []byte) string {
	var told struct {
		Status any    `json:"status"` // a text at Google, and a number elsewhere
		Scope  string `json:"scope"`
	}
	if json.Unmarshal(challenge, &told) != nil {
		return string(challenge)
	}
	var parts []string
	if told.Status != nil {
		parts = append(parts, fmt.Sprintf("status %v", told.Status))
	}
	if told.Scope != "" {
		parts = append(parts, "a token is to have the scope "+told.Scope)
	}
	return strings.Join(parts, ", ")
}
