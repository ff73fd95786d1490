package cli_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/reportform/reportform/runner/nettest"
)

const mailUser, mailPassword = "reports", "Zażółć-gęślą-7391"

type mailKey struct{}

// mailServer is a real mail server with several doors; what it takes lies as mail/N.eml and mail/N/ATTACHMENT in the script's folder.
type mailServer struct {
	servers []*smtp.Server
	dir     string

	mu      sync.Mutex
	taken   int
	got     int
	refused map[string]bool
	busy    map[string]int // how often a recipient is still to be refused for the moment
	patient map[string]int // how often one is still to be taken before that
	silent  bool
	held    chan struct{}
	tokens  int // how many were given
	giver   *httptest.Server
}

// tokenDoor lets in who shows the newest token, and tells others why not before it says no.
type tokenDoor struct{ s *mailSession }

func (d *tokenDoor) Next(response []byte) ([]byte, bool, error) {
	d.s.m.mu.Lock()
	defer d.s.m.mu.Unlock()
	if string(response) == fmt.Sprintf("user=%s\x01auth=Bearer mail-token-%d\x01\x01", mailUser, d.s.m.tokens) && d.s.m.tokens > 1 {
		d.s.user = true
		return nil, true, nil
	}
	if len(response) > 0 {
		return []byte(`{"status":"401","schemes":"bearer","scope":"mail.send"}`), false, nil
	}
	return nil, true, &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 3}, Message: "Authentication unsuccessful"}
}

// giveTokens answers who knows the secret with one token after the other; the first is good for nothing.
func (m *mailServer) giveTokens(w http.ResponseWriter, r *http.Request) {
	if _, secret, _ := r.BasicAuth(); secret != url.QueryEscape(mailPassword) {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error":"invalid_client"}`)
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tokens++
	fmt.Fprintf(w, `{"access_token":"mail-token-%d","token_type":"Bearer","expires_in":3600}`, m.tokens)
}

// startMail opens the doors, and tells the script their ports: SMTP_PORT with STARTTLS, SMTPS_PORT with TLS from the start,
// PLAIN_PORT without any, SMALL_PORT for messages of up to 10 kB, and GONE_PORT where nobody listens.
// TOKEN_URL gives tokens.
func startMail(env *testscript.Env) (*mailServer, error) {
	m := &mailServer{dir: filepath.Join(env.WorkDir, "mail"), refused: map[string]bool{}, busy: map[string]int{}, patient: map[string]int{}}
	if err := os.MkdirAll(m.dir, 0o755); err != nil {
		return nil, err
	}
	m.giver = httptest.NewServer(http.HandlerFunc(m.giveTokens))
	env.Setenv("TOKEN_URL", m.giver.URL)
	certificate, authority := selfSigned()
	if err := os.WriteFile(filepath.Join(env.WorkDir, "ca.pem"), authority, 0o644); err != nil {
		return nil, err
	}
	vacant, release, err := nettest.Vacant(context.Background())
	if err != nil {
		return nil, err
	}
	env.Defer(release)
	env.Setenv("GONE_PORT", strconv.Itoa(vacant.Port))
	encrypted := &tls.Config{Certificates: []tls.Certificate{certificate}}
	for name, door := range map[string]func(*smtp.Server, net.Listener) net.Listener{
		"SMTP_PORT": func(s *smtp.Server, l net.Listener) net.Listener { s.TLSConfig = encrypted; return l },
		"SMALL_PORT": func(s *smtp.Server, l net.Listener) net.Listener {
			s.TLSConfig, s.MaxMessageBytes = encrypted, 10_000
			return l
		},
		"SMTPS_PORT": func(_ *smtp.Server, l net.Listener) net.Listener { return tls.NewListener(l, encrypted) },
		"PLAIN_PORT": func(s *smtp.Server, l net.Listener) net.Listener { s.AllowInsecureAuth = true; return l },
	} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		env.Setenv(name, strconv.Itoa(listener.Addr().(*net.TCPAddr).Port))
		server := smtp.NewServer(m)
		server.Domain = "localhost"
		server.ErrorLog = log.New(io.Discard, "", 0) // a client that hangs up is what some scripts are about
		listener = door(server, listener)
		m.servers = append(m.servers, server)
		go func() { _ = server.Serve(listener) }()
	}
	return m, nil
}

func selfSigned() (tls.Certificate, []byte) {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Unix(0, 0), NotAfter: time.Now().Add(10 * 365 * 24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func (m *mailServer) close() {
	m.giver.Close()
	for _, s := range m.servers {
		_ = s.Close()
	}
}

func (m *mailServer) handed() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.got
}

// NewSession implements smtp.Backend.
func (m *mailServer) NewSession(*smtp.Conn) (smtp.Session, error) { return &mailSession{m: m}, nil }

type mailSession struct {
	m    *mailServer
	user bool
	to   []string
}

func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain, "XOAUTH2"} }

