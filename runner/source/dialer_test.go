package source

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

// A mail server may stand in a private network, and never where machines keep their credentials.
func TestDialer(t *testing.T) {
	for _, host := range []string{"169.254.169.254", "100.100.100.200", "fe80::1"} {
		_, err := Dialer(host)(t.Context(), "tcp", "["+host+"]:25")
		if !strings.Contains(fmt.Sprint(err), "resolves to") {
			t.Errorf("%s: %v", host, err)
		}
	}
	g := guard{named: []string{"mail.example.com", "localhost"}, allowPrivate: func(string) bool { return true }}
	for host, address := range map[string]string{"mail.example.com": "10.1.2.3", "localhost": "127.0.0.1"} {
		if err := g.check(host, netip.MustParseAddr(address)); err != nil {
			t.Errorf("%s at %s: %v", host, address, err)
		}
	}
}
