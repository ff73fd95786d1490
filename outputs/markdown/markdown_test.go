package markdown_test

import (
	"strings"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/markdown"
	"github.com/reportform/reportform/outputs/outputstest"
)

func TestFiles(t *testing.T) {
	for _, locale := range []string{"en", "pl"} {
		t.Run(locale, func(t *testing.T) {
			text, said := outputstest.Render(t, markdown.Renderer{}, outputstest.Full(locale))
			if said.Rows != 4+3 {
				t.Errorf("%d rows are said, want 7", said.Rows)
			}
			outputstest.Golden(t, locale+".md", text)
		})
	}
}

func TestTheRunIsNoContent(t *testing.T) {
	doc := outputstest.Full("en")
	before, first := outputstest.Render(t, markdown.Renderer{}, doc)
	doc.About.Commit = "another"
	after, second := outputstest.Render(t, markdown.Renderer{}, doc)
	if before == after || first.Content != second.Content {
		t.Error("another commit is other content, or is not told")
	}
}

func TestTextsAreNoMarkup(t *testing.T) {
	for text, want := range map[string]string{
		"a*b_c_d":                "a\\*b_c_d",
		"_x_":                    "\\_x\\_",
		"<script>&amp;":          "&lt;script&gt;&amp;amp;",
		"[x](https://e.example)": "\\[x\\](https\\://e.example)",
		"www.e.example":          "www\\.e.example",
		"`a` | b ~c~ $d$ \\":     "\\`a\\` \\| b \\~c\\~ \\$d\\$ \\\\",
		"# no heading":           "\\# no heading",
		"- no list":              "\\- no list",
		"12. no list":            "12\\. no list",
		"one\n\n> two":           "one  \n  \n&gt; two",
	} {
		doc := outputs.Document{Sheets: []outputs.Sheet{{Blocks: []outputs.Block{outputs.Text{Text: text}}}}}
		got, _ := outputstest.Render(t, markdown.Renderer{}, doc)
		if _, got, _ = strings.Cut(got, "\n\n"); strings.TrimSuffix(got, "\n") != want {
			t.Errorf("%q is written as %q, want %q", text, got, want)
		}
	}
}
