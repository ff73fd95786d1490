package source

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// failure is why a request got no whole answer, in our own words: what the libraries say is for those who know them.
type failure struct {
	// text begins in lower case with a word of ours, and has no full stop.
	text string
	// advice says what to do where the kind's own does not fit.
	advice string
	// wide: every request over the connection would meet it.
	wide bool
	// lasting: waiting does not mend it.
	lasting bool
	err     error
}

func (f *failure) Error() string { return f.text }

// Unwrap returns what the library said.
func (f *failure) Unwrap() error { return f.err }

// broken says why there is no answer, or no whole one.
func (f *fetch) broken(ctx context.Context, at place, came phase, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	host := f.target.base.Host
	// net/http's error quotes the URL, whose query may hold a secret.
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
		if last, bad := url.Parse(u.URL); bad == nil && last.Host != "" {
			host = last.Host
		}
	}
	if r, ok := errors.AsType[*redirectError](err); ok {
		e := f.fault(at, &Error{Kind: KindRedirect, Err: &redirectError{f.secrets.Replace(r.text), r.abroad}})
		e.wide = r.abroad
		return e
	}
	who := "the server " + host
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "proxyconnect" {
		if proxy, bad := url.Parse(f.r.Proxy); bad == nil {
			who = "the proxy " + proxy.Host
		}
	}
	kind := KindConnection
	var why *failure
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		kind, why = KindTimeout, tooSlow(who, came, f.conn.timeout)
	} else if why = unreached(who, err); why == nil {
		if why = uncertified(who, f.o.Now(), err); why == nil {
			why = interrupted(who, came, f.secrets.excerpt([]byte(err.Error()), 200), err)
		}
	}
	if who == "the server "+host && host != f.target.base.Host {
		why.text += "; the API redirects there"
	}
	// Hosts come from redirects too, and names from certificates.
	why.text, why.err = f.secrets.Replace(why.text), err
	e := f.fault(at, &Error{Kind: kind, Err: why})
	e.wide, e.retry = why.wide, !why.lasting
	return e
}

const checkNetwork = "Check the connection's system or base_url, and the network."

// tooSlow says what took too long.
func tooSlow(who string, at phase, timeout time.Duration) *failure {
	connect := min(timeout, connectTimeout)
	switch at {
	case lookingUp:
		return &failure{text: fmt.Sprintf("the name of %s was not looked up within %s", who, connect), advice: checkNetwork, wide: true}
	case connecting:
		return &failure{text: fmt.Sprintf("no connection to %s was made within %s", who, connect), advice: checkNetwork, wide: true}
	case encrypting:
		return &failure{text: fmt.Sprintf("no encryption was agreed on with %s within %s", who, connect), advice: checkNetwork, wide: true}
	case waiting:
		return &failure{text: fmt.Sprintf("no answer of %s began within %s", who, timeout)}
	default:
		return &failure{text: fmt.Sprintf("the answer of %s did not end within %s", who, timeout)}
	}
}

// unreached says why no connection was made, or nil.
func unreached(who string, err error) *failure {
	if a, ok := errors.AsType[*addressError](err); ok {
		return &failure{text: a.Error(), wide: true, lasting: true}
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		if dns.IsNotFound {
			return &failure{text: "there is no host named " + dns.Name, wide: true, lasting: true}
		}
		return &failure{text: fmt.Sprintf("the name %s could not be looked up: the name server gave no answer", dns.Name), wide: true}
	}
	if p, ok := errors.AsType[*proxyError](err); ok {
		return &failure{text: who + " refused to lead on: it answered " + p.Error(), advice: "Check the connection's proxy.", wide: true, lasting: true}
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return &failure{text: who + " refused the connection: nothing listens at that port", wide: true}
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return &failure{text: "the network has no way to " + who, wide: true}
	}
	return nil
}

// uncertified says why no encryption was agreed on, or nil.
func uncertified(who string, now time.Time, err error) *failure {
	why := &failure{wide: true, lasting: true}
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	named, isNamed := errors.AsType[x509.HostnameError](err)
	alert, isAlert := errors.AsType[tls.AlertError](err)
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	_, unverified := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case errors.Is(err, http.ErrSchemeMismatch):
		why.text = who + " speaks plain http, and was asked by https"
		why.advice = "Check the scheme and the port of the connection's base_url or proxy."
	case noTLS:
		why.text = who + " does not speak https at that port"
		why.advice = "Check the scheme and the port of the connection's base_url or proxy."
	case unknown:
		why.text = "the certificate of " + who + " is signed by an authority that is not trusted here"
		why.advice = "Where the authority is your own, name the file with its certificate under the connection:\n\n    ca_file: authority.pem"
	case isInvalid && invalid.Reason == x509.Expired && now.Before(invalid.Cert.NotBefore):
		why.text = fmt.Sprintf("the certificate of %s is valid only from %s on", who, invalid.Cert.NotBefore.UTC().Format(time.DateTime+" UTC"))
		why.advice = "Check this machine's clock; else whoever runs the server must mend it."
	case isInvalid && invalid.Reason == x509.Expired:
		why.text = fmt.Sprintf("the certificate of %s expired on %s", who, invalid.Cert.NotAfter.UTC().Format(time.DateTime+" UTC"))
		why.advice = "Whoever runs the server must renew it; where it is valid, check this machine's clock."
	case isNamed:
		why.text = fmt.Sprintf("the certificate of %s is for another name%s", who, namesOf(named.Certificate))
		why.advice = "Check the host in the connection's system or base_url."
	case unverified:
		why.text = "the certificate of " + who + " is not valid for a server"
		why.advice = "Whoever runs the server must mend it."
	case isAlert:
		why.text = fmt.Sprintf("%s refused the encryption (%s)", who, strings.TrimPrefix(alert.Error(), "tls: "))
		why.advice = "It may want another version of TLS, or a certificate of the client."
	default:
		return nil
	}
	return why
}

// namesOf lists the first names of a certificate, behind a colon.
func namesOf(c *x509.Certificate) string {
	const most = 3
	names := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	for i, name := range names {
		names[i] = excerpt([]byte(name), 100)
	}
	if len(names) > most {
		names = append(names[:most], "…")
	}
	if len(names) == 0 {
		return ""
	}
	return ": " + strings.Join(names, ", ")
}

// interrupted says how a connection ended that had been made. original is what the library says of it, which may quote
// the server.
func interrupted(who string, at phase, original string, err error) *failure {
	closed := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNABORTED)
	switch {
	case closed && at == reading:
		return &failure{text: who + " closed the connection in the middle of its answer"}
	case closed && at == encrypting:
		return &failure{text: who + " closed the connection before an encryption was agreed on", wide: true}
	case closed:
		return &failure{text: who + " closed the connection without an answer"}
	case at <= connecting:
		return &failure{text: fmt.Sprintf("no connection to %s could be made (%s)", who, original), wide: true}
	case at == encrypting:
		return &failure{text: fmt.Sprintf("no encryption could be agreed on with %s (%s)", who, original), wide: true}
	default:
		return &failure{text: fmt.Sprintf("the answer of %s could not be read (%s)", who, original)}
	}
}

// proxyError is the status with which a proxy refused to lead on.
type proxyError struct{ status int }

func (e *proxyError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", e.status, http.StatusText(e.status)))
}

// proxyAnswered keeps the status of a proxy that refuses, which net/http makes a bare text of.
func proxyAnswered(_ context.Context, _ *url.URL, _ *http.Request, res *http.Response) error {
	if res.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{res.StatusCode}
}
