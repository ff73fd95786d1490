package spec

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/reportform/reportform/spec/diag"
)

// TestLiteralSecretsAreNeverShown writes a secret wherever people do, right and wrong, and looks for it in all output.
func TestLiteralSecretsAreNeverShown(t *testing.T) {
	t.Parallel()
	const mail = "version: 1\nconnections:\n  office:\n    type: smtp\n    host: h.example.com\n    from: a@example.com\n    "
	const api = "version: 1\nconnections:\n  shop:\n    type: http\n    sources: {orders: {path: orders}}\n    "
	const variable = "version: 1\nvariables: {v: {type: text, secret: true}, team: {type: text, default: a}}\n"
	for name, c := range map[string]struct {
		text, values string
		vars         []string
	}{
		"mistyped key":           {text: mail + "pasword: hunter2"},
		"mistyped key, number":   {text: mail + "pasword: 770077"},
		"mistyped bearer":        {text: api + "base_url: https://a.example.com\n    auth: {baerer: hunter2}"},
		"unknown key of auth":    {text: api + "base_url: https://a.example.com\n    auth: {jwt: hunter2}"},
		"auth as text":           {text: api + "base_url: https://a.example.com\n    auth: hunter2"},
		"misplaced colon":        {text: mail + "password:hunter2"},
		"equals sign":            {text: mail + "password=hunter2"},
		"no colon":               {text: mail + "password hunter2"},
		"colon within braces":    {text: "version: 1\nconnections: {o: {type: smtp, password:hunter2}}"},
		"map for a password":     {text: mail + "password: {value: hunter2}"},
		"list for a password":    {text: mail + "password: [hunter2]"},
		"braces of templates":    {text: mail + "password: {{ hunter2 }}"},
		"repeated":               {text: mail + "password: ${env.A}\n    password: hunter2"},
		"text behind quote":      {text: mail + "password: \"hunter2\" x"},
		"unclosed quote":         {text: mail + "password: \"hunter2"},
		"quote of two lines":     {text: mail + "password: \"770077\n      hunter2"},
		"block of a broken file": {text: mail + "password: |\n      hunter2\n      @\n    reply_to: ]"},
		"tag":                    {text: mail + "password: !hunter2"},
		"alias":                  {text: mail + "password: *hunter2"},
		"reserved character":     {text: mail + "password: @hunter2"},
		"percent":                {text: mail + "password: %hunter2"},
		"comment":                {text: mail + "password: a #hunter2${env.A}"},
		"colon":                  {text: mail + "password: hunter2: b"},
		"partly literal":         {text: mail + "password: hunter2${env.A}"},
		"partly literal, behind": {text: mail + "password: ${env.A}hunter2"},
		"wholly an expression":   {text: mail + "password: ${\"hunter2\"}"},
		"unknown function":       {text: mail + "password: ${\"hunter2\" + nofunc(env.MPW)}"},
		"broken expression":      {text: mail + "password: ${\"hunter2\" + }"},
		"address with query":     {text: api + "base_url: https://a.example.com?token=hunter2"},
		"address with login":     {text: api + "base_url: http://bob:hunter2@a.example.com"},
		"address with half":      {text: api + "base_url: http://bob:hunter2@${env.H}"},
		"address of no kind":     {text: api + "base_url: ftp://bob:hunter2@a.example.com"},
		"proxy":                  {text: api + "base_url: https://a.example.com\n    proxy: http://bob:hunter2@proxy.example.com"},
		"proxy, half":            {text: api + "base_url: https://a.example.com\n    proxy: http://bob:hunter2@${env.H}"},
		"header X-Signature":     {text: api + "base_url: https://a.example.com\n    headers: {X-Signature: hunter2}"},
		"header X-Session":       {text: api + "base_url: https://a.example.com\n    headers: {X-Session: hunter2}"},
		"header Api-Key":         {text: api + "base_url: https://a.example.com\n    headers: {Api-Key: hunter2}"},
		"header X-Credential":    {text: api + "base_url: https://a.example.com\n    headers: {X-Credential: hunter2}"},
		"header Authorization":   {text: api + "base_url: https://a.example.com\n    headers: {Authorization: \"Bearer hunter2${env.A}\"}"},
		"default of a secret":    {text: "version: 1\nvariables: {v: {type: text, secret: true, defualt: hunter2}}"},
		"allowed of a secret":    {text: "version: 1\nvariables: {v: {type: text, secret: true, allowed: hunter2}}"},
		"values, unclosed":       {text: variable, values: "v: \"hunter2\n"},
		"values, two lines":      {text: variable, values: "v: \"770077\n  hunter2\n"},
		"values, other name":     {text: variable, values: "w: hunter2\n"},
		"values, repeated":       {text: variable, values: "v: a\nv: hunter2\n"},
		"values, tag":            {text: variable, values: "v: !hunter2\n"},
		"values, nothing else":   {text: variable, values: "hunter2\n"},
		"--var without a name":   {text: variable, vars: []string{"hunter2"}},
		"--var with padding":     {text: variable, vars: []string{"hunter2="}},
		"--var of another name":  {text: variable, vars: []string{"w=hunter2"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{Catalogs: catalog(t), Vars: c.vars}
			if c.values != "" {
				o.VarFiles = []File{{Name: "prod.vars.yaml", Data: []byte(c.values)}}
			}
			config, diags, err := Load(fstest.MapFS{"a.yaml": {Data: []byte(c.text + "\n")}}, "a.yaml", o)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Code != "missing-key" }) {
				t.Error("nothing is said of it")
			}
			out := shown(t, diags, config.Files)
			for _, secret := range []string{"hunter2", "770077"} {
				if strings.Contains(out, secret) {
					t.Errorf("the secret is shown:\n%s", out)
				}
			}
		})
	}
}

