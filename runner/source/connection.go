package source

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// What is meant by the zero values of spec.Transport.
const (
	defaultTimeout     = 30 * time.Second
	defaultConcurrency = 4
	defaultAttempts    = 5
	defaultMaxWait     = 60 * time.Second
	defaultMaxResponse = 64 << 20
	defaultMaxRetries  = 100
)

// connectTimeout bounds the connecting, and once more the agreeing on an encryption.
const connectTimeout = 10 * time.Second

// connection is what all fetches over one connection share.
type connection struct {
	http *http.Client
	// slots holds one entry for each request in flight.
	slots chan struct{}
	rate  *rate.Limiter
	// tokens are those of OAuth2; nil where the connection has none.
	tokens *tokens
	// The bounds of one request.
	timeout, maxWait time.Duration
	attempts         int
	maxResponse      int64
	// maxRetries bounds retries, which counts those of all requests.
	maxRetries int
	retries    atomic.Int64
}

// connection returns the shared part of r's connection, made by its first request.
func (c *Client) connection(r Request) (*connection, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if conn, ok := c.connections[r.Connection]; ok {
		return conn, nil
	}
	t := r.Transport
	conn := &connection{
		slots:       make(chan struct{}, or(t.Concurrency, defaultConcurrency)),
		rate:        rate.NewLimiter(rate.Inf, or(t.Burst, 1)),
		timeout:     or(t.Timeout, defaultTimeout),
		maxWait:     or(t.MaxWait, defaultMaxWait),
		attempts:    or(t.Attempts, defaultAttempts),
		maxResponse: or(t.MaxResponse, defaultMaxResponse),
		maxRetries:  or(t.MaxRetries, defaultMaxRetries),
	}
	if t.Rate > 0 {
		conn.rate.SetLimit(rate.Limit(t.Rate))
	}
	carrier, err := c.carrier(r, cap(conn.slots))
	if err != nil {
		return nil, err
	}
	conn.http = &http.Client{Transport: carrier, CheckRedirect: func(req *http.Request, via []*http.Request) error {
		return checkRedirect(req, via, r.QueryAuth)
	}}
	if r.OAuth2 != nil {
		if conn.tokens, err = newTokens(*r.OAuth2, carrier, c.o, r.Secret); err != nil {
			return nil, err
		}
	}
	c.connections[r.Connection] = conn
	return conn, nil
}

// or returns v, or its default where it is not set.
func or[T int | int64 | time.Duration](v, def T) T {
	if v > 0 {
		return v
	}
	return def
}

// carrier is what r's requests travel by.
func (c *Client) carrier(r Request, concurrency int) (http.RoundTripper, error) {
	if r.Kind == "demo" {
		if c.o.Demo == nil {
			return nil, errors.New("there is no demo API in this program")
		}
		return inProcess{c.o.Demo}, nil
	}
	if c.o.Transport != nil {
		return c.o.Transport, nil
	}
	base, err := url.Parse(r.BaseURL)
	if err != nil {
		return nil, err
	}
	roots, err := roots(r.CAs)
	if err != nil {
		return nil, err
	}
	g := guard{named: []string{base.Hostname()}, allowPrivate: c.o.AllowPrivate}
	t := &http.Transport{
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:    connectTimeout,
		MaxIdleConnsPerHost:    concurrency,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
	}
	if r.Proxy != "" {
		proxy, err := url.Parse(r.Proxy)
		if err != nil {
			return nil, errors.New("the proxy is not a URL")
		}
		if proxy.Scheme == "https" && len(r.Certificate) > 0 {
			// net/http would show the certificate to the proxy as well.
			return nil, errors.New("a client_certificate and a proxy that is reached by https do not go together; name a proxy that is reached by http")
		}
		t.Proxy, t.OnProxyConnectResponse = http.ProxyURL(proxy), proxyAnswered
		g.named = append(g.named, proxy.Hostname())
	}
	if r.OAuth2 != nil {
		if u, err := url.Parse(r.OAuth2.TokenURL); err == nil {
			g.named = append(g.named, u.Hostname())
		}
	}
	t.DialContext = g.dial
	if len(r.Certificate) == 0 {
		return t, nil
	}
	own, err := tls.X509KeyPair(r.Certificate, []byte(r.CertificateKey.Reveal()))
	if err != nil {
		// The library's words may quote the key.
		return nil, errors.New("the client_certificate and its key are no PEM of a certificate and the private key that belongs to it")
	}
	known := t.Clone()
	known.TLSClientConfig.Certificates = []tls.Certificate{own}
	return byOrigin{home: origin(base), own: known, others: t}, nil
}

// byOrigin carries requests to one server by a way of its own: others must not learn who asks.
type byOrigin struct {
	home        string
	own, others http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (b byOrigin) RoundTrip(req *http.Request) (*http.Response, error) {
	if origin(req.URL) == b.home {
		return b.own.RoundTrip(req)
	}
	return b.others.RoundTrip(req)
}

// roots are the system's authorities and those in pem; nil means the system's alone.
func roots(pem []byte) (*x509.CertPool, error) {
	if len(pem) == 0 {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("read the system's certificates: %w", err)
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("the ca_file holds no certificate")
	}
	return pool, nil
}

// acquire waits for one of the connection's slots, then for its rate. The returned function gives the slot back.
func (f *fetch) acquire(ctx context.Context) (release func(), err error) {
	select {
	case f.conn.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	release = func() { <-f.conn.slots }
	now := f.o.Now()
	if wait := f.conn.rate.ReserveN(now, 1).DelayFrom(now); wait > 0 {
		if err := f.o.Sleep(ctx, wait); err != nil {
			release()
			return nil, err
		}
	}
	return release, nil
}
