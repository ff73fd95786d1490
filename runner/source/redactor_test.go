package source

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// Secrets of the tests: a fragment of each is in none of our own words.
const (
	awkward = `p"a/ż+&<'\w0rd` // every form of it is another
	apiKey  = "0123456789abc"
)

// told is all that an error says.
func told(e *Error) string {
	code, short, detail := e.Diagnose()
	return strings.Join([]string{e.Error(), code, short, detail, fmt.Sprintf("%+v", *e)}, "\n")
}

// asked changes a request so that it carries secrets.
func asked(r *Request) {
	r.Source.Paging = spec.Paging{}
	r.Username, r.Password = "apiuser-1", expr.NewSecret(awkward)
	r.Headers = map[string]string{"X-Api-Key": apiKey, "X-Auth": "Token tok/en?~secret", "Accept": "application/json"}
}

// Whatever comes from the server goes through the redactor: a value that does not fit, the name of a column, a total,
// the keys of an answer, its beginning, an error's messages and request_id.
func TestSecretsThatAreEchoed(t *testing.T) {
	quoted, _ := json.Marshal(awkward)
	both := base64.StdEncoding.EncodeToString([]byte("apiuser-1:" + awkward))
	for name, c := range map[string]struct {
		kind, body string
		status     int
	}{
		"cell":              {KindType, `[{"n":` + string(quoted) + `}]`, 200},
		"cell as PHP":       {KindType, `[{"n":"` + strings.ReplaceAll(`p\"a/\u017c+&<'\\w0rd`, "/", `\/`) + `"}]`, 200},
		"cell of the key":   {KindType, `[{"n":"` + apiKey + `"}]`, 200},
		"cell cut":          {KindType, `[{"n":"` + strings.Repeat("x", 75) + apiKey + `"}]`, 200},
		"list":              {KindType, `[{"n":["` + apiKey + `"]}]`, 200},
		"column":            {KindType, `[{"` + apiKey + `":1,"` + apiKey + `":2}]`, 200},
		"keys":              {KindShape, `{"` + apiKey + `":[]}`, 200},
		"no JSON":           {KindNotJSON, `<p>` + `p&quot;a/ż+&amp;&lt;&#039;\w0rd` + `</p>`, 200},
		"messages":          {KindParameters, `{"errors":[{"message":` + string(quoted) + `}]}`, 400},
		"request_id":        {KindParameters, `{"request_id":` + string(quoted) + `,"errors":[]}`, 400},
		"user name":         {KindPermission, "apiuser-1 may not", 403},
		"user and password": {KindPermission, both, 403},
		"without padding":   {KindPermission, base64.RawURLEncoding.EncodeToString([]byte("tok/en?~secret")), 403},
	} {
		t.Run(name, func(t *testing.T) {
			text := told(fails(t, c.kind, answers(c.status, c.body), asked))
			if !strings.Contains(text, "(sensitive)") && name != "cell cut" {
				t.Errorf("nothing was hidden in %s", text)
			}
			for _, part := range []string{"w0rd", "01234", "apiuser", both[:12], "dG9rL2Vu"} {
				if strings.Contains(text, part) {
					t.Errorf("%q is in %s", part, text)
				}
			}
		})
	}
}

func TestSecretTotalIsHidden(t *testing.T) {
	e := fails(t, KindShape, answers(200, `{"count":"`+apiKey+`","result":[]}`), func(r *Request) {
		asked(r)
		r.Source.Records, r.Source.Paging.Offset = "result", &spec.OffsetPaging{Pages: spec.Pages{Size: 10, Total: "count"}}
	})
	if text := told(e); strings.Contains(text, "01234") {
		t.Errorf("error is %s", text)
	}
}

// A redirect's host is the server's word too, and so is what net/http quotes of a broken answer.
func TestSecretsInHeads(t *testing.T) {
	to := "http://" + apiKey + ".localhost:1/"
	e := fails(t, KindConnection, http.RedirectHandler(to, http.StatusFound).ServeHTTP, asked)
	if text := told(e); strings.Contains(text, "01234") || !strings.Contains(text, "(sensitive)") {
		t.Errorf("error is %s", text)
	}
	c, _ := client(Options{})
	r := request(t, raw(t, func(int) string { return "HTTP/1.1 " + apiKey + "\r\n\r\n" }), numbers())
	asked(&r)
	_, err := c.Fetch(t.Context(), r)
	broken, ok := errors.AsType[*Error](err)
	if !ok || strings.Contains(told(broken), "01234") || !strings.Contains(told(broken), "(sensitive)") {
		t.Errorf("error is %v", err)
	}
}

// Only the beginning of a long answer is looked at, which may end within a secret that stood there often.
func TestSecretAtTheCut(t *testing.T) {
	token := strings.Repeat("tok", 1000)
	e := fails(t, KindPermission, answers(403, strings.Repeat(token, 10)), func(r *Request) { r.Bearer = expr.NewSecret(token) })
	if text := told(e); strings.Contains(text, "tok") {
		t.Errorf("error is %s", text)
	}
}

// An API key may stand as the user name, without a password.
func TestUserNameAloneIsHidden(t *testing.T) {
	for form, body := range map[string]string{
		"plain": "key " + apiKey, "header": "Basic " + base64.StdEncoding.EncodeToString([]byte(apiKey+":")),
	} {
		e := fails(t, KindPermission, answers(403, body), func(r *Request) { r.Username = apiKey })
		if !strings.Contains(e.Body, "(sensitive)") || strings.Contains(e.Body, "MDEyMzQ") {
			t.Errorf("%s: body is %s", form, e.Body)
		}
	}
}

// What every request says is no secret: it would only tear holes into messages.
func TestOpenHeadersAreNotHidden(t *testing.T) {
	e := fails(t, KindStatus, answers(406, "not application/json, and not reporting"), func(r *Request) {
		r.Headers = map[string]string{"accept": "application/json", "X-Team": "report"}
	})
	if e.Body != "not application/json, and not reporting" {
		t.Errorf("body is %s", e.Body)
	}
}
