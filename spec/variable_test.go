package spec

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// loadText loads one file's text.
func loadText(t *testing.T, text string, o Options) (*Config, diag.List) {
	t.Helper()
	if o.Catalogs == nil {
		o.Catalogs = catalog(t)
	}
	c, diags, err := Load(fstest.MapFS{"a.yaml": {Data: []byte(text)}}, "a.yaml", o)
	if err != nil {
		t.Fatal(err)
	}
	return c, diags
}

func mustLoad(t *testing.T, text string, o Options) *Config {
	t.Helper()
	c, diags := loadText(t, text, o)
	if len(diags) > 0 {
		t.Fatal("\n" + shown(t, diags, c.Files))
	}
	return c
}

func TestTheLastValueOfAVariableWins(t *testing.T) {
	t.Parallel()
	const text = "version: 1\nvariables: {team: {type: text, default: default}}\n"
	folder := func(automatic bool) fstest.MapFS {
		fsys := fstest.MapFS{"a.yaml": {Data: []byte(text)}}
		if automatic {
			fsys["x.auto.vars.yaml"] = &fstest.MapFile{Data: []byte("team: automatic\n")}
		}
		return fsys
	}
	env := func(name string) (string, bool) { return "environment", name == "REPORTFORM_VAR_team" }
	files := []File{{"one.yaml", []byte("team: one\n")}, {"two.yaml", []byte("team: two\n")}}
	for _, c := range []struct {
		automatic bool
		o         Options
		want      string
	}{
		{false, Options{}, "default"},
		{false, Options{Env: env}, "environment"},
		{true, Options{Env: env}, "automatic"},
		{true, Options{Env: env, VarFiles: files[:1]}, "one"},
		{true, Options{Env: env, VarFiles: files}, "two"},
		{true, Options{Env: env, VarFiles: files, Vars: []string{"team=a", "team=b=c"}}, "b=c"},
	} {
		for _, name := range []string{".", "a.yaml"} {
			config, diags, err := Load(folder(c.automatic), name, c.o)
			if err != nil || len(diags) > 0 {
				t.Fatal(err, diags)
			}
			if got := config.Variables[0].Value; got.Str != c.want || got.Type != expr.Text {
				t.Errorf("%s: got %+v, want %s", name, got, c.want)
			}
		}
	}
}

func TestVariablesKeepTheirType(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, `version: 1
variables:
  n: {type: integer, default: 8}
  queues: {type: list(integer)}
  open: {type: text, default: "${env.HOME} $${x}"}
connections:
  demo: {type: demo, concurrency: "${ var.n }"}
reports:
  r:
    title: ${var.open}
    range: yesterday
    datasets: {d: {source: demo.chats_summary, filters: {chat_queue_ids: "${var.queues}"}}}
    destinations: {f: {file: {path: "x-${range.from}.xlsx"}}}
`, Options{Vars: []string{"queues=[1, 3]"}})
	if got := c.Connections[0].API.Transport.Concurrency; got != 8 {
		t.Errorf("concurrency is %d", got)
	}
	v, fault := c.Reports[0].Datasets[0].Filters[0].Value.Eval(loadEnv{})
	if fault != nil || len(v.Items) != 2 || v.Items[1].Int != 3 {
		t.Errorf("filter is %+v, %+v", v, fault)
	}
	// What stands in a variable's value is no template: it may come from anybody.
	if got, fault := c.Reports[0].Title.Str(loadEnv{}); fault != nil || got != "${env.HOME} $${x}" {
		t.Errorf("title is %q, %+v", got, fault)
	}
}

func TestSecretsAreNeitherShownNorKept(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	c, diags := loadText(t, `version: 1
variables:
  token: {type: text, secret: true}
connections:
  shop:
    type: http
    base_url: https://api.example.com
    auth: {bearer: "${var.token}"}
    sources: {orders: {path: orders}}
reports:
  r:
    title: ${var.token}
    range: yesterday
    datasets: {d: {source: shop.orders}}
    destinations: {f: {file: {path: "x-${range.from}.xlsx"}}}
`, Options{
		Env:      func(string) (string, bool) { return secret + "env", true },
		VarFiles: []File{{"vars.yaml", []byte("# of production\ntoken: " + secret + "file # comment\ntokn: " + secret + "\n")}},
		Vars:     []string{"token=" + secret, "tokn=" + secret},
	})
	if !diags.HasErrors() {
		t.Fatal("a title took a secret")
	}
	if text := shown(t, diags, c.Files); strings.Contains(text, secret) {
		t.Errorf("a diagnostic shows the secret:\n%s", text)
	}
	for name, data := range c.Files {
		if strings.Contains(string(data), secret) {
			t.Errorf("%s keeps the secret:\n%s", name, data)
		}
	}
	v := c.Variables[0].Value
	if !v.Sensitive || v.Str != secret {
		t.Errorf("the value is %v", v.Sensitive)
	}
	bearer, fault := c.Connections[0].API.Auth.Bearer.Eval(loadEnv{variables: map[string]*Variable{"token": c.Variables[0]}})
	if fault != nil || !bearer.Sensitive || bearer.Str != secret {
		t.Errorf("the bearer is not the secret: %+v", fault)
	}
	for _, r := range c.Reports {
		if strings.Contains(fmt.Sprintf("%+v", r.Destinations[0].Digest), secret) {
			t.Error("the digest holds the secret")
		}
	}
}

func TestASecretIsAskedForWhenItIsUsed(t *testing.T) {
	t.Parallel()
	c, diags := loadCase(t, "testdata/ok/secret-without-value.yaml")
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	env := loadEnv{variables: map[string]*Variable{"token": c.Variables[0]}}
	if text, fault := c.Connections[0].API.Auth.Bearer.Str(env); fault == nil || fault.Code != "missing-secret" || fault.Subject.IsZero() {
		t.Errorf("an unset secret was taken as %q: %+v", text, fault)
	}
}
