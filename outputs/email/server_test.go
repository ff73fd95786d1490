package email

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/nettest"
	"github.com/reportform/reportform/spec/expr"
)

const (
	user     = "raporty"
	password = "tajne-hasło-ąę"
)

// mailbox is a real mail server that keeps what it is given.
type mailbox struct {
	mechanisms []string // none: no sign-in asked for
	refuse     string   // a recipient that does not exist

	mu        sync.Mutex
	mails     []delivered
	hello     string
	used      string // mechanism
	encrypted bool
}

type delivered struct {
	from string
	to   []string
	data []byte
}

// serve starts the server and returns how to reach it.
func (m *mailbox) serve(t *testing.T, security string, configure func(*smtp.Server)) outputs.MailServer {
	t.Helper()
	ca, certificate := authority(t, "127.0.0.1")
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		_, encrypted := c.TLSConnectionState()
		m.mu.Lock()
		defer m.mu.Unlock()
		m.hello, m.encrypted = c.Hostname(), encrypted
		return &visit{mailbox: m}, nil
	}))
	server.Domain = "mail.test"
	server.AllowInsecureAuth = security == "none"
	server.ErrorLog = log.New(io.Discard, "", 0)
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	if security == "starttls" {
		server.TLSConfig = config
	}
	if configure != nil {
		configure(server)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if security == "tls" {
		listener = tls.NewListener(listener, config)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return outputs.MailServer{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: security, CAs: ca}
}

type visit struct {
	*mailbox
	mail   delivered
	signed bool
}

func (v *visit) Reset()                   { v.mail = delivered{} }
func (v *visit) Logout() error            { return nil }
func (v *visit) AuthMechanisms() []string { return v.mechanisms }

func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	if len(v.mechanisms) > 0 && !v.signed {
		return smtp.ErrAuthRequired
	}
	v.mail.from = from
	return nil
}

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	if to == v.refuse {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user here"}
	}
	v.mail.to = append(v.mail.to, to)
	return nil
}

func (v *visit) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	v.mail.data = data
	v.mu.Lock()
	defer v.mu.Unlock()
	v.mails = append(v.mails, v.mail)
	return nil
}

