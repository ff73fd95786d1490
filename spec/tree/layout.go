package tree

import (
	"bytes"
	"slices"
	"strings"
)

// levelStep is by how many spaces a level is indented.
const levelStep = 2

// level is a block mapping or list that is open: where its keys or hyphens stand, and where they will.
type level struct {
	list     bool
	was, now int // columns, from 0
}

// layout writes pieces anew, line by line.
type layout struct {
	*pieces
	out []outLine
	// levels are open, the outermost first.
	levels []level
	// flow has the indentation of the line on which each open bracket stands; base is that of the line at hand, or of the
	// last key on it.
	flow []int
	base int
	// waiting are the lines of comments whose place is known with what follows them.
	waiting []int
}

// layOut returns the text of a file in canonical layout.
func layOut(p *pieces) []byte {
	l := &layout{pieces: p}
	for i := range p.list {
		l.piece(i)
	}
	l.placeComments(l.levels, nil)
	alignComments(l.out)
	var b bytes.Buffer
	for i := range l.out {
		l.out[i].writeTo(&b)
	}
	if l.endsOpen() {
		b.Truncate(b.Len() - 1)
	}
	return b.Bytes()
}

// endsOpen reports whether the file ends within a block scalar that a line break at its end would become a part of.
func (l *layout) endsOpen() bool {
	last := len(l.list) - 1
	if l.list[last].kind != blockPiece || l.list[last].end < len(l.data) {
		return false
	}
	for l.list[last].kind != scalarPiece {
		last--
	}
	return !strings.Contains(l.list[last].text, "-")
}

// piece writes a piece behind what is written.
func (l *layout) piece(i int) {
	p := &l.list[i]
	if p.kind == blockPiece {
		l.block(p)
		return
	}
	first := i == 0 || p.line > l.list[i-1].last
	if first && i > 0 && p.line > l.list[i-1].last+1 {
		l.out = append(l.out, outLine{})
	}
	if p.kind == commentPiece {
		l.comment(p, first)
		return
	}
	indent := l.open(p, first)
	if first {
		l.out = append(l.out, outLine{text: spaces(indent)})
	} else if spaced(&l.list[i-1], p) {
		l.line().add(" ")
	}
	l.write(p)
	l.bracket(p)
}

func (l *layout) line() *outLine { return &l.out[len(l.out)-1] }

// open finds the level of a piece and returns the indentation of its line, which counts where it is the line's first.
func (l *layout) open(p *piece, first bool) int {
	if len(l.flow) > 0 {
		if first {
			l.base = l.flow[len(l.flow)-1]
			if !p.is("]}") {
				l.base += levelStep
			}
		}
		return l.base
	}
	var outer []level
	if len(l.waiting) > 0 {
		outer = slices.Clone(l.levels)
	}
	indent := l.level(p, first)
	if first {
		l.placeComments(outer, &level{was: p.column, now: indent})
	}
	return indent
}

// level goes to the level of a piece outside brackets.
func (l *layout) level(p *piece, first bool) (indent int) {
	switch {
	case p.kind == markerPiece:
		l.base = 0
	case p.is("-"):
		indent = l.enter(p.column, true)
		l.base = indent + levelStep
	case p.key || p.is("?") || p.is(":") && first:
		indent = l.enter(p.column, false)
		l.base = indent
	case first: // a value below its key or hyphen, whose level is the last
		indent = l.inner()
		l.base = indent
	}
	return indent
}

// inner is the indentation of a value that stands on lines of its own.
func (l *layout) inner() int {
	if len(l.levels) == 0 {
		return 0
	}
	return l.levels[len(l.levels)-1].now + levelStep
}

// enter goes to the level of a hyphen or key in a column, and returns the column where it will stand.
func (l *layout) enter(column int, list bool) int {
	for n := len(l.levels); n > 0; n = len(l.levels) {
		top := l.levels[n-1]
		if top.was == column && top.list == list {
			return top.now
		}
		// A list may stand in the column of its key.
		if top.was < column || top.was == column && list {
			break
		}
		l.levels = l.levels[:n-1]
	}
	l.levels = append(l.levels, level{list: list, was: column, now: l.inner()})
	return l.levels[len(l.levels)-1].now
}

// bracket keeps what a bracket opens or closes.
func (l *layout) bracket(p *piece) {
	switch {
	case p.is("[{"):
		l.flow = append(l.flow, l.base)
	case p.is("]}") && len(l.flow) > 0:
		l.flow = l.flow[:len(l.flow)-1]
	}
}

// write writes a piece; the further lines of a text are indented below what it belongs to.
func (l *layout) write(p *piece) {
	if p.line == p.last {
		l.line().add(p.text)
		return
	}
	indent := l.inner()
	if len(l.flow) > 0 {
		indent = l.base + levelStep
		l.base = indent
	}
	escapes := strings.HasPrefix(p.text, `"`)
	for i, text := range strings.Split(p.text, "\n") {
		if i > 0 {
			l.out = append(l.out, outLine{})
			text = strings.TrimLeft(text, " \t")
		}
		if i < p.last-p.line {
			text = trimLine(text, escapes)
		}
		if i > 0 && text != "" {
			l.line().text = spaces(indent)
		}
		l.line().add(text)
	}
}

// trimLine cuts the space at the end of a line within a text. In double quotes a backslash makes the space behind it a
// part of the text.
func trimLine(text string, escapes bool) string {
	out := strings.TrimRight(text, " \t")
	if backslashes := len(out) - len(strings.TrimRight(out, `\`)); escapes && backslashes%2 == 1 && len(out) < len(text) {
		return text[:len(out)+1]
	}
	return out
}

// block writes the lines of a block scalar, each with the spaces that belong to its text.
func (l *layout) block(p *piece) {
	indent := l.inner()
	if p.named > 0 {
		indent += p.named - levelStep
	}
	for text := range strings.SplitSeq(p.text, "\n") {
		switch {
		case p.indent < 0:
			l.out = append(l.out, outLine{text: []byte(text)})
		case len(text) <= p.indent && strings.Trim(text, " ") == "":
			l.out = append(l.out, outLine{})
		default:
			l.out = append(l.out, outLine{text: append(spaces(indent), text[p.indent:]...)})
		}
	}
}

// spaced reports whether a space stands between two pieces of a line.
func spaced(before, p *piece) bool {
	switch {
	case before.is("[{"):
		return false
	case before.is(":"):
		return true // {a: } has a key without a value, and {a:} another key
	case p.is(",]}"):
		return false
	case p.is(":"):
		// Behind a name, a colon may be a part of it.
		return before.kind != scalarPiece
	}
	return true
}
