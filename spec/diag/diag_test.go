package diag

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "write the goldens")

const chats = `reports:
  weekly-chats:
    range: last_week
    datasets:
      by_day:
        source: thulium.chats_summary
        filters:
          chat_queue_id: [1, 3]
    title: "Zażółć 週報 ${range.lable}, gęślą"
	owner: me
    description: >
      Several lines
      of text.
`

// long is a line whose place is far to the right.
var long = "version: 1\nsubject: " + strings.Repeat("słowo ", 40) + "${oops}" + strings.Repeat(" dalej", 40) + "\n"

var sample = List{
	{
		Code: "unknown-name", Summary: "Unknown name", Detail: `There is no "range.lable". Did you mean "range.label"?`,
		Subject: at("chats.yaml", 9, 27, 38), Context: `report "weekly-chats" > title`,
	},
	{
		Code: "unknown-filter", Summary: "Unknown filter",
		Detail:  `The source "thulium.chats_summary" has no filter "chat_queue_id". Did you mean "chat_queue_ids"?`,
		Subject: at("chats.yaml", 8, 11, 24), Context: `report "weekly-chats" > datasets > by_day`,
	},
	{
		Code: "tab", Summary: "Tab in indentation", Detail: "YAML is indented with spaces.\n\n  reportform fmt chats.yaml",
		Subject: at("chats.yaml", 10, 1, 2),
	},
	{
		Severity: Warning, Code: "long-text", Summary: "Several lines", Detail: "The first one is marked.",
		Subject: Range{File: "chats.yaml", Start: Pos{11, 18}, End: Pos{13, 15}},
	},
	{
		Code: "unknown-name", Summary: "Unknown name", Detail: `There is no "oops".`,
		Subject: at("long.yaml", 2, 252, 256),
	},
	{
		Code: "defined-twice", Summary: "Defined twice", Detail: `The report "weekly-chats" is defined in two files.`,
		Subject: at("other.yaml", 1, 1, 13),
		Related: []Related{
			{Message: "the first definition", Range: at("chats.yaml", 2, 3, 15)},
			{Message: "a file that is not at hand", Range: at("gone.yaml", 7, 1, 2)},
		},
	},
	{Code: "no-configuration", Summary: "No configuration", Detail: "The folder holds no *.yaml file.\n\n  reportform init"},
	{Code: "cut", Summary: "Unexpected end", Detail: "The file ends here.", Subject: at("chats.yaml", 14, 1, 1)},
	{Code: "empty-file", Summary: "Empty file", Detail: "There is nothing in it.", Subject: Range{File: "empty.yaml"}},
	{
		Code: "hostile", Summary: "Hostile text", Detail: "Says \"\x1b[2J\u202e\".\n::add-mask::x\nand ##[group]y",
		Subject: at("::error::.yaml", 1, 4, 9), Context: "a\r\nb",
	},
}

var files = Files{
	"chats.yaml": []byte(chats), "long.yaml": []byte(long), "other.yaml": []byte("weekly-chats: {}\n"),
	"::error::.yaml": []byte("a: \x1b[2J\u202ehi\xff ##[endgroup]\n"),
}

func at(file string, line, start, end int) Range {
	return Range{File: file, Start: Pos{line, start}, End: Pos{line, end}}
}

func TestForms(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"plain.txt":   func(b *bytes.Buffer) error { return Text(b, sample, files, TextOptions{}) },
		"color.txt":   func(b *bytes.Buffer) error { return Text(b, sample, files, TextOptions{Color: true, Rule: true}) },
		"compact.txt": func(b *bytes.Buffer) error { return Compact(b, sample) },
		"github.txt":  func(b *bytes.Buffer) error { return GitHub(b, sample) },
		"json.txt": func(b *bytes.Buffer) error {
			e := json.NewEncoder(b)
			e.SetIndent("", "  ")
			for _, d := range sample.Sorted() {
				if err := e.Encode(d.JSON(files)); err != nil {
					return err
				}
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got := b.String(); got != string(want) {
				t.Errorf("differs from %s; run go test -update and look at the difference:\n%s", golden, got)
			}
		})
	}
}

