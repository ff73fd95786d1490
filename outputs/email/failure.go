package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"github.com/reportform/reportform/outputs"
)

// server is a mail server as errors speak of it: in plain words, and never with its password.
type server struct {
	outputs.MailServer
	// signingIn is set once the dialogue has come that far.
	signingIn bool
	secrets   *strings.Replacer
}

func newServer(s *outputs.MailServer) *server {
	var pairs []string
	if password := s.Password.Reveal(); password != "" {
		for _, form := range []string{
			"\x00" + s.Username + "\x00" + password, // as AUTH PLAIN sends it
			password,
		} {
			pairs = append(pairs, base64.StdEncoding.EncodeToString([]byte(form)), "(sensitive)", form, "(sensitive)")
		}
	}
	return &server{MailServer: *s, secrets: strings.NewReplacer(pairs...)}
}

// notOffered says that a server has no way to sign in that we could use.
type notOffered struct {
	wanted  string
	offered []string
}

func (e *notOffered) Error() string {
	if len(e.offered) == 0 {
		return "it offers no way to sign in; without a username none is tried"
	}
	return fmt.Sprintf("it does not offer auth %s, but %s", e.wanted, strings.ToLower(strings.Join(e.offered, ", ")))
}

// refused makes an error of an answer that is not the one hoped for.
func (s *server) refused(what string, answer *textproto.Error) error {
	return fmt.Errorf("%s %s: %s", s.address(), what, s.quote(answer.Code, answer.Msg))
}

// quote returns a server's words fit for a terminal and a log: on one line, control characters escaped,
// secrets hidden, of a bounded length.
func (s *server) quote(code int, text string) string {
	const longest = 500
	text = s.secrets.Replace(text)
	var b strings.Builder
	fmt.Fprintf(&b, "%d", code)
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteByte(' ')
		for _, r := range strings.TrimSpace(line) {
			if unicode.IsPrint(r) && r != utf8.RuneError {
				b.WriteRune(r)
			} else {
				b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
			}
		}
	}
	if runes := []rune(b.String()); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return b.String()
}

func (s *server) address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// explain says in plain words what went wrong between here and the server. What wraps an error is our own
// surroundings' (network, certificate, cancelling); a server's words are quoted and end there.
func (s *server) explain(ctx context.Context, err error) error {
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
	case errors.As(err, &answer) && s.signingIn:
		return s.refused("refused the user name or the password", answer)
	case errors.As(err, &answer):
		return s.refused("refused the connection", answer)
	case errors.As(err, &certificate):
		return fmt.Errorf("the certificate of %s is not trusted: %w%s", s.address(), certificate.Err, certificateAdvice(certificate.Err))
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
		return fmt.Errorf("%s closed the connection: %w", s.address(), io.ErrUnexpectedEOF)
	case errors.As(err, &protocol):
		return fmt.Errorf("%s does not speak SMTP: it answered %s", s.address(), strconv.Quote(s.secrets.Replace(protocol.Error())))
	case errors.As(err, &network):
		return fmt.Errorf("reach %s: %w", s.address(), err)
	}
	// Words of a library may quote what the server said.
	return fmt.Errorf("reach %s: %s", s.address(), s.secrets.Replace(err.Error()))
}

func certificateAdvice(err error) string {
	var unknown x509.UnknownAuthorityError
	if errors.As(err, &unknown) {
		return "; a company's own authority is named by the connection's ca_file"
	}
	return ""
}
