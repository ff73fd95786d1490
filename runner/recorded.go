package runner

import (
	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// placeholder stands for a secret where rows come from a recording: whatever takes it delivers nothing.
func placeholder() expr.Value {
	v := expr.TextValue("placeholder")
	v.Sensitive = true
	return v
}

// recordedHost stands in a recording for an API whose address is a secret. No name under .invalid is anybody's (RFC 2606).
func recordedHost(c *spec.Connection) string { return "https://" + c.Name + ".invalid" }

// recordedEndpoint says where a recording has the answers of a connection from. Who asked makes no difference to it.
func (r *Runner) recordedEndpoint(c *spec.Connection, req *source.Request) diag.List {
	base, problem := c.API.BaseURL.Eval(&scope{r: r})
	switch {
	case problem != nil:
		return diag.List{*problem}
	case base.Sensitive:
		req.BaseURL = recordedHost(c)
	default:
		req.BaseURL = expr.Plain(base)
	}
	return nil
}
