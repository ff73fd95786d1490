package outputs

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Label turns a key into words for a reader, where nobody gave it any: answer_rate becomes "Answer rate".
func Label(key string) string {
	s := strings.TrimSpace(strings.NewReplacer("_", " ", "-", " ").Replace(key))
	if s == "" {
		return key
	}
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}
