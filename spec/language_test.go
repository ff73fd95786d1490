package spec

import (
	"os"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/diag/diagtest"
	"github.com/reportform/reportform/spec/tree"
)

// report wraps lines of a report into a file that has nothing else wrong.
func report(lines string) string {
	return "version: 1\nreports:\n  w:\n    range: last_week\n    datasets: {d: {source: a.b}}\n    destinations: {f: {file: {path: out/x.xlsx}}}\n    " + lines + "\n"
}

// inDataset wraps lines of a dataset.
func inDataset(lines string) string {
	return "version: 1\nreports:\n  w:\n    range: last_week\n    destinations: {f: {file: {path: out/x.xlsx}}}\n    datasets:\n      d:\n        source: a.b\n        " + lines + "\n"
}

// connections wraps lines of connections.
func connections(lines string) string { return "version: 1\nconnections:\n  " + lines + "\n" }

// TestSchemaFindings says what a user wrote, what is told of it and where, and words of its detail.
func TestSchemaFindings(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
		detail     string
	}{
		{"a text for a whole number", inDataset("transform: [{limit: dziesięć}]"),
			[]string{`wrong-type 9:29 "dziesięć"`}, "\"limit\" must be a whole number, but is a text."},
		{"a whole number in quotes", inDataset("transform: [{limit: \"10\"}]"), []string{`wrong-type 9:29 "\"10\""`}, "Remove the quotes: 10"},
		{"an expression with text around it", inDataset("transform: [{limit: \"a${var.n}\"}]"), []string{`wrong-type 9:29 "\"a${var.n}\""`}, "only alone"},
		{"a number that is too small", inDataset("transform: [{limit: 0}]"), []string{`out-of-bounds 9:29 "0"`}, "at least 1, but is 0"},
		{"a number that is no number", inDataset("transform: [{limit: .nan}, {limit: .inf}]"),
			[]string{`wrong-type 9:29 ".nan"`, `wrong-type 9:44 ".inf"`}, "a text"},
		{"a number beyond all bounds", connections("m: {type: smtp, host: h, from: f, port: 1e999}"), []string{`out-of-bounds 3:43 "1e999"`}, "at most 65535"},
		{"a number for a text", report("title: 2026"), []string{`wrong-type 7:12 "2026"`}, `Put it in quotes: "2026"`},
		{"a boolean for a text", report("title: true"), []string{`wrong-type 7:12 "true"`}, `but is a boolean. Put it in quotes: "true"`},
		{"a number for a secret", connections("m: {type: smtp, host: h, from: f, password: 1234}"), []string{`wrong-type 3:47 "1234"`}, "but is a whole number.\n"},
		{"yes for a boolean", report("enabled: yes"), []string{`wrong-type 7:14 "yes"`}, "In YAML 1.2 \"yes\" is a text. Write \"true\"."},
		{"a mapping for a list", report("checks: {assert: a}"), []string{`wrong-type 7:13 "{assert: a}"`}, "\"- \""},
		{"a list for a mapping", connections("- type: demo"), []string{`wrong-type 3:3 "- type: demo"`}, "must be a mapping, but is a list"},
		{"an item of a list", report("tags: [a, 3]"), []string{`wrong-type 7:15 "3"`}, "Item 2 of \"tags\" must be a text"},
		{"nothing for a mapping", report("workbook:"), []string{`wrong-type 7:14 ""`}, "\"workbook\" must be a mapping, but is empty."},
		{"a word that is not allowed", "version: 1\nsettings: {week_start: mondy}\n", []string{`not-allowed 2:24 "mondy"`}, "Did you mean \"monday\"?"},
		{"a word in capitals", report("empty: Skip"), []string{`not-allowed 7:12 "Skip"`}, "Did you mean \"skip\"?"},
		{"a number for a word", report("empty: 3"), []string{`not-allowed 7:12 "3"`}, "must be one of \"send\", \"skip\" and \"fail\", but is 3"},
		{"another version", "version: 2\n", []string{`not-allowed 1:10 "2"`}, "must be 1, but is 2"},
		{"the version in quotes", "version: \"1\"\n", []string{`not-allowed 1:10 "\"1\""`}, "in quotes"},
		{"a word beside a mapping", connections("h: {type: http, base_url: u, sources: {s: {paging: non}}}"),
			[]string{`not-allowed 3:54 "non"`}, "must be \"none\" or a mapping"},
		{"no name", "version: 1\nreports:\n  raport łódzki: {range: a, datasets: {d: {source: a.b}}, destinations: {f: {file: {path: x}}}}\n",
			[]string{`bad-name 3:3 "raport łódzki"`}, "Letters, digits"},
		{"a list that is empty", report("workbook: {sheets: []}"), []string{`empty-value 7:24 "[]"`}, "must not be empty"},
		{"a text that is empty", "version: 1\nsettings: {project: \"\"}\n", []string{`empty-value 2:21 "\"\""`}, "An example: \"support-reports\""},
		{"no regular expression", "version: 1\nvariables: {a: {pattern: \"[\"}}\n", []string{`bad-value 2:26 "\"[\""`}, "no regular expression"},
		{"a date where text is meant", report("title: 2026-11-01"), []string{`unquoted-date 7:12 "2026-11-01"`}, `"2026-11-01"`},

		{"an unknown key", report("ranges: last_week"), []string{`unknown-key 7:5 "ranges"`}, "\"ranges\" is no key of a report. Did you mean \"range\"?"},
		{"an unknown key with nothing near", inDataset("zzz: 1"), []string{`unknown-key 9:9 "zzz"`}, "It takes \"aggregate_by\", \"columns\","},
		{"a key that belongs deeper", report("sheets: []"), []string{`unknown-key 7:5 "sheets"`}, "It belongs under \"workbook\", indented."},
		{"a key of another kind of connection", connections("m: {type: smtp, host: h, from: f, system: s}"), []string{`unknown-key 3:37 "system"`}, "an SMTP connection"},
		{"an unknown kind of connection, of which nothing more is told", connections("m: {type: smpt, hots: h}"), []string{`not-allowed 3:13 "smpt"`}, "Did you mean \"smtp\"?"},
		{"no kind of connection", connections("m: {host: h}"), []string{`missing-key 3:3 "m"`}, "\"type\""},
		{"a missing key", connections("m: {type: smtp, from: f}"), []string{`missing-key 3:3 "m"`}, "The key \"host\" is missing: an SMTP connection needs it."},
		{"a missing key of an item", report("checks:\n      - message: Pusto"), []string{`missing-key 8:9 "message"`}, "\"assert\""},
		{"a missing version", "reports: {}\n", []string{`missing-key 1:1 "reports"`}, "version: 1"},
		{"a key with a slip is not missing as well", connections("m: {type: smtp, hots: h, from: f}"), []string{`unknown-key 3:19 "hots"`}, "Did you mean \"host\"?"},
		{"a report without its parts", "version: 1\nreports: {w: {}}\n",
			[]string{`missing-key 2:11 "w"`, `missing-key 2:11 "w"`, `missing-key 2:11 "w"`}, "\"datasets\""},
		{"two kinds of destination", report("workbook: {sheets: [{name: a, blocks: [{heading: a, text: b}]}]}"),
			[]string{`too-many-keys 7:57 "text"`}, "a block has exactly one of \"chart\", \"heading\", \"image\", \"kpis\", \"table\" and \"text\""},
		{"a range without an end", inDataset("range: {from: today}"), []string{`missing-key 9:9 "range"`}, "exactly one of \"through\" and \"until\""},
		{"a range with two ends", inDataset("range: {from: today, until: today, through: today}"), []string{`too-many-keys 9:44 "through"`}, "\"until\""},
		{"a key two levels too high", report("blocks: []"), []string{`unknown-key 7:5 "blocks"`}, "under \"workbook\" > \"sheets\", indented"},
		{"a destination of no kind", "version: 1\nsettings: {defaults: {destinations: {f: {when: true}}}}\n", []string{`missing-key 2:38 "f"`}, "A destination has exactly one of \"file\" and \"email\""},
		{"a step of no kind", inDataset("transform: [{}]"), []string{`missing-key 9:21 "{}"`}, "A step has exactly one of"},
		{"an unknown step", inDataset("transform: [{filter: a > 1}]"), []string{`unknown-key 9:22 "filter"`}, "\"where\""},
		{"all at once", "version: 1\nsetings: {}\nsettings: {locale: de, x: 1}\nstate: {location: 3}\n",
			[]string{`unknown-key 2:1 "setings"`, `not-allowed 3:20 "de"`, `unknown-key 3:24 "x"`, `wrong-type 4:19 "3"`}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := checkSchema(read(t, c.text), "")
			diagtest.Check(t, c.text, got, c.want, c.detail)
			for _, d := range got {
				for _, theirs := range []string{"oneOf", "anyOf", "additionalProperties", "jsonschema", "object", "array", "null", "schema", "file://"} {
					if strings.Contains(d.Detail, theirs) {
						t.Errorf("%q is a library's word: %s", theirs, d.Detail)
					}
				}
			}
		})
	}
}

