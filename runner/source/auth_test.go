package source

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

func TestHeaderAuth(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Api-Key") != "Key hunter2!" {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, "not "+r.Header.Get("X-Api-Key"))
			return
		}
		fmt.Fprint(w, `[{"n":1}]`)
	})
	for value, ok := range map[string]bool{"Key hunter2!": true, "Key hunter3!": false} {
		r := unpaged(request(t, base, numbers()))
		r.HeaderAuth = Credential{"X-Api-Key", expr.NewSecret(value)}
		_, err := New(Options{}).Fetch(t.Context(), r)
		if (err == nil) != ok {
			t.Errorf("%s: error is %v", value, err)
		}
		if e, is := errors.AsType[*Error](err); is {
			_, _, detail := e.Diagnose()
			if strings.Contains(detail+e.Error(), "hunter") || !strings.Contains(detail, "auth: {header: …}") || !e.OfConnection() {
				t.Errorf("detail is %s", detail)
			}
		}
	}
}

// A credential in the query goes with every page and is shown nowhere, not even where the API says it back.
func TestQueryAuth(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL.RequestURI())
		switch len(asked) {
		case 1:
			fmt.Fprint(w, `{"next":"?page=2&api_key=of-another","rows":[{"n":1}]}`)
		case 2:
			fmt.Fprintf(w, `{"next":"?page=3&%s","rows":[{"n":2}]}`, r.URL.RawQuery)
		default:
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, "cannot "+r.URL.RequestURI())
		}
	})
	s := numbers()
	s.Records, s.Paging = "rows", spec.Paging{NextURL: &spec.NextURLPaging{Path: "next"}}
	r := request(t, base, s)
	r.QueryAuth = Credential{"api_key", expr.NewSecret("hunter2 !")}
	var events []string
	c, _ := client(Options{Observe: func(e Event) { events = append(events, e.URL) }})
	_, err := c.Fetch(t.Context(), r)
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("error is %v", err)
	}
	want := []string{"/numbers?api_key=hunter2+%21", "/numbers?page=2&api_key=hunter2+%21", "/numbers?page=3&page=2&api_key=hunter2+%21"}
	if strings.Join(asked, " ") != strings.Join(want, " ") {
		t.Errorf("asked\n%s", strings.Join(asked, "\n"))
	}
	_, _, detail := e.Diagnose()
	for _, text := range append(events, e.Error(), detail, fmt.Sprintf("%+v", *e)) {
		if strings.Contains(text, "hunter") || strings.Contains(text, "of-another") {
			t.Errorf("the credential is in %s", text)
		}
	}
	if !strings.HasSuffix(e.URL, "api_key=(sensitive)") || !strings.HasSuffix(events[0], "?api_key=(sensitive)") {
		t.Errorf("URLs are %s and %s", e.URL, events[0])
	}
}

func TestQueryAuthFollowsNoRedirect(t *testing.T) {
	var abroad []string
	other := serve(t, func(w http.ResponseWriter, r *http.Request) {
		abroad = append(abroad, r.URL.String()+r.Header.Get("Referer"))
		fmt.Fprint(w, "[]")
	})
	for echo, kind := range map[bool]string{true: KindRedirect, false: ""} {
		h := func(w http.ResponseWriter, r *http.Request) {
			to := other + "/x"
			if echo {
				to += "?" + r.URL.RawQuery
			}
			http.Redirect(w, r, to, http.StatusFound)
		}
		change := func(r *Request) { r.QueryAuth = Credential{"api_key", expr.NewSecret("hunter2!")}; unpaged(*r) }
		if kind != "" {
			fails(t, kind, h, change)
			continue
		}
		r := request(t, serve(t, h), numbers())
		change(&r)
		_, _ = New(Options{}).Fetch(t.Context(), r)
	}
	if len(abroad) != 1 || strings.Contains(abroad[0], "hunter2") {
		t.Errorf("the other server was asked %v", abroad)
	}
}

// issuer gives the tokens token-1, token-2 and so on, each for a while.
type issuer struct {
	given   atomic.Int32
	seconds int
	form    url.Values
	user    string
	secret  string
}

func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	i.form = r.PostForm
	i.user, i.secret, _ = r.BasicAuth()
	fmt.Fprintf(w, `{"access_token":"token-%d","token_type":"bearer","expires_in":%d}`, i.given.Add(1), i.seconds)
}

// withTokens asks base with tokens of the server at issue.
func withTokens(r Request, issue string) Request {
	r.OAuth2 = &ClientCredentials{TokenURL: issue + "/token", ID: "a client", Secret: expr.NewSecret("hunter2!"), Scopes: []string{"a", "b"}, Audience: "me"}
	return r
}

// A token is asked for once for all fetches over a connection, and again when it ends.
func TestTokensAreShared(t *testing.T) {
	i := &issuer{seconds: 3600}
	issue := serve(t, i.ServeHTTP)
	pages := counting(95)
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != fmt.Sprintf("Bearer token-%d", i.given.Load()) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		pages(w, r)
	})
	c, clock := client(Options{})
	told := make(chan string, 10)
	fetch := func() {
		r := withTokens(request(t, base, numbers()), issue)
		r.Secret = func(s string) { told <- s }
		if got, err := c.Fetch(t.Context(), r); err != nil || got.Len() != 95 {
			t.Errorf("error is %v", err)
		}
	}
	var running sync.WaitGroup
	for range 4 {
		running.Go(fetch)
	}
	running.Wait()
	if n := i.given.Load(); n != 1 || <-told != "token-1" {
		t.Errorf("%d tokens were given", n)
	}
	if got := fmt.Sprint(i.form, i.user, i.secret); got != "map[audience:[me] grant_type:[client_credentials] scope:[a b]]a+clienthunter2%21" {
		t.Errorf("asked by %s", got)
	}
	_ = clock.Sleep(t.Context(), 3595*time.Second)
	fetch()
	if n := i.given.Load(); n != 2 {
		t.Errorf("%d tokens were given", n)
	}
}

