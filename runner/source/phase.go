package source

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
)

// phase is how far a request came: a failure is told, and mended, by where it happened.
type phase int32

const (
	lookingUp phase = iota
	connecting
	encrypting
	waiting // for the answer's head
	reading // the answer's body
)

// progress follows one request. It is written by the goroutines that connect.
type progress struct{ phase atomic.Int32 }

// follow returns a context whose request tells p how far it came.
func (p *progress) follow(ctx context.Context) context.Context {
	reach := func(to phase) { p.phase.Store(int32(to)) }
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:              func(string) { reach(lookingUp) },
		ConnectStart:         func(string, string) { reach(connecting) },
		TLSHandshakeStart:    func() { reach(encrypting) },
		GotConn:              func(httptrace.GotConnInfo) { reach(waiting) },
		GotFirstResponseByte: func() { reach(reading) },
	})
}

// at is how far the request came.
func (p *progress) at() phase { return phase(p.phase.Load()) }
