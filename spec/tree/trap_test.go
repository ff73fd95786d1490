package tree

import (
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/diag/diagtest"
)

// TestTraps says what a user wrote, what is told of it and where, and the cure that is offered.
func TestTraps(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
		cure       string
	}{
		{"an expression without quotes in a list", "to: [${each.value}]\n",
			[]string{`unquoted-expression 1:6 "${each.value}"`}, `"${each.value}"`},
		{"an expression without quotes in a map, behind Polish text", "a: {opis: zażółć, b: ${var.x}}\n",
			[]string{`unquoted-expression 1:22 "${var.x}"`}, `"${var.x}"`},
		{"a comma in a bare value", "a: {value: ratio(a, b), label: Udział}\n",
			[]string{`comma-tears-text 1:12 "ratio(a, b)"`}, `"ratio(a, b)"`},
		{"a comma in a bare item", "a: [x, sum(a, b, c), y]\n",
			[]string{`comma-tears-text 1:8 "sum(a, b, c)"`}, `"sum(a, b, c)"`},
		{"a comma in a bare value with quotes", "a: {value: strftime(t, \"%d\")}\n",
			[]string{`comma-tears-text 1:12 "strftime(t,"`}, "in quotes"},
		{"a comment that cuts a text", "subject: Czaty #${range.iso_week}\n",
			[]string{`comment-cuts-text 1:16 "#${range.iso_week}"`}, `"Czaty #${range.iso_week}"`},
		{"a comment that is all of a text", "subject: #${range.iso_week}\nb: 1\n",
			[]string{`comment-cuts-text 1:10 "#${range.iso_week}"`}, `"#${range.iso_week}"`},
		{"a comment that cuts a list", "to: [Chats #${x}]\nb: 1\n",
			[]string{`comment-cuts-text 1:12 "#${x}]"`}, "in quotes"},
		{"a leading zero", "system: 010\n", []string{`leading-zero 1:9 "010"`}, "in quotes"},
		{"a leading zero of an id", "id: 00001\n", []string{`leading-zero 1:5 "00001"`}, "in quotes"},
		{"a tab", "a:\n\tb: 1\n", []string{`tab 2:1 "\t"`}, "spaces"},
		{"a tab behind spaces", "a:\n  b: 1\n  \tc: 2\n", []string{`tab 3:3 "\t"`}, "spaces"},
		{"a duplicate key", "a: 1\nb: 2\na: 3\n", []string{`duplicate-key 3:1 "a"`}, "twice"},
		{"a second document", "a: 1\n---\nb: 2\n", []string{`second-document 2:1 "---"`}, "file of its own"},
		{"a second document that is broken", "a: 1\n---\nb: [\n", []string{`second-document 2:1 "---"`}, "file of its own"},
		{"a document behind its end", "---\na: 1\n...\nb: 2\n", []string{`second-document 3:1 "..."`}, "file of its own"},
		{"a tag", "a: !secret x\n", []string{`custom-tag 1:4 "!secret"`}, "\"!secret\""},
		{"a lone sign", "a: ! x\n", []string{`custom-tag 1:4 "!"`}, "quotes"},
		{"a lone sign before a key", "! a: x\n", []string{`custom-tag 1:1 "!"`}, "quotes"},
		{"a lone sign behind an anchor", "a: &x ! {b: c}\n", []string{`custom-tag 1:7 "!"`}, "quotes"},
		{"a negation", "when: !ok\n", []string{`custom-tag 1:7 "!ok"`}, "quotes"},
		{"an alias within itself", "a: &a [*a]\n", []string{`alias-cycle 1:8 "*a"`}, "never end"},
		{"an alias of nothing", "a: x*base*baseline # *base2\nb: *base\n", []string{`unknown-anchor 2:4 "*base"`}, "&base"},
		{"a merge of nothing", "a: {<<: 3}\n", []string{`bad-merge 1:9 "3"`}, "<<: *base"},
		{"a key of several lines", "? |\n  a\n  b\n: c\n", []string{"bad-key 1:3 \"|\\n  a\\n  b\""}, "several lines"},
		{"a template of another program", "a: {{ name }}\n", []string{`bad-key 1:5 "{ name }"`}, "${…}"},
		{"a colon in a text", "a: 1\ntitle: Czaty: tydzień\n", []string{`colon-splits-text 2:13 ":"`}, `"Czaty: tydzień"`},
		{"a conditional", "value: a > 1 ? b : c\n", []string{`colon-splits-text 1:18 ":"`}, `"a > 1 ? b : c"`},
		{"an unclosed quote", "a: 1\ntitle: \"Chats\nb: 2\nc: 3\n", []string{`unclosed-quote 2:8 "\""`}, "none closes it"},
		{"an unclosed bracket", "a: 1\nlist: [a, b\nb: 2\nc: 3\n", []string{`unclosed-bracket 2:7 "["`}, "not closed"},
		{"a reserved character", "a: 1\nb: @x\n", []string{`reserved-character 2:4 "@"`}, `"@x"`},
		{"a directive", "%YAML 1.2\n---\na: 1\n", []string{`directive 1:1 "%YAML 1.2"`}, "Remove"},
		{"text behind a quote", "where: \"a\" == b\n", []string{`text-behind-quote 1:11 " == b"`}, `'"a" == b'`},
		{"a line without a colon", "a: 1\nfoo\nb: 2\n", []string{`bad-yaml 2:1 "foo"`}, "colon"},
		{"a line indented deeper", "a:\n  b: 1\n   c: 2\nd: 3\n", []string{`bad-yaml 3:4 "c: 2"`}, "indented deeper"},
		{"a line indented less", "a:\n  b: 1\n c: 2\nd: 3\n", []string{`bad-yaml 3:2 "c: 2"`}, "same column"},
		{"an item without a space", "to:\n  - a\n  -b\nc: 1\n", []string{`bad-yaml 3:3 "-b"`}, ""},
		{"a closing bracket alone", "a: 1\n}\n", []string{`bad-yaml 2:1 "}"`}, ""},
		{"a fault far behind a good list of many lines", "a: [1,\n  2,\n  3]\nb: 2\nc: x\n  y: 3\nd: 4\n", []string{`bad-yaml 6:3 "y: 3"`}, "indented deeper"},
		{"a fault in the first line", "a: b: c\n", []string{`colon-splits-text 1:5 ":"`}, `"b: c"`},
		{"a fault behind Windows' line ends", "a: 1\r\nfoo\r\nb: 2\r\n", []string{`bad-yaml 2:1 "foo"`}, "colon"},
		{"an empty file", "", []string{`empty-file 1:1 ""`}, "version: 1"},
		{"a file of comments", "# later\n", []string{`empty-file 1:1 ""`}, "version: 1"},
		{"a list at the top", "- a\n- b\n", []string{`not-a-map 1:1 "- a\n- b"`}, "a list"},
		{"a text at the top", "hello\n", []string{`not-a-map 1:1 "hello"`}, "a text"},
		{"a file in another encoding", "a: za\xBF\n", []string{`not-utf8 1:6 ""`}, "UTF-8"},
		{"a control character", "a: \"b\x01\"\n", []string{`control-character 1:6 ""`}, "U+0001"},
		{"an old Macintosh's line end", "a: 1\rb: 2\r", []string{`line-separator 1:5 ""`}, "U+000D"},
		{"a line separator within a text", "a: \"b\u2028c\"\n", []string{`line-separator 1:6 ""`}, "U+2028"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got := Parse("reports.yaml", []byte(c.text))
			if c.want[0][:8] == "not-utf8" {
				c.text = strings.ToValidUTF8(c.text, "?")
			}
			diagtest.Check(t, c.text, got, c.want, c.cure)
		})
	}
}

