package source

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/nettest"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// failing is a transport that fails with an error of a library.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func dialled(err error) error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: err}
}

// No library's words reach a user who has not asked for them, and the cause is told with the host.
func TestFailuresAreToldPlainly(t *testing.T) {
	day := func(year int) time.Time { return time.Date(year, 3, 1, 12, 0, 0, 0, time.UTC) }
	expired := &x509.Certificate{NotBefore: day(2020), NotAfter: day(2021)}
	early := &x509.Certificate{NotBefore: day(2030), NotAfter: day(2031)}
	unverified := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	for name, c := range map[string]struct {
		err      error
		says     string
		wide     bool
		attempts int
	}{
		"no name":      {dialled(&net.DNSError{Err: "no such host", Name: "api.example.com", Server: "10.0.0.2:53", IsNotFound: true}), "There is no host named api.example.com, in\nGET", true, 1},
		"no resolver":  {dialled(&net.DNSError{Err: "server misbehaving", Name: "api.example.com"}), "The name api.example.com could not be looked up", true, 2},
		"refused":      {dialled(syscall.ECONNREFUSED), "The server api.example.com refused the connection", true, 2},
		"unreachable":  {dialled(syscall.ENETUNREACH), "The network has no way to the server api.example.com", true, 2},
		"reset":        {&net.OpError{Op: "read", Err: syscall.ECONNRESET}, "The server api.example.com closed the connection without an answer", false, 2},
		"EOF":          {io.EOF, "closed the connection without an answer", false, 2},
		"plain":        {http.ErrSchemeMismatch, "The server api.example.com speaks plain http, and was asked by https", true, 1},
		"no TLS":       {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, "does not speak https at that port", true, 1},
		"unknown":      {unverified(x509.UnknownAuthorityError{}), "signed by an authority that is not trusted here", true, 1},
		"expired":      {unverified(x509.CertificateInvalidError{Cert: expired, Reason: x509.Expired}), "expired on 2021-03-01 12:00:00 UTC", true, 1},
		"early":        {unverified(x509.CertificateInvalidError{Cert: early, Reason: x509.Expired}), "valid only from 2030-03-01 12:00:00 UTC on", true, 1},
		"another name": {unverified(x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"a.example.com"}}, Host: "x"}), "is for another name: a.example.com", true, 1},
		"unfit":        {unverified(x509.CertificateInvalidError{Reason: x509.IncompatibleUsage}), "is not valid for a server", true, 1},
		"alert":        {&net.OpError{Op: "remote error", Err: tls.AlertError(40)}, "refused the encryption (handshake failure)", true, 1},
		"proxy":        {&net.OpError{Op: "proxyconnect", Net: "tcp", Err: dialled(syscall.ECONNREFUSED)}, "The proxy proxy.example.com:3128 refused the connection", true, 2},
		"slow":         {dialled(&net.DNSError{Err: "i/o timeout", Name: "api.example.com", IsTimeout: true}), "The name of the server api.example.com was not looked up within 10s", true, 2},
	} {
		t.Run(name, func(t *testing.T) {
			cl, _ := client(Options{Transport: failing{c.err}})
			r := request(t, "https://api.example.com/v2", numbers())
			r.Transport.Attempts, r.Proxy = 2, "http://user:word@proxy.example.com:3128"
			r.Arguments = []Argument{{&spec.Parameter{Name: "since"}, expr.Value{Type: expr.Text, Valid: true, Str: "today"}}}
			_, err := cl.Fetch(t.Context(), r)
			e, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("error is %v", err)
			}
			_, _, detail := e.Diagnose()
			if !strings.Contains(detail, c.says) || e.OfConnection() != c.wide || e.Attempts != c.attempts {
				t.Errorf("of the connection %v, after %d attempts: %s", e.OfConnection(), e.Attempts, detail)
			}
			for _, foreign := range []string{"dial", "EOF", "x509", "tls:", "tcp", "http:", "no such host", "i/o", "misbehaving"} {
				if strings.Contains(strings.ReplaceAll(detail, "http://", ""), foreign) {
					t.Errorf("%q is in %s", foreign, detail)
				}
			}
			if strings.Contains(detail, "since=") == c.wide || strings.Contains(detail, "/numbers") == c.wide {
				t.Errorf("of the connection %v: %s", c.wide, detail)
			}
			if !errors.Is(e, c.err) {
				t.Error("the cause is lost")
			}
		})
	}
}

