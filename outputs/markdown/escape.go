package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// escape makes a text stand in a line or a cell as what it is, and no markup or link of anybody: names in the data come
// from people we do not know.
func escape(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '_' && within(s, i):
			b.WriteRune(r)
		case strings.ContainsRune("\\`*_[]|~$", r),
			r == ':' && strings.HasPrefix(s[i:], "://"), r == '.' && strings.HasSuffix(strings.ToLower(s[:i]), "www"):
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsControl(r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// within reports whether the mark at i stands in a word, where it means nothing.
func within(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+1:])
	word := func(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	return word(before) && word(after)
}

// lines escapes a text of several lines, and keeps them apart.
func lines(s string) string {
	var out []string
	for line := range strings.Lines(strings.TrimSpace(s)) {
		out = append(out, paragraph(escape(line)))
	}
	return strings.Join(out, "  \n")
}

// paragraph keeps a line from being a heading, a list or a rule.
func paragraph(line string) string {
	if line != "" && strings.ContainsRune("#+-=", rune(line[0])) {
		return "\\" + line
	}
	if rest := strings.TrimLeft(line, "0123456789"); len(rest) < len(line) && rest != "" && strings.ContainsRune(".)", rune(rest[0])) {
		return line[:len(line)-len(rest)] + "\\" + rest
	}
	return line
}
