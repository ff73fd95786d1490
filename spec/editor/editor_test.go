package editor_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/reportform/reportform/runner/source/thulium"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/editor"
)

// What is made is a schema of draft-07, whatever a configuration is like; the server refuses what is none.
func TestWhatIsMadeIsASchema(t *testing.T) {
	t.Parallel()
	made := map[string][]byte{}
	text, _ := places(written)
	made["local"] = local(t, text)
	general, err := editor.Schema(thulium.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	made["general"] = general
	empty, err := editor.SchemaFor(&spec.Config{})
	if err != nil {
		t.Fatal(err)
	}
	made["empty"] = empty
	for _, name := range slices.Sorted(maps.Keys(made)) {
		compiler := jsonschema.NewCompiler()
		compiler.Draft = jsonschema.Draft7
		if err := compiler.AddResource("https://example.com/schema.json", bytes.NewReader(made[name])); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := compiler.Compile("https://example.com/schema.json"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if bytes.Contains(made[name], []byte(`"x-`)) {
			t.Errorf("%s says to editors what the program alone reads", name)
		}
	}
}

// The same configuration makes the same bytes, so that a schema that is kept beside it differs where it does.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	text, _ := places(written)
	if !bytes.Equal(local(t, text), local(t, text)) {
		t.Error("it differs")
	}
}

// Where connections are that may have sources of their own, a filter may be one of theirs, and nothing is refused.
func TestBuiltInFiltersAreCheckedWhereConnectionsAreKnown(t *testing.T) {
	t.Parallel()
	general, err := editor.Schema(catalog(t))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("https://example.com/schema.json", bytes.NewReader(general)); err != nil {
		t.Fatal(err)
	}
	s, err := compiler.Compile("https://example.com/schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for connections, sound := range map[string]bool{
		``: true,
		`"connections": {"shop": {"type": "http", "base_url": "https://a", "sources": {}}},`:        true,
		`"connections": {"demo": {"type": "demo", "sources": {"chats_summary": {}}}},`:              true,
		`"connections": {"demo": {"type": "demo"}},`:                                                false,
		`"connections": {"demo": {"type": "demo"}, "out": {"type": "outbox", "directory": "out"}},`: false,
	} {
		var file any
		text := `{"version": 1, ` + connections + ` "reports": {"weekly": {"datasets": {"a": {"source": "demo.chats_summary", "filters": {"unheard_of": 1}}}}}}`
		if err := json.Unmarshal([]byte(text), &file); err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(file); (err == nil) != sound {
			t.Errorf("%s: %v", connections, err)
		}
	}
}
