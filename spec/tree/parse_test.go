package tree

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/diag/diagtest"
)

// read parses text that has nothing wrong.
func read(t *testing.T, text string) *Node {
	t.Helper()
	root, got := Parse("reports.yaml", []byte(text))
	if root == nil || len(got) > 0 {
		t.Fatalf("%q: %+v", text, got)
	}
	return root
}

// TestCoreSchema: what a plain scalar is by YAML 1.2, where yaml.v3 follows 1.1.
func TestCoreSchema(t *testing.T) {
	for text, want := range map[string]Kind{
		"true": Bool, "False": Bool, "yes": String, "off": String, "y": String,
		"null": Null, "~": Null, "": Null, "nil": String,
		"1": Int, "-7": Int, "+3": Int, "0x1F": Int, "0o17": Int, "0": Int,
		"1_000": String, "0b1": String, "12:30:45": String, "07:00": String, "1-1": String, "--1": String,
		"1.5": Float, ".5": Float, "1e3": Float, "12345678901234567890": Float, "1e999": Float,
		".nan": String, ".inf": String, "-.inf": String, "NaN": String, "Infinity": String, "inf": String,
		"1.2.3": String, "1e": String, ".": String, "-": String, "0x": String, "0x-1": String, "0x1p3": String,
		"2026-11-01": String, "2026-11-01T10:00:00Z": String, "2026-11": String,
	} {
		if got := CoreKind(text); got != want {
			t.Errorf("%q is kind %d, want %d", text, got, want)
		}
	}
	root := read(t, "day: 2026-11-01\nquoted: \"1\"\nhex: 0x1F\n")
	if n := root.Get("day"); n.Kind != String || n.Text != "2026-11-01" {
		t.Errorf("a date is %+v", n)
	}
	if n := root.Get("quoted"); n.Kind != String || n.Plain {
		t.Errorf("a quoted number is %+v", n)
	}
	if i, ok := root.Get("hex").Integer(); i != 31 || !ok {
		t.Errorf("0x1F is %d", i)
	}
}

// places has scalars of every style over one and several lines, with Polish text before and in them.
const places = `zażółć: gęślą jaźń   # komentarz
podwójne: "zażółć \"gęślą\" \u0041ń"
pojedyncze: 'Łódź''s ${x}'
lista: [ąę, "ść", {łą: żó}, ]
dosłowny: |
  Zażółć
    gęślą

  jaźń ${x}
zwinięty: >-
  Zażółć gęślą
  jaźń

  ${x}
wcięty: |2
    dwa
   jeden
zwykły: raz dwa
  trzy

  ${x}
długi: "raz \
  dwa
  trzy

  ${x}"
długi_pojedynczy: 'raz
  dwa'
pusty:
klamry: {}
`

// TestPlaces checks that every character of every value is found where it stands.
func TestPlaces(t *testing.T) {
	for name, text := range map[string]string{"plain": places, "windows": strings.ReplaceAll(places, "\n", "\r\n"), "marked": "\uFEFF" + places} {
		t.Run(name, func(t *testing.T) {
			root := read(t, text)
			for key, want := range map[string]string{
				"zażółć": "gęślą jaźń", "podwójne": `"zażółć \"gęślą\" \u0041ń"`, "pojedyncze": "'Łódź''s ${x}'",
				"lista": `[ąę, "ść", {łą: żó}, ]`, "dosłowny": "|\n  Zażółć\n    gęślą\n\n  jaźń ${x}",
				"zwinięty": ">-\n  Zażółć gęślą\n  jaźń\n\n  ${x}", "wcięty": "|2\n    dwa\n   jeden",
				"zwykły": "raz dwa\n  trzy\n\n  ${x}", "długi": "\"raz \\\n  dwa\n  trzy\n\n  ${x}\"", "długi_pojedynczy": "'raz\n  dwa'",
				"pusty": "", "klamry": "{}",
			} {
				if got := strings.ReplaceAll(diagtest.Marked(text, root.Get(key).At), "\r", ""); got != want {
					t.Errorf("%s stands at %q, want %q", key, got, want)
				}
			}
			for _, e := range root.Entries {
				if got := diagtest.Marked(text, e.KeyAt); got != e.Key {
					t.Errorf("key %s stands at %q", e.Key, got)
				}
				for i, c := range []rune(e.Value.Text) {
					at := e.Value.TextAt(i)
					got := diagtest.Marked(text, diag.Range{Start: at, End: diag.Pos{Line: at.Line, Column: at.Column + 1}})
					if c != ' ' && c != '\n' && got != string(c) && got != `\` {
						t.Errorf("%s: character %d, %q, stands at %d:%d %q", e.Key, i, c, at.Line, at.Column, got)
					}
				}
			}
		})
	}
}

// TestAliases are expanded, at their anchor's place, and merge keys give way to keys that are there.
func TestAliases(t *testing.T) {
	root := read(t, "base: &b\n  x: 1\n  y: 2\nmore: &m {y: 5, z: 6}\na: *b\nm:\n  <<: [*b, *m]\n  x: 7\nl: &l [1]\nk: *l\n")
	if root.Get("a").Get("y") != root.Get("base").Get("y") {
		t.Error("an alias is not its anchor's value")
	}
	var got []string
	for _, e := range root.Get("m").Entries {
		got = append(got, e.Key+"="+e.Value.Text)
	}
	if want := "x=7 y=2 z=6"; strings.Join(got, " ") != want {
		t.Errorf("merged %v, want %s", got, want)
	}
}

// TestBounds are kept, whatever a file makes of itself.
func TestBounds(t *testing.T) {
	laughs := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 9 {
		laughs += fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), i)
	}
	chain := "a0: &a0 [x]\n"
	for i := range 200 {
		chain += fmt.Sprintf("a%d: &a%d [*a%d]\n", i+1, i+1, i)
	}
	merges := "a0: &a0 {x: 1}\n"
	for i := range 40 {
		merges += fmt.Sprintf("a%d: &a%d {<<: *a%d, l: [*a%d, *a%d]}\n", i+1, i+1, i, i, i)
	}
	for _, c := range []struct{ name, text, code string }{
		{"a billion laughs", laughs, "too-many-values"},
		{"a billion laughs by merging", merges, "too-many-values"},
		{"a chain of aliases", chain, "too-deep"},
		{"a deep list", "a: " + strings.Repeat("[", 500) + strings.Repeat("]", 500), "too-deep"},
		{"a list of many values", "a: [" + strings.Repeat("1,", maxValues) + "]", "too-many-values"},
		{"a large file", "a: " + strings.Repeat("x", MaxFile), "file-too-large"},
		{"a deep list that does not end", "a: " + strings.Repeat("[", 20_000), "unclosed-bracket"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root, got := Parse("reports.yaml", []byte(c.text))
			if root != nil || len(got) != 1 || got[0].Code != c.code {
				t.Errorf("root %v, diagnostics %+v", root != nil, got)
			}
		})
	}
}

// TestPlacesAreAskedForAtOnce: whoever evaluates texts side by side may find faults in the same one.
func TestPlacesAreAskedForAtOnce(t *testing.T) {
	text := read(t, "a: \"b\\tc ${d}\"\n").Get("a")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if at := text.TextAt(2); at.Column != 8 {
				t.Errorf("the third character stands in column %d", at.Column)
			}
		})
	}
	all.Wait()
}
