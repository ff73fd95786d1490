package cli_test

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/reportform/reportform/runner/state"
)

// moment is a point in the handing over of a message at which something may break.
type moment int

const (
	beforeData   moment = iota // the program has said DATA, and the server has not heard it
	inData                     // a part of the message has been passed on
	beforeAnswer               // the server has the whole message, and the program has not heard that it took it
	afterAnswer                // the program was told
)

// postOffice is a mail server behind a proxy that hears what is said, and may break the connection or stop the program
// at any moment of any message. What it takes lies as N.eml in a folder.
type postOffice struct {
	*mailServer
	port int

	mu sync.Mutex
	// at is asked at each moment of a message to somebody, and says whether the connection breaks then.
	at func(m moment, to string) (breaks bool)
}

// openPostOffice opens one on loopback for as long as the test lasts.
func openPostOffice(t testing.TB) *postOffice {
	t.Helper()
	p := &postOffice{mailServer: &mailServer{dir: t.TempDir(), refused: map[string]bool{}}}
	listen := func() net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		return l
	}
	inner, outer := listen(), listen()
	server := smtp.NewServer(p.mailServer)
	server.Domain, server.AllowInsecureAuth = "localhost", true
	server.ErrorLog = log.New(io.Discard, "", 0) // connections that break are what this is about
	t.Cleanup(func() { _ = server.Close() })
	go func() { _ = server.Serve(inner) }()
	p.port = outer.Addr().(*net.TCPAddr).Port
	go func() {
		for {
			client, err := outer.Accept()
			if err != nil {
				return
			}
			go p.pass(client, inner.Addr().String())
		}
	}()
	return p
}

// breaking says what happens from now on; nil lets everything pass.
func (p *postOffice) breaking(at func(m moment, to string) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = at
}

// breaks asks whether the connection breaks at a moment of a message.
func (p *postOffice) breaks(m moment, to string) bool {
	p.mu.Lock()
	at := p.at
	p.mu.Unlock()
	return at != nil && at(m, to)
}

// pass hands on what a client and the server say, line by line, until one of them hangs up or the connection breaks.
func (p *postOffice) pass(client net.Conn, address string) {
	defer client.Close()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	// listening: the server has asked for the message. ended: the program has sent the final dot.
	var listening, ended atomic.Bool
	to := ""
	go func() {
		defer client.Close()
		defer server.Close()
		for answers := bufio.NewReader(server); ; {
			line, err := answers.ReadString('\n')
			if err != nil {
				return
			}
			if strings.HasPrefix(line, "354") {
				listening.Store(true)
			}
			final := ended.Swap(false)
			if final && p.breaks(beforeAnswer, to) {
				return
			}
			if _, err := io.WriteString(client, line); err != nil || final && p.breaks(afterAnswer, to) {
				return
			}
		}
	}()
	first := false
	passed := bufio.NewWriter(server)
	for words := bufio.NewReader(client); ; {
		line, err := words.ReadString('\n')
		if err != nil {
			return
		}
		switch word := strings.TrimSpace(line); {
		case !listening.Load() && strings.HasPrefix(word, "RCPT TO:<"):
			to, _, _ = strings.Cut(strings.TrimPrefix(word, "RCPT TO:<"), ">")
		case !listening.Load() && word == "DATA":
			if first = true; p.breaks(beforeData, to) {
				return
			}
		case listening.Load() && line == ".\r\n":
			listening.Store(false)
			ended.Store(true)
		}
		_, err = passed.WriteString(line)
		if words.Buffered() == 0 {
			err = passed.Flush() // a large message goes on in large pieces
		}
		if err != nil {
			return
		}
		if listening.Load() && first {
			if first = false; p.breaks(inData, to) {
				return
			}
		}
	}
}

