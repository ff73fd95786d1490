package expr

// skipQuoted returns the index after the quoted text that begins at text[i]; ok is false when it is not closed.
// A doubled ` within ` … ` reads as two quoted texts, which end at the same place.
func skipQuoted(text []rune, i int) (next int, ok bool) {
	quote := text[i]
	for i++; i < len(text); i++ {
		switch {
		case text[i] == quote:
			return i + 1, true
		case text[i] == '\\' && quote != '`':
			i++
		}
	}
	return len(text), false
}

func isQuote(r rune) bool { return r == '"' || r == '\'' || r == '`' }

var partners = map[rune]rune{'(': ')', '[': ']', '{': '}'}

// closing returns the index of the bracket that closes the one at text[open], or -1. Quoted brackets do not count.
func closing(text []rune, open int) int {
	opens, closes := text[open], partners[text[open]]
	depth := 0
	for i := open; i < len(text); i++ {
		switch r := text[i]; {
		case isQuote(r):
			next, ok := skipQuoted(text, i)
			if !ok {
				return -1
			}
			i = next - 1
		case r == opens:
			depth++
		case r == closes:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// arguments cuts what stands between the brackets at text[open] and text[end] at its outer commas.
func arguments(text []rune, open, end int) []place {
	var out []place
	from := open + 1
	for i := from; i <= end; i++ {
		switch r := text[i]; {
		case isQuote(r):
			next, _ := skipQuoted(text, i)
			i = next - 1
		case i == end || r == ',':
			out = append(out, place{from, i})
			from = i + 1
		case partners[r] != 0:
			i = closing(text, i)
		}
	}
	return out
}

// prescan finds what the library's reader would pass over or recurse into without bound:
// a comment would hide half of an expression, such as a whole-number division a // b.
func prescan(text []rune) *Fault {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch r := text[i]; {
		case isQuote(r):
			next, ok := skipQuoted(text, i)
			if !ok {
				return place{i, i + 1}.fault(badExpression, "The quoted text that begins here is not closed.")
			}
			i = next - 1
		case r == '/' && i+1 < len(text) && (text[i+1] == '/' || text[i+1] == '*'):
			return place{i, i + 2}.fault(badExpression,
				"Comments cannot stand in an expression. For a whole-number division write floor(a / b).")
		case partners[r] != 0:
			if depth++; depth > maxDepth {
				return place{i, i + 1}.fault(badExpression, "Brackets are nested more than %d deep.", maxDepth)
			}
		case r == ')' || r == ']' || r == '}':
			depth--
		}
	}
	return nil
}
