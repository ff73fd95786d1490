package spec

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

const eachBase = `version: 1
variables:
  team: {type: text, default: x}
  day: {type: text, default: monday}
  regions: {type: list(text), default: [north, south]}
connections:
  demo: {type: demo}
  out: {type: outbox, directory: out, from: reports@example.com}
reports:
  weekly:
    range: last_week
    for_each:
      north: {queues: [1, 3], target: 10, to: anna@example.com}
      "so\"uth": {queues: [], target: 12.5, to: jan@example.com}
      Łódź: {queues: [2], target: 7, to: ewa@example.com}
    not_before: "07:00"
    catch_up: 3
    owner: Anna
    tags: [a]
    datasets:
      by_day:
        source: demo.chats_summary
        filters: {chat_queue_ids: "${each.value.queues}"}
        aggregate_by: day
        transform: [{where: answered > each.value.target}]
    destinations:
      leads: {email: {via: out, to: ["${each.value.to}"], subject: "Chats of ${each.key}", in_doubt: resend}}
      archive: {file: {path: "out/${each.key}-${range.from}.xlsx"}}
    on_failure: {email: {via: out, to: owners@example.com, cc: ["${each.value.to}"], subject: "${report.name} failed"}}
`

func TestForEachMakesInstances(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, eachBase, Options{})
	var got []string
	for _, r := range c.Reports {
		got = append(got, r.Address)
		if r.Name != "weekly" || r.CatchUp != 3 || len(r.Destinations) != 2 || !r.Destinations[0].Email.Resend {
			t.Errorf("%s: %+v", r.Address, r)
		}
	}
	if want := []string{`weekly["north"]`, `weekly["so\"uth"]`, `weekly["Łódź"]`}; !slices.Equal(got, want) {
		t.Fatalf("instances %v, want %v", got, want)
	}
	// What is a whole number for one instance is what it is for all.
	for i, want := range []string{"10", "12.5", "7"} {
		target, err := c.Reports[i].Each.lookup([]string{"value", "target"})
		if err != nil || target.Type != expr.Decimal || expr.Plain(target) != want {
			t.Errorf("target of %s is %v (%v), want the decimal %s", c.Reports[i].Address, target, err, want)
		}
	}
	if c.Reports[0].Datasets[0] != c.Reports[1].Datasets[0] {
		t.Error("instances do not share what is the same for all")
	}
	if to := c.Reports[0].OnFailure.Email.To[0].Text; to != "owners@example.com" {
		t.Errorf("on failure %q is told", to)
	}
}

func TestForEachOfLists(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"[north, south]":                       "north=text north, south=text south",
		`["${upper(var.team)}-1", "a b"]`:      "X-1=text X-1, a b=text a b",
		"[1, 3]":                               "1=integer 1, 3=integer 3",
		"${var.regions}":                       "north=text north, south=text south",
		"[]":                                   "",
		"{}":                                   "",
		"{a: ${var.team}}":                     "",
		`{a: "${var.team}", b: "$${x}"}`:       "a=text x, b=text ${x}",
		`{a: "${var.regions}", b: [x]}`:        "a=list north, south, b=list x",
		`{a: "${length(var.regions)}", b: 12}`: "a=integer 2, b=integer 12",
	} {
		text := strings.Replace(eachBase, eachBase[strings.Index(eachBase, "\n      north:"):strings.Index(eachBase, "    not_before")], " "+written+"\n", 1)
		text = strings.NewReplacer("chat_queue_ids: \"${each.value.queues}\"", "sum_users: true", " > each.value.target", " > 1", "${each.value.to}", "a@example.com").Replace(text)
		c, diags := loadText(t, text, Options{})
		if written == "{a: ${var.team}}" {
			if !diags.HasErrors() {
				t.Errorf("%s has no trap", written)
			}
			continue
		}
		if len(diags) > 0 {
			t.Errorf("%s: %s", written, shown(t, diags, c.Files))
			continue
		}
		var got []string
		for _, r := range c.Reports {
			got = append(got, fmt.Sprintf("%s=%s", r.Each.Key, r.Each.Value))
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %v, want %s", written, got, want)
		}
	}
}

