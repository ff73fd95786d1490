package spec

import (
	"net/url"
	"strings"

	"github.com/reportform/reportform/spec/tree"
)

// auth decodes how requests say who asks. The schema has seen to it that there is one way.
func (d *decoder) auth(n *tree.Node) *Auth {
	auth := n.Get("auth")
	if auth == nil {
		return d.basic(n, n) // a Thulium connection has its user beside the other keys
	}
	a := &Auth{Range: auth.At}
	switch {
	case auth.Get("bearer") != nil:
		a.Bearer = d.secret(auth.Get("bearer"), "TOKEN", scheme)
	case auth.Get("header") != nil:
		a.Header = d.credential(auth.Get("header"))
	case auth.Get("query") != nil:
		a.Query = d.credential(auth.Get("query"))
	case auth.Get("oauth2_client_credentials") != nil:
		a.OAuth2 = d.clientCredentials(auth.Get("oauth2_client_credentials"))
	default:
		return d.basic(auth.Get("basic"), auth)
	}
	return a
}

func (d *decoder) basic(n, at *tree.Node) *Auth {
	a := &Auth{Username: d.template(n.Get("username"), d.secretScope()), Password: d.secret(n.Get("password"), "PASSWORD", nil), Range: at.At}
	if a.Username == nil && a.Password == nil {
		return nil
	}
	return a
}

// credential decodes a credential that stands under a name of its own.
func (d *decoder) credential(n *tree.Node) *Pair {
	return &Pair{Name: d.text(n.Get("name")), Value: d.secret(n.Get("value"), "TOKEN", scheme)}
}

func (d *decoder) clientCredentials(n *tree.Node) *ClientCredentials {
	c := &ClientCredentials{
		TokenURL: d.template(n.Get("token_url"), d.secretScope()), ID: d.template(n.Get("client_id"), d.secretScope()),
		Secret: d.secret(n.Get("client_secret"), "CLIENT_SECRET", nil), Scopes: d.texts(n.Get("scopes")),
		Audience: d.text(n.Get("audience")), InBody: d.text(n.Get("send")) == "body",
		Refresh: d.secret(n.Get("refresh_token"), "REFRESH_TOKEN", nil),
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
func (d *decoder) clientCertificate(n *tree.Node) *ClientCertificate {
	if n == nil {
		return nil
	}
	c := &ClientCertificate{}
	c.CertFile, c.Cert = d.pem(n.Get("cert"))
	c.KeyFile, c.Key = d.pem(n.Get("key"))
	return c
}

// longestPath is how long the path of a key may be; what is longer is the key.
const longestPath = 200

func (d *decoder) pem(n *tree.Node) (file string, content *Template) {
	switch {
	case n == nil:
		return "", nil
	case d.filled[n] != nil, strings.Contains(n.Text, "${"):
		return "", d.secret(n, "PEM", nil)
	case strings.ContainsAny(n.Text, "\r\n"), strings.Contains(n.Text, "-----BEGIN"), len(n.Text) > longestPath:
		d.hide(n.At) // the key itself
		return "", d.secret(n, "PEM", nil)
	default:
		return d.inputFile(n), nil
	}
}
