package runner

import (
	"testing"

	"github.com/reportform/reportform/outputs"
)

// What a server quotes of its recipients is kept out of the state, however it writes them.
func TestHideAddresses(t *testing.T) {
	a := &outputs.Artifact{Envelope: &outputs.Envelope{Recipients: []string{"a@example.com", "Anna@Example.com", "od d@example.com"}}}
	for text, want := range map[string]string{
		"550 <anna@example.com> is unknown":         "550 <(recipient 2)> is unknown",
		"550 A@EXAMPLE.COM and a@example.com":       "550 (recipient 1) and (recipient 1)",
		`550 <"od d"@example.com> od d@example.com`: "550 <(recipient 3)> (recipient 3)",
		"450 try later": "450 try later",
	} {
		if got := hideAddresses(text, a); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	if got := hideAddresses("disk full", &outputs.Artifact{}); got != "disk full" {
		t.Errorf("became %q", got)
	}
}
