package expr

import (
	"slices"
	"strings"
	"testing"
)

// Each form is what a program of that kind writes: these were taken from the programs themselves, not from our code.
func TestFormsOfSecret(t *testing.T) {
	const secret = `p"a/ż+&<'\`
	forms := NewSecret(secret).Forms()
	for who, want := range map[string]string{
		"itself":                        secret,
		"base64":                        "cCJhL8W8KyY8J1w=",
		"base64 without padding":        "cCJhL8W8KyY8J1w",
		"Go's query":                    "p%22a%2F%C5%BC%2B%26%3C%27%5C",
		"JavaScript encodeURIComponent": "p%22a%2F%C5%BC%2B%26%3C'%5C",
		"Python quote":                  "p%22a/%C5%BC%2B%26%3C%27%5C",
		".NET UrlEncode":                "p%22a%2f%c5%bc%2b%26%3c%27%5c",
		"JSON.stringify":                `p\"a/ż+&<'\\`,
		"Go's JSON":                     `p\"a/ż+\u0026\u003c'\\`,
		"Python's JSON":                 `p\"a/\u017c+&<'\\`,
		"PHP's JSON":                    `p\"a\/\u017c+&<'\\`,
		".NET's JSON":                   `p\u0022a/\u017C\u002B\u0026\u003C\u0027\\`,
		"Go's HTML":                     `p&#34;a/ż+&amp;&lt;&#39;\`,
		"PHP's HTML":                    `p&quot;a/ż+&amp;&lt;&#039;\`,
		"Python's HTML":                 `p&quot;a/ż+&amp;&lt;&#x27;\`,
		"Go's quotes in ASCII":          `p\"a/\u017c+&<'\\`,
		"xxd":                           "7022612fc5bc2b263c275c",
		"Python's JSON within JSON":     `p\\\"a/\\u017c+&<'\\\\`,
		"JSON.stringify, twice":         `p\\\"a/ż+&<'\\\\`,
		"base64, behind user:":          "wImEvxbwrJjwnX",
		"base64, behind one byte":       "AiYS/FvCsmPCdc",
		"base64, behind three bytes":    "cCJhL8W8KyY8J1",
	} {
		if !slices.Contains(forms, want) {
			t.Errorf("%s writes %s, which is no form", who, want)
		}
	}
	if urlSafe := NewSecret("??>>").Forms(); !slices.Contains(urlSafe, "Pz8-Pg") || !slices.Contains(urlSafe, "Pz8-Pg==") {
		t.Errorf("base64 for URLs is missing in %q", urlSafe)
	}
	for i, f := range forms {
		if i > 0 && len(f) > len(forms[i-1]) {
			t.Errorf("%s stands behind a shorter form", f)
		}
		if slices.Contains(forms[:i], f) {
			t.Errorf("%s stands there twice", f)
		}
	}
	if got := (Secret{}).Forms(); got != nil {
		t.Errorf("no secret has the forms %q", strings.Join(got, " "))
	}
}