// taken counts the messages that the server took, by their recipient: here each destination has one of its own.
func (p *postOffice) taken(t testing.TB) map[string]int {
	t.Helper()
	out := map[string]int{}
	heads, err := filepath.Glob(filepath.Join(p.dir, "*.head"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range heads {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		to, _, _ := strings.Cut(string(data), "\n")
		out[strings.TrimPrefix(to, "Envelope-To: ")]++
	}
	return out
}

// The connection to the mail server breaks: where the message cannot have arrived, it is due again; where nobody knows,
// it is in doubt and not sent again.
func TestBrokenConnection(t *testing.T) {
	t.Parallel()
	// The workbook is larger than what the machine takes in for a connection before anybody has read it. So it is known
	// that the end of the message was not handed over when the connection breaks within it.
	rows, good := chats(300), brokenAPI()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/large/") {
			good.ServeHTTP(w, r)
			return
		}
		page := httptest.NewRecorder()
		rows.ServeHTTP(page, r)
		random, long := rand.NewChaCha8(sha256.Sum256([]byte(r.FormValue("offset")))), make([]byte, 10_000)
		w.Header().Set("Content-Type", "application/json")
		for i, part := range strings.Split(page.Body.String(), "Łukasz") {
			if i > 0 {
				_, _ = random.Read(long)
				fmt.Fprintf(w, "%x", long)
			}
			_, _ = io.WriteString(w, part)
		}
	}))
	t.Cleanup(api.Close)
	office := openPostOffice(t)
	p := process{dir: t.TempDir(), env: []string{"NOW=2026-11-22T10:00:00Z"}}
	write(t, p.dir, "reports.yaml", fmt.Sprintf(`version: 1
settings: {project: p, timezone: Europe/Warsaw}
connections:
  thulium: {type: thulium, base_url: %[1]s/good, username: api, password: "${env.API_PASSWORD}"}
  large: {type: thulium, base_url: %[1]s/large, username: api, password: "${env.API_PASSWORD}"}
  office: {type: smtp, host: localhost, port: %[2]d, security: none, auth: plain, username: reports, password: "${env.SMTP_PASSWORD}", from: reports@example.com}
reports:
  large:
    range: last_week
    datasets: {by_hour: {source: large.chats_summary, aggregate_by: hour}}
    destinations:
      within: {email: {via: office, to: [within@example.com], subject: Chats, attach: [workbook]}}
  weekly:
    range: last_week
    datasets: {by_day: {source: thulium.chats_summary, aggregate_by: day}}
    destinations:
      before: {email: {via: office, to: [before@example.com], subject: Chats, attach: [workbook]}}
      answer: {email: {via: office, to: [answer@example.com], subject: Chats, attach: [workbook]}}
      resent: {email: {via: office, to: [resent@example.com], subject: Chats, attach: [workbook], in_doubt: resend}}
`, api.URL, office.port))
	expect := func(code int, kinds map[string]state.Kind, taken map[string]int, words ...string) {
		t.Helper()
		got, out := p.run(t, "apply", "--auto-approve", "--budget", "0s")
		if got != code {
			t.Errorf("exit %d, want %d", got, code)
		}
		for _, w := range words {
			if !strings.Contains(out, w) {
				t.Errorf("%q is not said", w)
			}
		}
		for address, want := range kinds {
			records, err := state.OpenFile(filepath.Join(p.dir, ".reportform")).Records(t.Context(), state.Key{Project: "p", Address: address, Range: "2026-11-09..2026-11-15"})
			if err != nil {
				t.Fatal(err)
			}
			// Both what was written down and what it comes to.
			if s := state.Fold(records, false); s.Kind != want || s.Record.Kind != want {
				t.Errorf("%s: %q by the record %q, want %q", address, s.Kind, s.Record.Kind, want)
			}
		}
		if got := office.taken(t); !maps.Equal(got, taken) {
			t.Errorf("the server took %v, want %v", got, taken)
		}
		if t.Failed() {
			t.Fatal(out)
		}
	}
	office.breaking(func(m moment, to string) bool {
		return map[string]moment{"before@example.com": beforeData, "within@example.com": inData, "answer@example.com": beforeAnswer, "resent@example.com": beforeAnswer}[to] == m
	})
	expect(1, map[string]state.Kind{"weekly.before": state.Failed, "large.within": state.Failed, "weekly.answer": state.InDoubt, "weekly.resent": state.InDoubt},
		map[string]int{"answer@example.com": 1, "resent@example.com": 1},
		"weekly.before@2026-11-09..2026-11-15 was not delivered", "large.within@2026-11-09..2026-11-15 was not delivered",
		"Nobody can know whether weekly.answer@2026-11-09..2026-11-15 has arrived",
		"state resolve weekly.answer@2026-11-09..2026-11-15 --delivered",
		"Whether weekly.resent@2026-11-09..2026-11-15 has arrived is not known", "The next apply sends it again, as in_doubt: resend says.",
		"Apply incomplete: 3 failed, 1 in doubt.")
	office.breaking(nil)
	expect(1, map[string]state.Kind{"weekly.before": state.Delivered, "large.within": state.Delivered, "weekly.answer": state.InDoubt, "weekly.resent": state.Delivered},
		map[string]int{"answer@example.com": 1, "before@example.com": 1, "within@example.com": 1, "resent@example.com": 2},
		"Nobody can know whether weekly.answer@2026-11-09..2026-11-15 has arrived", "Apply incomplete: 3 sent, 1 in doubt.")
}
