package spec

import (
	"time"

	"github.com/reportform/reportform/spec/diag"
)

// Connection is an API or a mail server. Exactly one of API, SMTP and Outbox is set.
type Connection struct {
	Name   string
	Type   string // thulium, http, demo, smtp, outbox
	Range  diag.Range
	API    *APIConnection
	SMTP   *SMTPConnection
	Outbox *OutboxConnection
	// Parts tell what of the connection as written has changed between two versions of it.
	Parts Parts
	// misfit: the schema has complained about it, so that what it offers is not known.
	misfit bool
}

// APIConnection is where rows come from.
type APIConnection struct {
	// BaseURL is without a slash at its end; for thulium made from system. Nil for demo.
	BaseURL  *Template
	Timezone *time.Location
	// Auth is nil where none is asked for.
	Auth *Auth
	// Certificate is nil where the API wants none.
	Certificate *ClientCertificate
	Headers     []Pair
	// Sources are the catalog's and the user's own, by name.
	Sources   map[string]*Source
	Transport Transport
}

// Auth is how requests say who asks: one of basic, bearer, header, query and OAuth2 client credentials.
type Auth struct {
	Username, Password *Template // basic
	Bearer             *Template
	Header, Query      *Pair
	OAuth2             *ClientCredentials
	Range              diag.Range
}

// ClientCredentials is how a token is asked for (RFC 6749, section 4.4; with Refresh, section 6).
type ClientCredentials struct {
	TokenURL, ID, Secret *Template
	// Refresh is the refresh token that a mailbox's owner has given; nil where the id and the secret are enough.
	Refresh  *Template
	Scopes   []string
	Audience string
	// InBody: id and secret stand in the form, rather than in HTTP Basic.
	InBody bool
}

// ClientCertificate says who asks while encryption is agreed on. Each part is a file beneath Root, or its PEM.
type ClientCertificate struct {
	CertFile, KeyFile string
	Cert, Key         *Template
}

// Pair is a name with its value.
type Pair struct {
	Name  string
	Value *Template
}

// Transport bounds what requests may take. Zero values mean the defaults that the schema states.
type Transport struct {
	Timeout     time.Duration // of one request, 30 s
	Concurrency int           // 4
	Rate        float64       // requests a second; 0 is unbounded
	Burst       int           // requests at once before the rate holds; 1
	Attempts    int           // 5
	MaxWait     time.Duration // 60 s
	MaxRetries  int           // of all requests of a run, 100
	MaxResponse int64         // bytes after decompression, 64 MiB
	Proxy       *Template
	CAFile      string // beneath Root
}

// SMTPConnection is a mail server.
type SMTPConnection struct {
	Host               *Template
	Port               int    // 0: 587 with starttls, 465 with tls, 25 with none
	Security           string // starttls, tls, none
	AllowPlaintext     bool   // security none off this machine
	Auth               string // auto, plain, login, cram-md5, scram-sha-256, xoauth2, none
	Username, Password *Template
	OAuth2             *ClientCredentials // nil where no token is asked for
	From, ReplyTo      *Template
	BounceTo           *Template // who is told of what cannot be delivered; nil: From
	AllowDomains       []string
	MaxMessageSize     int64
	Timeout            time.Duration
	CAFile             string
}

// OutboxConnection writes messages into a folder.
type OutboxConnection struct {
	Directory      *Template // beneath Root
	From, ReplyTo  *Template
	MaxMessageSize int64 // as a server's, to be tried out before it
}
