package spec

import (
	"errors"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

// env answers from a table of values by path.
type env map[string]expr.Value

func (e env) Lookup(path []string) (expr.Value, error) {
	key := path[0] + "." + path[1]
	if v, ok := e[key]; ok {
		return v, nil
	}
	return expr.Value{}, errors.New(key + " is not set")
}

func (e env) Aggregate(fn string, path []string) (expr.Value, error) {
	return e[fn+" "+path[0]], nil
}

const templates = `version: 1
settings: {locale: pl}
connections:
  shop:
    type: http
    base_url: https://${env.HOST}/v2/
    auth: {basic: {username: "${env.USER}", password: "${env.PASSWORD}"}}
    sources: {orders: {path: /orders, columns: {gross: {type: decimal, total: sum}}}}
  out: {type: outbox, directory: out, from: reports@example.com}
reports:
  r:
    title: Orders of ${range.label}, $${literal}
    range: yesterday
    datasets: {orders: {source: shop.orders}}
    checks:
      - assert: rows(orders) > 0
    destinations:
      m:
        email:
          via: out
          to: [a@example.com]
          subject: ${rows(orders)} orders
`

func TestTemplates(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, templates, Options{})
	secret := expr.TextValue("hunter2")
	secret.Sensitive = true
	e := env{
		"range.label": expr.TextValue("21 lis 2026"), "env.HOST": secret, "env.PASSWORD": secret,
		"rows orders": expr.IntegerValue(3),
	}
	report, api := c.Reports[0], c.Connections[0].API
	for name, x := range map[string]struct {
		template *Template
		want     string
		data     bool
	}{
		"title":    {report.Title, "Orders of 21 lis 2026, ${literal}", false},
		"subject":  {report.Destinations[0].Email.Subject, "3 orders", true},
		"base url": {api.BaseURL, "https://hunter2/v2", false},
		"password": {api.Auth.Password, "hunter2", false},
		"nothing":  {nil, "", false},
	} {
		got, fault := x.template.Str(e)
		if fault != nil || got != x.want {
			t.Errorf("%s: got %q, %+v", name, got, fault)
		}
		if x.template.NeedsData() != x.data {
			t.Errorf("%s: needs data: %v", name, !x.data)
		}
	}
	_, fault := api.Auth.Username.Str(e)
	if fault == nil || fault.Subject.Start.Line != 7 || fault.Subject.Start.Column != 33 || fault.Detail != "Env.USER is not set." {
		t.Errorf("a value that cannot be had: %+v", fault)
	}
	// A secret that comes by a way that could not be seen while loading is stopped all the same.
	e["range.label"] = secret
	if got, fault := report.Title.Str(e); fault == nil || fault.Code != "secret-here" {
		t.Errorf("the title took a secret: %q", got)
	}
	if v, fault := report.Checks[0].Assert.Eval(e); fault != nil || v.Int != 1 {
		t.Errorf("check: %+v, %+v", v, fault)
	}
}
