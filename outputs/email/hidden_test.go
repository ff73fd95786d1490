package email

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/expr"
)

// hostile are passwords that quoting and encoding make something else of.
var hostile = []string{
	`pa"ss\wörd1`, `\\"\x00"`, `<b>&'tajne'</b>`, "zażółć gęślą jaźń 🔑", "tab\tand\x07bell\x7f", "%2B+ /?#=", "535 hunter2", "123-hunter2", "`$(x)`", "\xff\xfe\xfdbytes",
}

// sayings are how servers give a user name and a password back.
func sayings(username, password string) []string {
	quotedJSON, _ := json.Marshal(password)
	both := "\x00" + username + "\x00" + password
	return []string{
		password, username, both, string(quotedJSON), strconv.Quote(password), strconv.QuoteToASCII(password), strconv.Quote(both),
		base64.StdEncoding.EncodeToString([]byte(password)), base64.RawURLEncoding.EncodeToString([]byte(password)),
		base64.StdEncoding.EncodeToString([]byte(username)), base64.StdEncoding.EncodeToString([]byte(both)),
		base64.StdEncoding.EncodeToString([]byte("n,,n=" + username + ",r=x")), html.EscapeString(password), url.QueryEscape(password),
	}
}

// tellsOf returns what of the secrets a text still tells, in whatever form.
func tellsOf(text, username, password string) string {
	forms := sayings(username, password)
	forms = append(forms, hidden(nil).plain(password), hidden(nil).plain(username))
	if reply.MatchString(password) {
		forms = append(forms, password[4:])
	}
	for _, form := range forms {
		if form = strings.Trim(form, `"`); strings.Contains(text, form) {
			return form
		}
	}
	return ""
}

func TestHiddenInEveryForm(t *testing.T) {
	const username = "bob@example.org"
	for _, password := range hostile {
		h := hide(username, password)
		for _, said := range sayings(username, password) {
			got := h.plain("got <" + said + "> instead")
			if tell := tellsOf(got, username, password); tell != "" || !strings.Contains(got, "(sensitive)") {
				t.Errorf("%q came out of %q as %q", password, said, got)
			}
			if !strings.HasPrefix(got, "got <") || !strings.HasSuffix(got, "> instead") {
				t.Errorf("%q: the words around %q were lost: %q", password, said, got)
			}
		}
	}
}

func TestHiddenTogether(t *testing.T) {
	for _, test := range []struct{ username, password, text, want string }{
		{"tajne", "ne-haslo", "got tajne-haslo!", "got (sensitive)!"}, // one runs into the other
		{"anna", "anna@example.com", "anna@example.com or anna", "(sensitive) or (sensitive)"},
		{"sens", "itive", "(sensitive)", "((sensitive)(sensitive))"},
		{"aaaa", "", "aaaaa b", "(sensitive) b"},
		{"", "", "nothing is hidden", "nothing is hidden"},
		{"a", "is", "this is a message", "this is a message"},
		{"bob", "żół", "bob wants żółw", "bob wants żółw"},
		{"bob", "abc", "AUTH PLAIN AGJvYgBhYmM= refused: Ym9i YWJj", "AUTH PLAIN (sensitive) refused: (sensitive) (sensitive)"},
		{"x", "y", "AUTH PLAIN AHgAeQ== x \x00x\x00y", "AUTH PLAIN (sensitive) x (sensitive)"},
		{"bob", "two\r\nlines", "got two\nlines", "got two (sensitive)"},
	} {
		if got := hide(test.username, test.password).plain(test.text); got != test.want {
			t.Errorf("%q and %q: %q, want %q", test.username, test.password, got, test.want)
		}
	}
}

// TestEchoedSecret: servers have quoted the line that they did not understand, at whatever step, password and all;
// and the error is the step's own.
func TestEchoedSecret(t *testing.T) {
	const username = "bob@example.org"
	quick := Timeouts{Connect: 5 * time.Second, Command: 200 * time.Millisecond, Block: 200 * time.Millisecond, Dot: 200 * time.Millisecond}
	steps := []struct {
		step, asked string
		doubt       bool
	}{
		{"greeting", "the connection", false},
		{"EHLO", "", false}, // a refusal leads to HELO
		{"AUTH", "the user name or the password", false},
		{"MAIL", "the sender reports@example.com", false},
		{"RCPT 2", "leads@example.com", false},
		{"DATA", "the message", false},
		{"dot", "the message", true},
	}
	for _, password := range hostile {
		said := strings.NewReplacer("\r", "", "\n", "").Replace(password) + " " + base64.StdEncoding.EncodeToString([]byte("\x00"+username+"\x00"+password)) + " " + username
		for _, step := range steps {
			for _, answer := range []struct{ text, verb string }{
				{"? got " + said, "does not speak SMTP: it answered “? got (sensitive)"},
				{said, ""},
				{"521 got " + said, "refused"},
				{"521-got " + said + "\r\n521 " + said, "refused"},
				{"399 got " + said, "has no meaning there"},
				{"250-mail.test\r\n250 AUTH " + said, ""},
			} {
				server, _ := script{"EHLO": "250-mail.test\r\n250 AUTH PLAIN", "AUTH": "235 ok"}.with(step.step, answer.text).serve(t)
				server.Auth, server.Username, server.Password = "plain", username, expr.NewSecret(password)
				_, receipt, err := deliver(t, server, Options{Timeouts: quick})
				text := fmt.Sprintf("%v %+v %+v", err, err, receipt.Replies)
				if tell := tellsOf(text, username, password); tell != "" {
					t.Errorf("%s answered with %q tells %q: %s", step.step, answer.text, tell, text)
				}
				if err == nil || step.asked == "" || answer.verb == "" {
					continue
				}
				if asks := !strings.HasPrefix(answer.text, "?"); !strings.Contains(text, answer.verb) && !strings.HasPrefix(step.step, "RCPT") || asks && !strings.Contains(text, step.asked) {
					t.Errorf("%s answered with %q: %s", step.step, answer.text, text)
				}
				if doubt := step.doubt && answer.verb != "refused"; outputs.IsInDoubt(err) != doubt {
					t.Errorf("%s answered with %q: in doubt is %v: %v", step.step, answer.text, !doubt, err)
				}
				for _, other := range steps {
					if other.asked != "" && other.asked != step.asked && strings.Contains(err.Error(), other.asked) {
						t.Errorf("%s answered with %q speaks of %s: %v", step.step, answer.text, other.asked, err)
					}
				}
			}
		}
	}
}

func (s script) with(step, answer string) script {
	s[step] = answer
	return s
}

func TestOfferedIsQuoted(t *testing.T) {
	server, _ := script{"EHLO": "250-mail.test\r\n250 AUTH X\x1b[31m tajne-haslo"}.serve(t)
	server.Auth, server.Username, server.Password = "plain", user, expr.NewSecret("tajne-haslo")
	if _, _, err := deliver(t, server, Options{}); err == nil || !strings.Contains(err.Error(), `but x\x1b[31m, (sensitive)`) {
		t.Errorf("got %v", err)
	}
}

func TestNonsenseAfterTheDot(t *testing.T) {
	for answer, want := range map[string]string{
		"354 go on": "answered the message with 354 go on, which has no meaning there",
		"150 soon":  "answered the message with 150 soon, which has no meaning there",
	} {
		server, _ := script{"EHLO": "250-mail.test\r\n250 AUTH PLAIN", "AUTH": "235 ok", "dot": answer}.serve(t)
		server.Auth, server.Username, server.Password = "plain", user, expr.NewSecret(password)
		_, _, err := deliver(t, server, Options{})
		if !outputs.IsInDoubt(err) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
