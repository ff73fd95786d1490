package expr

import "strings"

// Segment is a piece of a template: literal text, or an expression.
type Segment struct {
	// Text is the literal text, with $${ read as ${; empty for an expression.
	Text string
	// Expr is nil for literal text.
	Expr *Expr
	// Offset is where the literal text, or the expression's own text, begins in the template, in runes.
	Offset int
}

// ParseTemplate cuts a string at its ${…}, within which braces and quotes may nest. $${ is a literal ${.
// Places in its fault are in runes of the whole template; those in faults of a segment's expression count from Offset.
func ParseTemplate(text string) ([]Segment, *Fault) {
	src := []rune(text)
	var out []Segment
	var lit strings.Builder
	from := 0
	flush := func() {
		if lit.Len() > 0 {
			out = append(out, Segment{Text: lit.String(), Offset: from})
			lit.Reset()
		}
	}
	for i := 0; i < len(src); {
		switch {
		case hasPrefix(src[i:], "$${"):
			lit.WriteString("${")
			i += len("$${")
		case hasPrefix(src[i:], "${"):
			flush()
			seg, end, f := hole(src, i)
			if f != nil {
				return nil, f
			}
			out = append(out, seg)
			i, from = end, end
		default:
			lit.WriteRune(src[i])
			i++
		}
	}
	flush()
	return out, nil
}

func hasPrefix(src []rune, prefix string) bool {
	return src[0] == '$' && len(src) >= len(prefix) && string(src[:len(prefix)]) == prefix
}

// hole reads the ${…} that begins at src[i]; end is behind it.
func hole(src []rune, i int) (seg Segment, end int, f *Fault) {
	end = closing(src, i+1)
	if end < 0 {
		return Segment{}, 0, place{i, i + 2}.fault(badTemplate,
			"The ${ that begins here is not closed: a }, or the end of a quoted text within it, is missing. For a literal ${ write $${.")
	}
	from, to := i+2, end
	for from < to && isSpace(src[from]) {
		from++
	}
	for to > from && isSpace(src[to-1]) {
		to--
	}
	if from == to {
		return Segment{}, 0, place{i, end + 1}.fault(badTemplate, "There is nothing between ${ and }. For a literal ${ write $${.")
	}
	e, f := Parse(string(src[from:to]))
	if f != nil {
		f.Offset += from
		return Segment{}, 0, f
	}
	return Segment{Expr: e, Offset: from}, end + 1, nil
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }
