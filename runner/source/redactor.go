package source

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/reportform/reportform/spec/expr"
)

// Lengths from which a text is hidden wherever it shows up, in bytes. Shorter ones would be found in every second word.
const (
	shortestSecret = 4
	// shortestDoubtful is for what may be a secret and may be none: user names and the values of headers.
	shortestDoubtful = 8
)

// redactor takes a request's secrets out of what a server wrote: some echo what they were sent.
type redactor struct {
	known *strings.Replacer
	// longest is the length of the longest form of a secret.
	longest int
	// tokens are secrets that come on the way; nil where there are none.
	tokens *tokens
}

// Replace takes the secrets out of a text.
func (r redactor) Replace(text string) string {
	if r.tokens != nil {
		text = r.tokens.hide(text)
	}
	if r.known == nil {
		return text
	}
	return r.known.Replace(text)
}

// newRedactor knows r's secrets in all their forms.
func newRedactor(r Request) redactor {
	var forms []string
	hide := func(s string, shortest int) {
		if len(s) >= shortest {
			forms = append(forms, expr.NewSecret(s).Forms()...)
		}
	}
	credentials := func(username, password string) {
		hide(password, shortestSecret)
		// An API key may stand as the user name.
		hide(username, shortestDoubtful)
		if password != "" || len(username) >= shortestDoubtful {
			hide(username+":"+password, shortestSecret)
		}
	}
	credentials(r.Username, r.Password.Reveal())
	if proxy, err := url.Parse(r.Proxy); err == nil && proxy.User != nil {
		password, _ := proxy.User.Password()
		credentials(proxy.User.Username(), password)
	}
	hide(r.Bearer.Reveal(), shortestSecret)
	hide(r.QueryAuth.Value.Reveal(), shortestSecret)
	hide(r.HeaderAuth.Value.Reveal(), shortestSecret)
	if _, rest, ok := strings.Cut(r.HeaderAuth.Value.Reveal(), " "); ok {
		hide(rest, shortestSecret)
	}
	hide(r.CertificateKey.Reveal(), shortestSecret)
	if o := r.OAuth2; o != nil {
		hide(o.Refresh.Reveal(), shortestSecret)
		credentials(o.ID, o.Secret.Reveal())
		credentials(url.QueryEscape(o.ID), url.QueryEscape(o.Secret.Reveal()))
	}
	for name, value := range r.Headers {
		if openHeaders[http.CanonicalHeaderKey(name)] {
			continue
		}
		hide(value, shortestDoubtful)
		// A server may echo what follows the scheme alone.
		if _, rest, ok := strings.Cut(value, " "); ok {
			hide(rest, shortestDoubtful)
		}
	}
	for _, a := range r.Arguments {
		for _, p := range argument(a, false) {
			if !p.secret {
				continue
			}
			hide(p.value, shortestSecret)
			for item := range strings.SplitSeq(p.value, ",") {
				hide(item, shortestSecret)
			}
		}
	}
	known := redactor{known: hiding(forms)}
	for _, form := range forms {
		known.longest = max(known.longest, len(form))
	}
	return known
}

// hiding replaces forms of secrets.
func hiding(forms []string) *strings.Replacer {
	// What stands first is tried first: a form that begins another must not leave its end behind.
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, hiddenValue)
	}
	return strings.NewReplacer(pairs...)
}

// openHeaders are those whose values are no secrets, and words that messages need.
var openHeaders = map[string]bool{
	"Accept": true, "Accept-Charset": true, "Accept-Encoding": true, "Accept-Language": true, "Cache-Control": true,
	"Connection": true, "Content-Language": true, "Content-Type": true, "Pragma": true, "Prefer": true,
	"User-Agent": true, "X-Requested-With": true,
}

// excerpt is the beginning of text, without the secrets. They are taken out first, so that no part of one is left at
// the cut.
func (r redactor) excerpt(text []byte, characters int) string {
	const enough = 16 << 10
	longest := r.longest
	if r.tokens != nil {
		longest = max(longest, r.tokens.length())
	}
	if most := enough + longest; len(text) > most {
		// A secret may be cut here: as much as could be of it is left out.
		hidden := r.Replace(string(text[:most]))
		return excerpt([]byte(hidden[:max(0, len(hidden)-longest)]), characters)
	}
	return excerpt([]byte(r.Replace(string(text))), characters)
}
