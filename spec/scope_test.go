package spec

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/schema"
)

// everySecret has a secret in each field that the schema marks.
const everySecret = `version: 1
connections:
  thulium: {type: thulium, system: "${env.A}", username: "${env.A}", password: "${file('a')}", proxy: "${env.A}"}
  other: {type: thulium, base_url: "https://${env.A}", username: "${env.A}", password: "${env.A}"}
  shop:
    type: http
    base_url: ${env.A}
    proxy: ${env.A}
    headers: {X-Api-Key: "${env.A}"}
    auth: {basic: {username: "${env.A}", password: "${env.A}"}}
    sources: {orders: {path: orders}}
  store: {type: http, base_url: "${env.A}", auth: {bearer: "Token ${env.A}"}, sources: {orders: {path: orders}}}
  keyed: {type: http, base_url: "${env.A}", auth: {header: {name: X-Key, value: "${env.A}"}}, sources: {orders: {path: orders}}}
  asked: {type: http, base_url: "${env.A}", auth: {query: {name: k, value: "${env.A}"}}, sources: {orders: {path: orders}}}
  granted:
    type: http
    base_url: ${env.A}
    auth: {oauth2_client_credentials: {token_url: "${env.A}", client_id: "${env.A}", client_secret: "${env.A}"}}
    client_certificate: {cert: "${env.A}", key: "${file('k')}"}
    sources: {orders: {path: orders}}
  office: {type: smtp, host: "${env.A}", from: a@example.com, username: "${env.A}", password: "${env.A}"}
  cloud:
    type: smtp
    host: ${env.A}
    from: a@example.com
    username: ${env.A}
    oauth2: {token_url: "${env.A}", client_id: "${env.A}", client_secret: "${env.A}", refresh_token: "${env.A}"}
`

func TestSecretsStandWhereTheSchemaSays(t *testing.T) {
	t.Parallel()
	var root any
	if err := json.Unmarshal(schema.V1, &root); err != nil {
		t.Fatal(err)
	}
	marked := map[string]bool{}
	var walk func(key string, v any)
	walk = func(key string, v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(key, item)
			}
		case map[string]any:
			if v["x-secret"] == true || v["x-env"] == true {
				marked[key] = true
			}
			for k, item := range v {
				if k == "additionalProperties" {
					k = key
				}
				walk(k, item)
			}
		}
	}
	walk("", root)
	want := []string{"base_url", "bearer", "cert", "client_id", "client_secret", "headers", "host", "key", "password", "proxy", "refresh_token", "system", "token_url", "username", "value"}
	if got := slices.Sorted(maps.Keys(marked)); !slices.Equal(got, want) {
		t.Errorf("the schema marks %v; the decoder and this test know %v", got, want)
	}
	for _, key := range want {
		if !strings.Contains(everySecret, key+": ") {
			t.Errorf("%s is not tried", key)
		}
	}
	mustLoad(t, everySecret, Options{})
}

func TestSecretsStandNowhereElse(t *testing.T) {
	t.Parallel()
	const text = `version: 1
connections:
  demo: {type: demo}
  out: {type: outbox, directory: DIRECTORY, from: FROM}
reports:
  r:
    title: TITLE
    range: yesterday
    datasets: {d: {source: demo.chats_summary, filters: {channel: FILTER}, transform: [{where: "WHERE"}]}}
    checks: [{assert: rows(d) > 0, message: MESSAGE}]
    workbook: {sheets: [{name: SHEET, blocks: [{text: TEXT}]}]}
    destinations:
      f: {file: {path: "x-${range.from}.xlsx"}}
      m: {email: {via: out, to: [TO], subject: SUBJECT, attach: [{workbook: true, name: NAME}]}}
`
	sound := strings.NewReplacer("DIRECTORY", "out", "FROM", "a@b.pl", "FILTER", "web", "WHERE", "incoming > 0", "TO]", "a@b.pl]", "NAME", "a.xlsx").Replace(text)
	mustLoad(t, sound, Options{})
	for from, to := range map[string]string{
		"directory: out": `directory: "${env.A}"`, "from: a@b.pl": `from: "${env.A}"`, "TITLE": `"${env.A}"`,
		"channel: web": `channel: "${env.A}"`, "incoming > 0": `user_name == env.A`, "MESSAGE": `"${env.A}"`,
		"SHEET": `"${env.A}"`, "TEXT": `"${file('a')}"`, "[a@b.pl]": `["${env.A}"]`, "SUBJECT": `"${env.A}"`,
		"name: a.xlsx": `name: "${env.A}.xlsx"`,
	} {
		c, diags := loadText(t, replaced(t, sound, from, to), Options{})
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, "cannot stand here") && !strings.Contains(diags[0].Code, "unknown-name") {
			t.Errorf("%s: %s", from, shown(t, diags, c.Files))
		}
	}
}