// TestHarmless holds what looks like a trap and is none.
func TestHarmless(t *testing.T) {
	for _, text := range []string{
		"a: 1 # ${x} is meant\n",
		"a: 1 #todo\n",
		"a: 1 ## ${x}\n",
		"a: \"Chats #${x}\" #${y}\n",
		"a: ${var.x}\n",
		"a: ratio(a, b)\n",
		"a: {value: \"ratio(a, b)\"}\n",
		"a: [(x), (y)]\n",
		"a: [f(x, {b: 1}]\n",
		"a: 0\nb: -0\nc: 0.5\nd: 0x1F\ne: \"010\"\nf: 1e3\n01: x\n",
		"---\na: 1\n",
		"%YAML 1.1\n---\na: 1\n...\n",
		"a: |\n  ---x\n  b\n",
		"a: !!str 010\nb: !!map {}\nc: !!seq []\n",
		"base: &b {x: 1}\na: {<<: *b, x: 2}\n",
		"\uFEFFa: 1\n",
		"a: 1\r\nb: 2\r\n",
	} {
		root, got := Parse("reports.yaml", []byte(text))
		if root == nil || len(got) > 0 {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

// TestScanSkipsText: what looks like a trap within a text of many lines is none.
func TestScanSkipsText(t *testing.T) {
	text := "t: |\n  a: b: c\n  [x\nu:\n  - >-\n     \"y\n\n     @y\n  - k: |\n      @k\n    l: 'a\n      b: c: d'\n  - @z\n"
	d, ok := newSource("reports.yaml", []byte(text)).trap(1, 13)
	if got := diagtest.Said(text, d); !ok || got != `reserved-character 13:5 "@"` {
		t.Errorf("said %s", got)
	}
}

// TestDuplicateKeyShowsBothPlaces, since which of them is wrong only the user knows.
func TestDuplicateKeyShowsBothPlaces(t *testing.T) {
	_, got := Parse("reports.yaml", []byte("a:\n  x: 1\n  x: 2\n"))
	if len(got) != 1 || len(got[0].Related) != 1 || got[0].Related[0].Range.Start != (diag.Pos{Line: 2, Column: 3}) {
		t.Errorf("got %+v", got)
	}
}
