package email

import (
	"context"
	"errors"
	"io"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/reportform/reportform/outputs"
)

// eachOf is a target of which everybody gets a message of their own.
func eachOf(server *outputs.MailServer) outputs.MailTarget {
	m := target()
	m.Cc, m.Bcc, m.Individually = nil, nil, true
	m.To = append(m.To, &mail.Address{Address: "anna@example.com"})
	if server != nil {
		m.Outbox, m.Server = nil, server
	}
	return m
}

func TestEverybodyGetsTheirOwn(t *testing.T) {
	box := &mailbox{}
	server := box.serve(t, "starttls", nil)
	s := sender(t, eachOf(&server), Options{})
	a := rendered(t, s)
	receipt, err := s.Deliver(t.Context(), a, deliveryKey())
	if err != nil || receipt.Where != "3 recipients" || letters(receipt.Replies) != "AAA" {
		t.Fatalf("%+v, %v", receipt, err)
	}
	if len(box.mails) != 3 {
		t.Fatalf("%d mails arrived", len(box.mails))
	}
	seen := map[string]bool{}
	for i, want := range []string{`"Grażyna Żółkiewska-Łęcka" <grazyna@example.com>`, "<leads@example.com>", "<anna@example.com>"} {
		got := box.mails[i]
		o := open(t, got.data)
		to, err := o.header.AddressList("To")
		if err != nil || len(to) != 1 || len(got.to) != 1 || got.to[0] != to[0].Address {
			t.Fatalf("message %d went to %v and names %v (%v)", i, got.to, to, err)
		}
		name, _ := mail.ParseAddress(want)
		if *to[0] != *name {
			t.Errorf("message %d is to %v, want %v", i, to[0], name)
		}
		seen[o.header.Get("Message-ID")] = true
		if !strings.Contains(o.text, "Zażółć gęślą jaźń.") || len(o.files) != 1 {
			t.Errorf("message %d is not whole", i)
		}
		if i == 0 && string(got.data) != string(contentOf(t, a.Path)) {
			for j, line := range strings.Split(string(contentOf(t, a.Path)), "\r\n") {
				if !strings.Contains(string(got.data), line) {
					t.Errorf("line %d of the artifact is not in the first message: %q", j+1, line)
				}
			}
		}
	}
	if len(seen) != 3 {
		t.Errorf("Message-IDs %v", seen)
	}
}

// TestTroubleOfOne: what becomes of one message is not the others' affair, unless the server is in trouble.
func TestTroubleOfOne(t *testing.T) {
	later := &smtp.SMTPError{Code: 451, Message: "later"}
	never := &smtp.SMTPError{Code: 554, Message: "spam"}
	for _, test := range []struct {
		name    string
		rcpt    map[int]error // by the number of the attempt
		data    map[int]error
		closing int // after so many messages the server closes the connection
		want    string
		arrived int
		err     string
		temp    bool
	}{
		{name: "one refused", rcpt: map[int]error{2: never}, want: "ARA", arrived: 2},
		{name: "one refused for the moment", rcpt: map[int]error{1: later}, want: "TAA", arrived: 2},
		{name: "all refused", rcpt: map[int]error{1: never, 2: never, 3: later}, want: "RRT", err: "nothing was sent", temp: true},
		{name: "one message refused", data: map[int]error{1: never}, want: "TAA", arrived: 2},
		{name: "two messages refused in a row", data: map[int]error{1: never, 2: later}, want: "TTT", err: "refused the message: 451", temp: true},
		{name: "the connection ends after each", closing: 1, want: "AAA", arrived: 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			box := &mailbox{}
			moody := &moody{mailbox: box, rcpt: test.rcpt, data: test.data, closing: test.closing}
			server := box.serve(t, "starttls", func(s *smtp.Server) { s.Backend = moody })
			s := sender(t, eachOf(&server), Options{})
			receipt, err := s.Deliver(t.Context(), rendered(t, s), deliveryKey())
			if letters(receipt.Replies) != test.want || len(box.mails) != test.arrived {
				t.Errorf("replies %s and %d arrived, want %s and %d: %+v", letters(receipt.Replies), len(box.mails), test.want, test.arrived, receipt.Replies)
			}
			if test.err == "" && err != nil || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Errorf("error %v, want %q", err, test.err)
			}
			if outputs.IsTemporary(err) != test.temp || outputs.IsInDoubt(err) {
				t.Errorf("temporary %v, in doubt %v", outputs.IsTemporary(err), outputs.IsInDoubt(err))
			}
		})
	}
}

// moody is a server that fails as a test wants, counting over all connections.
type moody struct {
	*mailbox
	rcpt, data  map[int]error
	rcpts, dots int
	closing     int
}

func (m *moody) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &moodyVisit{visit: &visit{mailbox: m.mailbox}, moody: m, conn: c}, nil
}

type moodyVisit struct {
	*visit
	moody *moody
	conn  *smtp.Conn
	done  int
}

