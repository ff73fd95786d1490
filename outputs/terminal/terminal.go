// Package terminal shows a document to people at a terminal: tables that never wrap, figures side by side, small charts.
package terminal

import (
	"fmt"
	"strings"

	"github.com/fatih/color"
	"github.com/mattn/go-runewidth"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/diag"
)

// Options say what the terminal can do.
type Options struct {
	// Width is how many columns it has; 0, where that is not known, means 100.
	Width int
	Color bool
}

const (
	usualWidth = 100
	// mostRows is how many rows of a table are shown: what is looked at, and leaves the next one in sight.
	mostRows = 20
	// between stands between two columns.
	between = "  "
)

// Show lays all sheets of a document out, one below the other. Whatever stands in the data, the text acts upon no
// terminal but by its own colours.
func Show(doc outputs.Document, o Options) (string, error) {
	s := &screen{doc: doc, words: outputs.Words(doc.Locale), width: o.Width, paint: o.Color}
	if s.width <= 0 {
		s.width = usualWidth
	}
	s.part(s.color(color.Bold, s.cut(doc.Title, s.width)), s.color(color.Faint, s.cut(doc.Range, s.width)))
	for _, n := range doc.Notices {
		s.part(s.painted(color.FgYellow, s.wrap("! "+n))...)
	}
	for _, sheet := range doc.Sheets {
		const dashes = "── "
		name := s.cut(sheet.Name, s.width-8)
		rest := strings.Repeat("─", max(0, s.width-4-runewidth.StringWidth(name)))
		s.part(s.color(color.Faint, dashes) + s.color(color.Bold, name) + s.color(color.Faint, " "+rest))
		for i, b := range sheet.Blocks {
			if h, ok := b.(outputs.Heading); ok && i == 0 && (h.Text == doc.Title || h.Text == sheet.Name) {
				continue // It stands above them already.
			}
			if err := s.block(b); err != nil {
				return "", err
			}
		}
	}
	return s.out.String(), nil
}

// screen is the text in the making.
type screen struct {
	out   strings.Builder
	doc   outputs.Document
	words outputs.Vocabulary
	width int
	paint bool
}

// part adds lines that stand by themselves, an empty one before them.
func (s *screen) part(lines ...string) {
	if s.out.Len() > 0 && len(lines) > 0 {
		s.out.WriteString("\n")
	}
	for _, line := range lines {
		s.out.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

func (s *screen) block(b outputs.Block) error {
	switch b := b.(type) {
	case outputs.Heading:
		s.part(s.painted(color.Bold, s.wrap(b.Text))...)
	case outputs.Text:
		s.part(s.wrap(b.Text)...)
	case outputs.KPIs:
		s.kpis(b)
	case outputs.TableBlock:
		return s.table(b)
	case outputs.Chart:
		return s.chart(b)
	case outputs.Image:
		if b.Alt != "" {
			s.part(s.painted(color.Faint, s.wrap("["+b.Alt+"]"))...)
		}
	default:
		return fmt.Errorf("a terminal cannot show a block of type %T", b)
	}
	return nil
}

func (s *screen) color(a color.Attribute, text string) string {
	if !s.paint || text == "" {
		return text
	}
	c := color.New(a)
	c.EnableColor()
	return c.Sprint(text)
}

func (s *screen) painted(a color.Attribute, lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = s.color(a, line)
	}
	return out
}

// tone colours what a mark or a change says is good or bad.
func (s *screen) tone(t outputs.Tone, text string) string {
	switch t {
	case outputs.ToneGood:
		return s.color(color.FgGreen, text)
	case outputs.ToneWarning:
		return s.color(color.FgYellow, text)
	case outputs.ToneBad:
		return s.color(color.FgRed, text)
	default:
		return text
	}
}

// cut makes a text printable and no wider than most columns.
func (s *screen) cut(text string, most int) string {
	return runewidth.Truncate(oneLine(text), max(1, most), "…")
}

// oneLine makes a text printable in one line.
func oneLine(text string) string {
	return diag.Printable(strings.Join(strings.Fields(text), " "))
}

// wrap breaks the lines of a text at spaces where they are wider than the terminal.
func (s *screen) wrap(text string) []string {
	var out []string
	for line := range strings.Lines(strings.TrimSpace(text)) {
		out = append(out, wrap(oneLine(line), s.width)...)
	}
	return out
}

// wrap breaks a printable line at spaces; a longer word keeps its own line.
func wrap(text string, width int) []string {
	var out []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case runewidth.StringWidth(line)+1+runewidth.StringWidth(word) > width:
			out = append(out, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(out, line)
}

// pad fills a printable text up to a width, at its left for figures.
func pad(text string, width int, right bool) string {
	space := strings.Repeat(" ", max(0, width-runewidth.StringWidth(text)))
	if right {
		return space + text
	}
	return text + space
}
