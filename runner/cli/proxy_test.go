package cli_test

import (
	"bufio"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/emersion/go-smtp"
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
	// at is asked at each moment of message n, from 1, as they come in, and says whether the connection breaks then.
	at       func(m moment, n int) (breaks bool)
	messages int
}

// openPostOffice opens one on loopback for as long as the test lasts.
func openPostOffice(t *testing.T) *postOffice {
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
func (p *postOffice) breaking(at func(m moment, n int) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = at
}

// breaks asks whether the connection breaks at a moment of message n.
func (p *postOffice) breaks(m moment, n int) bool {
	p.mu.Lock()
	at := p.at
	p.mu.Unlock()
	return at != nil && at(m, n)
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
	n := 0
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
			if final && p.breaks(beforeAnswer, n) {
				return
			}
			if _, err := io.WriteString(client, line); err != nil || final && p.breaks(afterAnswer, n) {
				return
			}
		}
	}()
	first := false
	for words := bufio.NewReader(client); ; {
		line, err := words.ReadString('\n')
		if err != nil {
			return
		}
		switch {
		case !listening.Load() && strings.EqualFold(strings.TrimSpace(line), "DATA"):
			p.mu.Lock()
			p.messages++
			n = p.messages
			p.mu.Unlock()
			if first = true; p.breaks(beforeData, n) {
				return
			}
		case listening.Load() && line == ".\r\n":
			listening.Store(false)
			ended.Store(true)
		}
		if _, err := io.WriteString(server, line); err != nil {
			return
		}
		if listening.Load() && first {
			if first = false; p.breaks(inData, n) {
				return
			}
		}
	}
}

// taken counts the messages that the server took, by their recipient: here each destination has one of its own.
func (p *postOffice) taken(t *testing.T) map[string]int {
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