// TestValuesLeaveVariablesAlone: a list that is widened for its instance is still a list of whole numbers elsewhere.
func TestValuesLeaveVariablesAlone(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, `version: 1
variables: {whole: {type: list(integer), default: [1, 3]}}
connections: {demo: {type: demo}}
reports:
  r:
    for_each: {a: "${var.whole}", b: [1.5]}
    range: yesterday
    datasets: {d: {source: demo.chats_summary}}
    destinations: {f: {file: {path: "${each.key}-${range.from}.xlsx"}}}
`, Options{})
	if got := c.Reports[0].Each.Value.Items[0].Type; got != expr.Decimal {
		t.Errorf("beside a decimal an item is of type %s", got)
	}
	if got := c.Variables[0].Value.Items[0].Type; got != expr.Integer {
		t.Errorf("the variable's item became of type %s", got)
	}
}

// TestDigestsOfInstances: what is delivered before is not taken for changed when something else changed.
func TestDigestsOfInstances(t *testing.T) {
	t.Parallel()
	digests := func(text string, vars ...string) (north, south string) {
		c := mustLoad(t, text, Options{Vars: vars})
		return c.Reports[0].Destinations[0].Digest, c.Reports[1].Destinations[0].Digest
	}
	north, south := digests(eachBase)
	if north == south {
		t.Error("two instances have one digest")
	}
	for name, change := range map[string][]string{
		"another key":              {"      Łódź: {queues: [2], target: 7, to: ewa@example.com}\n", "      Łódź: {queues: [2], target: 7, to: ewa@example.com}\n      west: {queues: [], target: 7, to: a@example.com}\n"},
		"a key that made decimals": {"target: 12.5", "target: 12"},
		"the report's name":        {"  weekly:", "  chats:"},
		"the destination's name":   {"      leads: {", "      team: {"},
		"the other destination":    {"path: \"out/${each.key}-", "path: \"out/${var.team}-${each.key}-"},
		"catch_up":                 {"catch_up: 3", "catch_up: 4"},
		"no catch_up":              {"    catch_up: 3\n", ""},
		"tags":                     {"tags: [a]", "tags: [b]"},
		"enabled":                  {"tags: [a]", "enabled: false"},
		"not_before":               {`"07:00"`, `"08:00"`},
		"a variable in a tag":      {"tags: [a]", `tags: ["${var.day}-x"]`},
		"in_doubt":                 {"in_doubt: resend", "in_doubt: hold"},
		"on_failure":               {"failed\"", "did not work, ${var.team}\""},
	} {
		if got, _ := digests(replaced(t, eachBase, change[0], change[1])); got != north {
			t.Errorf("%s changes the digest", name)
		}
	}
	for name, change := range map[string][]string{
		"its value":   {"target: 10", "target: 11"},
		"its key":     {"      north:", "      east:"},
		"the owner":   {"owner: Anna", "owner: Ewa"},
		"the subject": {"Chats of", "Calls of"},
		"the range":   {"last_week", "yesterday"},
	} {
		if got, _ := digests(replaced(t, eachBase, change[0], change[1])); got == north {
			t.Errorf("%s leaves the digest as it is", name)
		}
	}
	if got, _ := digests(eachBase, "team=y"); got != north {
		t.Error("a variable that is not used changes the digest")
	}
}

// TestInstancesAndThePolicy: recipients of every instance and of failures are held to it, each told once.
func TestInstancesAndThePolicy(t *testing.T) {
	t.Parallel()
	text := replaced(t, eachBase, "jan@example.com", "jan@example.org")
	text = replaced(t, text, "to: owners@example.com", "to: owners@example.net")
	c := mustLoad(t, text, Options{})
	p, _ := ParsePolicy([]byte("recipient_domains: [example.com]\n"), "policy.yaml")
	var got []string
	for _, d := range c.Check(p) {
		checkCaret(t, d, c.Files)
		got = append(got, d.Context+": "+d.Detail)
	}
	want := []string{
		`report "weekly" > destinations > leads > email: The policy does not let definitions send to "jan@example.org".`,
		`report "weekly" > on_failure > email: The policy does not let definitions send to "owners@example.net".`,
		`report "weekly" > on_failure > email: The policy does not let definitions send to "jan@example.org".`,
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("told:\n%s", strings.Join(got, "\n"))
	}
}
