package spec

import (
	"maps"
	"slices"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// EnvironmentNames returns, sorted, the names of the environment that a run may read: those in connections, and those that
// give secret variables their values. A pipeline hands them on from where it keeps secrets.
func (c *Config) EnvironmentNames() []string {
	names := map[string]bool{}
	for _, connection := range c.Connections {
		for _, t := range connection.templates() {
			t.environment(func(name string, _ diag.Range) { names[name] = true })
		}
	}
	for _, v := range c.Variables {
		if v.Secret {
			names[diag.Environment+v.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// templates are the fields of a connection that may read the environment, some of them nil.
func (c *Connection) templates() []*Template {
	var fields []*Template
	token := func(o *ClientCredentials) {
		if o != nil {
			fields = append(fields, o.TokenURL, o.ID, o.Secret, o.Refresh)
		}
	}
	if a := c.API; a != nil {
		fields = append(fields, a.BaseURL, a.Transport.Proxy)
		if a.Auth != nil {
			fields = append(fields, a.Auth.Username, a.Auth.Password, a.Auth.Bearer)
			for _, credential := range []*Pair{a.Auth.Header, a.Auth.Query} {
				if credential != nil {
					fields = append(fields, credential.Value)
				}
			}
			token(a.Auth.OAuth2)
		}
		if a.Certificate != nil {
			fields = append(fields, a.Certificate.Cert, a.Certificate.Key)
		}
		for _, h := range a.Headers {
			fields = append(fields, h.Value)
		}
	}
	if s := c.SMTP; s != nil {
		fields = append(fields, s.Host, s.Username, s.Password)
		token(s.OAuth2)
	}
	return fields
}

// environment calls back with each name of the environment that a template refers to, and its place.
func (t *Template) environment(found func(name string, at diag.Range)) {
	if t == nil {
		return
	}
	for _, s := range t.segments {
		if s.Expr == nil {
			continue
		}
		for _, path := range s.Expr.References() {
			if path[0] == "env" && len(path) > 1 {
				offset, length := s.Expr.Place(path)
				found(path[1], tree.SpanOf(t.Range, t.textAt, s.Offset+offset, length))
			}
		}
	}
}
