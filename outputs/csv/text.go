package csv

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// appendText writes a text: as it is where it can, in quotes where it must, and with an apostrophe before what a
// spreadsheet would run as a formula.
func appendText(dst []byte, s string) []byte {
	if isPlain(s) {
		return append(dst, s...)
	}
	s = disarm(s)
	if !strings.ContainsAny(s, "\",;\t\r\n") && strings.TrimSpace(s) == s {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	dst = append(dst, strings.ReplaceAll(s, `"`, `""`)...)
	return append(dst, '"')
}

// isPlain reports whether a text needs neither quotes nor a look at what it begins with: nearly all of them.
func isPlain(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_':
		case i > 0 && strings.IndexByte(" .:-/@+()=", c) >= 0 && i < len(s)-1:
		case i > 0 && c >= utf8.RuneSelf:
		default:
			return s == ""
		}
	}
	return true
}

// disarm puts an apostrophe before what a spreadsheet would take for a formula: at the beginning, and, where it could do
// harm, after what a spreadsheet of another country takes for the end of a value or of a line.
func disarm(s string) string {
	var out strings.Builder
	done := 0
	for from := 0; from < len(s); {
		if from == 0 && isFormula(s) || isFormula(strings.TrimLeft(s[from:], `"`)) && strings.ContainsAny(s[from:], "(|!") {
			out.WriteString(s[done:from])
			out.WriteByte('\'')
			done = from
		}
		end := strings.IndexAny(s[from:], ",;\t\r\n")
		if end < 0 {
			break
		}
		from += end + 1
	}
	if out.Len() == 0 {
		return s
	}
	out.WriteString(s[done:])
	return out.String()
}

// isFormula reports whether a text begins as a formula does, after what spreadsheets pass over. A sign alone or before
// nothing but digits, as in a telephone number, is none: it can do nothing, and stays what it was.
func isFormula(s string) bool {
	if strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") {
		return true
	}
	s = strings.TrimLeftFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	})
	first, n := utf8.DecodeRuneInString(s)
	switch first {
	case '=', '@', '＝', '＠':
		return true
	case '+', '-', '＋', '－', '\u2212':
		return strings.Trim(s[n:], "0123456789 .,") != ""
	default:
		return false
	}
}
