package tree

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// commentGap is the least number of spaces between a line's text and its comment.
const commentGap = 2

// outLine is a line as it will be written.
type outLine struct {
	// text is written as it is, indentation included.
	text []byte
	// comment stands behind the text, in a column (from 0, in characters).
	comment string
	column  int
	// gap is how many spaces the file has before a comment behind text; 0 for any other. was is the column where it begins there.
	gap, was int
	// source is the file's line (from 1) of a comment, 0 for others.
	source int
}

func (o *outLine) add(text string) { o.text = append(o.text, text...) }

func (o *outLine) width() int { return utf8.RuneCount(o.text) }

func (o *outLine) writeTo(b *bytes.Buffer) {
	b.Write(o.text)
	if o.comment != "" {
		b.Write(spaces(max(0, o.column-o.width())))
		b.WriteString(o.comment)
	}
	b.WriteByte('\n')
}

func spaces(n int) []byte { return bytes.Repeat([]byte{' '}, n) }

// comment writes a comment: behind the line's text, or on a line of its own, whose place is known with what follows.
func (l *layout) comment(p *piece, first bool) {
	before := string(l.data[p.start-p.column : p.start])
	was := utf8.RuneCountInString(before)
	if !first {
		line := l.line()
		line.comment, line.was, line.source = p.text, was, p.line
		line.gap = max(1, was-utf8.RuneCountInString(strings.TrimRight(before, " \t")))
		return
	}
	l.out = append(l.out, outLine{comment: p.text, was: was, source: p.line})
	if len(l.flow) > 0 {
		l.line().column = l.flow[len(l.flow)-1] + levelStep
		return
	}
	l.waiting = append(l.waiting, len(l.out)-1)
}

// placeComments gives the comments that wait their columns: that of what follows where they stood in one column, else
// that of the level that they stood in, or below the comment whose next line they are.
func (l *layout) placeComments(outer []level, next *level) {
	for _, i := range l.waiting {
		line := &l.out[i]
		above := &outLine{}
		if i > 0 {
			above = &l.out[i-1]
		}
		switch {
		case next != nil && line.was == next.was:
			line.column = next.now
		case above.gap > 0 && above.was == line.was && above.source == line.source-1:
			line.gap = above.gap // it goes on from the comment behind the line above
		default:
			line.column = levelOf(line.was, outer, next)
		}
	}
	l.waiting = l.waiting[:0]
}

// levelOf returns where a comment in a column will stand: with the deepest level that does not begin to the right of it.
func levelOf(column int, open []level, next *level) int {
	was, now := -1, 0
	for _, open := range open {
		if open.was <= column && open.was > was {
			was, now = open.was, open.now
		}
	}
	if next != nil && next.was <= column && next.was > was {
		now = next.now
	}
	return now
}

// alignComments sets the columns of comments behind text: those of lines that follow each other and stood in one column
// stay in one, as far from the longest of the lines as they were.
func alignComments(lines []outLine) {
	for from := 0; from < len(lines); {
		to := from + 1
		if lines[from].gap == 0 {
			from = to
			continue
		}
		for to < len(lines) && lines[to].gap > 0 && lines[to].was == lines[from].was {
			to++
		}
		gap, width := lines[from].gap, 0
		for _, line := range lines[from:to] {
			if len(line.text) > 0 {
				gap, width = min(gap, line.gap), max(width, line.width())
			}
		}
		for i := from; i < to; i++ {
			lines[i].column = width + max(gap, commentGap)
		}
		from = to
	}
}
