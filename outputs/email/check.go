package email

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/reportform/reportform/outputs"
)

// checkLine refuses what cannot stand on one line of a header: a line break in a value would begin a header of its own.
func checkLine(field, value string) error {
	if !utf8.ValidString(value) {
		return fmt.Errorf("%s is not valid UTF-8: %q", field, value)
	}
	if i := strings.IndexFunc(value, unicode.IsControl); i >= 0 {
		return fmt.Errorf("%s holds a line break or another control character: %q", field, value)
	}
	return nil
}

// longestDisplayName keeps a header below the 998 characters that a line may have.
const longestDisplayName = 200

// checkAddress refuses an address that would not survive the way into a header or a command. A nil address is none.
func checkAddress(field string, a *mail.Address) error {
	if a == nil {
		return nil
	}
	if err := checkLine(field, a.Name); err != nil {
		return err
	}
	if utf8.RuneCountInString(a.Name) > longestDisplayName {
		return fmt.Errorf("%s has a name of more than %d characters: %q", field, longestDisplayName, a.Name)
	}
	bare := &mail.Address{Address: a.Address}
	parsed, err := mail.ParseAddress(bare.String())
	if err != nil || parsed.Address != a.Address || parsed.Name != "" || checkLine(field, a.Address) != nil || len(a.Address) > 254 {
		return fmt.Errorf("%s is not an address: %q", field, a.Address)
	}
	// net/mail leaves a backslash in an encoded word, where no parser takes it, its own neither.
	if parsed, err := mail.ParseAddress(a.String()); err != nil || parsed.Address != a.Address {
		return fmt.Errorf("%s has a name that cannot stand in a mail's header: %q", field, a.Name)
	}
	return nil
}

// checkServer completes the settings of a server and refuses those that would send a secret in the clear.
func checkServer(s outputs.MailServer) (outputs.MailServer, *tls.Config, error) {
	if s.Host == "" {
		return s, nil, errors.New("a mail server needs a host")
	}
	if s.Security == "" {
		s.Security = "starttls"
	}
	port, ok := map[string]int{"starttls": 587, "tls": 465, "none": 25}[s.Security]
	if !ok {
		return s, nil, fmt.Errorf("security is starttls, tls or none, not %q", s.Security)
	}
	if s.Port == 0 {
		s.Port = port
	}
	if s.Auth == "" {
		s.Auth = "auto"
	}
	if s.Auth != "auto" && s.Auth != "none" && s.Auth != tokenAuth && mechanisms[s.Auth] == nil {
		return s, nil, fmt.Errorf("auth is auto, plain, login, cram-md5, scram-sha-256, xoauth2 or none, not %q", s.Auth)
	}
	if s.Auth == "auto" && s.Token != nil {
		s.Auth = tokenAuth
	}
	switch {
	case s.Auth == tokenAuth && s.Token == nil:
		return s, nil, errors.New("auth xoauth2 needs a token: say by oauth2 where it is had")
	case s.Auth == "auto" && s.Username == "":
		s.Auth = "none"
	case s.Auth != "none" && s.Username == "":
		return s, nil, fmt.Errorf("auth %s needs a username", s.Auth)
	}
	if s.Security == "none" && !isLoopback(s.Host) {
		if s.Auth != "none" {
			secret := "password"
			if s.Auth == tokenAuth {
				secret = "token"
			}
			return s, nil, fmt.Errorf("%s would get the %s over a connection that is not encrypted: use security starttls or tls", s.Host, secret)
		}
		if !s.AllowPlaintext {
			return s, nil, fmt.Errorf("%s would get the report over a connection that is not encrypted: use security starttls or tls, or say allow_plaintext: true", s.Host)
		}
	}
	config := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
	if len(s.CAs) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool() // A system without roots of its own.
		}
		if !pool.AppendCertsFromPEM(s.CAs) {
			return s, nil, errors.New("ca_file holds no certificate in PEM form")
		}
		config.RootCAs = pool
	}
	return s, config, nil
}

// isLoopback reports whether host names this machine.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// needsUTF8 reports whether an address can only be used with a server that knows SMTPUTF8 (RFC 6531).
func needsUTF8(addresses ...string) bool {
	return slices.ContainsFunc(addresses, func(a string) bool {
		return strings.ContainsFunc(a, func(r rune) bool { return r > unicode.MaxASCII })
	})
}
