package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"syscall"

	"github.com/reportform/reportform/outputs"
)

// server is a mail server as errors speak of it: in plain words, and never with its user name or password.
type server struct {
	outputs.MailServer
	// asking is what the server is to say yes to now: the connection, who signs in, the sender, a recipient, the message.
	asking string
	// reason is what it has said beside its no to a token.
	reason string
	hidden
}

// newServer knows what signs in: a password, or a token.
func newServer(s *outputs.MailServer, token string) *server {
	h := hide(s.Username, s.Password.Reveal())
	if token != "" {
		h = append(hide(s.Username, token), hide("user="+s.Username, "auth=Bearer "+token)...)
	}
	return &server{MailServer: *s, asking: "the connection", hidden: h}
}

// notOffered says that a server has no way to sign in that we could use.
type notOffered struct {
	wanted  string
	offered string // fit to be shown
}

func (e *notOffered) Error() string {
	if e.offered == "" {
		return "it offers no way to sign in; without a username none is tried"
	}
	return fmt.Sprintf("it does not offer auth %s, but %s", e.wanted, e.offered)
}

// refusal is a server's no.
type refusal struct {
	code int
	text string
	// signIn: what was refused is who sends.
	signIn bool
}

func (e *refusal) Error() string { return e.text }

// refused makes an error of an answer that is not the one hoped for. Only codes from 400 on are a no.
func (s *server) refused(answer *textproto.Error) error {
	said := s.quote(answer.Code, answer.Msg)
	if answer.Code < 400 {
		return fmt.Errorf("%s answered %s with %s, which has no meaning there", s.address(), s.asking, said)
	}
	if s.reason != "" {
		said += " (" + s.plain(s.reason) + ")"
	}
	err := error(&refusal{code: answer.Code, text: fmt.Sprintf("%s refused %s: %s", s.address(), s.asking, said), signIn: s.asking == "the token"})
	if answer.Code/100 == 4 {
		return &outputs.Temporary{Err: err}
	}
	return err
}

// quote returns a server's answer fit for a terminal and a log.
func (s *server) quote(code int, text string) string {
	return s.plain(fmt.Sprintf("%d %s", code, text))
}

// garbage returns the line that was no answer as it came: textproto quotes it, behind words of its own.
func garbage(err textproto.ProtocolError) string {
	_, quoted, _ := strings.Cut(err.Error(), `"`)
	if line, err := strconv.Unquote(`"` + quoted); err == nil {
		return line
	}
	return err.Error()
}

func (s *server) address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// explain says in plain words what went wrong between here and the server. What wraps an error is our own
// surroundings' (network, cancelling); a server's words are quoted and end there.
func (s *server) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted at %s: %w", s.address(), context.Cause(ctx))
	}
	var (
		offer       *notOffered
		answer      *textproto.Error
		certificate *tls.CertificateVerificationError
		noTLS       tls.RecordHeaderError
		dns         *net.DNSError
		network     net.Error
		protocol    textproto.ProtocolError
	)
	switch {
	case errors.As(err, &offer):
		return fmt.Errorf("cannot sign in to %s: %w", s.address(), offer)
	case errors.As(err, &answer):
		return s.refused(answer)
	case errors.As(err, &protocol):
		return fmt.Errorf("%s does not speak SMTP: it answered “%s”", s.address(), s.plain(garbage(protocol)))
	case errors.As(err, &certificate):
		return fmt.Errorf("the certificate of %s is not trusted: %s%s", s.address(), s.plain(certificate.Err.Error()), certificateAdvice(certificate.Err))
	case errors.As(err, &noTLS):
		return fmt.Errorf("%s does not speak TLS from the start: try security starttls, usually at port 587", s.address())
	case strings.Contains(err.Error(), "does not support STARTTLS"):
		return fmt.Errorf("%s does not offer STARTTLS, so nothing was sent: try security tls, usually at port 465", s.address())
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Errorf("the name %s is not known: %w", s.Host, dns)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("nothing listens at %s: %w", s.address(), syscall.ECONNREFUSED)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return fmt.Errorf("%s did not answer in time: %w", s.address(), context.DeadlineExceeded)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return fmt.Errorf("%s closed the connection", s.address())
	case errors.As(err, &network):
		return fmt.Errorf("reach %s: %w", s.address(), err)
	}
	// Words of a library may quote what the server said.
	return fmt.Errorf("reach %s: %s", s.address(), s.plain(err.Error()))
}

func certificateAdvice(err error) string {
	var unknown x509.UnknownAuthorityError
	if errors.As(err, &unknown) {
		return "; a company's own authority is named by the connection's ca_file"
	}
	return ""
}
