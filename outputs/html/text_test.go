package html

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// notes is a table of texts, each with a figure beside it.
func notes(texts ...string) outputs.TableBlock {
	var rows [][]expr.Value
	for i, s := range texts {
		rows = append(rows, []expr.Value{expr.TextValue(s), expr.IntegerValue(int64(i))})
	}
	return outputs.TableBlock{Dataset: "notes", Table: table.FromValues([]table.Field{{Name: "note", Type: expr.Text}, {Name: "n", Type: expr.Integer}}, rows)}
}

// TestALongTextStaysInItsColumn, and pads no other row to its length.
func TestALongTextStaysInItsColumn(t *testing.T) {
	for name, test := range map[string]struct{ long, want string }{
		"words": {strings.Repeat("some words ", 8), "" +
			"Note                                              N\n" +
			"------------------------------------------------  -\n" +
			"some words some words some words some words some  0\n" +
			"words some words some words some words\n" +
			"short                                             1\n"},
		"one word": {strings.Repeat("x", 60), "" +
			"Note                                              N\n" +
			"------------------------------------------------  -\n" +
			strings.Repeat("x", 48) + "  0\n" + strings.Repeat("x", 12) + "\n" +
			"short                                             1\n"},
	} {
		letter, err := Body(outputs.Document{Locale: "en"}, []outputs.Block{notes(test.long, "short")})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(letter.Text), test.want) {
			t.Errorf("%s: %s", name, letter.Text)
		}
	}
	for _, long := range []string{strings.Repeat("x", 32_767), strings.Repeat("ą ", 16_000), strings.Repeat(strings.Repeat("x", 30)+" ", 900)} {
		letter, err := Body(outputs.Document{Locale: "en"}, []outputs.Block{notes(long, "short")})
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(letter.Text), "\n")
		ends := 0
		for _, line := range lines {
			if utf8.RuneCountInString(line) > mostWide+len("  0") {
				t.Errorf("a line has %d letters", utf8.RuneCountInString(line))
			}
			if strings.HasSuffix(line, "…") {
				ends++
			}
		}
		if len(lines) > mostLines+8 || ends != 1 {
			t.Errorf("%d lines, %d of them cut:\n%s", len(lines), ends, letter.Text)
		}
	}
}

// TestAnEmptyTableHasItsHeader, so that a reader sees what it would hold.
func TestAnEmptyTableHasItsHeader(t *testing.T) {
	letter, err := Body(outputs.Document{Locale: "en"}, []outputs.Block{notes()})
	if err != nil {
		t.Fatal(err)
	}
	if want := "Note  N\n----  -\nNo rows.\n"; !strings.Contains(string(letter.Text), want) {
		t.Errorf("%s", letter.Text)
	}
	if html := string(letter.HTML); !strings.Contains(html, ">Note</th>") || !strings.Contains(html, ">No rows.</p>") {
		t.Errorf("%s", html)
	}
}

// TestTheTotalsLabelReachesOverEmptyCells of a plain text, so that a narrow first column stays narrow.
func TestTheTotalsLabelReachesOverEmptyCells(t *testing.T) {
	g := grid{
		Columns: []column{{Label: "No", Wraps: true}, {Label: "Team", Wraps: true}, {Label: "Chats", Right: true}},
		Rows:    [][]cell{{{Text: "7"}, {Text: "Complaints"}, {Text: "12"}}}, Totals: []string{"Total of all 46 rows", "", "1,234"},
	}
	const want = "No          Team        Chats\n----------  ----------  -----\n7           Complaints     12\n----------  ----------  -----\nTotal of all 46 rows    1,234"
	if got := g.text(); got != want {
		t.Errorf("it reads\n%s", got)
	}
	g.Totals[1] = "5"
	if got := g.text(); !strings.HasSuffix(got, "\nTotal of all 46 rows  5           1,234") {
		t.Errorf("before a total it reads\n%s", got)
	}
}
