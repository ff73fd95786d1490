package spec

import (
	"maps"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/reportform/reportform/spec/expr"
	"github.com/reportform/reportform/spec/tree"
)

// connection decodes an API or a mail server.
func (d *decoder) connection(e tree.Entry) {
	defer d.in("connections", e.Key)()
	n := e.Value
	c := &Connection{Name: e.Key, Type: d.text(n.Get("type")), Range: e.KeyAt, misfit: d.misfitAt(e.KeyAt) || d.misfit(n), Parts: parts(n)}
	switch c.Type {
	case "thulium", "http", "demo":
		c.API = d.api(c.Type, n)
	case "smtp":
		c.SMTP = d.smtp(n)
	case "outbox":
		c.Outbox = &OutboxConnection{
			Directory:      d.filePath(n.Get("directory"), d.connectionScope()),
			From:           d.address(n.Get("from"), d.connectionScope()),
			ReplyTo:        d.address(n.Get("reply_to"), d.connectionScope()),
			MaxMessageSize: d.size(n.Get("max_message_size")),
		}
	}
	d.config.Connections = append(d.config.Connections, c)
}

// api decodes what requests need.
func (d *decoder) api(kind string, n *tree.Node) *APIConnection {
	a := &APIConnection{Sources: maps.Clone(d.options.Catalogs[kind]), Transport: d.transport(n)}
	if a.Sources == nil {
		a.Sources = map[string]*Source{}
	}
	a.Timezone = d.apiZone(kind, n.Get("timezone"))
	a.Auth = d.auth(n)
	a.Certificate = d.clientCertificate(n.Get("client_certificate"))
	switch kind {
	case "thulium":
		a.BaseURL = d.thuliumURL(n)
	case "http":
		a.BaseURL = d.baseURL(n.Get("base_url"), "")
	}
	if a.BaseURL != nil {
		d.checkURL(n, a)
	}
	for _, h := range n.Get("headers").All() {
		a.Headers = append(a.Headers, Pair{h.Key, d.header(h)})
	}
	for _, s := range n.Get("sources").All() {
		done := d.in("sources", s.Key)
		a.Sources[s.Key] = d.source(s, a.Sources[s.Key])
		done()
	}
	return a
}

// apiZone is the zone in which an API gives and takes times without an offset: Europe/Warsaw for Thulium and the demo;
// for others the settings', since it is most often an API of one's own.
func (d *decoder) apiZone(kind string, n *tree.Node) *time.Location {
	if n == nil && kind == "http" {
		return d.config.Settings.Calendar.Location
	}
	if n == nil {
		n = &tree.Node{Kind: tree.String, Text: "Europe/Warsaw"}
	}
	if loc := d.zone(n); loc != nil {
		return loc
	}
	return time.UTC
}

