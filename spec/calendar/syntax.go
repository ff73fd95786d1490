package calendar

import "unicode/utf8"

// SyntaxError says what is wrong with a range as it was written, ready for a diagnostic.
type SyntaxError struct {
	// Part is the key that is wrong: "from", "through" or "until"; empty for the range as a whole.
	Part string
	// Offset and Length are the place within the text of that part, in characters.
	Offset, Length int
	// Code, Summary and Detail are those of a diagnostic.
	Code, Summary, Detail string
}

// Error is the detail, for those who wrap it.
func (e *SyntaxError) Error() string { return e.Detail }

// in places the fault at the whole of a part.
func (e *SyntaxError) in(part, text string) *SyntaxError {
	e.Part, e.Offset, e.Length = part, 0, utf8.RuneCountInString(text)
	return e
}
