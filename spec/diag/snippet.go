package diag

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// Files are the contents of the user's files by the name they have in [Range].File, for showing the line that is wrong.
type Files map[string][]byte

// snippetWidth is how many cells of a line are shown at most; a longer one is shortened around the place.
const snippetWidth = 100

// cells measures what a terminal shows. It does not ask the locale, so that the same diagnostic looks the same everywhere.
var cells = &runewidth.Condition{}

// line returns a line of a file without its ending; ok is false where there is none.
func (f Files) line(file string, number int) (line string, ok bool) {
	data, ok := f[file]
	if !ok || number < 1 {
		return "", false
	}
	for i := 1; ; i++ {
		text, rest, more := bytes.Cut(data, []byte("\n"))
		if i == number {
			return string(bytes.TrimSuffix(text, []byte("\r"))), true
		}
		if !more {
			return "", false
		}
		data = rest
	}
}

// excerpt is a line as it is shown, with where the place begins in it and how long it is, in cells.
type excerpt struct {
	before       string // the line before, or ""
	code         string
	indent, span int
}

// excerpt returns the line of a range. A range of several lines is marked to the end of its first.
func (f Files) excerpt(r Range) (excerpt, bool) {
	line, ok := f.line(r.File, r.Start.Line)
	if !ok {
		return excerpt{}, false
	}
	start, end := offsets(line, r)
	e := excerpt{
		code:   visible(line),
		indent: cells.StringWidth(visiblePart(line, 0, start)),
		span:   max(1, cells.StringWidth(visiblePart(line, start, end))),
	}
	before, _ := f.line(r.File, r.Start.Line-1)
	e.before = visible(before)
	e.shorten()
	return e, true
}

// shorten cuts both lines alike, so that they stay below each other.
func (e *excerpt) shorten() {
	const ellipsis = "…"
	if e.indent+min(e.span, snippetWidth/2) > snippetWidth {
		cut := e.indent - snippetWidth/3
		// One cell more goes, for the ellipsis.
		e.code = cells.TruncateLeft(e.code, cut+1, ellipsis)
		if e.before = cells.TruncateLeft(e.before, cut+1, ellipsis); e.before == ellipsis {
			e.before = "" // nothing of it is near the place
		}
		e.indent -= cut
	}
	e.code = strings.TrimRight(cells.Truncate(e.code, snippetWidth, ellipsis), " ")
	e.before = strings.TrimRight(cells.Truncate(e.before, snippetWidth, ellipsis), " ")
	e.span = min(e.span, snippetWidth-e.indent)
}

// offsets are where a range begins and ends in its first line, in characters and within the line.
func offsets(line string, r Range) (start, end int) {
	length := utf8.RuneCountInString(line)
	start = min(max(r.Start.Column-1, 0), length)
	switch {
	case r.End.Line > r.Start.Line:
		end = utf8.RuneCountInString(strings.TrimRight(line, " \t"))
	case r.End.Line == r.Start.Line:
		end = min(r.End.Column-1, length)
	}
	return start, max(start, end)
}
