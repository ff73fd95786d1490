package spec

import (
	"strings"
	"testing"
)

// TestPolicyCheck holds what is told of a configuration that asks for more than a policy allows, all at once.
func TestPolicyCheck(t *testing.T) {
	t.Parallel()
	c, diags := loadCase(t, "testdata/policy/asks-for-more.yaml")
	if len(diags) > 0 {
		t.Fatal("\n" + shown(t, diags, c.Files))
	}
	p, diags := ParsePolicy([]byte(`hosts: ["*.thulium.com"]
environment: [THULIUM_*]
recipient_domains: [example.com]
state_locations: ["s3://reports/*"]
`), "policy.yaml")
	if len(diags) > 0 {
		t.Fatalf("%+v", diags)
	}
	found := c.Check(p)
	for _, d := range found {
		checkCaret(t, d, c.Files)
	}
	golden(t, "testdata/policy/asks-for-more.txt", shown(t, found, c.Files))
	if strings.Contains(shown(t, found, c.Files), "s3cret") {
		t.Error("a secret is told")
	}
	if found := c.Check(nil); len(found) > 0 {
		t.Errorf("without a policy: %+v", found)
	}
	all, _ := ParsePolicy([]byte("hosts: [\"*\"]\n"), "policy.yaml")
	if found := c.Check(all); len(found) > 0 {
		t.Errorf("all hosts, and nothing said of the rest: %+v", found)
	}
}
