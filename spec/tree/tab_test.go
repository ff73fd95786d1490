package tree

import (
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/reportform/reportform/spec/diag"
)

// TestTabWithinText: a tab behind a text's indentation belongs to the text.
func TestTabWithinText(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"first", "d: |\n  \tt\n  u\n", "\tt\nu\n"},
		{"later", "d: |\n  t\n  \tu\n", "t\n\tu\n"},
		{"behind an empty line", "d: |-\n\n  \tt\n", "\n\tt"},
		{"below a header of its own line", "d:\n    |\n    \tt\n", "\tt\n"},
		{"as indentation", "d: |\n\tt\n", ""},
		{"folded, with a comment", "d: >+ # why\n    \tt\n", "\tt\n"},
		{"named", "d: &x |\n  \tt\n", "\tt\n"},
		{"Windows' line ends", "d: |\r\n  \tt\r\n", "\tt\n"},
		{"like a header", "d: |\n  \ta: |\n  \t  b\n", "\ta: |\n\t  b\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			root, found := Parse("a.yaml", []byte(c.text))
			if c.want == "" {
				if !found.HasErrors() {
					t.Error("what is not understood must be told")
				}
				return
			}
			if len(found) > 0 {
				t.Fatalf("said %v", found)
			}
			if got := root.Get("d").Text; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestTabWithinItems: how deep a text is counts from the item or key that it belongs to.
func TestTabWithinItems(t *testing.T) {
	text := "a:\n  - |\n    \tone\n  - k: |\n      \ttwo\n    l: |\n     \tthree\nb:\n- |\n \tfour\n"
	var got map[string][]any
	s := newSource("a.yaml", []byte(text)).forLibrary()
	if err := yaml.Unmarshal(s.data, &got); err != nil {
		t.Fatal(err)
	}
	maps, _ := got["a"][1].(map[string]any)
	if got["a"][0] != "\tone\n" || maps["k"] != "\ttwo\n" || maps["l"] != "\tthree\n" || got["b"][0] != "\tfour\n" {
		t.Errorf("got %q", got)
	}
}

// TestTabBesideFault: a text with a tab is not taken for what is wrong elsewhere.
func TestTabBesideFault(t *testing.T) {
	_, found := Parse("a.yaml", []byte("d: |\n  \tt\ne:\n\tf: 1\n"))
	if len(found) != 1 || found[0].Code != "tab" || found[0].Subject.Start != (diag.Pos{Line: 4, Column: 1}) {
		t.Errorf("said %v", found)
	}
}

// TestFormatTab keeps the tab, and the header as it is written.
func TestFormatTab(t *testing.T) {
	for text, want := range map[string]string{
		"d:   |\n  \tt\n  u\n":          "d: |\n  \tt\n  u\n",
		"a:\n    d: |\n        \tt\n":   "a:\n  d: |\n    \tt\n",
		"a:\n- |\n  \tt\n-   b:    1\n": "a:\n  - |\n    \tt\n  - b: 1\n",
	} {
		if got, ok := Format("a.yaml", []byte(text)); !ok || string(got) != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
