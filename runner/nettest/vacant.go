// Package nettest has what tests of several packages need of the network.
package nettest

import (
	"context"
	"errors"
	"net"
)

// Vacant returns an address of this machine at which nobody listens, and at which nobody will before release is called: it
// is the near end of a connection. The port of a listener that was closed goes to whoever listens next.
func Vacant(ctx context.Context) (_ *net.TCPAddr, release func(), _ error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	near, err := new(net.Dialer).DialContext(ctx, "tcp", listener.Addr().String())
	if err != nil {
		return nil, nil, errors.Join(err, listener.Close())
	}
	return near.LocalAddr().(*net.TCPAddr), func() { _, _ = near.Close(), listener.Close() }, nil
}
