package outputs

import (
	"fmt"
	"strconv"
)

// Theme is how a project's reports look, in every medium. Colours are six hex digits, "2F5D8A".
type Theme struct {
	// Accent is the colour of figures, rules and the first series of a chart.
	Accent string
	// Palette are the colours of a chart's series, in order, the accent first.
	Palette []string
	// Good, Warning and Bad are the colours of changes and marks.
	Good, Warning, Bad string
	// Font is the name of a font that readers have.
	Font string
	// Logo stands at the head of mails and of a workbook's first sheet; nil for none.
	Logo *Image
}

// DefaultTheme is a calm blue with tones that people who do not tell red from green tell apart. The palette is ordered so
// that neighbours differ in lightness as well as in hue.
func DefaultTheme() Theme {
	return Theme{
		Accent:  "2F5D8A",
		Palette: []string{"2F5D8A", "E0913A", "5BA199", "B5495B", "8C7AA9", "9AA5B1", "C9B458", "4F7A4D"},
		Good:    "2E7D4F", Warning: "B7791F", Bad: "C0392B",
		Font: "Arial",
	}
}

// Tone returns the colour of a tone; the ink of plain text for none is the medium's own, so "" here.
func (t Theme) Tone(tone Tone) string {
	return map[Tone]string{ToneGood: t.Good, ToneWarning: t.Warning, ToneBad: t.Bad}[tone]
}

// Series returns the colour of a chart's series i, counted from 0.
func (t Theme) Series(i int) string {
	if n := len(t.Palette); i < n {
		return t.Palette[i]
	}
	// Beyond the palette its colours come again, paler each time.
	n := len(t.Palette)
	return Mix(t.Palette[i%n], paper, min(0.75, 0.3*float64(i/n)))
}

// Mix returns a colour that is a share (0 to 1) of the way from one to another.
func Mix(from, to string, share float64) string {
	a, b := rgb(from), rgb(to)
	var out [3]int
	for i := range out {
		out[i] = int(float64(a[i])*(1-share) + float64(b[i])*share + 0.5)
	}
	return fmt.Sprintf("%02X%02X%02X", out[0], out[1], out[2])
}

// rgb reads six hex digits; the spec has checked them.
func rgb(colour string) (out [3]int) {
	n, _ := strconv.ParseUint(colour, 16, 32)
	return [3]int{int(n >> 16 & 0xFF), int(n >> 8 & 0xFF), int(n & 0xFF)}
}

// paper is what charts stand on. A bar or a line is seen on it from such a contrast on.
const (
	paper        = "FFFFFF"
	seenContrast = 1.5
)

// Whole returns the theme with the default in place of what is not said: the zero theme is the default one. An accent or a
// colour of a series that could not be seen on paper is darkened until it can.
func (t Theme) Whole() Theme {
	d := DefaultTheme()
	if t.Accent != "" {
		d.Accent = t.Accent
		d.Palette[0] = t.Accent
	}
	if len(t.Palette) > 0 {
		d.Palette = t.Palette
	}
	for _, c := range []struct {
		to   *string
		from string
	}{{&d.Good, t.Good}, {&d.Warning, t.Warning}, {&d.Bad, t.Bad}, {&d.Font, t.Font}} {
		if c.from != "" {
			*c.to = c.from
		}
	}
	d.Logo = t.Logo
	d.Accent = Legible(d.Accent, paper, seenContrast)
	seen := make([]string, len(d.Palette))
	for i, colour := range d.Palette {
		seen[i] = Legible(colour, paper, seenContrast)
	}
	d.Palette = seen
	return d
}
