package tree

import (
	"bytes"
	"fmt"
	"strings"
)

// indentationProblems are what yaml.v3 says of a line that begins in the wrong column, or of the line behind it.
var indentationProblems = []string{
	"mapping values are not allowed", "did not find expected key", "did not find expected '-' indicator",
	"block sequence entries are not allowed",
}

// oddLine finds the line whose indentation breaks a file at a line: that very line or one above it in the same block,
// which has an odd number of spaces where nearly all lines have an even one. It is 0 where none stands out.
func (s *source) oddLine(problem string, broken int) (line, spaces int) {
	isIndentation := false
	for _, known := range indentationProblems {
		isIndentation = isIndentation || strings.Contains(problem, known)
	}
	if !isIndentation || !s.isEven() {
		return 0, 0
	}
	limit, _ := s.indentation(broken)
	for line = broken; line > 0; line-- {
		spaces, ok := s.indentation(line)
		switch {
		case !ok:
		case spaces%2 == 1:
			return line, spaces
		case spaces < limit:
			return 0, 0
		}
	}
	return 0, 0
}

// isEven reports whether nearly all lines are indented by an even number of spaces.
func (s *source) isEven() bool {
	odd, even := 0, 0
	for line := 1; line <= len(s.lines); line++ {
		if spaces, ok := s.indentation(line); ok && spaces%2 == 1 {
			odd++
		} else if ok && spaces > 0 {
			even++
		}
	}
	return even > 2*odd
}

// indentation counts the spaces before a line's text; ok is false for a line that is empty or a comment.
func (s *source) indentation(line int) (spaces int, ok bool) {
	text, _ := s.lineText(line)
	content := bytes.TrimLeft(text, " ")
	return len(text) - len(content), len(content) > 0 && content[0] != '#'
}

func oddDetail(spaces int) string {
	return fmt.Sprintf("This line is indented by %d spaces, and the lines around it by an even number: likely %d or %d is meant. Keys of one mapping, and items of one list, begin in the same column.",
		spaces, spaces-1, spaces+1)
}
