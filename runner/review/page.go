package review

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/reportform/reportform/spec/diag"
)

// Limit is the most bytes that a summary has: GitHub takes 65,536 characters in a comment, and whoever posts it adds some.
const Limit = 60_000

// page is Markdown that stays within a bound, and says what it has left out.
type page struct {
	b    strings.Builder
	left int // rows and paragraphs left out
}

// notice is room for what is said of the rest.
const notice = 300

// add appends a piece that stands for itself, a paragraph or a row; what does not fit any more is left out, and all behind it.
func (p *page) add(piece string) {
	if p.left > 0 || p.b.Len()+len(piece) > Limit-notice {
		p.left++
		return
	}
	p.b.WriteString(piece)
}

// heading begins a section.
func (p *page) heading(text string) { p.add("#### " + text + "\n\n") }

// say adds a paragraph.
func (p *page) say(format string, a ...any) { p.add(fmt.Sprintf(format, a...) + "\n\n") }

// table adds rows beneath heads, but for columns in which there is nothing. Cells are Markdown: what is not ours stands in
// code.
func (p *page) table(heads []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	rule := make([]string, len(heads))
	for i := range rule {
		if slices.ContainsFunc(rows, func(r []string) bool { return r[i] != "" }) {
			rule[i] = "---"
		}
	}
	row := func(cells []string) string {
		line := "|"
		for i, cell := range cells {
			if rule[i] != "" {
				line += " " + cell + " |"
			}
		}
		return line + "\n"
	}
	p.add(row(heads) + row(rule))
	for _, r := range rows {
		p.add(row(r))
	}
	p.add("\n")
}

// String is the page, with what was left out.
func (p *page) String() string {
	if p.left > 0 {
		return p.b.String() + fmt.Sprintf("\n**%d more lines are left out here**, since a comment takes no more. `reportform plan` shows everything.\n", p.left)
	}
	return p.b.String()
}

// longest is the most characters of a text that is not ours.
const longest = 200

// code writes a text that is not ours as code, where neither GitHub nor GitLab looks for markup, mentions of people,
// references to issues or addresses of pages. Empty stays empty.
func code(s string) string {
	s = strings.Join(strings.Fields(diag.Printable(s)), " ")
	if s == "" {
		return ""
	}
	if utf8.RuneCountInString(s) > longest {
		s = string([]rune(s)[:longest]) + "…"
	}
	// The fence is longer than any run of backticks within, and apart from one at an end. A table cuts cells at a bar even
	// within code, unless it is escaped.
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + strings.ReplaceAll(s, "|", "\\|") + fence
}

// mostLines is how many lines of a text that is not ours are shown below each other.
const mostLines = 20

// block writes a text of several lines, such as what to do with a command to copy, as code with its lines.
func block(s string) string {
	lines := strings.Split(strings.Trim(s, "\n"), "\n")
	if len(lines) > mostLines {
		lines = append(lines[:mostLines], "…")
	}
	var b strings.Builder
	for _, line := range lines {
		if line = diag.Printable(line); utf8.RuneCountInString(line) > longest {
			line = string([]rune(line)[:longest]) + "…"
		}
		if line != "" {
			line = "    " + line
		}
		b.WriteString(line + "\n")
	}
	if strings.TrimSpace(b.String()) == "" {
		return ""
	}
	return b.String() + "\n"
}

// harmless is a text that means the same with Markdown as without: a point within a word may make a link of it, and a
// percent sign before one a reference.
var harmless = regexp.MustCompile(`^(?:[\p{L}\p{N} ,'()+-]|\.[0-9]|[.%](?: |$))*$`)

// plain writes a text that is ours for the most part, and as code where it may mean something else than it says.
func plain(s string) string {
	if harmless.MatchString(s) {
		return s
	}
	return code(s)
}

// codes lists texts that are not ours.
func codes(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = code(s)
	}
	return strings.Join(out, ", ")
}
