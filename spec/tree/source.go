package tree

import (
	"bytes"
	"sort"
	"unicode/utf8"

	"github.com/reportform/reportform/spec/diag"
)

// source is the text of one file, with the way between byte offsets and places.
type source struct {
	file string
	data []byte
	// lines has the offset at which each line starts.
	lines []int
	// ascii spares the counting of characters, since most files have none beyond it.
	ascii bool
}

func newSource(file string, data []byte) *source {
	s := &source{file: file, data: data, ascii: true}
	s.lines = append(make([]int, 0, bytes.Count(data, []byte{'\n'})+1), 0)
	for i, b := range data {
		switch {
		case b == '\n':
			s.lines = append(s.lines, i+1)
		case b >= utf8.RuneSelf:
			s.ascii = false
		}
	}
	return s
}

// offset returns where a place (from 1, in characters) is in the bytes.
func (s *source) offset(line, column int) int {
	if line > len(s.lines) {
		return len(s.data)
	}
	at := s.lines[line-1]
	if s.ascii {
		return min(at+column-1, len(s.data))
	}
	for ; column > 1 && at < len(s.data); column-- {
		_, size := utf8.DecodeRune(s.data[at:])
		at += size
	}
	return at
}

// line returns the number of the line (from 1) that an offset is in.
func (s *source) line(offset int) int {
	return sort.Search(len(s.lines), func(i int) bool { return s.lines[i] > offset })
}

// pos returns the place of an offset.
func (s *source) pos(offset int) diag.Pos {
	line := s.line(offset)
	start := s.lines[line-1]
	if s.ascii {
		return diag.Pos{Line: line, Column: offset - start + 1}
	}
	return diag.Pos{Line: line, Column: utf8.RuneCount(s.data[start:offset]) + 1}
}

// span returns the stretch from one offset up to another.
func (s *source) span(from, to int) diag.Range {
	return diag.Range{File: s.file, Start: s.pos(from), End: s.pos(max(from, to))}
}

// lineEnd returns the offset behind the last character of the line that an offset is in, without its line break.
func (s *source) lineEnd(offset int) int {
	end := len(s.data)
	if i := bytes.IndexByte(s.data[offset:], '\n'); i >= 0 {
		end = offset + i
	}
	if end > offset && s.data[end-1] == '\r' {
		end--
	}
	return end
}

// lineText returns a line (from 1) without its line break, and the offset at which it starts.
func (s *source) lineText(line int) (text []byte, start int) {
	start = s.lines[line-1]
	return s.data[start:s.lineEnd(start)], start
}

// lineSpan returns the stretch of a line's text, without the white space around it.
func (s *source) lineSpan(line int) diag.Range {
	text, start := s.lineText(line)
	trimmed := bytes.TrimLeft(text, " \t")
	start += len(text) - len(trimmed)
	return s.span(start, start+len(bytes.TrimRight(trimmed, " \t")))
}

// wordEnd returns the first offset from at on that is white space.
func (s *source) wordEnd(at int) int {
	for at < len(s.data) && !isBlank(s.data[at]) {
		at++
	}
	return at
}

// skipBlank returns the first offset from at on that is no white space and in no comment.
func (s *source) skipBlank(at int) int {
	for at < len(s.data) {
		switch c := s.data[at]; {
		case isBlank(c):
			at++
		case c == '#' && (at == 0 || isBlank(s.data[at-1])):
			at = s.lineEnd(at)
		default:
			return at
		}
	}
	return at
}

// isBlank reports whether c is white space or a line break.
func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
