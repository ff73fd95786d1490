package email

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/reportform/reportform/outputs"
)

// longestFileName keeps an encoded name below the 998 characters that a header's line may have.
const longestFileName = 120

// forbidden are characters that file names cannot have everywhere.
const forbidden = `/\:*?"<>|`

// checkAttachmentName refuses what no mail program would save under that name.
func checkAttachmentName(name string) error {
	if err := checkLine("the attachment's name", name); err != nil {
		return err
	}
	switch {
	case name == "":
		return fmt.Errorf("an attachment needs a name")
	case strings.ContainsAny(name, forbidden):
		return fmt.Errorf(`the attachment's name %q holds one of / \ : * ? " < > |, which file names cannot have`, name)
	case utf8.RuneCountInString(name) > longestFileName:
		return fmt.Errorf("the attachment's name has more than %d characters: %q", longestFileName, name)
	}
	return nil
}

// disposition names a file in ASCII for old programs, and in full by RFC 2231 where that differs.
func disposition(s, name, plain string) string {
	if plain != name {
		// It comes first: of two names, programs that know both kinds take the first (Python) or this one (Go).
		s += ";\r\n filename*=UTF-8''" + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
	}
	return s + fmt.Sprintf(";\r\n filename=\"%s\"", plain)
}

// asciiName spells a name in ASCII: letters lose their marks, what is left becomes an underscore.
func asciiName(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(name) {
		switch {
		case r == 'ł':
			b.WriteByte('l')
		case r == 'Ł':
			b.WriteByte('L')
		case unicode.Is(unicode.Mn, r):
		case r < ' ' || r > '~':
			b.WriteByte('_')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// longestWord is what go-mail still writes on the line of "Subject:". A longer one begins on the next, and some readers
// take the line break for a space of the subject.
const longestWord = 63

// encodeWords encodes a header's text by RFC 2047 where it needs it: letters beyond ASCII, a word that no line could
// hold, or what would be taken for encoded already. Runs of spaces become one, as folding leaves no other.
func encodeWords(text string) string {
	words := strings.Fields(text)
	text = strings.Join(words, " ")
	plain := !needsUTF8(text) && !strings.Contains(text, "=?")
	for _, w := range words {
		plain = plain && len(w) <= longestWord
	}
	if plain {
		return text
	}
	const longest = (longestWord - len("=?UTF-8?B??=")) / 4 * 3
	var encoded []string
	for text != "" {
		n := min(longest, len(text))
		for n < len(text) && !utf8.RuneStart(text[n]) {
			n--
		}
		encoded = append(encoded, "=?UTF-8?B?"+base64.StdEncoding.EncodeToString([]byte(text[:n]))+"?=")
		text = text[n:]
	}
	return strings.Join(encoded, " ")
}

const messageEnding = ".eml"

// messageName is a file name for a key's message: the same for the same key, so that a rehearsal said again replaces
// the one before, and another for any other key.
func messageName(k outputs.Key) string {
	const longest = 120
	name := strings.ReplaceAll(k.Address, `"`, "") + "-" + strings.NewReplacer("..", "--", ":", ".").Replace(k.Range)
	safe := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.[]+", r) {
			return r
		}
		return '-'
	}, name)
	safe = strings.TrimLeft(safe, ".")
	if runes := []rune(safe); len(runes) > longest {
		safe = string(runes[:longest])
	}
	if safe != name {
		safe += "-" + fingerprint("name", k.Address, k.Range)[:8]
	}
	return safe + messageEnding
}
