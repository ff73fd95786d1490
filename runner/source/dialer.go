package source

import (
	"context"
	"net"
)

// Dialer returns a dialler for a server that the configuration names itself, such as one for mail: it may stand in a
// private network, and never at an address that hands out credentials or belongs to no server. The check is on the
// resolved address, as for requests.
func Dialer(host string) func(ctx context.Context, network, address string) (net.Conn, error) {
	return guard{named: []string{host}, allowPrivate: func(string) bool { return true }}.dial
}
