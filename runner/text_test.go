package runner

import (
	"errors"
	"testing"

	"github.com/reportform/reportform/spec/diag"
)

func TestSentence(t *testing.T) {
	for in, want := range map[string]string{
		"":                                  "",
		"interrupted: it is late":           "Interrupted: it is late.",
		"łódź is far?":                      "Łódź is far?",
		"smtp.example.com takes nothing":    "smtp.example.com takes nothing.",
		"localhost:25 takes nothing.":       "localhost:25 takes nothing.",
		"out/a.xlsx cannot be read":         "out/a.xlsx cannot be read.",
		"shorten it:\n\n    - derive: {}":   "Shorten it:\n\n    - derive: {}",
		"weekly@2026-11-21 is not in doubt": "weekly@2026-11-21 is not in doubt.",
	} {
		if got := sentence(errors.New(in)); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestClause(t *testing.T) {
	for in, want := range map[string]string{"API cannot be reached": "API cannot be reached", "Report is empty": "report is empty"} {
		if got := clause(&diag.Diagnostic{Summary: in}); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
