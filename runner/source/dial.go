package source

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"
)

// errAddress is the cause of an [*Error] whose host resolved to an address that must not be asked.
var errAddress = errors.New("address is not allowed")

// addressError says which address that is, and wraps errAddress.
type addressError struct {
	host    string
	address netip.Addr
	why     string
}

func (e *addressError) Error() string {
	return fmt.Sprintf("the host %s is not asked: it resolves to %s, which %s", e.host, e.address, e.why)
}

// Unwrap returns errAddress.
func (e *addressError) Unwrap() error { return errAddress }

// guard dials only addresses that a definition may ask. The check is on the resolved address, at the moment of
// connecting: a name that anybody can point at 169.254.169.254 says nothing.
type guard struct {
	// named are the hosts that the connection names itself: its base URL's, and its proxy's.
	named        []string
	allowPrivate func(host string) bool
}

func (g guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{
		Timeout: connectTimeout,
		Control: func(_, resolved string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(resolved)
			if err != nil {
				return err
			}
			return g.check(host, to.Addr())
		},
	}
	return d.DialContext(ctx, network, address)
}

// These hand out credentials of cloud machines to whoever asks from within.
var (
	metadata = []netip.Addr{
		netip.MustParseAddr("fd00:ec2::254"),
		netip.MustParseAddr("100.100.100.200"),
		netip.MustParseAddr("168.63.129.16"),
		netip.MustParseAddr("192.0.0.192"),
	}
	// shared is the space between a provider and its customers' routers: private, though not by netip's word.
	shared = netip.MustParsePrefix("100.64.0.0/10")
	// nat64 carries an IPv4 address in its last four bytes.
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

// check says whether a connection to host, resolved to a, may be made.
func (g guard) check(host string, a netip.Addr) error {
	named := slices.Contains(g.named, host)
	a = a.Unmap().WithZone("")
	if nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	for _, m := range metadata {
		if a == m {
			return refused(host, a, "serves the credentials of the machine it runs on")
		}
	}
	switch {
	case a.IsLoopback():
		if named && isLoopback(host) {
			return nil
		}
		return refused(host, a, "is this machine, which the base URL does not name")
	case a.IsPrivate() || shared.Contains(a):
		literal, err := netip.ParseAddr(host)
		if err == nil && named && literal.Unmap() == a || g.allowPrivate(host) {
			return nil
		}
		return refused(host, a, "is in a private network, which neither the base URL nor the policy names")
	case a.IsLinkLocalUnicast(), !a.IsGlobalUnicast():
		return refused(host, a, "is no address of a server")
	}
	return nil
}

func refused(host string, a netip.Addr, why string) error {
	return &addressError{host, a, why}
}
