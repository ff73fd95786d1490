package source

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The first characters of a body that an error shows.
const (
	shownOfError   = 500
	shownOfSuccess = 200
)

// longestExplained bounds the error bodies that are read as JSON, in bytes: reading makes many times as much of them.
const longestExplained = 1 << 20

// explain fills in what an error's body says: its request_id and messages where it has the documented form, else
// its beginning.
func (e *Error) explain(body []byte, secrets redactor) {
	var known struct {
		RequestID any `json:"request_id"`
		Errors    []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if len(body) > longestExplained {
		body = body[:longestExplained] // no longer JSON: whoever has a reason says it in less
	}
	if err := json.Unmarshal(body, &known); err == nil {
		switch id := known.RequestID.(type) {
		case string:
			e.RequestID = secrets.excerpt([]byte(id), 100)
		case float64:
			e.RequestID = secrets.excerpt(strconv.AppendFloat(nil, id, 'f', -1, 64), 100)
		}
		for _, m := range known.Errors {
			if m.Message != "" && len(e.Messages) < 20 {
				e.Messages = append(e.Messages, secrets.excerpt([]byte(m.Message), shownOfError))
			}
		}
	}
	if len(e.Messages) == 0 {
		e.Body = secrets.excerpt(body, shownOfError)
	}
}

// excerpt is the first characters of text, control characters escaped: what a server sends must not move the
// terminal's cursor.
func excerpt(text []byte, characters int) string {
	var b strings.Builder
	text = []byte(strings.TrimSpace(string(text[:min(len(text), 4*characters+64)])))
	for n := 0; len(text) > 0; n++ {
		if n == characters {
			b.WriteString("…")
			break
		}
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(`\x` + strconv.FormatUint(uint64(text[0]), 16))
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			q := strconv.QuoteRune(r)
			b.WriteString(q[1 : len(q)-1])
		}
		text = text[size:]
	}
	return b.String()
}
