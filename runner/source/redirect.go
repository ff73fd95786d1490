package source

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// redirectError is the cause of an [*Error] for a redirect that is not followed.
type redirectError struct {
	text string
	// abroad: it leads to another server, as all the API's will.
	abroad bool
}

func (e *redirectError) Error() string { return e.text }

const maxRedirects = 5

// checkRedirect follows redirects, at another host as a stranger: whatever header was set may be a secret, and the
// Referer would tell the query. net/http alone forwards headers such as X-Api-Key.
func checkRedirect(req *http.Request, via []*http.Request, auth Credential) error {
	if len(via) > maxRedirects {
		return &redirectError{text: fmt.Sprintf("the API redirects more than %d times, one redirect after another", maxRedirects)}
	}
	from := via[0].URL
	if from.Scheme == "https" && req.URL.Scheme != "https" {
		return &redirectError{text: fmt.Sprintf("the API redirects from https to %s, which is not followed", server(req.URL)), abroad: true}
	}
	req.URL.User = nil
	// Once abroad always abroad: the way back was chosen by the stranger.
	abroad := origin(req.URL) != origin(from)
	for _, earlier := range via {
		abroad = abroad || origin(earlier.URL) != origin(from)
	}
	if via[0].Method != http.MethodGet && (abroad || req.Method != via[0].Method) {
		// The body is for the API alone, and without it something else would be asked for.
		return &redirectError{text: fmt.Sprintf("the API redirects a %s to %s, which is not followed", via[0].Method, server(req.URL)), abroad: abroad}
	}
	if abroad && !auth.Value.IsZero() && strings.Contains(req.URL.String(), url.QueryEscape(auth.Value.Reveal())) {
		return &redirectError{text: fmt.Sprintf("the API redirects to %s with the credential in the address, which is not followed", server(req.URL)), abroad: true}
	}
	if abroad {
		for name := range req.Header {
			if !harmless[name] {
				req.Header.Del(name)
			}
		}
	}
	return nil
}

// harmless are the headers that go everywhere.
var harmless = map[string]bool{"Accept": true, "Accept-Language": true, "User-Agent": true}

// origin is what a credential was given for.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + u.Hostname() + ":" + port
}

// server is a URL's origin as people write it.
func server(u *url.URL) string { return u.Scheme + "://" + u.Host }
