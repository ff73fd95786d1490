package email

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
)

func TestFaults(t *testing.T) {
	const all, nobody, doubt = "AAAA", "TTTT", "DDDD"
	for _, test := range []struct {
		name    string
		script  script
		want    string // in the error; empty: delivered
		replies string // of each recipient: accepted, temporary or refused; empty: none were spoken of
		temp    bool   // whether trying again soon may do
		doubt   bool
		whole   bool // whether the whole message may have gone over the wire
	}{
		{"all is well", script{}, "", all, false, false, true},
		{"many lines", script{"greeting": "220-mail.test\r\n220 hello", "RCPT 1": "250-one\r\n250 two", "dot": "250-queued\r\n250 as 4711"}, "", all, false, false, true},
		{"forwarded recipient", script{"RCPT 1": "251 will forward"}, "", all, false, false, true},
		{"refuses everybody", script{"greeting": "554 go away"}, "refused the connection: 554 go away", "", false, false, false},
		{"too busy", script{"greeting": "421 too busy"}, "refused the connection: 421 too busy", "", true, false, false},
		{"hangs up at once", script{"greeting": hangUp}, "closed the connection", "", false, false, false},
		{"another protocol", script{"greeting": "* OK IMAP4rev1 ready"}, "does not speak SMTP", "", false, false, false},
		{"never greets", script{"greeting": silence}, "did not answer in time", "", false, false, false},
		{"hangs up at EHLO", script{"EHLO": hangUp}, "closed the connection", "", false, false, false},
		{"only HELO", script{"EHLO": "500 what"}, "", all, false, false, true},
		{"refuses the sender", script{"MAIL": "553 5.1.8 not from you"}, "refused the sender reports@example.com: 553 5.1.8 not from you", "", false, false, false},
		{"421 at MAIL", script{"MAIL": "421 shutting down"}, "421 shutting down", "", true, false, false},
		{"silent at MAIL", script{"MAIL": silence}, "did not answer in time", "", false, false, false},
		{"hangs up at MAIL", script{"MAIL": hangUp}, "closed the connection", "", false, false, false},
		{"a greylisted recipient", script{"RCPT 2": "451 4.7.1 try later"}, "", "ATAA", false, false, true},
		{"an unknown recipient", script{"RCPT 2": "550 5.1.1 who?"}, "", "ARAA", false, false, true},
		{"some later, some never", script{"RCPT 1": "550 no", "RCPT 4": "451 later"}, "", "RAAT", false, false, true},
		{"one is taken", script{"RCPT 1": "550 no", "RCPT 2": "550 no", "RCPT 3": "451 later"}, "", "RRTA", false, false, true},
		{"too many recipients", script{"RCPT 3": "452 4.5.3 too many", "RCPT 4": "552 too many"}, "", "AATT", false, false, true},
		{"nobody is known", script{"RCPT 1": "550 a", "RCPT 2": "550 b", "RCPT 3": "551 c", "RCPT 4": "553 d"}, "refused grazyna@example.com (550 a), leads@example.com (550 b), anna@example.com (551 c), hidden@example.com (553 d); nothing was sent", "RRRR", false, false, false},
		{"everybody is greylisted", script{"RCPT 1": "451 later", "RCPT 2": "451 later", "RCPT 3": "451 later", "RCPT 4": "451 later"}, "refused grazyna@example.com (451 later), ", nobody, true, false, false},
		{"nobody is taken now", script{"RCPT 1": "550 never", "RCPT 2": "451 later", "RCPT 3": "550 never", "RCPT 4": "550 never"}, "leads@example.com (451 later)", "RTRR", true, false, false},
		{"421 at RCPT", script{"RCPT 2": "421 shutting down"}, "421 shutting down", nobody, true, false, false},
		{"421 at RCPT after a refusal", script{"RCPT 1": "550 no", "RCPT 3": "421 shutting down"}, "refused the recipient anna@example.com: 421 shutting down; before that it refused grazyna@example.com (550 no)", "RTTT", true, false, false},
		{"hangs up at RCPT after a refusal", script{"RCPT 2": "550 no", "RCPT 3": hangUp}, "closed the connection; before that it refused leads@example.com (550 no)", "TRTT", false, false, false},
		{"nonsense at RCPT", script{"RCPT 2": "what?"}, "does not speak SMTP", nobody, false, false, false},
		{"a code without meaning at RCPT", script{"RCPT 2": "354 go on"}, "answered the recipient leads@example.com with 354 go on", nobody, false, false, false},
		{"hangs up at RCPT", script{"RCPT 3": hangUp}, "closed the connection", nobody, false, false, false},
		{"silent at RCPT", script{"RCPT 3": silence}, "did not answer in time", nobody, false, false, false},
		{"refuses DATA", script{"DATA": "554 5.5.1 no valid recipients"}, "refused the message: 554 5.5.1 no valid recipients", nobody, false, false, false},
		{"refuses DATA for now", script{"DATA": "451 later"}, "refused the message: 451 later", nobody, true, false, false},
		{"refuses a recipient and DATA", script{"RCPT 2": "550 no", "DATA": "554 5.7.1 not this one"}, "refused the message: 554 5.7.1 not this one; before that it refused leads@example.com (550 no)", "TRTT", false, false, false},
		{"421 at DATA", script{"DATA": "421 shutting down"}, "421 shutting down", nobody, true, false, false},
		{"hangs up at DATA", script{"DATA": hangUp}, "closed the connection", nobody, false, false, false},
		{"silent at DATA", script{"DATA": silence}, "did not answer in time", nobody, false, false, false},
		{"nonsense at DATA", script{"DATA": "what?"}, "does not speak SMTP", nobody, false, false, false},
		{"refuses after the dot", script{"dot": "552 5.3.4 too big"}, "refused the message: 552 5.3.4 too big", nobody, false, false, true},
		{"refuses a recipient and the message", script{"RCPT 2": "550 no", "RCPT 3": "451 later", "dot": "554 5.7.1 spam"}, "refused the message: 554 5.7.1 spam; before that it refused leads@example.com (550 no), anna@example.com (451 later)", "TRTT", false, false, true},
		{"later, after the dot", script{"dot": "451 4.3.0 disk full"}, "refused the message: 451 4.3.0 disk full", nobody, true, false, true},
		{"421 after the dot", script{"dot": "421 shutting down"}, "refused the message: 421 shutting down", nobody, true, false, true},
		{"hangs up after the dot", script{"dot": hangUp}, "the message was handed over, and no answer to it came", doubt, false, true, true},
		{"refuses some and hangs up after the dot", script{"RCPT 2": "550 no", "RCPT 3": "451 later", "dot": hangUp}, "before that it refused leads@example.com (550 no), anna@example.com (451 later)", "DRTD", false, true, true},
		{"silent after the dot", script{"dot": silence}, "the message was handed over, and no answer to it came", doubt, false, true, true},
		{"nonsense after the dot", script{"dot": "ok!"}, "the message was handed over, and no answer to it came", doubt, false, true, true},
		{"another code after the dot", script{"dot": "354 go on"}, "the message was handed over, and no answer to it came", doubt, false, true, true},
		{"half an answer after the dot", script{"dot": "250-queued\r\n250"[:12]}, "the message was handed over, and no answer to it came", doubt, false, true, true},
		{"QUIT fails", script{"QUIT": "500 no"}, "", all, false, false, true},
		{"hangs up at QUIT", script{"QUIT": hangUp}, "", all, false, false, true},
		{"silent at QUIT", script{"QUIT": silence}, "", all, false, false, true},
		{"control characters", script{"MAIL": "550 \x1b[31mred\x07 żółw \xff"}, `550 \x1b[31mred\a żółw \ufffd`, "", false, false, false},
		{"talks without end", script{"MAIL": strings.Repeat("250-"+strings.Repeat("x", 996)+"\r\n", 2200) + "250 ok"}, "the answer does not end", "", false, false, false},
		{"SIZE too small", script{"EHLO": "250-mail.test\r\n250 SIZE 1000"}, "takes messages of up to", "", false, false, false},
		{"SIZE without a number", script{"EHLO": "250-mail.test\r\n250 SIZE"}, "", all, false, false, true},
		{"SIZE zero is no bound", script{"EHLO": "250-mail.test\r\n250 SIZE 0"}, "", all, false, false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server, played := test.script.serve(t)
			patience := time.Minute
			if test.script.stalls() {
				patience = 500 * time.Millisecond // far more than a busy machine takes for the steps before
			}
			a, receipt, err := deliver(t, server, Options{Timeouts: Timeouts{Connect: time.Minute, Command: patience, Block: patience, Dot: patience}})
			if got := letters(receipt.Replies); got != test.replies {
				t.Errorf("replies %s, want %s: %+v", got, test.replies, receipt.Replies)
			}
			for i, r := range receipt.Replies {
				if r.Recipient != a.Envelope.Recipients[i] || r.Text == "" {
					t.Errorf("reply %d is of %q: %q", i, r.Recipient, r.Text)
				}
			}
			if outputs.IsInDoubt(err) != test.doubt || outputs.IsTemporary(err) != test.temp {
				t.Errorf("in doubt %v, temporary %v: %v", outputs.IsInDoubt(err), outputs.IsTemporary(err), err)
			}
			played.mu.Lock()
			defer played.mu.Unlock()
			if played.whole && !test.whole {
				t.Error("the whole message was handed over")
			}
			if test.want == "" {
				if err != nil {
					t.Fatalf("not delivered: %v", err)
				}
				for _, r := range receipt.Replies {
					if r.Accepted && !strings.HasPrefix(r.Text, "250 2.0.0 queued") && !strings.HasPrefix(r.Text, "250 queued") {
						t.Errorf("%s was served with the words %q", r.Recipient, r.Text)
					}
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
			if receipt.Where != "" {
				t.Errorf("it went to %q", receipt.Where)
			}
		})
	}
}

// letters are a reply each: A for accepted, D for in doubt, T for temporary, R for refused for good.
func letters(replies []outputs.Reply) string {
	var b strings.Builder
	for _, r := range replies {
		switch {
		case r.Accepted && (r.Temporary || r.InDoubt):
			b.WriteByte('?')
		case r.Accepted:
			b.WriteByte('A')
		case r.InDoubt:
			b.WriteByte('D')
		case r.Temporary:
			b.WriteByte('T')
		default:
			b.WriteByte('R')
		}
	}
	return b.String()
}

// TestEachStepHasItsOwnTime: a server may take longer over all than any one step is allowed, and longest after the dot.
func TestEachStepHasItsOwnTime(t *testing.T) {
	t.Parallel()
	server, _ := script{
		"greeting": slowly + "220 mail.test", "RCPT 1": slowly + "250 ok", "RCPT 2": slowly + "250 ok", "dot": slowly + "250 ok",
	}.serve(t)
	_, _, err := deliver(t, server, Options{Timeouts: Timeouts{Connect: slow / 2, Command: 2 * slow, Block: slow / 2, Dot: 2 * slow}})
	if err != nil {
		t.Error(err)
	}
}

// large is a sender of a message that no buffer on the way can hold.
func large(t *testing.T, server outputs.MailServer, o Options) (outputs.Output, outputs.Artifact) {
	t.Helper()
	want := target()
	want.Outbox, want.Server = nil, &server
	s, err := New(want, formats(workbook{make([]byte, 6<<20)}), o)
	if err != nil {
		t.Fatal(err)
	}
	return s, rendered(t, s)
}

func TestBrokenInTheMessage(t *testing.T) {
	for name, answer := range map[string]string{"hangs up": hangUp, "421": "421 shutting down"} {
		t.Run(name, func(t *testing.T) {
			server, _ := script{"half": answer}.serve(t)
			s, a := large(t, server, Options{})
			if _, err := s.Deliver(t.Context(), a, deliveryKey()); err == nil || outputs.IsInDoubt(err) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestServerThatReadsNoMore(t *testing.T) {
	server, played := script{}.serve(t)
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, address)
		return &stuck{Conn: c}, err
	}
	s, a := large(t, server, Options{Dial: dial, Timeouts: Timeouts{Block: 200 * time.Millisecond}})
	_, err := s.Deliver(t.Context(), a, deliveryKey())
	if err == nil || outputs.IsInDoubt(err) || !strings.Contains(err.Error(), "did not answer in time") {
		t.Errorf("got %v", err)
	}
	played.mu.Lock()
	defer played.mu.Unlock()
	if played.whole {
		t.Error("the message was ended")
	}
}

// stuck takes a megabyte, and then nothing more.
type stuck struct {
	net.Conn
	taken    int
	deadline time.Time
}

func (s *stuck) SetDeadline(t time.Time) error {
	s.deadline = t
	return s.Conn.SetDeadline(t)
}

func (s *stuck) Write(p []byte) (int, error) {
	if s.taken += len(p); s.taken > 1<<20 {
		time.Sleep(time.Until(s.deadline))
	}
	return s.Conn.Write(p)
}

func TestCancelling(t *testing.T) {
	for _, test := range []struct {
		step  string
		doubt bool
	}{{"greeting", false}, {"MAIL", false}, {"RCPT 2", false}, {"DATA", false}, {"dot", true}} {
		t.Run(test.step, func(t *testing.T) {
			server, played := script{test.step: silence}.serve(t)
			want := target()
			want.Outbox, want.Server = nil, &server
			s := sender(t, want, Options{})
			a := rendered(t, s)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-played.reached
				cancel()
			}()
			_, err := s.Deliver(ctx, a, deliveryKey())
			if !errors.Is(err, context.Canceled) || outputs.IsInDoubt(err) != test.doubt {
				t.Errorf("in doubt %v, want %v: %v", outputs.IsInDoubt(err), test.doubt, err)
			}
		})
	}
}

// TestChangedOnDisk: what is not what was rendered must not be ended with a dot, and no later command may end it either.
func TestChangedOnDisk(t *testing.T) {
	server, played := script{}.serve(t)
	want := target()
	want.Outbox, want.Server = nil, &server
	s := sender(t, want, Options{})
	a := rendered(t, s)
	data := contentOf(t, a.Path)
	writeFile(t, a.Path, data[:len(data)/2])
	_, err := s.Deliver(t.Context(), a, deliveryKey())
	if err == nil || !strings.Contains(err.Error(), "not the one that was rendered") || outputs.IsInDoubt(err) {
		t.Errorf("got %v", err)
	}
	if played.whole || played.heard("QUIT") {
		t.Error("the message was ended")
	}
}

func TestSizeIsAnnounced(t *testing.T) {
	server, played := script{}.serve(t)
	a, _, err := deliver(t, server, Options{Hello: "reports.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	if !played.heard(fmt.Sprintf("MAIL FROM:<reports@example.com> SIZE=%d", a.Size)) || !played.heard("EHLO reports.example.com") {
		t.Errorf("it said %q", played.commands)
	}
}

// TestServedBeyondASCII: an address in the headers alone needs the server's SMTPUTF8 as well.
func TestServedBeyondASCII(t *testing.T) {
	server, played := script{"EHLO": "250-mail.test\r\n250 SMTPUTF8"}.serve(t)
	want := target()
	want.Outbox, want.Server = nil, &server
	want.To[0].Address = "grażyna@żółw.example.com"
	want.Served = []string{want.To[0].Address}
	s := sender(t, want, Options{})
	if _, err := s.Deliver(t.Context(), rendered(t, s), deliveryKey()); err != nil {
		t.Fatal(err)
	}
	if !played.heard("MAIL FROM:<reports@example.com> BODY=8BITMIME SMTPUTF8") || played.heard("RCPT TO:<grażyna") {
		t.Errorf("it said %q", played.commands)
	}
}

func TestAddressesBeyondASCII(t *testing.T) {
	for _, test := range []struct {
		name, ehlo, address, want string
	}{
		{"offered", "250-mail.test\r\n250-8BITMIME\r\n250 SMTPUTF8", "grażyna@żółw.example.com", ""},
		{"not offered", "250 mail.test", "grażyna@żółw.example.com", `(it does not offer SMTPUTF8), and "grażyna@żółw.example.com" is one`},
		{"not offered, domain alone", "250 mail.test", "anna@żółw.example.com", "; it takes it as anna@xn--w-uga1v8h.example.com"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server, played := script{"EHLO": test.ehlo}.serve(t)
			want := target()
			want.Outbox, want.Server = nil, &server
			want.To[0].Address = test.address
			s := sender(t, want, Options{})
			_, err := s.Deliver(t.Context(), rendered(t, s), deliveryKey())
			if test.want != "" {
				if err == nil || !strings.HasSuffix(err.Error(), test.want) || played.heard("MAIL FROM") {
					t.Errorf("got %v after %q", err, played.commands)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !played.heard("MAIL FROM:<reports@example.com> BODY=8BITMIME SMTPUTF8") || !played.heard("RCPT TO:<grażyna@żółw.example.com>") {
				t.Errorf("it said %q", played.commands)
			}
		})
	}
}
