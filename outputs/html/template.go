package html

import (
	_ "embed"
	"fmt"
	"html/template"
	"slices"
)

//go:embed mail.html.tmpl
var source string

// page lays a letter out as HTML. Everything a letter says is escaped by its place in the page.
var page = template.Must(template.New("mail").Funcs(template.FuncMap{
	// mso writes a part for Outlook on Windows alone, which lays pages out as Word does and knows neither max-width
	// nor inline-block. html/template drops comments, so they come as values; what they hold stands in the template.
	"mso": func(html string) template.HTML { return template.HTML("<!--[if mso]>" + html + "<![endif]-->") }, //nolint:gosec // never data
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
// and is better scrolled on a small screen than squeezed on all.
func (l *letter) Width() int {
	for _, b := range l.Blocks {
		if g, ok := b.(*grid); ok && g.Dense() {
			return 900
		}
	}
	return 600
}

// perRow is how many tiles stand side by side: as many as a mail of that width has room for, in rows that are even.
func (t tiles) perRow(content int) int {
	const narrowest = 138
	n, most := len(t.Items), content/narrowest
	rows := (n + most - 1) / most
	return max(2, (n+rows-1)/rows)
}

// content is the room for tiles in a mail of a width: without its padding, and with the gap after the last tile.
func content(width int) int { return width - 48 }

// Narrow is the widest screen in px on which the mail has less room than it wants.
func (l *letter) Narrow() int { return l.Width() + 2*8 }

// Width is that of a tile in px.
func (t tiles) Width(mail int) int { return content(mail) / t.perRow(content(mail)) }

// Break reports whether a new row of tiles begins before item i, for Outlook, which wraps nothing by itself.
func (t tiles) Break(mail, i int) bool { return i > 0 && i%t.perRow(content(mail)) == 0 }

// Dense tables have smaller letters and less air, so that many columns fit.
func (g *grid) Dense() bool { return len(g.Columns) > 6 }

// Padding is that of the cells of column i, in CSS. The outer ones have none outwards, so that figures and rules end where
// the text does; but where cells are filled.
func (g *grid) Padding(i int) template.CSS {
	left, right := 8, 8
	if g.Dense() {
		left, right = 4, 4
	}
	if i == 0 {
		left = 0
	}
	if i == len(g.Columns)-1 && !g.Columns[i].Filled {
		right = 0
	}
	if left == right {
		return template.CSS(fmt.Sprintf("6px %dpx", left)) //nolint:gosec // a number
	}
	return template.CSS(fmt.Sprintf("6px %dpx 6px %dpx", right, left)) //nolint:gosec // two numbers
}
