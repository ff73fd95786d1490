package review

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/reportform/reportform/runner/reporttest"
	"github.com/reportform/reportform/spec/diag"
)

// Names come from people we do not know: in code nothing of them is markup, mentions somebody or cuts a cell.
func TestCode(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "",
		" \n ":                            "",
		"@octocat #1":                     "`@octocat #1`",
		"<script>alert(1)</script>":       "`<script>alert(1)</script>`",
		"a|b":                             "`a\\|b`",
		"a\nb\tc":                         "`a b c`",
		"`":                               "`` ` ``",
		"a ``` b":                         "````a ``` b````",
		"`a`":                             "`` `a` ``",
		"\u202egnp.exe":                   "`\\u202egnp.exe`",
		strings.Repeat("ż", longest+1):    "`" + strings.Repeat("ż", longest) + "…`",
		"\x1b[2J":                         "`\\x1b[2J`",
		"https://evil.example/?q=secrets": "`https://evil.example/?q=secrets`",
	} {
		if got := code(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// What is shown as it is means the same with Markdown as without.
func TestPlain(t *testing.T) {
	for _, text := range []string{"1,625", "93.5", "12 %", "2 recipients", "Żółć 3"} {
		if got := plain(text); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for _, text := range []string{"www.evil.example", "@octocat", "a|b", "*a*", "_a_", "<b>", "[a](b)", "#1", "!1", "%1", ":100:", "~a", "$a$", "a`b", "&amp;", `\`, "a\nb", "https://a"} {
		if got := plain(text); got == text {
			t.Errorf("%q is shown as it is", text)
		}
	}
}

// A comment takes no more than it takes: rows that do not fit are left out whole, and counted.
func TestLimit(t *testing.T) {
	var s Summary
	for i := range 2000 {
		s.Plan = append(s.Plan, Delivery{Mark: "+", Key: fmt.Sprintf("report-%d.leads@2026-11-09..2026-11-15", i), Verb: "send", Target: "ż|@x"})
	}
	text := s.Markdown()
	if len(text) > Limit || len(text) < Limit-1000 || !utf8.ValidString(text) {
		t.Errorf("the summary has %d bytes", len(text))
	}
	shown := strings.Count(text, "`report-")
	if want := fmt.Sprintf("**%d more lines are left out here**", 2000-shown+1); !strings.Contains(text, want) { // the line that ends the table, too
		t.Errorf("%d are shown, and it does not say %q", shown, want)
	}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "|") && !strings.HasSuffix(line, "|\n") {
			t.Errorf("a row is cut: %q", line)
		}
	}
}

// Twenty figures are enough to see what has changed, and the rest is counted over all reports.
func TestMostCells(t *testing.T) {
	c := Cells{Report: "weekly", Recording: "recorded/weekly"}
	for i := range 15 {
		c.Differences = append(c.Differences, reporttest.Difference{Report: "weekly", In: "by_day", Row: fmt.Sprint(i), What: "Answered", Before: "1", After: "2"})
	}
	s := Summary{Base: "main", Review: &Review{Cells: []Cells{c, c, {Report: "other", Recording: "recorded/other", Unrecorded: true, Again: "reportform record --force 'a`b'"}}}}
	text := s.Markdown()
	if n := strings.Count(text, "| 1 | → | 2 |"); n != mostCells {
		t.Errorf("%d figures are shown", n)
	}
	for _, want := range []string{"These are 20 of 30.", "30 figures otherwise", "`other` asks for what its recording in `recorded/other` has no answer to. To record it anew: ``reportform record --force 'a`b'``"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
}

// Problems are told by their places, errors first in the heading.
func TestProblems(t *testing.T) {
	s := Summary{Title: "plan", Problems: diag.List{
		{Severity: diag.Warning, Code: "w", Summary: "Odd", Detail: "It is odd.\n    a: b", Subject: diag.Range{File: "a|b.yaml", Start: diag.Pos{Line: 3, Column: 1}}},
		{Code: "e", Summary: "Wrong @all", Detail: "It is wrong."},
	}}
	text := s.Markdown()
	for _, want := range []string{
		"**The configuration is not valid:** 1 error.", "#### 1 error, 1 warning\n",
		"| error |  | `Wrong @all` | `It is wrong.` |", "| warning | `a\\|b.yaml:3:1` | Odd | `It is odd. a: b` |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
}
