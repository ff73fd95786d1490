package editor_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/reportform/reportform/runner/source/thulium"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/editor"
)

const testdata = "../testdata"

// catalog is what the language's cases know as built-in sources.
func catalog(t *testing.T) map[string]*spec.Source {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testdata, "catalog.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	sources, problems := spec.ParseSources(data, "catalog.yaml")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return sources
}

// opened is a case of the language: its text, what validate says of it, and the schema made for it.
type opened struct {
	text   string
	said   diag.List
	schema []byte
}

// cases are those of one file in a folder of the language's cases, by name. Lines "# --var name=value" and "# env
// NAME=value" at the top say what is given from outside.
func cases(t *testing.T, folder string) map[string]opened {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(testdata, folder, "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	builtin := catalog(t)
	out := map[string]opened{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		given := map[string]string{}
		o := spec.Options{
			Catalogs: map[string]map[string]*spec.Source{"thulium": builtin, "demo": builtin},
			Env:      func(name string) (string, bool) { value, ok := given[name]; return value, ok },
		}
		for line := range strings.Lines(string(data)) {
			if arg, ok := strings.CutPrefix(strings.TrimSpace(line), "# --var "); ok {
				o.Vars = append(o.Vars, arg)
			}
			if arg, ok := strings.CutPrefix(strings.TrimSpace(line), "# env "); ok {
				key, value, _ := strings.Cut(arg, "=")
				given[key] = value
			}
		}
		c, said, err := spec.Load(os.DirFS(filepath.Dir(path)), filepath.Base(path), o)
		if err != nil {
			t.Fatal(err)
		}
		made, err := editor.SchemaFor(c)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(path)] = opened{withoutSchema(string(data)), said, made}
	}
	return out
}

// withoutSchema takes out the line that names a schema, which would hold instead of the one given.
func withoutSchema(text string) string {
	return strings.Replace(text, "# yaml-language-server:", "# yaml:", 1)
}

// place is where something is told: a file of the cases, a line and a column, both from 1.
type place struct {
	file         string
	line, column int
}

func (p place) String() string { return fmt.Sprintf("%s:%d:%d", p.file, p.line, p.column) }

// inCharacters is a position of the server, which counts UTF-16 units.
func inCharacters(file, text string, at position) place {
	lines := strings.Split(text, "\n")
	units := utf16.Encode([]rune(lines[at.Line]))
	return place{file, at.Line + 1, len(utf16.Decode(units[:at.Character])) + 1}
}

// annotated are the places at which GitHub shows what validate says, with the code of each.
func annotated(t *testing.T, said diag.List) map[place]string {
	t.Helper()
	out := map[place]string{}
	for _, d := range said {
		var command strings.Builder
		if err := diag.GitHub(&command, diag.List{d}); err != nil {
			t.Fatal(err)
		}
		m := annotation.FindStringSubmatch(command.String())
		if m == nil {
			continue // a value given from outside has no place in a file
		}
		line, _ := strconv.Atoi(m[2])
		column, err := strconv.Atoi(m[3])
		if err != nil {
			column = d.Subject.Start.Column // GitHub takes none for more than one line
		}
		out[place{m[1], line, column}] = d.Code
	}
	return out
}

var annotation = regexp.MustCompile(`^::[a-z]+ file=([^,]+),line=(\d+),endLine=\d+,(?:col=(\d+))?`)

// Validate, its annotations and an editor point at the same places. What only one of them finds stands in the tables of
// this test, and in these tables stands nothing else.
func TestServerFindsWhatValidateFinds(t *testing.T) {
	needServer(t)
	all := cases(t, "err")
	found := findings(t, all)
	unused := entries()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		ours := annotated(t, all[name].said)
		theirs := map[place]string{}
		for _, f := range found[name] {
			theirs[inCharacters(name, all[name].text, f.Range.Start)] = f.Message
		}
		if slices.Contains(notYAML, strings.TrimSuffix(name, ".yaml")) {
			delete(unused, name)
			if len(theirs) == 0 {
				t.Errorf("%s: the server reads it", name)
			}
			continue
		}
		for at, code := range ours {
			if theirs[at] != "" {
				continue
			}
			reason, key := unseen(name, code)
			delete(unused, key)
			if reason == "" {
				t.Errorf("%s: validate says %s, the server nothing", at, code)
			}
		}
		for at, message := range theirs {
			if ours[at] != "" {
				continue
			}
			delete(unused, at.String())
			if elsewhere[at.String()] == "" {
				t.Errorf("%s: the server says %q, validate nothing", at, message)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(unused)) {
		t.Errorf("%s stands in a table, and is not so", key)
	}
}

func TestServerFindsNothingInSoundConfigurations(t *testing.T) {
	needServer(t)
	all := cases(t, "ok")
	general, err := editor.Schema(catalog(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range maps.Clone(all) {
		all["general-"+name] = opened{text: c.text, schema: general}
	}
	shipped, err := editor.Schema(thulium.Catalog())
	if err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Glob("../../examples/*/*.yaml")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, path := range examples {
		if text, err := os.ReadFile(path); err != nil {
			t.Fatal(err)
		} else if spec.IsConfiguration(filepath.Base(path)) {
			name := "example-" + filepath.Base(filepath.Dir(path)) + "-" + filepath.Base(path)
			all[name] = opened{text: withoutSchema(string(text)), schema: shipped}
		}
	}
	for name, found := range findings(t, all) {
		for _, f := range found {
			t.Errorf("%s:%d: %s", name, f.Range.Start.Line+1, f.Message)
		}
	}
}

// findings are what the server says of each case.
func findings(t *testing.T, all map[string]opened) map[string][]finding {
	t.Helper()
	schemas := map[string][]byte{}
	for name, c := range all {
		schemas[name] = c.schema
	}
	s := newServer(t, schemas)
	for name, c := range all {
		s.open(name, c.text)
	}
	out := map[string][]finding{}
	for name := range all {
		out[name] = s.found(name)
	}
	return out
}
