package email

import (
	"bytes"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/outputs"
)

// FuzzMessage: whatever stands in a value, it is refused, or it arrives as that value and as nothing else.
func FuzzMessage(f *testing.F) {
	f.Add("Chats 2026-W46", "Anna Nowak", "anna@example.com", "weekly.xlsx", "All is well.")
	f.Add("x\r\nBcc: evil@example.com", "x\nBcc: y", "a@b>\r\nDATA", "a\r\nb.xlsx", ".\r\n.\r\nQUIT\r\n")
	f.Add(strings.Repeat("ż ", 500), `"quoted\" <a@b>`, `"odd local"@example.com`, "żółć; filename=x.exe", "--boundary\r\nContent-Type: text/html")
	f.Add("=?UTF-8?Q?a?= =?x?=", strings.Repeat("n", 300), "ż@ł.pl", "a'b\"c.xlsx", "From \x00\x1b")
	f.Add(strings.Repeat("s", 2000), ", ,", "@", strings.Repeat("ą", 120), strings.Repeat("t", 5000))
	f.Add("s", "\\ż", "a@b", "a.xlsx", "t") // net/mail writes a name that it cannot read
	f.Fuzz(func(t *testing.T, subject, name, address, attachment, text string) {
		want := target()
		want.Subject, want.To, want.Attachments = subject, []*mail.Address{{Name: name, Address: address}}, attach(attachment)
		s, err := New(want, formats(workbook{everyByte}), Options{})
		if err != nil {
			return
		}
		doc := document()
		doc.Body = []outputs.Block{outputs.Text{Text: text}}
		a, err := s.Render(t.Context(), doc, deliveryKey(), t.TempDir())
		if err != nil {
			t.Fatalf("accepted, and then not rendered: %v", err)
		}
		o := open(t, contentOf(t, a.Path))
		known := []string{
			"Auto-Submitted", "Cc", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Reply-To", "Subject", "To", "X-Auto-Response-Suppress",
		}
		for header, values := range o.header {
			if !slices.Contains(known, header) || len(values) != 1 {
				t.Errorf("header %s: %q", header, values)
			}
		}
		got, err := new(mime.WordDecoder).DecodeHeader(o.header.Get("Subject"))
		if err != nil || got != strings.Join(strings.Fields(subject), " ") {
			t.Errorf("subject %q came back as %q (%v)", subject, got, err)
		}
		to, err := o.header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != address {
			t.Errorf("to %q came back as %v (%v)", address, to, err)
		}
		if !slices.Equal(o.names, namesOf(want)) || !bytes.Equal(o.files[0], everyByte) {
			t.Errorf("attachment %q came back as %q", attachment, o.names)
		}
	})
}