func (s *mailSession) Auth(mechanism string) (sasl.Server, error) {
	if mechanism == "XOAUTH2" {
		return &tokenDoor{s}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != mailUser || password != mailPassword {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "wrong user or password"}
		}
		s.user = true
		return nil
	}), nil
}

func (s *mailSession) Mail(string, *smtp.MailOptions) error {
	if !s.user {
		return &smtp.SMTPError{Code: 530, Message: "authenticate first"}
	}
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.m.mu.Lock()
	defer s.m.mu.Unlock()
	if s.m.refused[to] {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "<" + to + "> is unknown here"}
	}
	if s.m.patient[to] > 0 {
		s.m.patient[to]--
	} else if s.m.busy[to] > 0 {
		s.m.busy[to]--
		return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "<" + to + "> greylisted, try later"}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m := s.m
	m.mu.Lock()
	m.got++
	silent, held := m.silent, m.held
	m.mu.Unlock()
	if held != nil {
		<-held
	}
	if silent {
		// The client has handed everything over; it never learns what became of it.
		time.Sleep(time.Minute)
		return errors.New("too late")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.taken++
	return m.keep(m.taken, s.to, data)
}

func (s *mailSession) Reset()        { s.to = nil }
func (s *mailSession) Logout() error { return nil }

// keep writes a message and its attachments where the script finds them.
func (m *mailServer) keep(n int, to []string, data []byte) error {
	name := filepath.Join(m.dir, strconv.Itoa(n))
	if err := os.WriteFile(name+".eml", data, 0o644); err != nil {
		return err
	}
	msg, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return err
	}
	var head strings.Builder
	fmt.Fprintf(&head, "Envelope-To: %s\n", strings.Join(to, " "))
	for _, key := range []string{"From", "To", "Cc", "Bcc", "Reply-To", "Subject"} {
		if value := msg.Header.Get(key); value != "" {
			fmt.Fprintf(&head, "%s: %s\n", key, must(new(mime.WordDecoder).DecodeHeader(value)))
		}
	}
	if err := os.WriteFile(name+".head", []byte(head.String()), 0o644); err != nil {
		return err
	}
	return keepParts(name, msg.Header.Get("Content-Type"), msg.Header.Get("Content-Transfer-Encoding"), "", msg.Body)
}

func keepParts(dir, contentType, encoding, file string, body io.Reader) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return err
	}
	if strings.HasPrefix(kind, "multipart/") {
		r := multipart.NewReader(body, params["boundary"])
		for {
			part, err := r.NextRawPart()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if err := keepParts(dir, part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part.FileName(), part); err != nil {
				return err
			}
		}
	}
	if file == "" {
		file = strings.ReplaceAll(kind, "/", ".")
	}
	data, err := decodeTransfer(encoding, body)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, filepath.Base(file)), data, 0o644)
}

// mails N checks how many messages the server has taken.
func mails(ts *testscript.TestScript, _ bool, args []string) {
	m := ts.Value(mailKey{}).(*mailServer)
	m.mu.Lock()
	defer m.mu.Unlock()
	if got := strconv.Itoa(m.taken); got != args[0] {
		ts.Fatalf("the mail server has taken %s messages, want %s", got, args[0])
	}
}

// refuse ADDRESS makes the server refuse a recipient; ! refuse ADDRESS takes that back.
func refuse(ts *testscript.TestScript, neg bool, args []string) {
	m := ts.Value(mailKey{}).(*mailServer)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refused[args[0]] = !neg
}

// busy ADDRESS N [AFTER] makes the server refuse a recipient for the moment, N times, after it has taken him for AFTER messages.
func busy(ts *testscript.TestScript, _ bool, args []string) {
	m := ts.Value(mailKey{}).(*mailServer)
	times, err := strconv.Atoi(args[1])
	ts.Check(err)
	after := 0
	if len(args) > 2 {
		after, err = strconv.Atoi(args[2])
		ts.Check(err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.busy[args[0]], m.patient[args[0]] = times, after
}

// hang makes the server take messages and never answer; ! hang takes that back.
func hang(ts *testscript.TestScript, neg bool, _ []string) {
	m := ts.Value(mailKey{}).(*mailServer)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.silent = !neg
}

// hold makes the server wait before it answers a message; ! hold lets it go on.
func hold(ts *testscript.TestScript, neg bool, _ []string) {
	m := ts.Value(mailKey{}).(*mailServer)
	m.mu.Lock()
	defer m.mu.Unlock()
	if neg {
		close(m.held)
		m.held = nil
		return
	}
	m.held = make(chan struct{})
}