// TestToldOnce: what YAML made of a value was told when it was read.
func TestToldOnce(t *testing.T) {
	for _, text := range []string{"version: 010\n", report("title: 0123"), report("tags: 01"), connections("m: &m {type: demo, retry: *m}")} {
		root, faults := tree.Parse("reports.yaml", []byte(text))
		if got := checkSchema(root, ""); len(faults) != 1 || len(got) != 0 {
			t.Errorf("%q: %+v, then %+v", text, faults, got)
		}
	}
}

// TestAccepted holds forms that must have nothing said of them.
func TestAccepted(t *testing.T) {
	whole, err := os.ReadFile("testdata/yaml/whole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		string(whole),
		"version: 1\n",
		report("tags: ${var.tags}\n    enabled: ${var.on}\n    empty: ${var.empty}\n    partial: true\n    not_before: 07:00\n    timezone: ${var.zone}"),
		inDataset("transform: [{limit: \"${var.n}\"}, {derive: {x: 1, y: true, z: {value: a}}}, {sort: -a}, {group: {by: a, measures: {n: count()}}}]"),
		inDataset("filters: {ids: \"${var.ids}\", day: 2026-11-01, list: [1, a, true]}\n        range: {from: 2026-11-01, through: 2026-11-15}"),
		connections("m: {type: smtp, host: \"${env.HOST}\", from: f, port: \"${var.port}\", security: \"${var.s}\"}"),
		connections("h: {type: http, base_url: u, auth: {bearer: \"${env.T}\"}, sources: {s: {path: /s, paging: none, columns: {a: {label: {pl: ą}}}}}}"),
		"version: 1\nsettings: {defaults: {range: last_week, tags: [a]}}\n",
	} {
		if got := checkSchema(read(t, text), ""); len(got) > 0 {
			t.Errorf("%s\n%+v", text, got)
		}
	}
}

// TestDefinitions are checked alone, as the catalogs and the policy are.
func TestDefinitions(t *testing.T) {
	if got := checkSchema(read(t, "path: /x\nrecords: result\nkey: [id]\n"), "source"); len(got) > 0 {
		t.Errorf("%+v", got)
	}
	got := checkSchema(read(t, "pathh: /x\n"), "source")
	diagtest.Check(t, "pathh: /x\n", got, []string{`unknown-key 1:1 "pathh"`}, "Did you mean \"path\"?")
	got = checkSchema(read(t, "host: [a]\n"), "policy")
	diagtest.Check(t, "host: [a]\n", got, []string{`unknown-key 1:1 "host"`}, "Did you mean \"hosts\"?")
}

func read(t *testing.T, text string) *tree.Node {
	t.Helper()
	root, got := tree.Parse("reports.yaml", []byte(text))
	if root == nil || len(got) > 0 {
		t.Fatalf("%q: %+v", text, got)
	}
	return root
}
