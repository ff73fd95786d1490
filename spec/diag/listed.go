package diag

import "strings"

// Listed writes words as `"a", "b" and "c"`, last being the word before the last of them.
func Listed(words []string, last string) string {
	var b strings.Builder
	for i, word := range words {
		switch {
		case i > 0 && i == len(words)-1:
			b.WriteString(" " + last + " ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString("\"" + word + "\"")
	}
	return b.String()
}