// What is told of real connections, at each point where one can fail.
func TestConnectionsFailWhereTheySay(t *testing.T) {
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	silent := func(http.ResponseWriter, *http.Request) { <-done }
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	// Connections wait in the queue of a listener that accepts none: what is asked of it begins a handshake without an end.
	t.Cleanup(func() { _ = listener.Close() })
	vacant, release, err := nettest.Vacant(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	tlsServer := httptest.NewUnstartedServer(counting(1))
	tlsServer.Config.ErrorLog = log.New(io.Discard, "", 0)
	tlsServer.StartTLS()
	t.Cleanup(tlsServer.Close)
	slow := httptest.NewServer(http.HandlerFunc(silent))
	t.Cleanup(slow.CloseClientConnections)
	for name, c := range map[string]struct {
		base, proxy, says string
		wide              bool
	}{
		"nothing listens":  {"http://" + vacant.String(), "", "refused the connection: nothing listens at that port", true},
		"http where https": {strings.Replace(serve(t, counting(1)), "http:", "https:", 1), "", "speaks plain http, and was asked by https", true},
		"handshake":        {"https://" + listener.Addr().String(), "", "no encryption was agreed on with the server", true},
		"certificate":      {tlsServer.URL, "", "authority that is not trusted here", true},
		"no head":          {slow.URL, "", "no answer of the server", false},
		"no answer":        {raw(t, func(int) string { return "" }), "", "closed the connection without an answer", false},
		"half an answer":   {raw(t, func(int) string { return "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[{" }), "", "closed the connection in the middle of its answer", false},
		"another protocol": {raw(t, func(int) string { return "SSH-2.0-OpenSSH_9.2\r\n" }), "", "could not be read (", false},
		"damaged": {raw(t, func(int) string {
			return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n[{\"n\":1},{\"n\":1234]}"
		}), "", "could not be read (gzip: invalid header)", false},
		"proxy refuses":        {"https://api.example.com", raw(t, func(int) string { return "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n" }), "refused to lead on: it answered 407 Proxy Authentication Required", true},
		"nobody is the proxy ": {"https://api.example.com", "http://" + vacant.String(), "the proxy " + vacant.String() + " refused the connection", true},
	} {
		t.Run(name, func(t *testing.T) {
			cl, _ := client(Options{})
			r := request(t, c.base, numbers())
			r.Transport.Attempts, r.Transport.Timeout, r.Proxy = 1, time.Minute, c.proxy
			if name == "handshake" || name == "no head" { // they never end
				r.Transport.Timeout = 300 * time.Millisecond
			}
			_, err := cl.Fetch(t.Context(), r)
			e, ok := errors.AsType[*Error](err)
			if !ok || !strings.Contains(e.Error(), c.says) || e.OfConnection() != c.wide {
				t.Fatalf("error is %v", err)
			}
		})
	}
}

func TestAdviceFitsTheCredentials(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Request)
		says   string
	}{
		"thulium": {func(r *Request) { r.Kind, r.Username, r.Password = "thulium", "api", expr.NewSecret("hunter2!") }, "not of an agent"},
		"basic":   {func(r *Request) { r.Username, r.Password = "api", expr.NewSecret("hunter2!") }, "auth: {basic: …}"},
		"bearer":  {func(r *Request) { r.Bearer = expr.NewSecret("hunter2!") }, "token under the connection's auth: {bearer: …}"},
		"headers": {func(r *Request) { r.Headers = map[string]string{"X-Api-Key": "hunter2!"} }, "its headers"},
		"none":    {func(*Request) {}, "sends no credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			e := fails(t, KindAuth, answers(401, ""), c.change)
			_, _, detail := e.Diagnose()
			if !strings.Contains(detail, c.says) || !e.OfConnection() {
				t.Errorf("of the connection %v: %s", e.OfConnection(), detail)
			}
			if strings.Contains(detail, "username") == (name == "bearer") && name != "headers" && name != "none" {
				t.Errorf("detail is %s", detail)
			}
		})
	}
}

// A page to log in, or a refusal, from where a redirect led says nothing of the credentials, which stayed behind.
func TestRedirectToALoginElsewhere(t *testing.T) {
	for status, body := range map[int]string{200: "<title>Log in</title>", 401: "who?", 403: "no"} {
		login := serve(t, answers(status, body))
		e := fails(t, KindRedirect, http.RedirectHandler(login, http.StatusFound).ServeHTTP, nil)
		_, _, detail := e.Diagnose()
		if !e.OfConnection() || !strings.Contains(detail, "redirected to "+login) || !strings.Contains(detail, body) {
			t.Errorf("%d: of the connection %v: %s", status, e.OfConnection(), detail)
		}
	}
}

// Datasets that fail for one cause of the connection say the same.
func TestOneCauseHasOneText(t *testing.T) {
	base := serve(t, answers(401, ""))
	texts := map[string]bool{}
	for i := range 3 {
		c, _ := client(Options{})
		s := numbers()
		s.Path = fmt.Sprintf("numbers/%d", i)
		_, err := c.Fetch(t.Context(), request(t, base, s))
		e, ok := errors.AsType[*Error](err)
		if !ok {
			t.Fatal(err)
		}
		_, _, detail := e.Diagnose()
		texts[detail] = true
	}
	if len(texts) != 1 {
		t.Errorf("texts are %v", texts)
	}
}
