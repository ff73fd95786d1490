package source

import (
	"errors"
	"net/http"
	"net/url"
)

// errRedirect is the cause of an [*Error] for a redirect that is not followed.
var errRedirect = errors.New("redirect is not followed")

const maxRedirects = 5

// checkRedirect follows redirects, at another host as a stranger: whatever header was set may be a secret, and the
// Referer would tell the query. net/http alone forwards headers such as X-Api-Key.
func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return errors.Join(errRedirect, errors.New("there are more than 5 of them, one after another"))
	}
	from := via[0].URL
	if from.Scheme == "https" && req.URL.Scheme != "https" {
		return errors.Join(errRedirect, errors.New("it leads from https to "+req.URL.Scheme))
	}
	req.URL.User = nil
	// Once abroad always abroad: the way back was chosen by the stranger.
	abroad := origin(req.URL) != origin(from)
	for _, earlier := range via {
		abroad = abroad || origin(earlier.URL) != origin(from)
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
