package table

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/reportform/reportform/spec/expr"
)

// Title turns a key into words for a reader, where nobody gave it any: answer_rate becomes "Answer rate".
func Title(key string) string {
	s := strings.TrimSpace(strings.NewReplacer("_", " ", "-", " ").Replace(key))
	if s == "" {
		return key
	}
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}

// titled is what a reader sees above a column, with more words behind it: "Answered, before".
func (f Field) titled(more string) string {
	if f.Label == "" {
		return Title(f.Name) + more
	}
	return f.Label + more
}

// The formats of changes show their sign, so that nobody takes one for a figure.
const (
	signedMinutes = "+#,##0.00;-#,##0.00;0.00" // of a wait that is a second longer, +0.0 says nothing
	signedShare   = "+0.0%;-0.0%;0.0%"
)

// signed is the column's number format with the sign shown. One that tells signs apart already stays as it is.
func (f Field) signed() string {
	format := f.Format
	if format == "" {
		format = expr.DefaultFormat(f.Type, "", "")
	}
	if strings.Contains(format, ";") {
		return format
	}
	return "+" + format + ";-" + format + ";" + format
}
