package tree

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/reportform/reportform/spec/diag"
)

// scan looks through some lines that break a file, for what usually breaks them. It knows as much of YAML's grammar as
// that needs: quotes, comments, brackets, and where a value begins.
type scan struct {
	*source
	at, end int
	// open are the offsets of the brackets that are open.
	open []int
	// begins says that a value may begin here; key that the line has had a key.
	begins, key bool
	// value is where the key or value at hand began; parent is the column (in bytes, from 0) of the key or
	// hyphen that it belongs to.
	value, parent int
	// parens are open within the value at hand.
	parens int
}

// trap looks for a known trap from one line to another.
func (s *source) trap(first, last int) (diag.Diagnostic, bool) {
	start := s.lines[first-1]
	scan := scan{source: s, at: start, end: s.lineEnd(s.lines[last-1]), begins: true}
	if d := scan.indentation(); d != nil {
		return *d, true
	}
	for scan.at < scan.end {
		if d := scan.step(); d != nil {
			return *d, true
		}
	}
	if len(scan.open) > 0 {
		at := scan.open[len(scan.open)-1]
		return *scan.fault(at, at+1, "unclosed-bracket", "Unclosed bracket", fmt.Sprintf(
			"\"%c\" opens here and is not closed. Text that begins with it stands in quotes.", s.data[at])), true
	}
	return diag.Diagnostic{}, false
}

func (s *scan) fault(from, to int, code, summary, detail string) *diag.Diagnostic {
	return &diag.Diagnostic{Code: code, Summary: summary, Detail: detail, Subject: s.span(from, to)}
}

// step reads one character or one quoted text.
func (s *scan) step() *diag.Diagnostic {
	switch c := s.data[s.at]; {
	case c == '\n':
		s.at++
		s.begins, s.key = true, false
		return s.indentation()
	case c == ' ' || c == '\t' || c == '\r':
		s.at++
		return nil
	case c == '#' && (s.at == 0 || isBlank(s.data[s.at-1])):
		return s.comment()
	case s.begins:
		return s.beginning(c)
	case len(s.open) > 0:
		return s.inFlow(c)
	case c == ':' && s.blankAt(s.at+1):
		if s.key {
			return s.colon()
		}
		s.at++
		s.begins, s.key = true, true
		s.parent = s.column(s.value)
		return nil
	default:
		s.at++
		return nil
	}
}

func (s *scan) blankAt(i int) bool { return i >= len(s.data) || isBlank(s.data[i]) }

// indentation tells of a tab before a line's first word.
func (s *scan) indentation() *diag.Diagnostic {
	i := s.at
	for i < s.end && s.data[i] == ' ' {
		i++
	}
	if i >= s.end || s.data[i] != '\t' {
		return nil
	}
	to := i
	for to < s.end && (s.data[to] == '\t' || s.data[to] == ' ') {
		to++
	}
	if to == s.end || s.data[to] == '\n' || s.data[to] == '\r' {
		return nil
	}
	return s.fault(i, to, "tab", "Tab", "YAML is indented by spaces, never by tabs. Replace the tab by spaces.")
}

func (s *scan) comment() *diag.Diagnostic {
	from := s.at
	s.at = s.lineEnd(from)
	if !hashTrap(s.data[from:s.at]) || len(s.open) == 0 {
		return nil
	}
	return s.fault(from, s.at, "comment-cuts-text", "A comment cuts the text",
		"With white space before it, \"#\" starts a comment, so the text ends before it. Put the whole text in quotes. For a comment, write a space behind the \"#\".")
}

// beginning reads the first character of a key or value.
func (s *scan) beginning(c byte) *diag.Diagnostic {
	from := s.at
	s.at++
	s.parens, s.value = 0, from
	switch c {
	case '"', '\'':
		return s.quoted(from, c)
	case '[', '{':
		s.open = append(s.open, from)
		return nil
	case ']', '}', ',':
		s.begins = false
		s.at = from
		return s.inFlow(c)
	case '-', '?':
		if s.blankAt(s.at) {
			s.parent = s.column(from)
			return nil
		}
	case '|', '>':
		if len(s.open) == 0 {
			s.skipBlock()
			return nil
		}
	case '@', '`', '%':
		if c == '%' && (from == 0 || s.data[from-1] == '\n') {
			return s.fault(from, s.lineEnd(from), "directive", "Directive", "A line that begins with \"%\" is a directive for YAML's readers, and there is none to give here: files are YAML 1.2. Remove it.")
		}
		return s.fault(from, from+1, "reserved-character", "Reserved character", fmt.Sprintf(
			"No text without quotes begins with \"%c\". Put it in quotes:\n\n    %s", c, Quote(s.restOfLine(from))))
	}
	s.begins = false
	if len(s.open) > 0 {
		s.at = from
		return s.inFlow(c)
	}
	return nil
}