var systemPattern = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$`)

// thuliumURL makes the base URL from the system's name, or takes base_url.
func (d *decoder) thuliumURL(n *tree.Node) *Template {
	system, base := n.Get("system"), n.Get("base_url")
	switch {
	case system != nil && base != nil:
		d.fault(base.At, "two-systems", "Two addresses", "Both system and base_url say where the API is. Keep one: system is the short form for https://SYSTEM.thulium.com.")
		return nil
	case base != nil:
		return d.baseURL(base, "/api")
	case system == nil:
		if !d.misfit(n) {
			d.fault(n.At, "missing-system", "No address", "A Thulium connection needs the name of your system, the first part of its address:\n\n    system: your-system-name")
		}
		return nil
	}
	t := d.template(system, d.secretScope())
	if t == nil {
		return nil
	}
	if t.isFixed() && !systemPattern.MatchString(t.fixed()) {
		d.fault(system.At, "bad-system", "Not a system's name", "%q is no system's name: it is only the first part of the address, \"acme\" of https://acme.thulium.com.", t.fixed())
		return nil
	}
	t.segments = append(append([]expr.Segment{{Text: "https://"}}, t.segments...), expr.Segment{Text: ".thulium.com/api"})
	return t
}

// baseURL reads an address and puts suffix behind it.
func (d *decoder) baseURL(n *tree.Node, suffix string) *Template {
	t := d.template(n, d.secretScope())
	if t == nil {
		return nil
	}
	if last := len(t.segments) - 1; last >= 0 && t.segments[last].Expr == nil {
		t.segments[last].Text = strings.TrimRight(t.segments[last].Text, "/")
	}
	if suffix != "" {
		t.segments = append(t.segments, expr.Segment{Text: suffix})
	}
	return t
}

// checkURL checks an address that is known while loading. Credentials must not travel for all to read.
func (d *decoder) checkURL(n *tree.Node, a *APIConnection) {
	if hasLiteralLogin(a.BaseURL) {
		d.fault(a.BaseURL.Range, "literal-secret", "Secret written literally", "A user or password stands in the address. Remove it there and say it by username and password, with a value from outside:\n\n    password: ${env.API_PASSWORD}")
		return
	}
	if !a.BaseURL.isFixed() {
		return
	}
	text := a.BaseURL.fixed()
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		d.fault(a.BaseURL.Range, "bad-url", "Not an address", "%q is no address of an API. Write it whole, such as https://api.example.com/v2.", text)
	case u.RawQuery != "" || u.Fragment != "":
		d.fault(a.BaseURL.Range, "bad-url", "Not an address", "The base address ends before ? and #; what belongs to each request is said by the source's parameters.")
	case u.Scheme == "http" && (a.Auth != nil || a.Certificate != nil || n.Get("headers") != nil) && !isLoopback(u.Hostname()):
		d.fault(a.BaseURL.Range, "plain-http", "Credentials over plain http", "Credentials would travel for all to read. Write https:// instead; plain http is for this machine alone (localhost).")
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// secret decodes a field that takes a secret, which must not be written there literally. Noun is what its name in the
// environment would end with.
// The literal text that allowed matches may stand around ${…}.
func (d *decoder) secret(n *tree.Node, noun string, allowed *regexp.Regexp) *Template {
	if !n.IsScalar() {
		return nil
	}
	if v := d.filled[n]; v != nil {
		d.fault(n.At, "open-secret", "Variable is not secret", "The variable %q would be shown in plans and kept in digests. Say that it is secret where it is declared:\n\n    variables: {%s: {type: text, secret: true}}", v.Name, v.Name)
		return nil
	}
	t := d.template(n, d.secretScope())
	if t != nil && t.holdsLiteral(allowed) {
		d.fault(n.At, "literal-secret", "Secret written literally", "A secret in a file is there for all who read the file, and stays in its history. Take it from the environment instead:\n\n    ${env.%s_%s}\n\nWhat was committed already should be changed where it is in force.", environmentName(d.path[1]), noun)
		return nil
	}
	return t
}

// environmentName makes a usual environment name of a connection's name.
func environmentName(name string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name))
}

// header decodes a header that every request carries.
func (d *decoder) header(e tree.Entry) *Template {
	if isCredential(e.Key) {
		return d.secret(e.Value, "TOKEN", scheme)
	}
	return d.template(e.Value, d.secretScope())
}

// transport decodes what requests may take.
func (d *decoder) transport(n *tree.Node) Transport {
	return Transport{
		Timeout:     d.length(n.Get("timeout")),
		Concurrency: int(d.whole(n.Get("concurrency"))),
		Rate:        d.rate(n.Get("rate")),
		Burst:       int(d.whole(n.Get("burst"))),
		Attempts:    int(d.whole(n.Get("retry").Get("attempts"))),
		MaxWait:     d.length(n.Get("retry").Get("max_wait")),
		MaxRetries:  int(d.whole(n.Get("retry").Get("max_retries"))),
		MaxResponse: d.size(n.Get("max_response_size")),
		Proxy:       d.proxy(n.Get("proxy")),
		CAFile:      d.inputFile(n.Get("ca_file")),
	}
}

// proxy decodes a proxy's address, in which no credentials stand literally.
func (d *decoder) proxy(n *tree.Node) *Template {
	t := d.template(n, d.secretScope())
	if t != nil && hasLiteralLogin(t) {
		d.fault(n.At, "literal-secret", "Secret written literally", "A user or password stands in the proxy's address. Take the address from the environment instead:\n\n    proxy: ${env.%s_PROXY}\n\nWhat was committed already should be changed where it is in force.", environmentName(d.path[1]))
		return nil
	}
	return t
}

// smtp decodes a mail server.
func (d *decoder) smtp(n *tree.Node) *SMTPConnection {
	plain, secret := d.connectionScope(), d.secretScope()
	c := &SMTPConnection{
		Host:           d.template(n.Get("host"), secret),
		Port:           int(d.whole(n.Get("port"))),
		Security:       d.textOr(n.Get("security"), "starttls"),
		AllowPlaintext: d.flag(n.Get("allow_plaintext"), false),
		Auth:           d.textOr(n.Get("auth"), "auto"),
		Username:       d.template(n.Get("username"), secret),
		Password:       d.secret(n.Get("password"), "PASSWORD", nil),
		From:           d.address(n.Get("from"), plain),
		ReplyTo:        d.address(n.Get("reply_to"), plain),
		BounceTo:       d.address(n.Get("bounce_to"), plain),
		AllowDomains:   d.texts(n.Get("allow_domains")),
		MaxMessageSize: d.size(n.Get("max_message_size")),
		Timeout:        d.length(n.Get("timeout")),
		CAFile:         d.inputFile(n.Get("ca_file")),
	}
	if o := n.Get("oauth2"); o != nil {
		c.OAuth2 = d.clientCredentials(o)
	}
	d.checkSignIn(n, c)
	return c
}

// checkSignIn checks that a mail server is told who sends in one way, and has what that way needs.
func (d *decoder) checkSignIn(n *tree.Node, c *SMTPConnection) {
	o, password := n.Get("oauth2"), n.Get("password")
	switch {
	case o == nil && c.Auth == "xoauth2":
		d.fault(n.Get("auth").At, "missing-oauth2", "No way to a token", "With xoauth2 the server is shown a token, and oauth2 says where that is had:\n\n    oauth2: {token_url: …, client_id: …, client_secret: …}")
	case o == nil:
	case c.Auth != "auto" && c.Auth != "xoauth2":
		d.fault(n.Get("auth").At, "two-sign-ins", "Two ways to sign in", "The connection asks for a token by oauth2, and auth %s would not show it. Leave out one of the two.", c.Auth)
	case password != nil:
		d.fault(password.At, "two-sign-ins", "Two ways to sign in", "The connection asks for a token by oauth2, which takes the place of the password. Leave out one of the two.")
	case n.Get("username") == nil:
		d.fault(o.At, "missing-username", "No user name", "A token is shown together with the mailbox that it is for. Say its address:\n\n    username: reports@example.com")
	}
}
