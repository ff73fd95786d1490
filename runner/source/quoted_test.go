package source

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// TestCredentialsInRows: an API that quotes a credential in its rows has it hidden there, however it writes it; all else
// stays as it is.
func TestCredentialsInRows(t *testing.T) {
	const key = `k3y/+Zażółć"9f8e7d`
	quoted, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, carry := range map[string]func(*Request){
		"basic":  func(r *Request) { r.Username, r.Password = "leads", expr.NewSecret(key) },
		"bearer": func(r *Request) { r.Bearer = expr.NewSecret(key) },
		"query":  func(r *Request) { r.QueryAuth = Credential{Name: "key", Value: expr.NewSecret(key)} },
		"header": func(r *Request) {
			r.HeaderAuth = Credential{Name: "Authorization", Value: expr.NewSecret("Token " + key)}
		},
		"argument": func(r *Request) {
			value := expr.TextValue(key)
			value.Sensitive = true
			r.Arguments = append(r.Arguments, Argument{Parameter: &spec.Parameter{Name: "token", In: "query", Type: expr.Text}, Value: value})
		},
	} {
		for written, text := range map[string]string{
			"in a URL": `"/1?key=` + url.QueryEscape(key) + `"`, "in JSON": string(quoted),
			"in base64": `"` + base64.StdEncoding.EncodeToString([]byte("leads:"+key)) + `"`,
		} {
			t.Run(name+" "+written, func(t *testing.T) {
				body := fmt.Sprintf(`[{"n":1,"note":"leads asked","self":%s},{"n":2,"note":"k3y/","self":"/2"}]`, text)
				r := unpaged(request(t, serve(t, answers(200, body)), &spec.Source{}))
				carry(&r)
				tbl, err := New(Options{}).Fetch(t.Context(), r)
				if err != nil {
					t.Fatal(err)
				}
				defer tbl.Close()
				_, rows := all(t, tbl)
				shown := strings.Join(rows, "\n")
				if strings.Contains(shown, "9f8e7d") || strings.Count(shown, hiddenValue) != 1 {
					t.Errorf("rows:\n%s", shown)
				}
				if !strings.Contains(shown, "leads asked") || !strings.Contains(shown, "k3y/") || !strings.Contains(shown, "/2") {
					t.Errorf("more is hidden than the credential:\n%s", shown)
				}
				if !slices.Equal(tbl.Quoted, []string{"self"}) {
					t.Errorf("quoted in %v", tbl.Quoted)
				}
			})
		}
	}
}

// TestTokensInRows: a token is no part of the definition, and known only when it was given.
func TestTokensInRows(t *testing.T) {
	const token = "eyJhbGciOiJub25lIn0.tajne"
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer","expires_in":3600}`, token)
			return
		}
		fmt.Fprintf(w, `[{"n":1,"asked":%q}]`, r.Header.Get("Authorization"))
	})
	r := unpaged(request(t, base, &spec.Source{}))
	r.OAuth2 = &ClientCredentials{TokenURL: base + "/token", ID: "me", Secret: expr.NewSecret("client-secret")}
	tbl, err := New(Options{}).Fetch(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	defer tbl.Close()
	_, rows := all(t, tbl)
	if shown := strings.Join(rows, "\n"); strings.Contains(shown, "tajne") || !strings.Contains(shown, "Bearer "+hiddenValue) || !slices.Equal(tbl.Quoted, []string{"asked"}) {
		t.Errorf("rows %q, quoted in %v", shown, tbl.Quoted)
	}
}

// TestNeedle: what is looked for is a part of the credential that begins seldom, where there is one of some length.
func TestNeedle(t *testing.T) {
	for secret, want := range map[string]string{
		"0123456789abc": "0123456789abc", "s3cr3tTokenValue1234": "TokenValue1234", `p"a/ż+&<'\w0rd`: `w0rd`, `ż"+"/a"b`: `ż"+"/a"b`,
		"a8f5f167f44f4964e6c998dee827110c": "f5f167f44f4964e6c998dee827110c",
	} {
		if got := needle(secret); got != want {
			t.Errorf("needle(%q) is %q, want %q", secret, got, want)
		}
	}
}
