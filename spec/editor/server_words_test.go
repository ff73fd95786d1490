package editor_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/reportform/reportform/runner/source/thulium"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/editor"
)

// written is a definition while it is being written. «NAME» is a place, and no part of the text.
const written = `version: 1
variables: {accent: {default: "#2F5D8A"}}
settings: {theme: {accent: "${var.accent}"}}
connections:
  own: {type: thulium, system: acme, timezone: «zone»Europe/Warsaw, username: "${env.U}", password: "${env.P}"}
  out: {type: outbox, directory: out}
  shop:
    type: http
    base_url: https://api.example.com
    sources:
      orders:
        path: /orders
        parameters: {status: {type: text, allowed: [open, paid], description: What became of it.}}
        columns: {id: {type: text}, gross: {type: decimal, label: Gross amount, total: sum, description: What was paid.}}
reports:
  weekly:
    range: «range»last_week
    datasets:
      by_day:
        source: «source»own.chats_summary
        filters:
          chat_queue_ids: [1, 3]
          «filter»
        ag«grain»gregate_by: day
        transform:
          - derive: {rate: "ratio(answered, incoming)"}
          - sort:
              - «sort»user_name
      orders:
        source: «named»shop.orders
        filters: {sta«parameter»tus: «status»open}
    workbook:
      sheets:
        - name: Summary
          blocks:
            - table: {dataset: «dataset»by_day}
            - chart:
                type: column
                dataset: orders
                x: id
                y:
                  - gr«gross»oss
            - chart:
                type: line
                dataset: by_day
                x: «x»series
                y:
                  - ra«rate»te
    destinations:
      leads:
        email: {via: «via»out, to: [leads@example.com]}
`

// places takes the places out of a text.
func places(text string) (string, map[string]position) {
	at := map[string]position{}
	for {
		before, rest, found := strings.Cut(text, "«")
		if !found {
			return text, at
		}
		name, after, _ := strings.Cut(rest, "»")
		line := before[strings.LastIndex(before, "\n")+1:]
		at[name] = position{strings.Count(before, "\n"), len(line)}
		text = before + after
	}
}

// local is the schema for a configuration of one file.
func local(t *testing.T, text string) []byte {
	t.Helper()
	builtin := thulium.Catalog()
	c, _, err := spec.Load(fstest.MapFS{"a.yaml": {Data: []byte(text)}}, "a.yaml", spec.Options{
		Catalogs: map[string]map[string]*spec.Source{"thulium": builtin, "demo": builtin},
	})
	if err != nil {
		t.Fatal(err)
	}
	made, err := editor.SchemaFor(c)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestServerCompletesAndExplains(t *testing.T) {
	text, at := places(written)
	general, err := editor.Schema(thulium.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	own := local(t, text)
	s := newServer(t, map[string][]byte{"general.yaml": general, "local.yaml": own, "later.yaml": own})
	for _, file := range []string{"general.yaml", "local.yaml"} {
		s.open(file, text)
		for _, f := range s.found(file) {
			t.Errorf("%s:%d: %s", file, f.Range.Start.Line+1, f.Message)
		}
	}
	// Datasets and columns that have been added since are no fault.
	s.open("later.yaml", strings.NewReplacer(
		"datasets:\n", "datasets:\n      fresh: {source: shop.orders}\n", "dataset: by_day}", "dataset: fresh, columns: [new, {key: newer}]}",
		"x: id", "x: new", "- user_name", "- -newer",
	).Replace(text))
	for _, f := range s.found("later.yaml") {
		t.Errorf("later.yaml:%d: %s", f.Range.Start.Line+1, f.Message)
	}
	// A definition names its schema in its first line, by a path from where it stands.
	s.open("named.yaml", "# yaml-language-server: $schema=local.yaml.schema.json\nversion: 2\n")
	if found := s.found("named.yaml"); len(found) != 1 || found[0].Range.Start != (position{1, 9}) {
		t.Errorf("by the schema that it names: %v", found)
	}
	offers := func(file, place, label, about string) {
		t.Helper()
		all := s.complete(file, at[place])
		if about := strings.ToLower(about); !strings.Contains(strings.ToLower(all[label]), about) || all[label] == "" && about != "" {
			t.Errorf("%s: at %s, %q says %q and not %q; there are %q", file, place, label, all[label], about, slices.Sorted(maps.Keys(all)))
		}
		if _, there := all[label]; !there {
			t.Errorf("%s: at %s there is no %q", file, place, label)
		}
	}
	explains := func(file, place string, words ...string) {
		t.Helper()
		said := strings.ReplaceAll(s.hover(file, at[place]), `\`, "")
		for _, word := range words {
			if !strings.Contains(said, word) {
				t.Errorf("%s: of %s it is said %q, without %q", file, place, said, word)
			}
		}
	}
	for _, file := range []string{"general.yaml", "local.yaml"} {
		offers(file, "filter", "response_threshold", "Default: 20.")
		offers(file, "filter", "user_logins", "Type: list(text)")
		offers(file, "sort", "-answered", "Chats that an agent answered.")
		explains(file, "grain", "aggregate_by", "The time bucket of a row. Default: month.", "hour_of_day")
	}
	offers("general.yaml", "range", "month_to_date", "1–21 Nov 2026")
	offers("general.yaml", "zone", "Europe/Warsaw", "")
	offers("general.yaml", "source", "thulium.chats_summary", "Figures of chats")
	offers("local.yaml", "source", "own.chats_summary", "Figures of chats")
	offers("local.yaml", "named", "shop.orders", "")
	offers("local.yaml", "status", "paid", "")
	offers("local.yaml", "dataset", "orders", "Rows of shop.orders")
	offers("local.yaml", "x", "rate", "Type: ratio")
	offers("local.yaml", "via", "out", "outbox")
	explains("local.yaml", "parameter", "What became of it.", "one of open, paid")
	explains("local.yaml", "gross", "Gross amount", "What was paid.", "Total: sum")
	explains("local.yaml", "rate", "Total: ratio(answered, incoming)")
	if all := s.complete("local.yaml", at["source"]); all["thulium.chats_summary"] != "" {
		t.Error("a connection is offered that is not there")
	}
}