func (s *scan) column(offset int) int { return offset - s.lines[s.line(offset)-1] }

// skipBlock skips the lines of a block scalar: those that are empty, or indented deeper than what it belongs to.
func (s *scan) skipBlock() {
	s.at = s.lineEnd(s.at)
	for next := s.nextLine(s.at); next < s.end; next = s.nextLine(next) {
		text := s.data[next:s.lineEnd(next)]
		if content := bytes.TrimLeft(text, " "); len(content) > 0 && len(text)-len(content) <= s.parent {
			return
		}
		s.at = next + len(text)
	}
}

// quoted reads a text in quotes, which nothing but a comment, a comma or a colon follows.
func (s *scan) quoted(from int, quote byte) *diag.Diagnostic {
	end := s.quoteEnd(from, quote)
	if end > s.end || end == len(s.data) && (s.data[end-1] != quote || end-1 == from) {
		detail := "A single quote opens a text here and none closes it. Within single quotes a quote is written twice: ''."
		if quote == '"' {
			detail = "A double quote opens a text here and none closes it. Within double quotes a quote is written with a backslash: \\\"."
		}
		return s.fault(from, from+1, "unclosed-quote", "Unclosed quote", detail)
	}
	s.at, s.begins = end, false
	rest := bytes.TrimLeft(s.data[end:s.lineEnd(end)], " \t")
	if len(rest) == 0 || rest[0] == '#' || rest[0] == ':' || (len(s.open) > 0 && strings.IndexByte(",]}", rest[0]) >= 0) {
		return nil
	}
	whole := s.restOfLine(from)
	if len(s.open) > 0 {
		return s.fault(from, end, "text-behind-quote", "Text behind a quote",
			"The value ends with its closing quote, and a comma or the closing bracket must follow. Put the whole value in quotes, once.")
	}
	return s.fault(end, s.lineEnd(end), "text-behind-quote", "Text behind a quote", fmt.Sprintf(
		"The value ends with its closing quote. If it begins with a quote itself, put the whole in quotes:\n\n    %s", "'"+strings.ReplaceAll(whole, "'", "''")+"'"))
}

// inFlow reads a character of a plain value within brackets.
func (s *scan) inFlow(c byte) *diag.Diagnostic {
	from := s.at
	s.at++
	switch c {
	case '$':
		if s.at < s.end && s.data[s.at] == '{' {
			return s.expression(from)
		}
	case '(':
		s.parens++
	case ')':
		s.parens--
	case ',':
		if s.parens > 0 {
			return s.fault(s.value, s.at, "comma-tears-text", "A comma tears the text",
				"Within \"{}\" and \"[]\" a comma ends a value that is not in quotes. Put the whole expression in quotes.")
		}
		s.begins = true
	case ':':
		s.begins = s.blankAt(s.at)
	case '[', '{':
		s.open = append(s.open, from)
		s.begins = true
	case ']', '}':
		if len(s.open) > 0 {
			s.open = s.open[:len(s.open)-1]
		}
		s.parens = 0
	}
	return nil
}

// expression tells of ${…} without quotes within brackets, where its braces mean something else.
func (s *scan) expression(from int) *diag.Diagnostic {
	to := from
	for to < s.end && s.data[to] != '\n' && s.data[to] != '}' {
		to++
	}
	to = min(to+1, s.end)
	return s.fault(from, to, "unquoted-expression", "Expression without quotes", fmt.Sprintf(
		"Within \"[]\" and \"{}\" the braces of an expression mean a mapping. Put it in quotes:\n\n    %s", Quote(string(s.data[from:to]))))
}

// colon tells of a second `: ` in one line.
func (s *scan) colon() *diag.Diagnostic {
	return s.fault(s.at, s.at+1, "colon-splits-text", "A colon splits the text", fmt.Sprintf(
		"A colon with a space behind it begins a value, and this line has one already. Put the whole text in quotes:\n\n    %s", Quote(s.restOfLine(s.value))))
}

// restOfLine returns the text from an offset to the end of its line, without a comment.
func (s *scan) restOfLine(from int) string {
	text := string(s.data[from:s.lineEnd(from)])
	if i := strings.Index(text, " # "); i >= 0 {
		text = text[:i]
	}
	return strings.TrimRight(text, " \t")
}
