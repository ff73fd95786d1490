package diag

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible returns s as it may be shown in one line: what a terminal or a CI server would act upon is written as an escape.
// Texts in diagnostics come from files of people we do not know. A control character could clear the screen or recolour
// a message, a bidirectional override could show code in another order than it is read, and "##[" or "##vso[" is a
// command to GitHub's and Azure's runners wherever it stands in a line.
func visible(s string) string { return visiblePart(s, 0, len(s)) }

// visiblePart is visible for the characters from start up to end, escaped as they are within the whole.
func visiblePart(s string, start, end int) string {
	var b strings.Builder
	for i, n := 0, 0; i < len(s) && n < end; n++ {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case n < start:
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\t':
			b.WriteString("    ")
		case r == '#' && (strings.HasPrefix(s[i:], "#[") || strings.HasPrefix(s[i:], "#vso[")) && strings.HasSuffix(s[:i], "#"):
			b.WriteString(`\x23`)
		case mustEscape(r) && r <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, r)
		case mustEscape(r) && r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		case mustEscape(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// mustEscape reports whether a character is not seen but acts: controls, line separators, and format characters
// but for the two joiners, which words and emoji need.
func mustEscape(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) && r != nonJoiner && r != joiner
}

// visibleLines is visible for a text of several lines.
func visibleLines(s string) []string {
	lines := strings.Split(strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(visible(line), " ")
	}
	return lines
}

// notCommand returns a finished line that GitHub's runner does not take for a workflow command,
// which is what it does with every line that begins with "::" after any space.
func notCommand(line string) string {
	rest := strings.TrimLeftFunc(line, unicode.IsSpace)
	if !strings.HasPrefix(rest, "::") {
		return line
	}
	return line[:len(line)-len(rest)] + `\x3a` + rest[1:]
}

// Printable returns s as it may be printed in several lines for people: nothing in it is acted upon by a terminal or a
// CI server. It is for what the program shows beside its diagnostics, such as names and figures from an API.
func Printable(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = notCommand(visible(line))
	}
	return strings.Join(lines, "\n")
}
