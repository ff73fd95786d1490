package email

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"strconv"
	"strings"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"github.com/reportform/reportform/outputs"
)

// session is a connection to a server, encrypted and signed in as asked.
type session struct {
	client *smtp.Client
	conn   *stepConn
	server *server
	steps  Timeouts
	// midway: a message was begun, and nothing else can be said before its end.
	midway bool
	// offered: the transaction has come to its message.
	offered bool
}

// connect connects, encrypts and signs in, with the token where it signs in by one. Cancelling ctx closes the connection
// at any time, until release is called.
func (s *Sender) connect(ctx context.Context, token string) (sess *session, release func(), err error) {
	sess = &session{server: newServer(s.target.Server, token), steps: s.options.Timeouts}
	release = func() {}
	defer func() {
		// go-mail leaves the connection open when a step after the first fails.
		if err != nil {
			if sess.conn != nil {
				_ = sess.conn.Close()
			}
			release()
			err = sess.server.explain(ctx, err)
		}
	}()
	target := s.target.Server
	connect := func(dialCtx context.Context, _, _ string) (net.Conn, error) {
		raw, err := s.options.Dial(dialCtx, "tcp", net.JoinHostPort(target.Host, strconv.Itoa(target.Port)))
		if err != nil {
			return nil, err
		}
		stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
		release = func() { stop() }
		if sess.conn, err = newStepConn(raw, s.options.Timeouts.Command); err != nil || target.Security != "tls" {
			return sess.conn, err
		}
		encrypted := tls.Client(sess.conn, s.tls)
		return encrypted, encrypted.HandshakeContext(dialCtx)
	}
	options := []gomail.Option{
		gomail.WithPort(target.Port),
		gomail.WithTimeout(s.options.Timeouts.Connect),
		gomail.WithHELO(s.options.Hello),
		gomail.WithTLSConfig(s.tls),
		gomail.WithDialContextFunc(connect),
	}
	switch target.Security {
	case "starttls":
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case "tls":
		options = append(options, gomail.WithSSL())
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if target.Auth != "none" {
		options = append(options, gomail.WithSMTPAuthCustom(&login{server: sess.server, token: token}))
	}
	client, err := gomail.NewClient(target.Host, options...)
	if err != nil {
		return nil, release, err
	}
	sess.client, err = client.DialToSMTPClientWithContext(ctx)
	return sess, release, err
}

// mechanisms are the ways to sign in. The password in the clear (plain, login) is refused by go-mail where the
// connection is not encrypted, unless the server is this machine.
var mechanisms = map[string]func(s outputs.MailServer) smtp.Auth{
	"scram-sha-256": func(s outputs.MailServer) smtp.Auth { return smtp.ScramSHA256Auth(s.Username, s.Password.Reveal()) },
	"plain": func(s outputs.MailServer) smtp.Auth {
		return smtp.PlainAuth("", s.Username, s.Password.Reveal(), s.Host, isLoopback(s.Host))
	},
	"login": func(s outputs.MailServer) smtp.Auth {
		return smtp.LoginAuth(s.Username, s.Password.Reveal(), s.Host, isLoopback(s.Host))
	},
	"cram-md5": func(s outputs.MailServer) smtp.Auth { return smtp.CRAMMD5Auth(s.Username, s.Password.Reveal()) },
}

// preferred is the order in which auto chooses. CRAM-MD5 is last: servers that offer it often cannot do it.
var preferred = []string{"scram-sha-256", "plain", "login", "cram-md5"}

// login signs in with the mechanism that was asked for, or the best one that the server offers.
type login struct {
	server *server
	token  string
	smtp.Auth
}

// Start chooses a mechanism and begins with it.
func (l *login) Start(info *smtp.ServerInfo) (string, []byte, error) {
	l.server.asking = "the user name or the password"
	offered := func(name string) bool {
		return slices.ContainsFunc(info.Auth, func(o string) bool { return strings.EqualFold(o, name) })
	}
	choice := preferred
	if l.server.Auth != "auto" {
		choice = []string{l.server.Auth}
	}
	if l.server.Auth == tokenAuth && offered(tokenAuth) {
		l.server.asking = "the token"
		l.Auth = &bearer{server: l.server, token: l.token}
		return l.Auth.Start(info)
	}
	for _, name := range choice {
		if offered(name) {
			l.Auth = mechanisms[name](l.server.MailServer)
			return l.Auth.Start(info)
		}
	}
	said := l.server.plain(strings.Join(info.Auth, " "))
	return "", nil, &notOffered{wanted: l.server.Auth, offered: strings.ReplaceAll(strings.ToLower(said), " ", ", ")}
}
