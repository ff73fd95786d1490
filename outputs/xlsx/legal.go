package xlsx

import (
	"strings"
	"unicode/utf8"
)

// maxCellUnits is what an Excel cell holds, in UTF-16 units.
const maxCellUnits = 32_767

// legalXML reports whether a character may stand in XML 1.0.
func legalXML(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000
}

// legalText returns s with U+FFFD for each character that a workbook cannot hold; replaced says that there was one.
func legalText(s string) (legal string, replaced bool) {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' {
			return legalRunes(s)
		}
	}
	return s, false
}

func legalRunes(s string) (string, bool) {
	replaced := !utf8.ValidString(s)
	legal := strings.Map(func(r rune) rune {
		if legalXML(r) {
			return r
		}
		replaced = true
		return utf8.RuneError
	}, s)
	return legal, replaced
}

// units counts UTF-16 units.
func units(s string) int {
	n := 0
	for _, r := range s {
		if n++; r >= 0x10000 {
			n++
		}
	}
	return n
}
