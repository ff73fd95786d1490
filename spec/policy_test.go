package spec

import (
	"strings"
	"testing"
)

func TestPolicy(t *testing.T) {
	t.Parallel()
	p, diags := ParsePolicy([]byte(`version: 1
hosts: ["*.thulium.com", smtp.example.com]
environment: [THULIUM_*]
recipient_domains: [example.com]
state_locations: ["s3://reports/*", "file:.reportform"]
`), "policy.yaml")
	if len(diags) > 0 {
		t.Fatalf("%+v", diags)
	}
	none, diags := ParsePolicy([]byte("version: 1\nhosts: []\n"), "policy.yaml")
	if len(diags) > 0 {
		t.Fatalf("%+v", diags)
	}
	var absent *Policy
	for name, c := range map[string]struct{ got, want bool }{
		"host by glob":             {p.AllowsHost("Acme.thulium.com"), true},
		"host whole":               {p.AllowsHost("smtp.example.com"), true},
		"host that only ends so":   {p.AllowsHost("evil-smtp.example.com"), false},
		"host behind the glob":     {p.AllowsHost("acme.thulium.com.evil.org"), false},
		"name by glob":             {p.AllowsEnv("THULIUM_PASSWORD"), true},
		"name in other case":       {p.AllowsEnv("thulium_password"), false},
		"another name":             {p.AllowsEnv("AWS_SECRET_ACCESS_KEY"), false},
		"recipient":                {p.AllowsRecipient("Anna@Example.com"), true},
		"recipient of a subdomain": {p.AllowsRecipient("anna@sub.example.com"), false},
		"recipient without domain": {p.AllowsRecipient("example.com"), false},
		"state by glob":            {p.AllowsState("s3://reports/a/b"), true},
		"state elsewhere":          {p.AllowsState("s3://other/a"), false},
		"an empty list":            {none.AllowsHost("smtp.example.com"), false},
		"a list that is not there": {none.AllowsEnv("ANY"), true},
		"no policy":                {absent.AllowsHost("any") && absent.AllowsEnv("ANY") && absent.AllowsRecipient("a@b.c") && absent.AllowsState("file:x"), true},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v", name, c.got)
		}
	}
}

func TestAWrongPolicyIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"host: [a]\n", "- hosts\n", "hosts: [1]\n", "hosts: [a\n", "", "# hosts: [a]\n", "{}\n", "version: 1\n"} {
		p, diags := ParsePolicy([]byte(text), "policy.yaml")
		if !diags.HasErrors() {
			t.Errorf("%q is taken for a policy", strings.TrimSpace(text))
		}
		if p == nil && diags[0].Code == "empty-file" && strings.Contains(diags[0].Detail, "version: 1") {
			t.Errorf("%q: a policy is spoken of as a configuration: %s", text, diags[0].Detail)
		}
	}
}
