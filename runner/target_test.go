package runner

import (
	"net/mail"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/state"
)

// A plan counts people, as the mail does.
func TestDescribeCountsPeople(t *testing.T) {
	m := &outputs.MailTarget{
		To:  []*mail.Address{{Address: "Anna@example.com"}, {Address: "żaneta@example.com"}},
		Cc:  []*mail.Address{{Name: "Anna", Address: "anna@Example.com"}},
		Bcc: []*mail.Address{{Address: "ŻANETA@example.com"}, {Address: "boss@example.com"}},
	}
	if got, want := describe(outputs.Target{Mail: m}), "3 recipients"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// So does one that serves who is left over.
func TestNarrowCountsPeople(t *testing.T) {
	address := func(a string) *mail.Address { return &mail.Address{Address: a} }
	c := &Change{
		recipients: []string{recipientDigest("s", "anna@example.com"), recipientDigest("s", "boss@example.com")},
		known:      []state.Reply{{Temporary: true}, {Accepted: true}},
	}
	m := &outputs.MailTarget{
		To:  []*mail.Address{address("Anna@example.com"), address("boss@example.com"), address("new@example.com")},
		Bcc: []*mail.Address{address("anna@example.com"), address("NEW@example.com")},
	}
	if added, open := c.narrow(m, "s"); added != 1 || open != 1 {
		t.Errorf("%d added and %d open, want 1 and 1", added, open)
	}
}