// TestHidingTakesNoLongTime reads files that have as many secrets, on one line or behind aliases, as fit into one.
func TestHidingTakesNoLongTime(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"a: [" + strings.Repeat("{password: a}, ", 20_000) + "b]",
		"a: &a " + strings.Repeat("x", 500_000) + "\nb: [" + strings.Repeat("{password: *a}, ", 20_000) + "b]",
		"a: [" + strings.Repeat("http://a:b@c/?d=e, ", 10_000) + "b]",
		"password: \"" + strings.Repeat("${a}b", 100_000) + "\"",
	} {
		start := time.Now()
		if _, _, err := Load(fstest.MapFS{"a.yaml": {Data: []byte(text)}}, "a.yaml", Options{}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%.40s… takes %s", text, took)
		}
	}
}

// TestInnocentValuesAreShown keeps masking to what is or may be a secret.
func TestInnocentValuesAreShown(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"version: 1\nconnections:\n  o: {type: smtp, host: mail.example.com, auth: auto, hots: x}",
		"version: 1\nconnections:\n  o: {type: smtp, password: \"${env.MPW}\", hots: x}",
		"version: 1\nmessage_token_count: 3",
		"version: 1\nconnections:\n  o: {type: http, base_url: https://api.example.com/v2, headers: {Accept: text/csv}, hots: x}",
		"version: 1\nvariables: {token: {type: txt, secret: true, description: API}}",
		"version: 1\nconnections:\n  o: {type: smtp, host: [a}",
	} {
		config, diags, err := Load(fstest.MapFS{"a.yaml": {Data: []byte(text)}}, "a.yaml", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if out := shown(t, diags, config.Files); len(diags) == 0 || strings.Contains(out, "**") {
			t.Errorf("something is masked, or nothing said:\n%s", out)
		}
	}
}

// TestSchemesOfHeadersAreNoSecrets admits the words that stand before a header's secret.
func TestSchemesOfHeadersAreNoSecrets(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"Bearer ${env.A}", "${env.A}", "Token token=${env.A}", "session=${env.A}; lang=${env.B}", "${file('t')}"} {
		text := "version: 1\nconnections:\n  o: {type: http, base_url: https://a.example.com, sources: {s: {path: s}}, proxy: \"http://bob:${env.P}@p.example.com\", headers: {Authorization: \"" + value + "\"}}"
		config, diags, err := Load(fstest.MapFS{"a.yaml": {Data: []byte(text)}}, "a.yaml", Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range diags {
			if d.Code == "literal-secret" {
				t.Errorf("%s is refused:\n%s", value, shown(t, diags, config.Files))
			}
		}
	}
}
