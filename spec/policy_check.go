package spec

import (
	"fmt"
	"net/mail"
	"net/url"

	"github.com/reportform/reportform/spec/diag"
)

// Check reports all that the configuration asks for beyond a policy, as far as it is known without secrets, data and a
// run's moment: hosts, names of the environment, recipients and the location of the state. What is computed later is
// held to the same policy when it is known, under the same codes. A nil policy allows everything.
func (c *Config) Check(p *Policy) diag.List {
	if p == nil {
		return nil
	}
	known := loadEnv{variables: make(map[string]*Variable, len(c.Variables))}
	for _, v := range c.Variables {
		known.variables[v.Name] = v
	}
	check := policyCheck{policy: p, known: known}
	check.state(c)
	for _, connection := range c.Connections {
		check.connection(connection)
	}
	for _, r := range c.Reports {
		env := loadEnv{known.variables, r.Name, r.Each}
		for _, d := range r.Destinations {
			if d.Email != nil {
				check.recipients(d.Email, env)
			}
		}
		if r.OnFailure != nil {
			check.recipients(r.OnFailure.Email, env)
		}
	}
	return check.found.Sorted()
}

// policyCheck collects what a policy does not allow.
type policyCheck struct {
	policy *Policy
	known  loadEnv
	found  diag.List
}

func (c *policyCheck) tell(at diag.Range, context, code, summary, detail string, args ...any) {
	c.found.Add(diag.Diagnostic{Code: code, Summary: summary, Detail: fmt.Sprintf(detail, args...), Subject: at, Context: context})
}

// state checks the location, which has no place of its own where it is the default: then a word about it belongs to
// whatever is there.
func (c *policyCheck) state(config *Config) {
	if c.policy.AllowsState(config.State.Location) {
		return
	}
	at := config.State.Range
	for i := 0; at.IsZero() && i < len(config.Reports); i++ {
		at = config.Reports[i].Range
	}
	c.tell(at, "state > location", "policy-state", "State location is not allowed",
		"The policy does not let definitions keep their state at %q.", config.State.Location)
}

func (c *policyCheck) connection(of *Connection) {
	if a := of.API; a != nil {
		c.address(a.BaseURL, "ask")
		c.address(a.Transport.Proxy, "use")
		if a.Auth != nil {
			c.token(a.Auth.OAuth2)
		}
	}
	if s := of.SMTP; s != nil {
		c.token(s.OAuth2)
		c.comesBack(s)
		if host, ok := c.value(s.Host); ok {
			c.host(s.Host, host, "use")
		}
	}
	for _, t := range of.templates() {
		c.environment(t)
	}
}

// token checks where a token is asked for.
func (c *policyCheck) token(o *ClientCredentials) {
	if o != nil {
		c.address(o.TokenURL, "ask")
	}
}

// address checks the host of an URL; verb is what would be done with it.
func (c *policyCheck) address(t *Template, verb string) {
	text, ok := c.value(t)
	if !ok {
		return
	}
	if u, err := url.Parse(text); err == nil && u.Hostname() != "" {
		c.host(t, u.Hostname(), verb)
	}
}

func (c *policyCheck) host(t *Template, host, verb string) {
	if !c.policy.AllowsHost(host) {
		c.tell(t.Range, t.context, "policy-host", "Host is not allowed", "The policy does not let definitions %s the host %q.", verb, host)
	}
}

// value is a template's text where it is known by now and no secret.
func (c *policyCheck) value(t *Template) (string, bool) {
	if t == nil {
		return "", false
	}
	v, fault := t.Eval(c.known)
	if fault != nil || !v.Valid || v.Sensitive {
		return "", false
	}
	return t.text(v), true
}

// environment checks the names of the environment that a template refers to, each at its own place.
func (c *policyCheck) environment(t *Template) {
	t.environment(func(name string, at diag.Range) {
		if !c.policy.AllowsEnv(name) {
			c.tell(at, t.context, "policy-environment", "Environment name is not allowed", "The policy does not let definitions read %q from the environment.", name)
		}
	})
}

func (c *policyCheck) recipients(m *EmailDestination, known loadEnv) {
	for _, list := range [][]*Template{m.To, m.Cc, m.Bcc} {
		for _, t := range list {
			c.recipient(t, known)
		}
	}
}

// comesBack checks who gets what cannot be delivered, with the report in it: the sender, where nobody else is named.
func (c *policyCheck) comesBack(s *SMTPConnection) {
	to := s.BounceTo
	if to == nil {
		to = s.From
	}
	if to == nil {
		return
	}
	for _, text := range to.knownTexts(c.known) {
		address, err := mail.ParseAddress(text)
		if err == nil && !c.policy.AllowsRecipient(address.Address) {
			c.tell(to.Range, to.context, "policy-recipient", "Recipient is not allowed",
				"What cannot be delivered would come back to %q, with the report in it, and the policy does not let definitions send there. Have it come back to somebody else by the connection's `bounce_to`.", address.Address)
		}
	}
}

func (c *policyCheck) recipient(t *Template, known loadEnv) {
	for _, text := range t.knownTexts(known) {
		address, err := mail.ParseAddress(text)
		if err == nil && !c.policy.AllowsRecipient(address.Address) {
			c.tell(t.Range, t.context, "policy-recipient", "Recipient is not allowed", "The policy does not let definitions send to %q.", address.Address)
		}
	}
}
