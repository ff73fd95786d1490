package email

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/reportform/reportform/outputs"
)

// office is a mail server that signs in by tokens, as Microsoft's and Google's do.
type office struct {
	*mailbox
	good   string
	reason string // what it says with its first no

	mu    sync.Mutex
	shown []string
}

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) {
	v := &visit{mailbox: o.mailbox}
	return &officeVisit{visit: v, office: o}, nil
}

type officeVisit struct {
	*visit
	office *office
}

func (v *officeVisit) AuthMechanisms() []string { return []string{"LOGIN", "XOAUTH2"} }

func (v *officeVisit) Auth(mechanism string) (sasl.Server, error) {
	if mechanism != "XOAUTH2" {
		return nil, smtp.ErrAuthUnknownMechanism
	}
	return &tokenServer{v}, nil
}

// tokenServer takes a token, and where it is wrong gives a reason, for which it wants an empty line.
type tokenServer struct{ *officeVisit }

func (s *tokenServer) Next(response []byte) ([]byte, bool, error) {
	o := s.office
	if len(response) == 0 {
		return nil, true, &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 3}, Message: "Authentication unsuccessful"}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.shown = append(o.shown, string(response))
	if string(response) == fmt.Sprintf("user=%s\x01auth=Bearer %s\x01\x01", user, o.good) {
		s.signed = true
		return nil, true, nil
	}
	return []byte(o.reason), false, nil
}

// office has a server whose tokens are given out one after the other.
func (o *office) serve(t *testing.T, tokens ...string) (server outputs.MailServer, asked *[]string) {
	t.Helper()
	o.mailbox = &mailbox{mechanisms: []string{"XOAUTH2"}}
	server = o.mailbox.serve(t, "starttls", func(s *smtp.Server) { s.Backend = o })
	asked = new([]string)
	server.Username = user
	server.Token = func(_ context.Context, refused string) (string, error) {
		*asked = append(*asked, refused)
		i := 0
		for j, token := range tokens {
			if token == refused {
				i = j + 1
			}
		}
		if i >= len(tokens) {
			return "", errors.New("there is no other token")
		}
		return tokens[i], nil
	}
	return server, asked
}

func TestToken(t *testing.T) {
	const reason = `{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}`
	for _, test := range []struct {
		name   string
		auth   string
		tokens []string
		asked  string
		want   string
	}{
		{name: "good", tokens: []string{"good-token-1"}, asked: "[]"},
		{name: "asked for", auth: "xoauth2", tokens: []string{"good-token-1"}, asked: "[]"},
		{name: "withdrawn before its time", tokens: []string{"old-token-9", "good-token-1"}, asked: "[ old-token-9]"},
		{name: "wrong twice", tokens: []string{"old-token-9", "bad-token-8"}, asked: "[ old-token-9]", want: "refused the token: 535 5.7.3 Authentication unsuccessful (status 401, a token is to have the scope https://mail.google.com/)"},
		{name: "wrong, and no other", tokens: []string{"old-token-9"}, asked: "[ old-token-9]", want: "refused the token: 535 5.7.3 Authentication unsuccessful (status 401, a token is to have the scope https://mail.google.com/); another token is not to be had: there is no other token"},
		{name: "none", asked: "[]", want: "ask for a token: there is no other token"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := &office{good: "good-token-1", reason: reason}
			server, asked := o.serve(t, test.tokens...)
			server.Auth = test.auth
			_, _, err := deliver(t, server, Options{})
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.HasSuffix(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if got := fmt.Sprint(*asked); got != test.asked {
				t.Errorf("asked for others than %s, want %s", got, test.asked)
			}
			if arrived := len(o.mails); (arrived == 1) != (test.want == "") {
				t.Errorf("%d arrived", arrived)
			}
		})
	}
}

// TestTokenIsHidden: a server that quotes what it does not understand tells nobody the token.
func TestTokenIsHidden(t *testing.T) {
	const token = "ya29.A0-secret-token"
	o := &office{good: "another", reason: "unknown: user=" + user + "\x01auth=Bearer " + token}
	server, _ := o.serve(t, token)
	_, _, err := deliver(t, server, Options{})
	if err == nil || strings.Contains(err.Error(), "secret-token") || !strings.Contains(err.Error(), "unknown: ") {
		t.Errorf("got %v", err)
	}
}

func TestReasons(t *testing.T) {
	for in, want := range map[string]string{
		`{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}`: "status 400, a token is to have the scope https://mail.google.com/",
		`{"status":401}`: "status 401",
		`{}`:             "",
		"no JSON":        "no JSON",
	} {
		if got := reasonOf([]byte(in)); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}
