package spec

import (
	"maps"
	"net"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/reportform/reportform/spec/expr"
)

// connection decodes an API or a mail server.
func (d *decoder) connection(e entry) {
	defer d.in("connections", e.key)()
	n := e.value
	c := &Connection{Name: e.key, Type: d.text(n.get("type")), Range: e.keyAt, misfit: d.misfitAt(e.keyAt) || d.misfit(n), Parts: parts(n)}
	switch c.Type {
	case "thulium", "http", "demo":
		c.API = d.api(c.Type, n)
	case "smtp":
		c.SMTP = d.smtp(n)
	case "outbox":
		c.Outbox = &OutboxConnection{
			Directory:      d.filePath(n.get("directory"), d.connectionScope()),
			From:           d.address(n.get("from"), d.connectionScope()),
			ReplyTo:        d.address(n.get("reply_to"), d.connectionScope()),
			MaxMessageSize: d.size(n.get("max_message_size")),
		}
	}
	d.config.Connections = append(d.config.Connections, c)
}

// api decodes what requests need.
func (d *decoder) api(kind string, n *node) *APIConnection {
	a := &APIConnection{Sources: maps.Clone(d.options.Catalogs[kind]), Transport: d.transport(n)}
	if a.Sources == nil {
		a.Sources = map[string]*Source{}
	}
	a.Timezone = d.apiZone(kind, n.get("timezone"))
	a.Auth = d.auth(n)
	a.Certificate = d.clientCertificate(n.get("client_certificate"))
	switch kind {
	case "thulium":
		a.BaseURL = d.thuliumURL(n)
	case "http":
		a.BaseURL = d.baseURL(n.get("base_url"), "")
	}
	if a.BaseURL != nil {
		d.checkURL(n, a)
	}
	for _, h := range n.get("headers").all() {
		a.Headers = append(a.Headers, Pair{h.key, d.header(h)})
	}
	for _, s := range n.get("sources").all() {
		done := d.in("sources", s.key)
		a.Sources[s.key] = d.source(s, a.Sources[s.key])
		done()
	}
	return a
}

// apiZone is the zone in which an API gives and takes times without an offset: Europe/Warsaw for Thulium and the demo;
// for others the settings', since it is most often an API of one's own.
func (d *decoder) apiZone(kind string, n *node) *time.Location {
	if n == nil && kind == "http" {
		return d.config.Settings.Calendar.Location
	}
	if n == nil {
		n = &node{kind: stringNode, text: "Europe/Warsaw"}
	}
	if loc := d.zone(n); loc != nil {
		return loc
	}
	return time.UTC
}

