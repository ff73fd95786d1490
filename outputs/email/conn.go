package email

import (
	"errors"
	"net"
	"time"
)

// Timeouts bound each step of a delivery. Zero values take what RFC 5321, section 4.5.3.2, asks of a client.
type Timeouts struct {
	// Connect is for the connection and, with implicit TLS, its handshake: 30 s.
	Connect time.Duration
	// Command is for the greeting and for the answer to each command: 5 min.
	Command time.Duration
	// Block is for handing over a piece of the message, and for the answer to DATA: 3 min.
	Block time.Duration
	// Dot is for the answer after the message, when the server files it: 10 min. Giving up earlier is what makes doubles.
	Dot time.Duration
}

// withDefaults fills what is not set. A connection's own timeout replaces the defaults of all steps but the last.
func (t Timeouts) withDefaults(own time.Duration) Timeouts {
	fill := func(d *time.Duration, rfc time.Duration) {
		if *d == 0 {
			*d = rfc
		}
	}
	if own > 0 {
		fill(&t.Connect, own)
		fill(&t.Command, own)
		fill(&t.Block, own)
	}
	fill(&t.Connect, 30*time.Second)
	fill(&t.Command, 5*time.Minute)
	fill(&t.Block, 3*time.Minute)
	fill(&t.Dot, 10*time.Minute)
	return t
}

// longestAnswer bounds what a server may say in one breath, in bytes.
const longestAnswer = 1 << 20

var errLongAnswer = errors.New("the answer does not end")

// stepConn gives each step its own deadline. A step begins when something is written and ends with the answer,
// however slowly that drips in. go-mail's one deadline for the whole dialogue is ignored.
type stepConn struct {
	net.Conn
	step time.Duration
	read int
}

func newStepConn(c net.Conn, step time.Duration) (*stepConn, error) {
	return &stepConn{Conn: c, step: step}, c.SetDeadline(time.Now().Add(step))
}

// Write begins a step.
func (c *stepConn) Write(p []byte) (int, error) {
	c.read = 0
	if err := c.Conn.SetDeadline(time.Now().Add(c.step)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// Read implements net.Conn within longestAnswer. Past it there is nothing more: bufio forgets an error that comes with
// half a line.
func (c *stepConn) Read(p []byte) (int, error) {
	if c.read > longestAnswer {
		return 0, errLongAnswer
	}
	n, err := c.Conn.Read(p)
	c.read += n
	return n, err
}

// SetDeadline does nothing: steps set theirs.
func (c *stepConn) SetDeadline(time.Time) error { return nil }
