package runner

import (
	"context"
	"fmt"
	"net/url"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
)

// mailServer evaluates how mail is handed over.
func (r *Runner) mailServer(via *spec.Connection, at place) (*outputs.MailServer, *diag.Diagnostic) {
	s, c := &scope{r: r}, via.SMTP
	m := &outputs.MailServer{Port: c.Port, Security: c.Security, AllowPlaintext: c.AllowPlaintext, Auth: c.Auth, Timeout: c.Timeout}
	var problem *diag.Diagnostic
	if m.Host, problem = c.Host.Str(s); problem != nil {
		return nil, problem
	}
	if !r.Policy.AllowsHost(m.Host) {
		return nil, at.problem("policy-host", "Host is not allowed", fmt.Sprintf("The policy does not let definitions use the host %q.", m.Host))
	}
	if m.Username, problem = c.Username.Str(s); problem != nil {
		return nil, problem
	}
	if m.Password, problem = r.secret(s, c.Password); problem != nil {
		return nil, problem
	}
	if c.CAFile != "" {
		pem, err := readBeneath(r.Root, c.CAFile, 1<<20)
		if err != nil {
			return nil, connectionPlace(via).problem("unreadable-file", "File cannot be read",
				fmt.Sprintf("The ca_file %q cannot be read: %v.", c.CAFile, err))
		}
		m.CAs = pem
	}
	if c.OAuth2 != nil {
		m.Token, problem = r.tokenFor(s, via, m.CAs)
	}
	return m, problem
}

// tokenFor is how a mail server's token is asked for: when a mail is sent, and not before.
func (r *Runner) tokenFor(s *scope, via *spec.Connection, cas []byte) (func(context.Context, string) (string, error), *diag.Diagnostic) {
	grant, problems := r.grant(s, via.SMTP.OAuth2, via)
	if len(problems) > 0 {
		return nil, &problems[0]
	}
	req := source.Request{Connection: via.Name, OAuth2: grant, CAs: cas, Secret: r.Secret}
	return func(ctx context.Context, refused string) (string, error) { return r.Client.Token(ctx, req, refused) }, nil
}

// grant evaluates how a connection's token is asked for, and holds its address against the policy. All that is missing is
// told at once.
func (r *Runner) grant(s *scope, o *spec.ClientCredentials, c *spec.Connection) (*source.ClientCredentials, diag.List) {
	e := &evaluation{scope: s}
	out := &source.ClientCredentials{
		TokenURL: e.text(o.TokenURL), ID: e.text(o.ID), Secret: e.secret(o.Secret), Refresh: e.secret(o.Refresh),
		Scopes: o.Scopes, Audience: o.Audience, InBody: o.InBody,
	}
	r.Secret(url.QueryEscape(out.ID) + ":" + url.QueryEscape(out.Secret.Reveal())) // as HTTP Basic writes them, in base64
	if len(e.problems) > 0 {
		return nil, e.problems
	}
	at := connectionPlace(c)
	if u, err := url.Parse(out.TokenURL); err != nil || u.Hostname() == "" {
		e.problems.Add(*at.problem("bad-url", "Token address is not a URL", fmt.Sprintf("The token_url of connection %q must be a whole URL, such as https://login.example.com/oauth2/token.", c.Name)))
	} else if !r.Policy.AllowsHost(u.Hostname()) {
		e.problems.Add(*at.problem("policy-host", "Host is not allowed", fmt.Sprintf("The policy does not let definitions ask the host %q.", u.Hostname())))
	}
	return out, e.problems
}
