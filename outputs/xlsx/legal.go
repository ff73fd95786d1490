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

// What a text asks of who writes it.
const (
	asksEscape = 1 << iota // or that spaces at its edges are kept
	asksLegal              // it is not all of printing ASCII
)

// asks is what the bytes of a text ask for.
var asks = func() (of [256]uint8) {
	for i := range of {
		switch c := byte(i); {
		case c >= utf8.RuneSelf:
			of[i] = asksLegal
		case c < ' ':
			of[i] = asksLegal | asksEscape
		case special[c] || c == ' ':
			of[i] = asksEscape
		}
	}
	return of
}()

// askOf returns what s asks for. A space within it, too, counts for one at its edge.
func askOf(s string) (of uint8) {
	for i := range len(s) {
		of |= asks[s[i]]
	}
	return of
}