func (v *moodyVisit) Mail(from string, o *smtp.MailOptions) error {
	if v.moody.closing > 0 && v.done == v.moody.closing {
		_ = v.conn.Conn().Close()
	}
	return v.visit.Mail(from, o)
}

func (v *moodyVisit) Rcpt(to string, o *smtp.RcptOptions) error {
	v.moody.rcpts++
	if err := v.moody.rcpt[v.moody.rcpts]; err != nil {
		return err
	}
	return v.visit.Rcpt(to, o)
}

func (v *moodyVisit) Data(r io.Reader) error {
	v.moody.dots++
	if err := v.moody.data[v.moody.dots]; err != nil {
		_, _ = io.Copy(io.Discard, r)
		return err
	}
	v.done++
	return v.visit.Data(r)
}

// TestDoubtOfOne: the others are served by a new connection, and only one is in doubt.
func TestDoubtOfOne(t *testing.T) {
	box := &mailbox{}
	server := box.serve(t, "starttls", func(s *smtp.Server) { s.Backend = &hanging{mailbox: box, at: 2} })
	s := sender(t, eachOf(&server), Options{})
	receipt, err := s.Deliver(t.Context(), rendered(t, s), deliveryKey())
	if letters(receipt.Replies) != "ADA" || !outputs.IsInDoubt(err) || !strings.Contains(err.Error(), "leads@example.com: the message was handed over") {
		t.Errorf("replies %s: %v", letters(receipt.Replies), err)
	}
	if len(box.mails) != 2 {
		t.Errorf("%d arrived", len(box.mails))
	}
}

// hanging closes the connection instead of answering a message.
type hanging struct {
	*mailbox
	at, dots int
}

func (h *hanging) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &hangingVisit{visit: &visit{mailbox: h.mailbox}, hanging: h, conn: c}, nil
}

type hangingVisit struct {
	*visit
	hanging *hanging
	conn    *smtp.Conn
}

func (v *hangingVisit) Data(r io.Reader) error {
	if v.hanging.dots++; v.hanging.dots == v.hanging.at {
		_, _ = io.Copy(io.Discard, r)
		return v.conn.Conn().Close()
	}
	return v.visit.Data(r)
}

// TestStoppedBetweenTwo: who was not asked is told as that, and nothing else is in doubt.
func TestStoppedBetweenTwo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	box := &mailbox{}
	server := box.serve(t, "starttls", func(s *smtp.Server) {
		s.Backend = smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &stopping{&visit{mailbox: box}, cancel}, nil })
	})
	s := sender(t, eachOf(&server), Options{})
	receipt, err := s.Deliver(ctx, rendered(t, s), deliveryKey())
	if got := letters(receipt.Replies); got != "DTT" || !outputs.IsInDoubt(err) || !errors.Is(err, context.Canceled) {
		t.Errorf("replies %s: %v", got, err)
	}
}

type stopping struct {
	*visit
	stop func()
}

func (v *stopping) Data(r io.Reader) error {
	_, _ = io.Copy(io.Discard, r)
	v.stop()
	<-make(chan struct{}) // for ever
	return nil
}

func TestIndividualOutbox(t *testing.T) {
	m := eachOf(nil)
	m.Outbox = &outputs.Folder{Root: t.TempDir(), Path: "out"}
	s := sender(t, m, Options{})
	a := rendered(t, s)
	a.Envelope.Recipients = a.Envelope.Recipients[1:] // the first is served
	receipt, err := s.Deliver(t.Context(), a, deliveryKey())
	if err != nil || receipt.Where != "2 messages in "+filepath.Join(m.Outbox.Root, "out") {
		t.Fatalf("%+v, %v", receipt, err)
	}
	files, err := os.ReadDir(filepath.Join(m.Outbox.Root, "out"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	base := strings.TrimSuffix(a.Name, messageEnding)
	if !slices.Equal(names, []string{base + "-2.eml", base + "-3.eml"}) {
		t.Errorf("files %v", names)
	}
}

func TestBounces(t *testing.T) {
	box := &mailbox{}
	server := box.serve(t, "starttls", nil)
	m := target()
	m.Outbox, m.Server, m.BounceTo = nil, &server, &mail.Address{Address: "bounces@example.net"}
	s := sender(t, m, Options{})
	a := rendered(t, s)
	if _, err := s.Deliver(t.Context(), a, deliveryKey()); err != nil {
		t.Fatal(err)
	}
	if box.mails[0].from != "bounces@example.net" || !strings.HasSuffix(a.Envelope.MessageID, "@example.com>") {
		t.Errorf("from %s, id %s", box.mails[0].from, a.Envelope.MessageID)
	}
	if from, err := open(t, box.mails[0].data).header.AddressList("From"); err != nil || from[0].Address != "reports@example.com" {
		t.Errorf("the header is from %v (%v)", from, err)
	}
}
