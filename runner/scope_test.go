package runner

import (
	"errors"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

// TestEnvironmentEndsInLineBreak: a pasted secret is told by its name and without its value, a key of many lines is none.
func TestEnvironmentEndsInLineBreak(t *testing.T) {
	for value, refused := range map[string]bool{
		"hunter2-hunter2":     false,
		"hunter2-hunter2\n":   true,
		"hunter2-hunter2\r\n": true,
		"\n":                  true,
		"-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----\n": false,
	} {
		r := &Runner{Env: func(string) (string, bool) { return value, true }, Secret: func(string) {}}
		got, err := (&scope{r: r}).environment("API_TOKEN")
		var fault *expr.Fault
		switch told := errors.As(err, &fault); {
		case told != refused:
			t.Errorf("%q: got %v", value, err)
		case refused && (!strings.Contains(fault.Detail, `"API_TOKEN"`) || strings.Contains(fault.Detail, "hunter2")):
			t.Errorf("%q: said %s", value, fault.Detail)
		case !refused && got.Str != value:
			t.Errorf("%q became %q", value, got.Str)
		}
	}
}
