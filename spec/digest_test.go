package spec

import (
	"strings"
	"testing"
)

func TestDigestFollowsTheMeaning(t *testing.T) {
	t.Parallel()
	digest := func(text string, vars ...string) string {
		return mustLoad(t, text, Options{Vars: vars}).Reports[0].Destinations[0].Digest
	}
	const base = `version: 1
variables:
  team: {type: text, default: sales}
  other: {type: text, default: x}
  pin: {type: text, secret: true}
connections: {demo: {type: demo}}
reports:
  r:
    title: Chats of ${var.team}
    range: yesterday
    datasets: {d: {source: demo.chats_summary, filters: {channel: web, sum_users: true}}}
    destinations: {f: {file: {path: "x-${range.from}.xlsx"}}}
`
	const laidOut = `# the same, laid out otherwise
version: 1
connections:
  demo: {type: demo, timeout: 10s}
variables:
  pin: {type: text, secret: true}
  team: {type: text, default: sales} # a team
  other: {type: text, default: x}

reports:
  r:
    range: 'yesterday'
    title: "Chats of ${var.team}"
    datasets:
      d:
        source: demo.chats_summary
        filters:
          sum_users: true
          channel: web
    destinations:
      f:
        file:
          path: x-${range.from}.xlsx
`
	same := digest(base, "pin=1")
	for name, other := range map[string]string{
		"layout":           digest(laidOut, "pin=1"),
		"a secret":         digest(base, "pin=2"),
		"another variable": digest(base, "pin=1", "other=y"),
	} {
		if other != same {
			t.Errorf("%s changes the digest", name)
		}
	}
	for name, other := range map[string]string{
		"a variable": digest(base, "pin=1", "team=support"),
		"a filter":   digest(replaced(t, base, "channel: web", "channel: mobile"), "pin=1"),
		"a kind":     digest(replaced(t, base, "Chats of ${var.team}", "\"1\""), "pin=1"),
		"a path":     digest(replaced(t, base, "x-$", "y-$"), "pin=1"),
	} {
		if other == same {
			t.Errorf("%s leaves the digest as it is", name)
		}
	}
}

func replaced(t *testing.T, text, from, to string) string {
	t.Helper()
	out := strings.Replace(text, from, to, 1)
	if out == text {
		t.Fatalf("%q is not in the text", from)
	}
	return out
}
