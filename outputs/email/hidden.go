package email

import (
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/reportform/reportform/spec/expr"
)

// shortestSecret is the length in characters from which a secret is hidden wherever it shows up. A shorter one would
// hide half of all words, and tell by the holes what it is.
const shortestSecret = 4

// hidden are the forms in which a server may give back the user name or the password: servers have quoted the line
// that they did not understand.
type hidden []string

func hide(username, password string) hidden {
	var h hidden
	if username != "" || password != "" {
		h = expr.NewSecret("\x00" + username + "\x00" + password).Forms() // as AUTH PLAIN sends it
	}
	for _, secret := range []string{username, password} {
		if secret == "" {
			continue
		}
		h = append(h, base64.StdEncoding.EncodeToString([]byte(secret)))
		for line := range strings.Lines(secret) {
			if line = strings.TrimSpace(line); utf8.RuneCountInString(line) < shortestSecret {
				continue
			}
			h = append(h, expr.NewSecret(line).Forms()...)
			h = append(h, expr.Embedded(line)...)
			if rest := line[min(4, len(line)):]; reply.MatchString(line) && utf8.RuneCountInString(rest) >= shortestSecret {
				h = append(h, rest)
			}
		}
	}
	return h
}

// reply is what looks like the code of an answer, and is taken for it.
var reply = regexp.MustCompile(`^\d{3}[ -]`)

// in returns text with "(sensitive)" for each stretch that a form covers, or several of them together.
func (h hidden) in(text string) string {
	ends := map[int]int{} // of the longest form that begins at a place
	for _, form := range h {
		for at := 0; ; at++ {
			i := strings.Index(text[at:], form)
			if i < 0 {
				break
			}
			at += i
			ends[at] = max(ends[at], at+len(form))
		}
	}
	if len(ends) == 0 {
		return text
	}
	var b strings.Builder
	for i, end := 0, 0; i < len(text); i++ {
		if ends[i] > end {
			if end <= i {
				b.WriteString("(sensitive)")
			}
			end = ends[i]
		}
		if i >= end {
			b.WriteByte(text[i])
		}
	}
	return b.String()
}

// plain returns words of the other side fit for a terminal and a log: what is hidden first, since a quoted secret is
// no longer found; then on one line, control characters escaped, of a bounded length.
func (h hidden) plain(text string) string {
	const longest = 500
	var b strings.Builder
	for line := range strings.SplitSeq(h.in(text), "\n") {
		if line = strings.TrimSpace(line); b.Len() > 0 {
			b.WriteByte(' ')
		}
		for _, r := range line {
			if unicode.IsPrint(r) && r != utf8.RuneError {
				b.WriteRune(r)
			} else {
				b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
			}
		}
	}
	if runes := []rune(b.String()); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return b.String()
}
