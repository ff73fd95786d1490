package tree

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/reportform/reportform/spec/diag"
)

const quoted = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle
const block = yaml.LiteralStyle | yaml.FoldedStyle

// scalar reads a text, number, boolean or null.
func (r *reader) scalar(y *yaml.Node, start int) (*Node, int) {
	n := &Node{Kind: String, Text: y.Value, Plain: y.Style&(quoted|block) == 0}
	end := r.scalarEnd(y, start)
	n.At = r.span(start, end)
	if n.Plain && y.Style&yaml.TaggedStyle == 0 {
		n.Kind = CoreKind(y.Value)
	}
	if n.Kind == String {
		n.TextAt = r.textAt(y, start, end)
	}
	return n, end
}

// CoreKind resolves a plain scalar by YAML 1.2's core schema. Infinity and what is not a number stay text:
// no place takes them.
func CoreKind(text string) Kind {
	switch text {
	case "", "~", "null", "Null", "NULL":
		return Null
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return Bool
	}
	digits := strings.TrimLeft(text, "+-")
	if len(text)-len(digits) > 1 || digits == "" || (digits[0] != '.' && (digits[0] < '0' || digits[0] > '9')) {
		return String
	}
	if _, ok := parseInteger(text); ok {
		return Int
	}
	if strings.Trim(digits, "0123456789.eE+-") != "" {
		return String
	}
	if f, err := strconv.ParseFloat(text, 64); err != nil && f == 0 {
		return String
	}
	return Float
}

// parseInteger reads an integer as YAML 1.2 writes it: decimal, 0x1F, 0o17.
func parseInteger(text string) (int64, bool) {
	digits, base := text, 10
	switch {
	case strings.HasPrefix(text, "0x"):
		digits, base = text[2:], 16
	case strings.HasPrefix(text, "0o"):
		digits, base = text[2:], 8
	}
	if base != 10 && strings.ContainsAny(digits, "+-") {
		return 0, false
	}
	i, err := strconv.ParseInt(digits, base, 64)
	return i, err == nil
}

// scalarEnd returns the offset behind the last character of a scalar, its closing quote included.
func (s *source) scalarEnd(y *yaml.Node, start int) int {
	switch {
	case y.Style&yaml.DoubleQuotedStyle != 0:
		return s.quoteEnd(start, '"')
	case y.Style&yaml.SingleQuotedStyle != 0:
		return s.quoteEnd(start, '\'')
	case y.Style&block != 0:
		return s.blockEnd(y, start)
	case bytes.HasPrefix(s.data[start:], []byte(y.Value)):
		return start + len(y.Value)
	default:
		offsets := s.foldedOffsets(y.Value, start)
		_, size := utf8.DecodeLastRuneInString(y.Value)
		return min(offsets[len(offsets)-2]+size, len(s.data))
	}
}

// quoteEnd returns the offset behind the quote that closes the one at start, or the end of the file.
func (s *source) quoteEnd(start int, quote byte) int {
	for i := start + 1; i < len(s.data); i++ {
		switch c := s.data[i]; {
		case c == '\\' && quote == '"':
			i++
		case c == quote && quote == '\'' && i+1 < len(s.data) && s.data[i+1] == quote:
			i++
		case c == quote:
			return i + 1
		}
	}
	return len(s.data)
}

// blockIndent returns the number of spaces before each line of a block scalar, and the offset of its first line.
func (s *source) blockIndent(value string, start int) (indent, first int) {
	first = s.nextLine(start)
	blank := value[:len(value)-len(strings.TrimLeft(value, "\n "))]
	more := len(blank) - strings.LastIndexByte(blank, '\n') - 1 // spaces of the text itself
	for at := first; at < len(s.data); at = s.nextLine(at) {
		text := s.data[at:s.lineEnd(at)]
		if content := bytes.TrimLeft(text, " "); len(content) > 0 {
			return len(text) - len(content) - more, first
		}
	}
	return 0, first
}

// blockEnd returns the offset behind the last line with content of the block scalar whose `|` or `>` is at start.
func (s *source) blockEnd(y *yaml.Node, start int) int {
	end := s.wordEnd(start)
	if strings.Trim(y.Value, "\n ") == "" {
		return end
	}
	indent, first := s.blockIndent(y.Value, start)
	for at := first; at < len(s.data); at = s.nextLine(at) {
		text := s.data[at:s.lineEnd(at)]
		content := bytes.TrimLeft(text, " ")
		if len(content) == 0 {
			continue
		}
		if len(text)-len(content) < indent {
			break
		}
		end = at + len(text)
	}
	return end
}

