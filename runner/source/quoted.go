package source

import (
	"bytes"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

// shortestQuoted is the length from which a credential is looked for in rows, in bytes: a shorter one may be a word that
// a figure's row has for itself.
const shortestQuoted = 8

// credentials are what a request proves itself by. Some APIs quote it in their rows, such as in a link to the row with
// the key behind "?key=", and rows are mailed.
type credentials struct {
	// needles are what escaping leaves of each credential, and of its base64, as it is: an answer is looked through for each.
	needles [][]byte
	known   *strings.Replacer
	// tokens come on the way; nil where there are none.
	tokens *tokens
}

// newCredentials knows secrets of a length that nothing else has by chance.
func newCredentials(secrets []string, t *tokens) credentials {
	c := credentials{tokens: t}
	var forms []string
	for _, s := range secrets {
		if len(s) < shortestQuoted {
			continue
		}
		forms = append(forms, expr.NewSecret(s).Forms()...)
		c.needles = append(c.needles, needles(s)...)
	}
	slices.SortFunc(c.needles, bytes.Compare)
	c.needles = slices.CompactFunc(c.needles, bytes.Equal)
	c.known = hiding(forms)
	return c
}

// credentialsOf are a request's secrets but for those that may be words, such as user names.
func credentialsOf(r Request) []string {
	secrets := []string{r.Password.Reveal(), r.Bearer.Reveal(), r.QueryAuth.Value.Reveal(), r.HeaderAuth.Value.Reveal()}
	if _, behind, ok := strings.Cut(r.HeaderAuth.Value.Reveal(), " "); ok { // the scheme's name before it
		secrets = append(secrets, behind)
	}
	if r.OAuth2 != nil {
		secrets = append(secrets, r.OAuth2.Secret.Reveal(), r.OAuth2.Refresh.Reveal())
	}
	for _, a := range r.Arguments {
		for _, p := range argument(a, false) {
			if p.secret {
				secrets = append(secrets, p.value)
			}
		}
	}
	return secrets
}

// needles are what is looked for of a secret and of its base64.
func needles(secret string) [][]byte {
	out := [][]byte{[]byte(needle(secret))}
	for _, piece := range expr.Embedded(secret) {
		out = append(out, []byte(needle(piece)))
	}
	return out
}

// needle is a stretch of a text that no escaping changes, or the text itself where that would be short. It begins with
// a character that answers seldom have, since those are found some times faster.
func needle(s string) string {
	longest := ""
	for run := range strings.FieldsFuncSeq(s, func(c rune) bool { return c >= 0x80 || !isAlphanumeric(byte(c)) }) {
		if len(run) > len(longest) {
			longest = run
		}
	}
	if len(longest) < shortestSecret {
		return s
	}
	for _, often := range []string{"0123456789abcdefghilmnoprstuwy", "0123456789aeinorst", "0123456789"} {
		from := strings.IndexFunc(longest, func(c rune) bool { return !strings.ContainsRune(often, c) })
		if from >= 0 && len(longest)-from >= shortestQuoted {
			return longest[from:]
		}
	}
	return longest
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func hasAny(body []byte, needles [][]byte) bool {
	return slices.ContainsFunc(needles, func(needle []byte) bool { return bytes.Contains(body, needle) })
}

// hide takes the credentials out of the texts of a page, whose answer is body, and remembers their columns.
func (c credentials) hide(body []byte, l *layout, pg *page) {
	if !hasAny(body, c.needles) && (c.tokens == nil || !c.tokens.in(body)) {
		return
	}
	quoted := map[int]bool{}
	for _, b := range pg.batches {
		for col, v := range b.Cols {
			for i, text := range v.Strs {
				hidden := c.known.Replace(text)
				if c.tokens != nil {
					hidden = c.tokens.hide(hidden)
				}
				if hidden != text {
					v.Strs[i], quoted[col] = hidden, true
				}
			}
		}
	}
	for col := range quoted {
		if col < len(l.fields) {
			pg.quoted = append(pg.quoted, l.fields[col].Name)
		} else {
			pg.quoted = append(pg.quoted, pg.found[col-len(l.fields)].name)
		}
	}
}
