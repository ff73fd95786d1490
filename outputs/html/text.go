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

// text aligns the columns with spaces. Labels are wrapped where they are wider than what stands below them;
// a value is never cut, so that a table with many columns can be wider than textWidth.
func (g *grid) text() string {
	if len(g.Rows) == 0 {
		return g.Note
	}
	widths := make([]int, len(g.Columns))
	labels := make([][]string, len(g.Columns))
	height := 0
	for j, c := range g.Columns {
		for _, row := range g.Rows {
			widths[j] = max(widths[j], utf8.RuneCountInString(row[j].Text))
		}
		if g.Totals != nil {
			widths[j] = max(widths[j], utf8.RuneCountInString(g.Totals[j]))
		}
		labels[j] = strings.Split(wrap(c.Label, max(widths[j], 8)), "\n")
		for _, l := range labels[j] {
			widths[j] = max(widths[j], utf8.RuneCountInString(l))
		}
		height = max(height, len(labels[j]))
	}
	var lines []string
	line := func(cell func(j int) string) {
		cells := make([]string, len(g.Columns))
		for j, c := range g.Columns {
			cells[j] = pad(cell(j), widths[j], c.Right)
		}
		lines = append(lines, strings.TrimRight(strings.Join(cells, "  "), " "))
	}
	rule := func() { line(func(j int) string { return strings.Repeat("-", widths[j]) }) }
	for h := range height {
		line(func(j int) string {
			// Labels stand on the rule, as in a printed table.
			if skip := height - len(labels[j]); h >= skip {
				return labels[j][h-skip]
			}
			return ""
		})
	}
	rule()
	for _, row := range g.Rows {
		line(func(j int) string { return row[j].Text })
	}
	if g.Totals != nil {
		rule()
		line(func(j int) string { return g.Totals[j] })
	}
	if g.Note != "" {
		lines = append(lines, "", g.Note)
	}
	return strings.Join(lines, "\n")
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
