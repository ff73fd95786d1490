package source

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

// secretive asks base with every kind of secret.
func secretive(t *testing.T, base string) Request {
	r := unpaged(request(t, base, numbers()))
	r.Username, r.Password = "api", expr.NewSecret("hunter2!")
	r.Headers = map[string]string{"X-Api-Key": "0123456789"}
	return r
}

func TestRedirectWithinTheHostKeepsCredentials(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/numbers" {
			http.Redirect(w, r, "/moved?"+r.URL.RawQuery, http.StatusTemporaryRedirect)
			return
		}
		if _, password, _ := r.BasicAuth(); password != "hunter2!" || r.Header.Get("X-Api-Key") == "" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, `[{"n":1}]`)
	})
	if got, err := New(Options{}).Fetch(t.Context(), secretive(t, base)); err != nil || got.Len() != 1 {
		t.Errorf("error is %v", err)
	}
}

// Another host is asked as by a stranger, and so is the first one when a stranger sends us back.
func TestRedirectElsewhereDropsCredentials(t *testing.T) {
	var asked []string
	stranger := func(where string, w http.ResponseWriter, r *http.Request) {
		asked = append(asked, where)
		for _, name := range []string{"Authorization", "X-Api-Key", "Referer", "Cookie"} {
			if v := r.Header.Get(name); v != "" {
				t.Errorf("%s was sent %s: %s", where, name, v)
			}
		}
		if r.Header.Get("Accept") == "" {
			t.Error("Accept is missing")
		}
	}
	var home string
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		stranger("other", w, r)
		http.Redirect(w, r, home+"/back", http.StatusFound)
	})
	home = serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/numbers" {
			u, _ := url.Parse(other)
			u.User = url.UserPassword("from", "location")
			http.Redirect(w, r, u.String()+"/", http.StatusPermanentRedirect)
			return
		}
		stranger("home", w, r)
		fmt.Fprint(w, `[{"n":1}]`)
	})
	got, err := New(Options{}).Fetch(t.Context(), secretive(t, home))
	if err != nil || got.Len() != 1 || strings.Join(asked, " ") != "other home" {
		t.Errorf("asked %v, error is %v", asked, err)
	}
}

func TestRedirectsThatAreRefused(t *testing.T) {
	t.Run("without end", func(t *testing.T) {
		e := fails(t, KindRedirect, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		}, nil)
		if e.Attempts != 1 || strings.Contains(e.Error(), "numbersxx") {
			t.Errorf("after %d attempts: %v", e.Attempts, e)
		}
	})
	t.Run("https to http", func(t *testing.T) {
		plain := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("was asked without https") })
		server := httptest.NewTLSServer(http.RedirectHandler(plain, http.StatusFound))
		t.Cleanup(server.Close)
		c, _ := client(Options{Transport: server.Client().Transport})
		_, err := c.Fetch(t.Context(), secretive(t, server.URL))
		if e, ok := errors.AsType[*Error](err); !ok || e.Kind != KindRedirect || !strings.Contains(e.Error(), "from https to http") {
			t.Errorf("error is %v", err)
		}
	})
}

func TestCertificatesAreChecked(t *testing.T) {
	server := httptest.NewTLSServer(counting(3))
	t.Cleanup(server.Close)
	server.Config.ErrorLog = nil
	c, _ := client(Options{})
	_, err := c.Fetch(t.Context(), request(t, server.URL, numbers()))
	if e, ok := errors.AsType[*Error](err); !ok || e.Kind != KindConnection || e.Attempts != 1 {
		t.Errorf("error is %v", err)
	}
}

func TestBaseURLs(t *testing.T) {
	for base, says := range map[string]string{
		"ftp://example.com":                  "whole http or https URL",
		"example.com/api":                    "whole http or https URL",
		"http://example.com":                 "without https",
		"https://user:secret9@example.com":   "no user",
		"https://example.com/?token=secret9": "no user, query",
		"https://exa mple.com:secret9":       "not a URL",
	} {
		_, err := New(Options{}).Fetch(t.Context(), secretive(t, base))
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "secret9") {
			t.Errorf("%s gives %v", base, err)
		}
	}
}

func TestGuard(t *testing.T) {
	policy := func(host string) bool { return host == "intern.example.com" }
	for _, c := range []struct {
		base, host, address string
		allowed             bool
	}{
		{"api.example.com", "api.example.com", "93.184.216.34", true},
		{"api.example.com", "api.example.com", "2606:2800:220:1::1", true},
		{"api.example.com", "api.example.com", "127.0.0.1", false},
		{"api.example.com", "api.example.com", "::1", false},
		{"api.example.com", "api.example.com", "::ffff:127.0.0.1", false},
		{"api.example.com", "api.example.com", "0.0.0.0", false},
		{"api.example.com", "localhost", "127.0.0.1", false}, // a redirect
		{"localhost", "localhost", "127.0.0.1", true},
		{"127.0.0.1", "127.0.0.1", "127.0.0.1", true},
		{"localhost", "localhost", "10.0.0.5", false},
		{"api.example.com", "api.example.com", "10.0.0.5", false},
		{"api.example.com", "10.0.0.5", "10.0.0.5", false}, // a redirect
		{"10.0.0.5", "10.0.0.5", "10.0.0.5", true},
		{"fd12::5", "fd12::5", "fd12::5", true},
		{"intern.example.com", "intern.example.com", "10.0.0.5", true},
		{"intern.example.com", "intern.example.com", "100.64.3.2", true},
		{"api.example.com", "api.example.com", "100.64.3.2", false},
		{"intern.example.com", "intern.example.com", "169.254.169.254", false},
		{"169.254.169.254", "169.254.169.254", "169.254.169.254", false},
		{"api.example.com", "api.example.com", "::ffff:169.254.169.254", false},
		{"api.example.com", "api.example.com", "64:ff9b::a9fe:a9fe", false},
		{"api.example.com", "api.example.com", "fe80::1%eth0", false},
		{"intern.example.com", "intern.example.com", "fd00:ec2::254", false},
		{"intern.example.com", "intern.example.com", "100.100.100.200", false},
		{"api.example.com", "api.example.com", "224.0.0.1", false},
		{"api.example.com", "api.example.com", "255.255.255.255", false},
	} {
		err := guard{named: []string{c.base}, allowPrivate: policy}.check(c.host, netip.MustParseAddr(c.address))
		if (err == nil) != c.allowed {
			t.Errorf("base %s, host %s at %s: %v", c.base, c.host, c.address, err)
		}
	}
}

// The guard stands in the way of real requests, a redirect's too, and its refusal is not tried again.
func TestGuardIsInPlace(t *testing.T) {
	inside := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("was asked") })
	u, _ := url.Parse(inside)
	e := fails(t, KindConnection, http.RedirectHandler("http://localhost:"+u.Port(), http.StatusFound).ServeHTTP, nil)
	if !errors.Is(e, errAddress) || e.Attempts != 1 || !strings.Contains(e.Error(), "; the API redirects there") {
		t.Errorf("after %d attempts: %v", e.Attempts, e)
	}
}
