package html

import (
	"strings"
	"unicode/utf8"
)

// textWidth is how long a line of the text part is, where it can: 78 is what RFC 5322 recommends.
const textWidth = 78

// text lays the letter out for readers of plain text.
func (l *letter) text() []byte {
	var sections []string
	add := func(s string) {
		if s != "" {
			sections = append(sections, s)
		}
	}
	add(strings.Join(nonEmpty(underlined(l.Title, "="), l.Range), "\n"))
	for _, n := range l.Notices {
		add(wrap("! "+n, textWidth))
	}
	for _, b := range l.Blocks {
		switch b := b.(type) {
		case heading:
			add(underlined(b.Text, "-"))
		case paragraph:
			lines := make([]string, len(b.Lines))
			for i, line := range b.Lines {
				lines[i] = wrap(line, textWidth)
			}
			add(strings.Join(lines, "\n"))
		case tiles:
			add(b.text())
		case *grid:
			add(b.text())
		case figures:
			for _, f := range b.Items {
				add(f.said)
			}
		}
	}
	if foot := l.Foot(); len(foot) > 0 {
		for i, line := range foot {
			foot[i] = wrap(line, textWidth)
		}
		add("-- \n" + strings.Join(foot, "\n")) // The usual mark before a signature, which mail programs show quietly.
	}
	return []byte(strings.Join(sections, "\n\n") + "\n")
}

func underlined(title, line string) string {
	if title == "" {
		return ""
	}
	title = wrap(title, textWidth)
	width := 0
	for l := range strings.SplitSeq(title, "\n") {
		width = max(width, utf8.RuneCountInString(l))
	}
	return title + "\n" + strings.Repeat(line, width)
}

// text is one figure a line, values below each other, and how they changed.
func (t tiles) text() string {
	labels, values, changes := 0, 0, 0
	for _, item := range t.Items {
		labels = max(labels, utf8.RuneCountInString(item.Label))
		values = max(values, utf8.RuneCountInString(item.Value))
		if item.Change != nil {
			changes = max(changes, utf8.RuneCountInString(item.Change.Text))
		}
	}
	var lines []string
	for _, item := range t.Items {
		line := pad(item.Label, labels, false) + "  " + pad(item.Value, values, true)
		if c := item.Change; c != nil {
			line += "  " + c.Arrow + " " + pad(c.Text, changes, true) + "  " + item.Versus
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// Bounds of a text in a table of the text part: one long text would else pad the column of every row to its length. What is
// cut there, the HTML has whole.
const (
	mostWide  = 48 // letters in a line
	mostLines = 12
)

// text aligns the columns with spaces. Labels are wrapped where they are wider than what stands below them, and texts within
// their bounds; a figure is never broken, so that a table with many columns can be wider than textWidth.
func (g *grid) text() string {
	widths := make([]int, len(g.Columns))
	labels := make([][]string, len(g.Columns))
	rows := make([][][]string, len(g.Rows))
	fold := func(texts func(j int) string) [][]string {
		out := make([][]string, len(g.Columns))
		for j, c := range g.Columns {
			out[j] = c.fold(texts(j))
			widths[j] = max(widths[j], widest(out[j]))
		}
		return out
	}
	for i, row := range g.Rows {
		rows[i] = fold(func(j int) string { return row[j].Text })
	}
	var totals [][]string
	if g.Totals != nil {
		first := widths[0]
		totals = fold(func(j int) string { return g.Totals[j] })
		widths[0] = first // [grid.reach] says how much its label needs.
	}
	height := 0
	for j, c := range g.Columns {
		const narrow = 8 // a label is not broken to be narrower
		labels[j] = strings.Split(wrap(c.Label, max(widths[j], narrow)), "\n")
		widths[j] = max(widths[j], widest(labels[j]))
		height = max(height, len(labels[j]))
	}
	if totals != nil {
		widths[0] += g.reach(widest(totals[0]), widths)
	}
	for j := range labels {
		// Labels stand on the rule, as in a printed table.
		labels[j] = append(make([]string, height-len(labels[j])), labels[j]...)
	}
	rule := make([][]string, len(g.Columns))
	for j, width := range widths {
		rule[j] = []string{strings.Repeat("-", width)}
	}
	lines := append(g.lay(labels, widths), g.lay(rule, widths)...)
	for _, row := range rows {
		lines = append(lines, g.lay(row, widths)...)
	}
	if totals != nil {
		lines = append(append(lines, g.lay(rule, widths)...), g.lay(totals, widths)...)
	}
	if g.Note != "" {
		if len(rows) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, g.Note)
	}
	return strings.Join(lines, "\n")
}

// reach is how much wider the first column has to be for the totals' label, which reaches over the cells beside it that have no
// total.
func (g *grid) reach(label int, widths []int) int {
	room := widths[0] // The spaces between columns stay.
	for j := 1; j < len(widths) && g.Totals[j] == "" && !g.Columns[0].Right; j++ {
		room += widths[j]
	}
	return max(0, label-room)
}

// lay sets cells, each of some lines, beside each other. What is wider than its column reaches over the empty ones beside it.
func (g *grid) lay(cells [][]string, widths []int) []string {
	height := 0
	for _, c := range cells {
		height = max(height, len(c))
	}
	lines := make([]string, height)
	for i := range lines {
		parts := make([]string, len(cells))
		over := 0
		for j, c := range cells {
			text := ""
			if i < len(c) {
				text = c[i]
			}
			parts[j] = pad(text, widths[j]-over, g.Columns[j].Right)
			over = max(0, over+utf8.RuneCountInString(text)-widths[j])
		}
		lines[i] = strings.TrimRight(strings.Join(parts, "  "), " ")
	}
	return lines
}

// fold breaks a text into lines within their bounds, and words that are longer than one.
func (c column) fold(s string) []string {
	if !c.Wraps || utf8.RuneCountInString(s) <= mostWide {
		return []string{s}
	}
	var lines []string
	for line := range strings.SplitSeq(wrap(shorten(s, mostWide*mostLines), mostWide), "\n") {
		letters := []rune(line)
		for len(letters) > mostWide {
			lines = append(lines, string(letters[:mostWide]))
			letters = letters[mostWide:]
		}
		lines = append(lines, string(letters))
	}
	if len(lines) > mostLines {
		last := []rune(lines[mostLines-1])
		lines = append(lines[:mostLines-1], string(last[:min(len(last), mostWide-1)])+"…")
	}
	return lines
}

// pad fills s up to width runes, at its left for figures.
func pad(s string, width int, right bool) string {
	space := strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
	if right {
		return space + s
	}
	return s + space
}

// wrap breaks s at spaces into lines of at most width runes; a longer word keeps its own line.
func wrap(s string, width int) string {
	var b strings.Builder
	used := 0
	for word := range strings.FieldsSeq(s) {
		n := utf8.RuneCountInString(word)
		switch {
		case used == 0:
		case used+1+n > width:
			b.WriteByte('\n')
			used = 0
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += n
	}
	return b.String()
}
