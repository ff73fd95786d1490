package email

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
)

// What a script can do beside answering.
const (
	hangUp  = "(hangs up)"
	silence = "(says nothing)"
	slowly  = "(takes its time) " // before an answer
	slow    = 500 * time.Millisecond
)

// script is a mail server that answers each step as a test wants: "greeting", a command's first word, "RCPT 2" for
// the second recipient, "half" in the middle of the message, "dot" after it. What it does not name goes well.
type script map[string]string

// stalls reports whether the server leaves its client waiting for an answer, or for the rest of one.
func (s script) stalls() bool {
	for _, answer := range s {
		if answer == silence || strings.HasSuffix(answer, "\r\n") {
			return true
		}
	}
	return false
}

// played is what a script was told.
type played struct {
	mu       sync.Mutex
	commands []string
	// whole is set when the final dot arrived.
	whole bool
	// reached is closed when the server falls silent.
	reached chan struct{}
}

func (p *played) heard(command string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.commands {
		if strings.HasPrefix(c, command) {
			return true
		}
	}
	return false
}

func (s script) serve(t *testing.T) (outputs.MailServer, *played) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &played{reached: make(chan struct{})}
	done := make(chan struct{})
	var conn net.Conn
	var mu sync.Mutex
	go func() {
		defer close(done)
		c, err := listener.Accept()
		if err != nil {
			return
		}
		mu.Lock()
		conn = c
		mu.Unlock()
		s.play(c, p)
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		mu.Lock()
		if conn != nil {
			_ = conn.Close()
		}
		mu.Unlock()
		<-done
	})
	return outputs.MailServer{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: "none"}, p
}

func (s script) play(c net.Conn, p *played) {
	defer func() { _ = c.Close() }()
	in := bufio.NewReader(c)
	answer := func(step, usual string) bool {
		if a, ok := s[step]; ok {
			usual = a
		}
		switch usual {
		case hangUp:
			return false
		case silence:
			close(p.reached)
			_, _ = io.Copy(io.Discard, in) // until the client gives up
			return false
		}
		if late, ok := strings.CutPrefix(usual, slowly); ok {
			time.Sleep(slow)
			usual = late
		}
		_, err := io.WriteString(c, usual+"\r\n")
		return err == nil && !strings.HasPrefix(usual, "421")
	}
	if !answer("greeting", "220 mail.test") {
		return
	}
	recipients := 0
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		p.mu.Lock()
		p.commands = append(p.commands, line)
		p.mu.Unlock()
		verb, _, _ := strings.Cut(line, " ")
		switch verb {
		case "EHLO":
			if !answer(verb, "250-mail.test\r\n250 SIZE 10000000") {
				return
			}
		case "RCPT":
			recipients++
			if !answer(fmt.Sprintf("RCPT %d", recipients), "250 ok") {
				return
			}
		case "DATA":
			if !answer(verb, "354 go on") {
				return
			}
			if refused := strings.HasPrefix(s["DATA"], "4") || strings.HasPrefix(s["DATA"], "5"); !refused && !s.message(in, answer, p) {
				return
			}
		case "QUIT":
			answer(verb, "221 bye")
			return
		default:
			if !answer(verb, "250 ok") {
				return
			}
		}
	}
}

func (s script) message(in *bufio.Reader, answer func(step, usual string) bool, p *played) bool {
	for n := 0; ; n++ {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if _, ok := s["half"]; ok && n == 20 {
			if !answer("half", "") {
				return false
			}
		}
		if line == ".\r\n" {
			p.mu.Lock()
			p.whole = true
			p.mu.Unlock()
			return answer("dot", "250 2.0.0 queued as 4711")
		}
	}
}
