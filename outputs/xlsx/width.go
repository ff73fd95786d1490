package xlsx

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// widestByte is the most that a byte of a text adds to its width.
const widestByte = 1.65

// asciiWidth is how wide characters are in Arial, in widths of a digit, which is Excel's unit for columns.
var asciiWidth = func() (w [utf8.RuneSelf]float64) {
	for i := range w {
		switch r := rune(i); {
		case strings.ContainsRune("ijl.,:;'|!I", r):
			w[i] = 0.5
		case strings.ContainsRune("frt()-/ ", r):
			w[i] = 0.65
		case strings.ContainsRune("mwMW@%", r):
			w[i] = widestByte
		case r >= 'A' && r <= 'Z':
			w[i] = 1.2
		default:
			w[i] = 1
		}
	}
	return w
}()

// textWidth is how wide a line of text is.
func textWidth(s string) float64 {
	w := 0.0
	for _, r := range s {
		if r < utf8.RuneSelf {
			w += asciiWidth[r]
		} else if wide := runewidth.RuneWidth(r); wide != 1 {
			w += float64(wide)
		} else {
			w += 1.1
		}
	}
	return w
}

// longestLine is the width of a text's widest line.
func longestLine(s string) float64 {
	w := 0.0
	for line := range strings.Lines(s) {
		w = max(w, textWidth(strings.TrimRight(line, "\r\n")))
	}
	return w
}

// wrap breaks one line of text at spaces so that no part is wider than width; a word that is wider stands alone.
func wrap(s string, width float64) []string {
	var lines []string
	line, room := "", width
	for _, w := range strings.SplitAfter(s, " ") {
		size := textWidth(strings.TrimRight(w, " "))
		if line != "" && size > room {
			lines = append(lines, strings.TrimRight(line, " "))
			line, room = "", width
		}
		line += w
		room -= textWidth(w)
	}
	return append(lines, strings.TrimRight(line, " "))
}

// wrappedLines is how many lines a text takes at a width, words wider than it being broken.
func wrappedLines(s string, width float64) int {
	n := 0
	for _, line := range wrap(s, width) {
		n += max(1, int(math.Ceil(textWidth(line)/width)))
	}
	return n
}

// labelWidth is the narrowest column in which a label takes at most two lines, and a short one takes one.
func labelWidth(label string) float64 {
	const short = 12
	if w := textWidth(label); w <= short {
		return w
	}
	narrow := 0.0
	for _, w := range strings.Fields(label) {
		narrow = max(narrow, textWidth(w))
	}
	widest := min(textWidth(label), maxWidth)
	for narrow < widest && len(wrap(label, narrow)) > 2 {
		narrow++
	}
	return narrow
}
