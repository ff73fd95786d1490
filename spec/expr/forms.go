package expr

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/reportform/reportform/spec/diag"
)

// shortestEmbedded is the length from which what a secret makes of a longer base64 is a form of it, in characters. A
// shorter piece stands in every other picture.
const shortestEmbedded = 8

// Forms are the ways in which servers and libraries write the secret again: as it is, in base64 and within that of
// something longer, in hexadecimal, in a URL, in JSON of several tastes and within a text of JSON, in HTML, in quotes as Go writes them, and as diagnostics show it. They are for taking a secret
// out of others' words. Each stands there once, longer ones first, so that one within another does not leave the rest
// of it behind; an empty secret has none.
func (s Secret) Forms() []string {
	if s.s == "" {
		return nil
	}
	forms := []string{s.s, inner(strconv.Quote(s.s)), inner(strconv.QuoteToASCII(s.s)), diag.Printable(s.s)}
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		forms = append(forms, e.EncodeToString([]byte(s.s)))
	}
	for _, piece := range Embedded(s.s) {
		if len(piece) >= shortestEmbedded {
			forms = append(forms, piece)
		}
	}
	digits := hex.EncodeToString([]byte(s.s))
	forms = append(forms, digits, strings.ToUpper(digits))
	forms = append(forms, inURL(s.s)...)
	forms = append(forms, inJSON(s.s)...)
	forms = append(forms, inHTML(s.s)...)
	slices.SortFunc(forms, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(forms)
}

// Embedded returns what s looks like within the base64 of something longer, such as a line of credentials: the
// characters that depend on nothing but s, wherever a group of three bytes begins.
func Embedded(s string) []string {
	var out []string
	for before := range 3 {
		for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := e.EncodeToString(append(make([]byte, before), s...))
			out = append(out, text[(before*8+5)/6:(before+len(s))*8/6])
		}
	}
	return out
}

// inner is what stands between quotes.
func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

// inURL escapes s as in a query and in a path, as JavaScript and Python do, and all of them in small hex digits.
func inURL(s string) []string {
	query := url.QueryEscape(s)
	spaced := strings.ReplaceAll(query, "+", "%20")
	component := strings.NewReplacer("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%2A", "*").Replace(spaced)
	forms := []string{query, url.PathEscape(s), spaced, strings.ReplaceAll(spaced, "%2F", "/"), component}
	for _, f := range forms {
		forms = append(forms, smallHex(f))
	}
	return forms
}

// smallHex writes the digits behind each percent sign small, as .NET does.
func smallHex(escaped string) string {
	b := []byte(escaped)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], strings.ToLower(string(b[i+1:i+3])))
		}
	}
	return string(b)
}

// inJSON escapes s with and without what is special in HTML, in ASCII too, with slashes escaped as PHP does.
func inJSON(s string) []string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string has no reason to fail
	escaped, _ := json.Marshal(s)
	// .NET escapes what could end a quotation, and the plus sign, by its number.
	var numbered strings.Builder
	for _, c := range s {
		switch {
		case strings.ContainsRune("\"&'+<>`", c):
			fmt.Fprintf(&numbered, `\u%04X`, c)
		case c == '\\':
			numbered.WriteString(`\\`)
		default:
			numbered.WriteRune(c)
		}
	}
	var forms []string
	for _, f := range []string{inner(strings.TrimSpace(b.String())), inner(string(escaped)), numbered.String()} {
		forms = append(forms, f, asciiJSON(f, `\u%04x`), asciiJSON(f, `\u%04X`))
	}
	for _, f := range forms {
		forms = append(forms, strings.ReplaceAll(f, "/", `\/`))
	}
	// A text of JSON within JSON, as logs and echoes of requests have it.
	again := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	plain := inner(strings.TrimSpace(b.String()))
	twice := again.Replace(plain)
	return append(forms, twice, asciiJSON(twice, `\u%04x`), again.Replace(asciiJSON(plain, `\u%04x`)))
}

// asciiJSON writes what is not ASCII as \uXXXX, as PHP and Python do, and Java in capital digits.
func asciiJSON(s, format string) string {
	var b strings.Builder
	for _, c := range s {
		if c < 0x80 {
			b.WriteRune(c)
			continue
		}
		for _, unit := range utf16.Encode([]rune{c}) {
			fmt.Fprintf(&b, format, unit)
		}
	}
	return b.String()
}

// inHTML escapes s as Go, PHP, Python and XML writers do, which name quotes and apostrophes each in their own way.
func inHTML(s string) []string {
	plain := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
	forms := []string{html.EscapeString(s), plain}
	quoted := strings.ReplaceAll(plain, `"`, "&quot;")
	for _, apostrophe := range []string{"'", "&#39;", "&#039;", "&#x27;", "&apos;"} {
		forms = append(forms, strings.ReplaceAll(quoted, "'", apostrophe))
	}
	return forms
}
