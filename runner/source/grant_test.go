package source

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

// TestTokenForMail: a mail server's token is asked for once, and once more only where it is the one that was refused.
func TestTokenForMail(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, secret, _ := r.BasicAuth()
		if id != "me" || secret != "client-secret" {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintf(w, `{"error":"invalid_client","error_description":"no such client as %s with %s"}`, id, secret)
			return
		}
		asked = append(asked, r.PostFormValue("grant_type")+" "+r.PostFormValue("refresh_token")+" "+r.PostFormValue("scope"))
		fmt.Fprintf(w, `{"access_token":"token-%d","token_type":"Bearer","expires_in":3600}`, len(asked))
	}))
	defer server.Close()
	var told []string
	c := New(Options{})
	ask := func(connection, secret, refresh, refused string) (string, error) {
		return c.Token(t.Context(), Request{
			Connection: connection, Secret: func(value string) { told = append(told, value) },
			OAuth2: &ClientCredentials{TokenURL: server.URL, ID: "me", Secret: expr.NewSecret(secret), Refresh: expr.NewSecret(refresh), Scopes: []string{"send"}},
		}, refused)
	}
	for _, step := range []struct{ connection, refresh, refused, want string }{
		{"microsoft", "", "", "token-1"},
		{"microsoft", "", "", "token-1"},
		{"microsoft", "", "token-1", "token-2"},
		{"microsoft", "", "token-1", "token-2"},
		{"google", "refresh-1", "", "token-3"},
	} {
		if got, err := ask(step.connection, "client-secret", step.refresh, step.refused); err != nil || got != step.want {
			t.Errorf("%v: %q, %v", step, got, err)
		}
	}
	if want := []string{"client_credentials  send", "client_credentials  send", "refresh_token refresh-1 send"}; !slices.Equal(asked, want) {
		t.Errorf("asked %q, want %q", asked, want)
	}
	if want := []string{"token-1", "token-2", "token-3"}; !slices.Equal(told, want) {
		t.Errorf("secrets %q, want %q", told, want)
	}
	_, err := ask("wrong", "wrong-secret", "", "")
	if err == nil || strings.Contains(err.Error(), "wrong-secret") || !strings.Contains(err.Error(), "401 Unauthorized") || !strings.Contains(err.Error(), "invalid_client") {
		t.Errorf("a wrong secret: %v", err)
	}
}

// TestTokenFollowsNoRedirect: id and secret go nowhere that the token's address leads to.
func TestTokenFollowsNoRedirect(t *testing.T) {
	followed := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed = true }))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	_, err := New(Options{}).Token(t.Context(), Request{
		Connection: "mail", OAuth2: &ClientCredentials{TokenURL: server.URL, ID: "me", Secret: expr.NewSecret("client-secret")},
	}, "")
	if err == nil || followed {
		t.Errorf("followed %v: %v", followed, err)
	}
}