// nextLine returns the offset of the line after the one that an offset is in.
func (s *source) nextLine(offset int) int {
	if line := s.line(offset); line < len(s.lines) {
		return s.lines[line]
	}
	return len(s.data)
}

// textAt returns the way from characters of a string's value to places. It counts when it is first asked, which may be by
// several at once: datasets that are asked for side by side share a connection's values.
func (s *source) textAt(y *yaml.Node, start, end int) func(int) diag.Pos {
	var once sync.Once
	var offsets []int
	count := func() {
		switch {
		case y.Style&quoted != 0:
			offsets = s.quotedOffsets(start, end)
		case y.Style&yaml.LiteralStyle != 0:
			offsets = s.literalOffsets(y.Value, start)
		case y.Style&yaml.FoldedStyle != 0:
			offsets = s.foldedOffsets(y.Value, s.nextLine(start))
		default:
			offsets = s.foldedOffsets(y.Value, start)
		}
	}
	return func(character int) diag.Pos {
		once.Do(count)
		return s.pos(offsets[max(0, min(character, len(offsets)-1))])
	}
}

// quotedOffsets returns where each character of a quoted scalar's value stands, and last its closing quote.
func (s *source) quotedOffsets(start, end int) []int {
	double := s.data[start] == '"'
	last := max(start+1, end-1)
	var offsets []int
	for i := start + 1; i < last; {
		c := s.data[i]
		blank := i
		for blank < last && isBlank(s.data[blank]) {
			blank++
		}
		switch breaks := bytes.Count(s.data[i:blank], []byte{'\n'}); {
		case breaks > 0:
			// One break is a space, more are a line break less.
			for range max(1, breaks-1) {
				offsets = append(offsets, i)
			}
			i = blank
		case double && c == '\\':
			width := escapeWidth(s.data[i+1])
			if width == 0 {
				i++
				for i < last && isBlank(s.data[i]) {
					i++
				}
				continue
			}
			offsets = append(offsets, i)
			i += width
		case !double && c == '\'':
			offsets = append(offsets, i)
			i += 2
		default:
			offsets = append(offsets, i)
			_, size := utf8.DecodeRune(s.data[i:])
			i += size
		}
	}
	return append(offsets, last)
}

// escapeWidth returns how many bytes an escape takes with its backslash; 0 for an escaped line break, which is no character.
func escapeWidth(c byte) int {
	switch c {
	case '\r', '\n':
		return 0
	case 'x':
		return 4
	case 'u':
		return 6
	case 'U':
		return 10
	}
	return 2
}

// literalOffsets returns where each character of a `|` scalar stands: its lines are the file's without their indentation.
func (s *source) literalOffsets(value string, start int) []int {
	indent, at := s.blockIndent(value, start)
	offsets := make([]int, 0, len(value)+1)
	for line := range strings.SplitSeq(value, "\n") {
		end := s.lineEnd(at)
		i := min(at+indent, end)
		for _, c := range line {
			offsets = append(offsets, min(i, end))
			i += utf8.RuneLen(c)
		}
		offsets = append(offsets, min(i, end)) // the line break, or the end
		at = s.nextLine(at)
	}
	return offsets
}

// foldedOffsets returns where each character of a plain or `>` scalar stands, and last its end. Line breaks and
// the white space around them became one space, or line breaks where lines were empty.
func (s *source) foldedOffsets(value string, at int) []int {
	offsets := make([]int, 0, len(value)+1)
	for _, c := range value {
		blank := at
		for blank < len(s.data) && isBlank(s.data[blank]) {
			blank++
		}
		folded := bytes.IndexByte(s.data[at:blank], '\n') >= 0
		switch {
		case c != ' ' && c != '\n':
			if c != '\t' {
				at = blank
			}
			offsets = append(offsets, min(at, len(s.data)))
			at += utf8.RuneLen(c)
		case folded:
			offsets = append(offsets, at)
			at = blank
		default:
			offsets = append(offsets, at)
			if at < blank {
				at++
			}
		}
		at = min(at, len(s.data))
	}
	return append(offsets, at)
}