func (v *visit) Auth(mechanism string) (sasl.Server, error) {
	v.mu.Lock()
	v.used = mechanism
	v.mu.Unlock()
	signIn := func(ok bool) error {
		if v.signed = ok; !ok {
			return smtp.ErrAuthFailed
		}
		return nil
	}
	switch mechanism {
	case "PLAIN":
		return sasl.NewPlainServer(func(_, u, p string) error { return signIn(u == user && p == password) }), nil
	case "LOGIN":
		return &loginServer{signIn: signIn}, nil
	case "CRAM-MD5":
		return &cramServer{signIn: signIn}, nil
	case "SCRAM-SHA-256":
		return &scramServer{signIn: signIn}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

// deliver renders and sends a message.
func deliver(t *testing.T, server outputs.MailServer, o Options) (outputs.Artifact, outputs.Receipt, error) {
	t.Helper()
	want := target()
	want.Outbox, want.Server = nil, &server
	s := sender(t, want, o)
	a := rendered(t, s)
	receipt, err := s.Deliver(t.Context(), a, deliveryKey())
	return a, receipt, err
}

func TestDelivery(t *testing.T) {
	all := []string{"LOGIN", "PLAIN", "CRAM-MD5", "SCRAM-SHA-256"}
	for _, test := range []struct {
		security, auth string
		offered        []string
		used           string
	}{
		{"starttls", "auto", all, "SCRAM-SHA-256"},
		{"starttls", "auto", []string{"CRAM-MD5", "LOGIN", "PLAIN"}, "PLAIN"},
		{"starttls", "auto", []string{"LOGIN"}, "LOGIN"},
		{"starttls", "", []string{"CRAM-MD5"}, "CRAM-MD5"},
		{"starttls", "plain", all, "PLAIN"},
		{"starttls", "login", all, "LOGIN"},
		{"starttls", "cram-md5", all, "CRAM-MD5"},
		{"starttls", "scram-sha-256", all, "SCRAM-SHA-256"},
		{"starttls", "none", nil, ""},
		{"tls", "auto", all, "SCRAM-SHA-256"},
		{"tls", "plain", all, "PLAIN"},
		{"none", "plain", all, "PLAIN"},
		{"none", "none", nil, ""},
	} {
		t.Run(fmt.Sprintf("%s %s of %s", test.security, test.auth, strings.Join(test.offered, " ")), func(t *testing.T) {
			box := &mailbox{mechanisms: test.offered}
			server := box.serve(t, test.security, nil)
			server.Auth = test.auth
			if test.offered != nil {
				server.Username, server.Password = user, expr.NewSecret(password)
			}
			a, receipt, err := deliver(t, server, Options{})
			if err != nil {
				t.Fatal(err)
			}
			box.mu.Lock()
			defer box.mu.Unlock()
			if len(box.mails) != 1 {
				t.Fatalf("%d mails arrived", len(box.mails))
			}
			got := box.mails[0]
			if !bytes.Equal(got.data, contentOf(t, a.Path)) {
				t.Error("what arrived differs from what was rendered")
			}
			if got.from != "reports@example.com" || !slices.Equal(got.to, a.Envelope.Recipients) {
				t.Errorf("from %s to %v", got.from, got.to)
			}
			if box.used != test.used || box.hello != "[127.0.0.1]" || box.encrypted != (test.security != "none") {
				t.Errorf("signed in by %q, hello %q, encrypted %v", box.used, box.hello, box.encrypted)
			}
			if receipt.Where != "4 recipients" || len(receipt.Replies) != 4 || !receipt.Replies[3].Accepted || !strings.HasPrefix(receipt.Replies[0].Text, "250 ") {
				t.Errorf("receipt %+v", receipt)
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for _, test := range []struct {
		name     string
		box      *mailbox
		security string
		prepare  func(*smtp.Server)
		target   func(*outputs.MailServer)
		want     string
	}{
		{
			name: "wrong password", box: &mailbox{mechanisms: []string{"PLAIN"}}, security: "starttls",
			target: func(s *outputs.MailServer) { s.Username, s.Password = user, expr.NewSecret("wrong-secret") },
			want:   "refused the user name or the password: 535 5.7.8 Authentication failed",
		},
		{
			name: "mechanism not offered", box: &mailbox{mechanisms: []string{"PLAIN", "LOGIN"}}, security: "starttls",
			target: func(s *outputs.MailServer) {
				s.Auth, s.Username, s.Password = "cram-md5", user, expr.NewSecret(password)
			},
			want: "it does not offer auth cram-md5, but plain, login",
		},
		{
			name: "no sign-in offered", security: "starttls",
			target: func(s *outputs.MailServer) { s.Username, s.Password = user, expr.NewSecret(password) },
			want:   "it offers no way to sign in",
		},
		{
			name: "sign-in wanted", box: &mailbox{mechanisms: []string{"PLAIN"}}, security: "starttls",
			want: "refused the sender reports@example.com: 502 5.7.0 Please authenticate first",
		},
		{
			name: "too large", security: "starttls",
			prepare: func(s *smtp.Server) { s.MaxMessageBytes = 4000 },
			want:    "takes messages of up to 4.0 kB",
		},
		{
			name: "unknown authority", security: "starttls",
			target: func(s *outputs.MailServer) { s.CAs = nil },
			want:   "is not trusted: x509: certificate signed by unknown authority; a company's own authority is named by the connection's ca_file",
		},
		{
			name: "unknown authority, tls", security: "tls",
			target: func(s *outputs.MailServer) { s.CAs = nil },
			want:   "is not trusted: x509: certificate signed by unknown authority",
		},
		{
			name: "another host's certificate", security: "starttls",
			target: func(s *outputs.MailServer) { s.Host = "localhost" },
			want:   "is not trusted: x509: certificate is not valid for any names, but wanted to match localhost",
		},
		{
			name: "no STARTTLS", security: "none",
			target: func(s *outputs.MailServer) { s.Security = "starttls" },
			want:   "does not offer STARTTLS, so nothing was sent: try security tls",
		},
		{
			name: "plain server, tls wanted", security: "none",
			target: func(s *outputs.MailServer) { s.Security = "tls" },
			want:   "does not speak TLS from the start: try security starttls",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			box := test.box
			if box == nil {
				box = &mailbox{}
			}
			server := box.serve(t, test.security, test.prepare)
			if test.target != nil {
				test.target(&server)
			}
			_, receipt, err := deliver(t, server, Options{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
			if outputs.IsInDoubt(err) || receipt.Where != "" {
				t.Errorf("in doubt, or with a receipt %+v", receipt)
			}
			if strings.Contains(err.Error(), password) || strings.Contains(err.Error(), "wrong-secret") {
				t.Errorf("the error holds the password: %v", err)
			}
			if len(box.mails) != 0 {
				t.Errorf("%d mails arrived", len(box.mails))
			}
		})
	}
}

// TestRefusedRecipient: who is refused keeps nobody else from the report.
func TestRefusedRecipient(t *testing.T) {
	box := &mailbox{refuse: "anna@example.com"}
	a, receipt, err := deliver(t, box.serve(t, "starttls", nil), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(box.mails) != 1 || !slices.Equal(box.mails[0].to, []string{"grazyna@example.com", "leads@example.com", "hidden@example.com"}) {
		t.Errorf("arrived: %+v", box.mails)
	}
	if receipt.Where != "3 of 4 recipients" || len(receipt.Replies) != 4 {
		t.Fatalf("receipt %+v", receipt)
	}
	for i, r := range receipt.Replies {
		refused := r.Recipient == "anna@example.com"
		if r.Recipient != a.Envelope.Recipients[i] || r.Accepted == refused || r.Temporary {
			t.Errorf("%+v", r)
		}
		if refused && r.Text != "550 5.1.1 No such user here" {
			t.Errorf("refused with %q", r.Text)
		}
	}
}

// TestResume: only who is left gets the message, whose headers still name everybody.
func TestResume(t *testing.T) {
	box := &mailbox{}
	server := box.serve(t, "starttls", nil)
	want := target()
	want.Outbox, want.Server = nil, &server
	want.Served = []string{"grazyna@example.com", "leads@example.com", "hidden@example.com"}
	s := sender(t, want, Options{})
	receipt, err := s.Deliver(t.Context(), rendered(t, s), deliveryKey())
	if err != nil || receipt.Where != "1 recipient" || len(receipt.Replies) != 1 || receipt.Replies[0].Recipient != "anna@example.com" {
		t.Fatalf("receipt %+v, %v", receipt, err)
	}
	if len(box.mails) != 1 || !slices.Equal(box.mails[0].to, []string{"anna@example.com"}) {
		t.Fatalf("arrived: %+v", box.mails)
	}
	if !bytes.Contains(box.mails[0].data, []byte("<grazyna@example.com>")) || bytes.Contains(box.mails[0].data, []byte("hidden@")) {
		t.Error("the headers are not those of the first attempt")
	}
}

func TestNobodyListens(t *testing.T) {
	vacant, release, err := nettest.Vacant(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	_, _, err = deliver(t, outputs.MailServer{Host: "127.0.0.1", Port: vacant.Port}, Options{})
	if err == nil || !strings.Contains(err.Error(), "nothing listens at 127.0.0.1:") {
		t.Errorf("got %v", err)
	}
}

func TestNameNotKnown(t *testing.T) {
	dial := func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "smtp.example.com", IsNotFound: true}}
	}
	_, _, err := deliver(t, outputs.MailServer{Host: "smtp.example.com"}, Options{Dial: dial})
	if err == nil || !strings.Contains(err.Error(), "the name smtp.example.com is not known") {
		t.Errorf("got %v", err)
	}
}

func TestTargetsAreChecked(t *testing.T) {
	server := func(change func(*outputs.MailServer)) func(*outputs.MailTarget) {
		return func(m *outputs.MailTarget) {
			m.Outbox, m.Server = nil, &outputs.MailServer{Host: "smtp.example.com"}
			change(m.Server)
		}
	}
	for _, test := range []struct {
		name   string
		change func(*outputs.MailTarget)
		want   string // empty: accepted
	}{
		{"as it is", func(*outputs.MailTarget) {}, ""},
		{"no sender", func(m *outputs.MailTarget) { m.From = nil }, "needs a sender"},
		{"no recipient", func(m *outputs.MailTarget) { m.To, m.Cc, m.Bcc = nil, nil, nil }, "needs a recipient"},
		{"nowhere", func(m *outputs.MailTarget) { m.Outbox = nil }, "one of them"},
		{"subject with a header", func(m *outputs.MailTarget) { m.Subject = "x\r\nBcc: evil@example.com" }, "subject holds a line break"},
		{"name with a header", func(m *outputs.MailTarget) { m.To[0].Name = "x\nBcc: evil@example.com" }, "to holds a line break"},
		{"address with a command", func(m *outputs.MailTarget) { m.Bcc[0].Address = "a@b>\r\nDATA" }, "bcc is not an address"},
		{"address with a parameter", func(m *outputs.MailTarget) { m.Cc[0].Address = "a@b> SIZE=1" }, "cc is not an address"},
		{"attachment with a header", func(m *outputs.MailTarget) { m.Attachments[0].Name = "x\r\ny.xlsx" }, "line break"},
		{"attachment with a path", func(m *outputs.MailTarget) { m.Attachments[0].Name = "../x.xlsx" }, "file names cannot have"},
		{"security", server(func(s *outputs.MailServer) { s.Security = "ssl" }), "starttls, tls or none"},
		{"auth", server(func(s *outputs.MailServer) { s.Auth = "md5" }), "cram-md5"},
		{"auth without a user", server(func(s *outputs.MailServer) { s.Auth = "plain" }), "needs a username"},
		{"in the clear", server(func(s *outputs.MailServer) { s.Security = "none" }), "not encrypted"},
		{"password in the clear", server(func(s *outputs.MailServer) { s.Security, s.Username = "none", user }), "get the password over"},
		{"bad ca", server(func(s *outputs.MailServer) { s.CAs = []byte("x") }), "ca_file"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := target()
			test.change(&m)
			_, err := New(m, formats(workbook{}), Options{})
			if test.want == "" && err == nil {
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	m := target()
	server(func(s *outputs.MailServer) { s.Security, s.AllowPlaintext = "none", true })(&m)
	if _, err := New(m, formats(workbook{}), Options{}); err != nil {
		t.Errorf("a server without encryption is refused though told: %v", err)
	}
	m.Server.Username = user
	if _, err := New(m, formats(workbook{}), Options{}); err == nil {
		t.Error("a password in the clear is accepted")
	}
}
