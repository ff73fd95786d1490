package runner

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/reportform/reportform/spec/diag"
)

// Capital begins a sentence. A path, key or host at its beginning is left as it is written: others are called by other letters.
func Capital(s string) string {
	word, _, _ := strings.Cut(s, " ")
	if s == "" || strings.ContainsAny(strings.TrimRight(word, ".,:;"), "./@_:0123456789") {
		return s
	}
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}

// sentence makes a sentence of an error: a capital at its start and a full stop at its end, unless that is a line to copy.
func sentence(err error) string {
	s := Capital(err.Error())
	if strings.HasPrefix(s[strings.LastIndexByte(s, '\n')+1:], "    ") {
		return s
	}
	if last, _ := utf8.DecodeLastRuneInString(s); s != "" && last != '.' && last != '!' && last != '?' {
		s += "."
	}
	return s
}

// count says how many of a thing there are: "1 row", "1,204 rows".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return message.NewPrinter(language.English).Sprintf("%d %s", n, many)
}

// clause is a diagnostic's summary within a sentence; an abbreviation at its start stays one.
func clause(d *diag.Diagnostic) string {
	first, n := utf8.DecodeRuneInString(d.Summary)
	if second, _ := utf8.DecodeRuneInString(d.Summary[n:]); unicode.IsUpper(second) {
		return d.Summary
	}
	return string(unicode.ToLower(first)) + d.Summary[n:]
}

// size says how much n bytes are: "41 kB".
func size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1000*1000:
		return fmt.Sprintf("%d kB", (n+500)/1000)
	default:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
}

// Age says how long d is: "26 hours", "4 days".
func Age(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return count(int(d/time.Second), "second", "seconds")
	case d < time.Hour:
		return count(int(d/time.Minute), "minute", "minutes")
	case d < 2*day || d < 7*day && d%day != 0:
		return count(int(d/time.Hour), "hour", "hours")
	}
	return count(int(d/day), "day", "days")
}

// ShellWord quotes a word of a command where a shell would not take it as it is.
func ShellWord(s string) string {
	plain := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("._-/=:,+@", c) || c > 0x7f
	}
	if s != "" && strings.IndexFunc(s, func(c rune) bool { return !plain(c) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