var systemPattern = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$`)

// thuliumURL makes the base URL from the system's name, or takes base_url.
func (d *decoder) thuliumURL(n *node) *Template {
	system, base := n.get("system"), n.get("base_url")
	switch {
	case system != nil && base != nil:
		d.fault(base.at, "two-systems", "Two addresses", "Both system and base_url say where the API is. Keep one: system is the short form for https://SYSTEM.thulium.com.")
		return nil
	case base != nil:
		return d.baseURL(base, "/api")
	case system == nil:
		if !d.misfit(n) {
			d.fault(n.at, "missing-system", "No address", "A Thulium connection needs the name of your system, the first part of its address:\n\n    system: your-system-name")
		}
		return nil
	}
	t := d.template(system, d.secretScope())
	if t == nil {
		return nil
	}
	if t.isFixed() && !systemPattern.MatchString(t.fixed()) {
		d.fault(system.at, "bad-system", "Not a system's name", "%q is no system's name: it is only the first part of the address, \"acme\" of https://acme.thulium.com.", t.fixed())
		return nil
	}
	t.segments = append(append([]expr.Segment{{Text: "https://"}}, t.segments...), expr.Segment{Text: ".thulium.com/api"})
	return t
}

// baseURL reads an address and puts suffix behind it.
func (d *decoder) baseURL(n *node, suffix string) *Template {
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
func (d *decoder) checkURL(n *node, a *APIConnection) {
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
	case u.Scheme == "http" && (a.Auth != nil || a.Certificate != nil || n.get("headers") != nil) && !isLoopback(u.Hostname()):
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
func (d *decoder) secret(n *node, noun string, allowed *regexp.Regexp) *Template {
	if !n.isScalar() {
		return nil
	}
	if v := d.filled[n]; v != nil {
		d.fault(n.at, "open-secret", "Variable is not secret", "The variable %q would be shown in plans and kept in digests. Say that it is secret where it is declared:\n\n    variables: {%s: {type: text, secret: true}}", v.Name, v.Name)
		return nil
	}
	t := d.template(n, d.secretScope())
	if t != nil && t.holdsLiteral(allowed) {
		d.fault(n.at, "literal-secret", "Secret written literally", "A secret in a file is there for all who read the file, and stays in its history. Take it from the environment instead:\n\n    ${env.%s_%s}\n\nWhat was committed already should be changed where it is in force.", environmentName(d.path[1]), noun)
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
func (d *decoder) header(e entry) *Template {
	if isCredential(e.key) {
		return d.secret(e.value, "TOKEN", scheme)
	}
	return d.template(e.value, d.secretScope())
}

// transport decodes what requests may take.
func (d *decoder) transport(n *node) Transport {
	return Transport{
		Timeout:     d.length(n.get("timeout")),
		Concurrency: int(d.whole(n.get("concurrency"))),
		Rate:        d.rate(n.get("rate")),
		Burst:       int(d.whole(n.get("burst"))),
		Attempts:    int(d.whole(n.get("retry").get("attempts"))),
		MaxWait:     d.length(n.get("retry").get("max_wait")),
		MaxRetries:  int(d.whole(n.get("retry").get("max_retries"))),
		MaxResponse: d.size(n.get("max_response_size")),
		Proxy:       d.proxy(n.get("proxy")),
		CAFile:      d.inputFile(n.get("ca_file")),
	}
}

// proxy decodes a proxy's address, in which no credentials stand literally.
func (d *decoder) proxy(n *node) *Template {
	t := d.template(n, d.secretScope())
	if t != nil && hasLiteralLogin(t) {
		d.fault(n.at, "literal-secret", "Secret written literally", "A user or password stands in the proxy's address. Take the address from the environment instead:\n\n    proxy: ${env.%s_PROXY}\n\nWhat was committed already should be changed where it is in force.", environmentName(d.path[1]))
		return nil
	}
	return t
}

// smtp decodes a mail server.
func (d *decoder) smtp(n *node) *SMTPConnection {
	plain, secret := d.connectionScope(), d.secretScope()
	c := &SMTPConnection{
		Host:           d.template(n.get("host"), secret),
		Port:           int(d.whole(n.get("port"))),
		Security:       d.textOr(n.get("security"), "starttls"),
		AllowPlaintext: d.flag(n.get("allow_plaintext"), false),
		Auth:           d.textOr(n.get("auth"), "auto"),
		Username:       d.template(n.get("username"), secret),
		Password:       d.secret(n.get("password"), "PASSWORD", nil),
		From:           d.address(n.get("from"), plain),
		ReplyTo:        d.address(n.get("reply_to"), plain),
		BounceTo:       d.address(n.get("bounce_to"), plain),
		AllowDomains:   d.texts(n.get("allow_domains")),
		MaxMessageSize: d.size(n.get("max_message_size")),
		Timeout:        d.length(n.get("timeout")),
		CAFile:         d.inputFile(n.get("ca_file")),
	}
	if o := n.get("oauth2"); o != nil {
		c.OAuth2 = d.clientCredentials(o)
	}
	d.checkSignIn(n, c)
	return c
}

// checkSignIn checks that a mail server is told who sends in one way, and has what that way needs.
func (d *decoder) checkSignIn(n *node, c *SMTPConnection) {
	o, password := n.get("oauth2"), n.get("password")
	switch {
	case o == nil && c.Auth == "xoauth2":
		d.fault(n.get("auth").at, "missing-oauth2", "No way to a token", "With xoauth2 the server is shown a token, and oauth2 says where that is had:\n\n    oauth2: {token_url: …, client_id: …, client_secret: …}")
	case o == nil:
	case c.Auth != "auto" && c.Auth != "xoauth2":
		d.fault(n.get("auth").at, "two-sign-ins", "Two ways to sign in", "The connection asks for a token by oauth2, and auth %s would not show it. Leave out one of the two.", c.Auth)
	case password != nil:
		d.fault(password.at, "two-sign-ins", "Two ways to sign in", "The connection asks for a token by oauth2, which takes the place of the password. Leave out one of the two.")
	case n.get("username") == nil:
		d.fault(o.at, "missing-username", "No user name", "A token is shown together with the mailbox that it is for. Say its address:\n\n    username: reports@example.com")
	}
}