// A token that the API refuses is replaced once.
func TestTokensThatAreRefused(t *testing.T) {
	i := &issuer{}
	issue := serve(t, i.ServeHTTP)
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer token-2" {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, "no "+r.Header.Get("Authorization"))
			return
		}
		fmt.Fprint(w, `[{"n":1}]`)
	})
	c, _ := client(Options{})
	if _, err := c.Fetch(t.Context(), unpaged(withTokens(request(t, base, numbers()), issue))); err != nil || i.given.Load() != 2 {
		t.Errorf("%d tokens, error is %v", i.given.Load(), err)
	}
	i.given.Store(5)
	c, clock := client(Options{})
	_, err := c.Fetch(t.Context(), unpaged(withTokens(request(t, base, numbers()), issue)))
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Kind != KindAuth || i.given.Load() != 7 || len(clock.slept) > 0 {
		t.Fatalf("%d tokens, error is %v", i.given.Load(), err)
	}
	if _, _, detail := e.Diagnose(); strings.Contains(detail+e.Error(), "token-") || !strings.Contains(detail, "oauth2_client_credentials") {
		t.Errorf("detail is %s", detail)
	}
}

// Whatever goes wrong with a token names its address, and id and secret go nowhere else.
func TestNoToken(t *testing.T) {
	var abroad atomic.Int32
	other := serve(t, func(http.ResponseWriter, *http.Request) { abroad.Add(1) })
	for name, c := range map[string]struct {
		answer   http.HandlerFunc
		kind     string
		attempts int
		says     string
	}{
		"refused":      {answers(401, `{"error":"invalid_client","secret":"hunter2!"}`), KindAuth, 1, "401 Unauthorized"},
		"a redirect":   {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other, http.StatusTemporaryRedirect) }, KindAuth, 1, "307"},
		"no JSON":      {answers(200, "<html>"), KindAuth, 1, "holds no access_token"},
		"no token":     {answers(200, `{"token":"x"}`), KindAuth, 1, "holds no access_token"},
		"another type": {answers(200, `{"access_token":"x","token_type":"mac"}`), KindAuth, 1, "not of the type Bearer"},
		"down":         {answers(503, ""), KindAuth, 2, "503"},
		"broken":       {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, KindConnection, 2, "closed the connection"},
	} {
		t.Run(name, func(t *testing.T) {
			issue := serve(t, c.answer)
			e := fails(t, c.kind, func(http.ResponseWriter, *http.Request) { t.Error("the API was asked without a token") }, func(r *Request) {
				*r = withTokens(*r, issue)
				r.Transport.Attempts = 2
			})
			_, _, detail := e.Diagnose()
			if e.Attempts != c.attempts || !strings.Contains(detail, c.says) || !strings.Contains(detail, issue+"/token") || !e.OfConnection() || strings.Contains(detail, "hunter2") {
				t.Errorf("after %d attempts: %s", e.Attempts, detail)
			}
		})
	}
	if abroad.Load() > 0 {
		t.Error("the redirect was followed")
	}
	r := withTokens(request(t, "https://api.example.com", numbers()), "http://login.example.com")
	if _, err := New(Options{}).Fetch(t.Context(), r); err == nil || !strings.Contains(err.Error(), "without https") {
		t.Errorf("error is %v", err)
	}
}

// certified makes a certificate for a client and its key.
func certified(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
}

// The certificate is shown to the connection's own server, and not to one that it redirects to.
func TestClientCertificate(t *testing.T) {
	cert, key := certified(t)
	shown := map[string]int{}
	server := func(name string, h http.HandlerFunc) *httptest.Server {
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			shown[name] += len(r.TLS.PeerCertificates)
			h(w, r)
		}))
		s.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
		s.StartTLS()
		t.Cleanup(s.Close)
		return s
	}
	other := server("other", answers(200, "[]"))
	own := server("own", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Certificate().Raw}))
	r := unpaged(request(t, own.URL, numbers()))
	r.CAs, r.Certificate, r.CertificateKey = []byte(authority), []byte(cert), expr.NewSecret(key)
	// The other server is on this machine, at a port that the base URL does not name, yet under its host.
	if _, err := New(Options{}).Fetch(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if shown["own"] != 1 || shown["other"] != 0 {
		t.Errorf("certificates were shown: %v", shown)
	}
	r.CertificateKey = expr.NewSecret("-----BEGIN hunter2-----")
	if _, err := New(Options{}).Fetch(t.Context(), r); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error is %v", err)
	}
	r.Proxy = "https://proxy.example.com"
	if _, err := New(Options{}).Fetch(t.Context(), r); err == nil || !strings.Contains(err.Error(), "do not go together") {
		t.Errorf("error is %v", err)
	}
}
