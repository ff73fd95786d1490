package html

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/reportform/reportform/outputs"
)

// What is behind the letters of a mail, by day and by night.
const (
	paper = "FFFFFF"
	night = "1E2125"
)

// look is a theme in CSS. Colours that stand on elements are those of the day; each has a class with its colour by night.
type look struct {
	theme outputs.Theme
	// own is the theme's font where the project chose one; the reader's own otherwise.
	own string
	// marks are the classes of marked cells that the mail has, with their rules by night.
	marks map[string]string
}

func newLook(t outputs.Theme) look {
	font := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`"'\;:{}<>&()`, r) {
			return -1 // A font's name stands in a style.
		}
		return r
	}, t.Font)
	return look{theme: t.Whole(), own: font, marks: map[string]string{}}
}

// Font is the mail's font-family.
func (l *letter) Font() template.CSS {
	if l.look.own != "" {
		return template.CSS("'" + l.look.own + "',Arial,Helvetica,sans-serif") //nolint:gosec // newLook took out what ends a string
	}
	return "-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
}

// Accent is the colour of rules, AccentInk that of figures.
func (l *letter) Accent() template.CSS { return css("#" + l.look.theme.Accent) }

// AccentInk is the accent as it can be read in large letters on a tile.
func (l *letter) AccentInk() template.CSS {
	return css("#" + outputs.Legible(l.look.theme.Accent, "F5F7F9", outputs.LargeContrast))
}

// ToneInk is a tone's colour as it can be read in small letters.
func (l *letter) ToneInk(t outputs.Tone) template.CSS {
	if t == outputs.ToneNone {
		return "#626b76"
	}
	return css("#" + outputs.Legible(l.look.theme.Tone(t), "F5F7F9", outputs.SmallContrast))
}

// ToneClass is the class with the tone's colour by night.
func (l *letter) ToneClass(t outputs.Tone) string {
	if t == outputs.ToneNone {
		return "quiet"
	}
	return string(t)
}

// Night are the theme's rules for dark screens.
func (l *letter) Night() template.CSS {
	var b strings.Builder
	rule := func(class, rule string) { fmt.Fprintf(&b, "\n  .%s { %s }", class, rule) }
	ink := func(colour string, contrast float64) string {
		return "color: #" + outputs.Legible(colour, "292D32", contrast) + " !important"
	}
	t := l.look.theme
	rule("card", "border-top-color: #"+outputs.Legible(t.Accent, night, outputs.LargeContrast)+" !important")
	rule("accent", ink(t.Accent, outputs.SmallContrast))
	for _, tone := range []outputs.Tone{outputs.ToneGood, outputs.ToneWarning, outputs.ToneBad} {
		rule(string(tone), ink(t.Tone(tone), outputs.SmallContrast))
	}
	classes := make([]string, 0, len(l.look.marks))
	for class := range l.look.marks {
		classes = append(classes, class)
	}
	slices.Sort(classes)
	for _, class := range classes {
		rule(class, l.look.marks[class])
	}
	return css(b.String())
}

// mark is how a cell is marked: classes for the night, CSS for the day.
type mark struct {
	Class string
	CSS   template.CSS
	// Bar is the length of a bar below the figure in percent of the cell; 0 is none.
	Bar int
	// Fill is the bar's colour.
	Fill template.CSS
}

// The shares of white in the pale fill of a tone, in the ends of a colour scale and in a bar: those of the workbook.
const (
	palerTone  = 0.86
	palerScale = 0.45
	palerBar   = 0.35
)

// tone marks a cell by a rule that holds.
func (l *look) tone(t outputs.Tone) mark {
	colour := l.theme.Tone(t)
	pale, dark := outputs.Mix(colour, paper, palerTone), outputs.Mix(colour, night, 0.7)
	class := "m-" + string(t)
	l.marks[class] = fmt.Sprintf("background: #%s !important; color: #%s !important", dark, outputs.Legible(outputs.Mix(colour, paper, 0.4), dark, outputs.SmallContrast))
	return mark{Class: class, CSS: css(fmt.Sprintf(";background:#%s;color:#%s;font-weight:600", pale, outputs.Legible(colour, pale, outputs.SmallContrast)))}
}

// steps of a colour scale: so many classes are enough that neighbours are told apart.
const steps = 8

// scale marks a cell by where its value lies between the least (0) and the greatest (1) of its column.
func (l *look) scale(share float64, good string) mark {
	step := int(share*steps + 0.5)
	at := float64(step) / steps
	colour, strength, class := l.theme.Accent, at, "s"
	if good != "" {
		if good == "down" {
			at = 1 - at
		}
		class, strength = "g", 2*at-1
		if colour = l.theme.Good; at < 0.5 {
			colour, strength = l.theme.Bad, 1-2*at
		}
		step = int(at*steps + 0.5)
	}
	day := outputs.Mix(paper, outputs.Mix(colour, paper, palerScale), strength)
	dark := outputs.Mix(night, outputs.Mix(outputs.Legible(colour, night, outputs.LargeContrast), night, palerScale), strength)
	class = fmt.Sprintf("%s%d", class, step)
	l.marks[class] = fmt.Sprintf("background: #%s !important; color: #%s !important", dark, outputs.Legible("E9EBEE", dark, outputs.SmallContrast))
	return mark{Class: class, CSS: css(fmt.Sprintf(";background:#%s;color:#%s", day, outputs.Legible("1C2127", day, outputs.SmallContrast)))}
}

// bar draws a value as long as its share of the greatest one; what is below 0 has the colour of what is bad.
func (l *look) bar(share float64) mark {
	m := mark{Fill: css("#" + outputs.Mix(l.theme.Accent, paper, palerBar))}
	if share < 0 {
		share, m.Fill = -share, css("#"+outputs.Mix(l.theme.Bad, paper, palerBar))
	}
	m.Bar = int(share*100 + 0.5)
	return m
}

// css marks as safe what is made of the program's own words, of numbers and of colours that the spec has checked.
func css(text string) template.CSS { return template.CSS(text) } //nolint:gosec // no data
