package html

import (
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"unicode"
)

//go:embed mail.html.tmpl
var source string

// page lays a letter out as HTML. Everything a letter says is escaped by its place in the page.
var page = template.Must(template.New("mail").Funcs(template.FuncMap{
	// mso writes a part for Outlook on Windows alone, which lays pages out as Word does and knows neither max-width
	// nor inline-block. html/template drops comments, so they come as values; what they hold stands in the template.
	"mso": func(html string) template.HTML { return template.HTML("<!--[if mso]>" + html + "<![endif]-->") }, //nolint:gosec // never data
	// notMSO and endNotMSO enclose what that Outlook is not to see, for it hides nothing that is hidden by style.
	"notMSO":    func() template.HTML { return "<!--[if !mso]><!-->" },
	"endNotMSO": func() template.HTML { return "<!--<![endif]-->" },
}).Parse(source))

// The views know what they are, for the template.

func (heading) Kind() string   { return "heading" }
func (paragraph) Kind() string { return "text" }
func (tiles) Kind() string     { return "kpis" }
func (*grid) Kind() string     { return "table" }
func (figures) Kind() string   { return "figures" }

// Changes reports whether some figure has a change: then each tile has room for one, so that they are of one height.
func (t tiles) Changes() bool {
	return slices.ContainsFunc(t.Items, func(i tile) bool { return i.Change != nil })
}

// Width of the mail in px: 600 is what every program has room for; a table of many columns needs more than that,
// and is better scrolled on a small screen than squeezed on all. A page has a browser's window to itself.
func (l *letter) Width() int {
	if l.gallery.embed {
		return 960
	}
	for _, b := range l.Blocks {
		if g, ok := b.(*grid); ok && g.Dense() {
			return 900
		}
	}
	return 600
}

// content is the room for blocks: within the mail's edge and padding.
func (l *letter) content() int { return l.Width() - 2*(1+27) }

// Narrow is the widest screen in px on which the mail has less room than it wants.
func (l *letter) Narrow() int { return l.Width() + 2*8 }

// tileGap is the space after each tile.
const tileGap = 8

// perRow is how many tiles stand side by side: as many as a mail of that width has room for, in rows that are even.
func (t tiles) perRow(mail int) int {
	const narrowest, padding = 138, 28 + tileGap
	n, longest := len(t.Items), 0.0
	for _, item := range t.Items {
		longest = max(longest, figureWidth(item.Value))
	}
	most := max(1, t.room(mail)/max(narrowest, int(longest)+padding))
	rows := (n + most - 1) / most
	return max(2, (n+rows-1)/rows)
}

// slim is the mail's usual width, of which a wider one is narrowed where a window has no room for it.
const slim = 600

// Narrow is the class of tiles by how many stand side by side where a mail is narrower than it wants.
func (t tiles) Narrow() string { return fmt.Sprintf("of%d", t.perRow(slim)) }

// Long reports whether the figure is too long for half of a phone, and cannot be broken.
func (t tile) Long() bool {
	const half = 112.0
	for word := range strings.SplitSeq(t.Value, " ") {
		if figureWidth(word) > half {
			return true
		}
	}
	return false
}

// LabelHeight is the height in px of the labels in the row of item i, so that figures side by side stand at one line; 0 where
// each label takes a line.
func (t tiles) LabelHeight(mail, i int) int {
	const padding, letter, line = 28 + tileGap, 6.0, 16
	most, across := 1, t.perRow(mail)
	row := t.Items[i-i%across:]
	for _, item := range row[:min(across, len(row))] {
		fit := int(float64(t.Width(min(mail, slim))-padding) / letter)
		most = max(most, 1+strings.Count(wrap(item.Label, fit), "\n"))
	}
	if most == 1 {
		return 0
	}
	return most * line
}

// figureWidth is how wide a tile's figure is in px, nearly: marks are half as wide as digits are.
func figureWidth(figure string) float64 {
	const digit, mark = 12.25, 6.125
	width := 0.0
	for _, r := range figure {
		if unicode.IsPunct(r) || unicode.IsSpace(r) {
			width += mark
		} else {
			width += digit
		}
	}
	return width
}

// room is that for tiles, with the gap after the last one.
func (tiles) room(mail int) int { return mail - 2*(1+27) + tileGap }

// Width is that of a tile in px, for Outlook, and Share in CSS.
func (t tiles) Width(mail int) int { return t.room(mail) / t.perRow(mail) }

// Share is how much of a row a tile takes.
func (t tiles) Share(mail int) template.CSS {
	const all = 100_00 // hundredths of a percent
	share := all / t.perRow(mail)
	return template.CSS(fmt.Sprintf("%d.%02d%%", share/100, share%100)) //nolint:gosec // a number
}

// Break reports whether a new row of tiles begins before item i, for Outlook, which wraps nothing by itself.
func (t tiles) Break(mail, i int) bool { return i > 0 && i%t.perRow(mail) == 0 }

// mailColumns is how many columns a mail has room for in letters of the usual size, pageColumns the same of a page.
const mailColumns, pageColumns = 6, 9

// Dense tables have smaller letters and less air, so that many columns fit.
func (g *grid) Dense() bool { return len(g.Columns) > g.roomy }

// Padding is that of the cells of column i, in CSS. The outer ones have none outwards, so that figures and rules end where
// the text does; but where cells are filled.
func (g *grid) Padding(i int) template.CSS {
	left, right := 8, 8
	if g.Dense() {
		left, right = 4, 4
	}
	if i == 0 {
		left = 0
	} else if g.Columns[i-1].Right && !g.Columns[i].Right {
		left += 12 // Figures end where texts begin.
	}
	if i == len(g.Columns)-1 && !g.Columns[i].Filled {
		right = 0
	}
	if left == right {
		return template.CSS(fmt.Sprintf("6px %dpx", left)) //nolint:gosec // a number
	}
	return template.CSS(fmt.Sprintf("6px %dpx 6px %dpx", right, left)) //nolint:gosec // two numbers
}
