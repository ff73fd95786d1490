package cli

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// The second net hides a secret in every form in which somebody else's words may bring it back.
func TestRedactor(t *testing.T) {
	const secret = `zażółć+gęślą/"jaźń"&1`
	r := &redactor{}
	r.add(secret)
	r.add("abc") // would hide half of all words
	var b bytes.Buffer
	fmt.Fprintf(r.writer(&b), "%s %s %s %q abc", secret, base64.StdEncoding.EncodeToString([]byte(secret)), url.QueryEscape(secret), `\`+url.PathEscape(secret))
	if got := b.String(); strings.Count(got, "(sensitive)") != 4 || !strings.HasSuffix(got, " abc") {
		t.Errorf("printed %s", got)
	}
}
