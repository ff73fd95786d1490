package spec

import (
	"net/url"
	"strings"
)

// auth decodes how requests say who asks. The schema has seen to it that there is one way.
func (d *decoder) auth(n *node) *Auth {
	auth := n.get("auth")
	if auth == nil {
		return d.basic(n, n) // a Thulium connection has its user beside the other keys
	}
	a := &Auth{Range: auth.at}
	switch {
	case auth.get("bearer") != nil:
		a.Bearer = d.secret(auth.get("bearer"), "TOKEN", scheme)
	case auth.get("header") != nil:
		a.Header = d.credential(auth.get("header"))
	case auth.get("query") != nil:
		a.Query = d.credential(auth.get("query"))
	case auth.get("oauth2_client_credentials") != nil:
		a.OAuth2 = d.clientCredentials(auth.get("oauth2_client_credentials"))
	default:
		return d.basic(auth.get("basic"), auth)
	}
	return a
}

func (d *decoder) basic(n, at *node) *Auth {
	a := &Auth{Username: d.template(n.get("username"), d.secretScope()), Password: d.secret(n.get("password"), "PASSWORD", nil), Range: at.at}
	if a.Username == nil && a.Password == nil {
		return nil
	}
	return a
}

// credential decodes a credential that stands under a name of its own.
func (d *decoder) credential(n *node) *Pair {
	return &Pair{Name: d.text(n.get("name")), Value: d.secret(n.get("value"), "TOKEN", scheme)}
}

func (d *decoder) clientCredentials(n *node) *ClientCredentials {
	c := &ClientCredentials{
		TokenURL: d.template(n.get("token_url"), d.secretScope()), ID: d.template(n.get("client_id"), d.secretScope()),
		Secret: d.secret(n.get("client_secret"), "CLIENT_SECRET", nil), Scopes: d.texts(n.get("scopes")),
		Audience: d.text(n.get("audience")), InBody: d.text(n.get("send")) == "body",
		Refresh: d.secret(n.get("refresh_token"), "REFRESH_TOKEN", nil),
	}
	t := c.TokenURL
	switch {
	case t == nil:
	case hasLiteralLogin(t):
		d.fault(t.Range, "literal-secret", "Secret written literally", "A user or password stands in the address. Say who asks by client_id and client_secret, with a value from outside.")
	case t.isFixed():
		u, err := url.Parse(t.fixed())
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.Fragment != "" {
			d.fault(t.Range, "bad-url", "Not an address", "%q is no address that gives tokens. Write it whole, such as https://login.example.com/oauth2/token.", t.fixed())
		} else if u.Scheme == "http" && !isLoopback(u.Hostname()) {
			d.fault(t.Range, "plain-http", "Credentials over plain http", "Credentials would travel for all to read. Write https:// instead; plain http is for this machine alone (localhost).")
		}
	}
	return c
}

// clientCertificate decodes a certificate and its key, each the path of a file or what ${…} holds.
func (d *decoder) clientCertificate(n *node) *ClientCertificate {
	if n == nil {
		return nil
	}
	c := &ClientCertificate{}
	c.CertFile, c.Cert = d.pem(n.get("cert"))
	c.KeyFile, c.Key = d.pem(n.get("key"))
	return c
}

// longestPath is how long the path of a key may be; what is longer is the key.
const longestPath = 200

func (d *decoder) pem(n *node) (file string, content *Template) {
	switch {
	case n == nil:
		return "", nil
	case d.filled[n] != nil, strings.Contains(n.text, "${"):
		return "", d.secret(n, "PEM", nil)
	case strings.ContainsAny(n.text, "\r\n"), strings.Contains(n.text, "-----BEGIN"), len(n.text) > longestPath:
		d.hide(n.at) // the key itself
		return "", d.secret(n, "PEM", nil)
	default:
		return d.inputFile(n), nil
	}
}