// The caret must stand below the first cell of its place, whatever stands before it in the line.
func TestCaretStandsBelowItsPlace(t *testing.T) {
	for _, test := range []struct{ name, line, place string }{
		{"ascii", "title: oops", "oops"},
		{"polish", "tytuł: zażółć oops", "oops"},
		{"decomposed", "tytul: zaz\u0307o\u0301\u0142c\u0301 oops", "oops"},
		{"wide", "title: 週報の oops", "oops"},
		{"emoji", "title: 👩‍👩‍👧 oops", "oops"},
		{"tab", "\ttitle:\toops", "oops"},
		{"control", "a: \x1b[31m oops", "oops"},
		{"far", strings.Repeat("週報 ", 100) + "oops" + strings.Repeat(" more", 50), "oops"},
		{"far and odd", "x" + strings.Repeat("週報 ", 100) + "oops", "oops"},
		{"long place", "a: " + strings.Repeat("o", 300), "ooo"},
	} {
		t.Run(test.name, func(t *testing.T) {
			start := utf8.RuneCountInString(test.line[:strings.Index(test.line, test.place)]) + 1
			r := at("f", 1, start, start+utf8.RuneCountInString(test.place))
			var b bytes.Buffer
			if err := Text(&b, List{{Summary: "S", Subject: r}}, Files{"f": []byte(test.line)}, TextOptions{}); err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
			code, carets := lines[len(lines)-2], lines[len(lines)-1]
			want := cells.StringWidth(code[:strings.Index(code, test.place)])
			if got := strings.Index(carets, "^"); got != want {
				t.Errorf("caret at cell %d, place at %d:\n%s\n%s", got, want, code, carets)
			}
			if got := len(strings.TrimSpace(carets)); got != len(test.place) {
				t.Errorf("%d cells marked, not %d", got, len(test.place))
			}
			if width := cells.StringWidth(code); width > snippetWidth+len("  1: ") {
				t.Errorf("line takes %d cells", width)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	known := []string{"chat_queue_ids", "response_threshold", "sum_users", "answered", "to", "by", "last_week", "last_month", "label", "row"}
	for name, want := range map[string]string{
		"chat_queue_id":     "chat_queue_ids",
		"Chat-Queue-IDs":    "chat_queue_ids",
		"last week":         "last_week",
		"answer":            "answered",
		"lable":             "label",
		"responsethreshold": "response_threshold",
		"rows":              "row",
		"too":               "to",
		"x":                 "",
		"":                  "",
		"zz":                "",
		"entirely_other":    "",
		"last_century":      "",
	} {
		if got := Nearest(name, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
	if got := Nearest("cat", []string{"car", "bat"}); got != "bat" {
		t.Errorf("of equally near names the alphabet decides, got %q", got)
	}
}

// Whatever a file says, its text stays text: no control reaches the terminal, no line is a command to a CI server,
// and each form keeps its lines.
func FuzzForms(f *testing.F) {
	f.Add("a.yaml", "a: b", "Detail.", "report", 1, 1, 1, 2)
	f.Add("::error::x", "\x1b[2J::a", "x\n \u2003::set-output name=a::b\r::c", "##[command]", 1, 1, 2, 1)
	f.Add("a%,b:c", "###[[vso[##vso[task]", "100%\n##vso[a]##[b]", "\u202e", 1, 3, 1, 9)
	f.Fuzz(func(t *testing.T, file, content, detail, context string, line, column, endLine, endColumn int) {
		d := Diagnostic{
			Code: "code", Summary: "Summary", Detail: detail, Context: context,
			Subject: Range{File: file, Start: Pos{line, column}, End: Pos{endLine, endColumn}},
		}
		d.Related = []Related{{Message: detail, Range: d.Subject}}
		held := Files{file: []byte(content)}
		var plain, ruled, compact, github bytes.Buffer
		for _, err := range []error{
			Text(&plain, List{d}, held, TextOptions{}),
			Text(&ruled, List{d}, held, TextOptions{Color: true, Rule: true}),
			Compact(&compact, List{d}), GitHub(&github, List{d}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := json.Marshal(d.JSON(held)); err != nil {
			t.Fatal(err)
		}
		uncolored := strings.NewReplacer(red, "", yellow, "", bold, "", reset, "").Replace(ruled.String())
		for _, out := range []string{plain.String(), uncolored, compact.String(), github.String()} {
			if !utf8.ValidString(out) || strings.ContainsFunc(out, func(r rune) bool { return r != '\n' && mustEscape(r) }) {
				t.Errorf("acts on the terminal: %q", out)
			}
			if strings.Contains(out, "##[") || strings.Contains(out, "##vso[") {
				t.Errorf("commands a CI server: %q", out)
			}
		}
		for _, out := range []string{plain.String(), compact.String()} {
			for line := range strings.Lines(out) {
				if strings.HasPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::") {
					t.Errorf("commands GitHub: %q", line)
				}
			}
		}
		for line := range strings.Lines(uncolored) {
			if !strings.HasPrefix(line, "╷") && !strings.HasPrefix(line, "│") && !strings.HasPrefix(line, "╵") {
				t.Errorf("leaves the rule: %q", line)
			}
		}
		if n := strings.Count(compact.String(), "\n"); n != 1 {
			t.Errorf("compact form takes %d lines: %q", n, compact.String())
		}
		properties, _, _ := strings.Cut(strings.TrimPrefix(github.String(), "::error "), "::")
		if n := strings.Count(github.String(), "\n"); n != 1 || !strings.HasSuffix(properties, "title=Summary") {
			t.Errorf("not one command: %q", github.String())
		}
	})
}
