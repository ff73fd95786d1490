package email

import (
	"context"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/reportform/reportform/outputs"
)

// perSheet is a workbook of so many bytes for each of its sheets.
type perSheet struct{ bytes int }

func (perSheet) MediaType() string { return workbook{}.MediaType() }

func (w perSheet) Render(_ context.Context, doc outputs.Document, path string) (outputs.Rendered, error) {
	var all strings.Builder
	for _, s := range doc.Sheets {
		all.WriteString(s.Name + strings.Repeat("\x00\xff", w.bytes/2))
		if s.Name == "Days" {
			all.WriteString(strings.Repeat("more", 1000))
		}
	}
	return outputs.Rendered{Sheets: len(doc.Sheets), Content: outputs.Digest(all.String()[:9])}, os.WriteFile(path, []byte(all.String()), 0o600)
}

// divided is a sender of a workbook of so many bytes for each sheet, whose mails may have 40 kB.
func divided(t *testing.T, m outputs.MailTarget, bytes int) outputs.Output {
	t.Helper()
	m.MaxSize, m.Oversize = 40_000, []string{outputs.OversizeSplit}
	m.Attachments = []outputs.Attachment{{Name: "czaty.xlsx"}}
	formats := func(outputs.DataFormat) map[string]outputs.Renderer {
		return map[string]outputs.Renderer{".xlsx": perSheet{bytes}}
	}
	s, err := New(m, formats, Options{Now: func() time.Time { return moment }})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func threeSheets() outputs.Document {
	doc := document()
	doc.Modified = moment
	doc.Sheets = []outputs.Sheet{{Name: "Summary"}, {Name: "Agents / all"}, {Name: "Days"}}
	return doc
}

// inThree renders three mails.
func inThree(t *testing.T, m outputs.MailTarget) (outputs.Output, outputs.Artifact) {
	t.Helper()
	s := divided(t, m, 20_000)
	a, err := s.Render(t.Context(), threeSheets(), deliveryKey(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Envelope.Parts) != 3 || !a.Whole() || a.Envelope.Oversize != outputs.OversizeSplit {
		t.Fatalf("%+v", a.Envelope)
	}
	return s, a
}

func TestSplitBySheets(t *testing.T) {
	box := &mailbox{}
	server := box.serve(t, "starttls", nil)
	m := target()
	m.Outbox, m.Server = nil, &server
	s, a := inThree(t, m)
	receipt, err := s.Deliver(t.Context(), a, deliveryKey())
	if err != nil || letters(receipt.Replies) != "AAAA" || receipt.Where != "4 recipients" || len(box.mails) != 3 {
		t.Fatalf("%+v, %v, %d mails", receipt, err, len(box.mails))
	}
	for i, want := range []string{"czaty - Summary.xlsx", "czaty - Agents - all.xlsx", "czaty - Days.xlsx"} {
		got := box.mails[i]
		if len(got.data) > 40_000 {
			t.Errorf("part %d has %d bytes", i+1, len(got.data))
		}
		o := open(t, got.data)
		if !slices.Equal(o.names, []string{want}) {
			t.Errorf("part %d has %v, want %s", i+1, o.names, want)
		}
		if id := o.header.Get("Message-ID"); id != a.Envelope.Parts[i].MessageID {
			t.Errorf("part %d has the id %s, want %s", i+1, id, a.Envelope.Parts[i].MessageID)
		}
		if whole := strings.Contains(o.text, "Zażółć gęślą jaźń."); whole != (i == 0) {
			t.Errorf("part %d has the whole body: %v", i+1, whole)
		}
	}
	if a.Envelope.Parts[0].MessageID != a.Envelope.MessageID || a.Envelope.Parts[1].MessageID == a.Envelope.Parts[2].MessageID {
		t.Errorf("ids %v", a.Envelope.Parts)
	}
	if _, again := inThree(t, m); again.Digest != a.Digest || again.Content != a.Content {
		t.Error("the same report is another mail")
	}
}

// TestNothingFitsAlone: a sheet that is too large even alone makes the split fail, as does a template, which has no sheets.
func TestNothingFitsAlone(t *testing.T) {
	_, err := divided(t, target(), 40_000).Render(t.Context(), threeSheets(), deliveryKey(), t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "with czaty - Summary.xlsx alone, and max_message_size is 40.0 kB") {
		t.Errorf("got %v", err)
	}
	doc := threeSheets()
	doc.Template = &outputs.Template{}
	if _, err := divided(t, target(), 20_000).Render(t.Context(), doc, deliveryKey(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "with czaty.xlsx alone") {
		t.Errorf("got %v", err)
	}
}

// TestTroubleBetweenParts: who gets one part and misses a later one is in doubt, whatever the reason, and nobody else is.
func TestTroubleBetweenParts(t *testing.T) {
	later := &smtp.SMTPError{Code: 451, Message: "later"}
	never := &smtp.SMTPError{Code: 554, Message: "spam"}
	for _, test := range []struct {
		name       string
		each       bool
		rcpt, data map[int]error
		hanging    int // the connection breaks instead of the answer to that message
		closing    int
		want       string
		arrived    int
		to         []int // how many got each part
		err        string
		doubt      bool
	}{
		{name: "refused for good at the first", rcpt: map[int]error{2: never}, want: "ARAA", arrived: 3, to: []int{3, 3, 3}},
		{name: "refused for the moment at the first", rcpt: map[int]error{2: later}, want: "ATAA", arrived: 3, to: []int{3, 3, 3}},
		{name: "refused at the second", rcpt: map[int]error{6: never}, want: "ADAA", arrived: 3, to: []int{4, 3, 3}, doubt: true, err: "1 of 3 mails arrived, and then the server refused leads@example.com (554"},
		{name: "refused for the moment at the third", rcpt: map[int]error{9: later}, want: "DAAA", arrived: 3, to: []int{4, 4, 3}, doubt: true, err: "2 of 3 mails arrived"},
		{name: "nobody is taken at the second", rcpt: map[int]error{5: never, 6: later, 7: never, 8: later}, want: "DDDD", arrived: 1, to: []int{4}, doubt: true, err: "1 of 3 mails arrived"},
		{name: "the first is refused", data: map[int]error{1: never}, want: "TTTT", err: "refused the message: 554"},
		{name: "the second is refused", data: map[int]error{2: later}, want: "DDDD", arrived: 1, to: []int{4}, doubt: true, err: "1 of 3 mails arrived: 127"},
		{name: "no answer to the second", hanging: 2, want: "DDDD", arrived: 1, to: []int{4}, doubt: true, err: "1 of 3 mails arrived: the message was handed over"},
		{name: "no answer to the first", hanging: 1, want: "DDDD", doubt: true, err: "the message was handed over"},
		{name: "a connection for each", closing: 1, want: "AAAA", arrived: 3, to: []int{4, 4, 4}},

		{name: "each, refused at a second", each: true, rcpt: map[int]error{5: never}, want: "ADA", arrived: 7, doubt: true, err: "leads@example.com: 1 of 3 mails arrived: 554"},
		{name: "each, refused at a first", each: true, rcpt: map[int]error{4: never}, want: "ARA", arrived: 6},
		{name: "each, a message refused", each: true, data: map[int]error{3: later}, want: "DAA", arrived: 8, doubt: true, err: "grazyna@example.com: 2 of 3 mails arrived"},
		{name: "each, a connection for each", each: true, closing: 1, want: "AAA", arrived: 9},
	} {
		t.Run(test.name, func(t *testing.T) {
			box := &mailbox{}
			var backend smtp.Backend = &moody{mailbox: box, rcpt: test.rcpt, data: test.data, closing: test.closing}
			if test.hanging > 0 {
				backend = &hanging{mailbox: box, at: test.hanging}
			}
			server := box.serve(t, "starttls", func(s *smtp.Server) { s.Backend = backend })
			m := target()
			m.Outbox, m.Server = nil, &server
			if test.each {
				m = eachOf(&server)
			}
			s, a := inThree(t, m)
			receipt, err := s.Deliver(t.Context(), a, deliveryKey())
			if letters(receipt.Replies) != test.want || len(box.mails) != test.arrived {
				t.Errorf("replies %s and %d arrived, want %s and %d: %+v", letters(receipt.Replies), len(box.mails), test.want, test.arrived, receipt.Replies)
			}
			var to []int
			for _, got := range box.mails {
				to = append(to, len(got.to))
			}
			if !test.each && !slices.Equal(to, test.to) {
				t.Errorf("the parts went to %v, want %v", to, test.to)
			}
			if (err != nil) != (test.err != "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("error %v, want %q", err, test.err)
			}
			if outputs.IsInDoubt(err) != test.doubt || outputs.IsTemporary(err) {
				t.Errorf("in doubt %v, temporary %v: %v", outputs.IsInDoubt(err), outputs.IsTemporary(err), err)
			}
			for _, r := range receipt.Replies {
				if r.InDoubt && test.hanging != 1 && !strings.Contains(r.Text, " of 3 mails arrived: ") {
					t.Errorf("%s is told %q", r.Recipient, r.Text)
				}
			}
		})
	}
}

// TestNoPartWhereOneIsTooLarge: what the server says of its bound is asked before the first part is sent.
func TestNoPartWhereOneIsTooLarge(t *testing.T) {
	box := &mailbox{}
	const most = 36_500
	server := box.serve(t, "starttls", func(s *smtp.Server) { s.MaxMessageBytes = most })
	m := target()
	m.Outbox, m.Server = nil, &server
	s, a := inThree(t, m)
	if parts := a.Envelope.Parts; parts[0].Size > most || parts[2].Size < most {
		t.Fatalf("the last is not the one that is too large: %+v", parts)
	}
	receipt, err := s.Deliver(t.Context(), a, deliveryKey())
	if err == nil || !strings.Contains(err.Error(), "takes messages of up to 36.5 kB") || len(box.mails) != 0 {
		t.Errorf("%+v, %v, %d arrived", receipt, err, len(box.mails))
	}
}

func TestSplitIntoAnOutbox(t *testing.T) {
	for _, test := range []struct {
		each bool
		want []string
	}{
		{false, []string{"-1of3.eml", "-2of3.eml", "-3of3.eml"}},
		{true, []string{"-1of3-1.eml", "-1of3-2.eml", "-1of3-3.eml", "-2of3-1.eml", "-2of3-2.eml", "-2of3-3.eml", "-3of3-1.eml", "-3of3-2.eml", "-3of3-3.eml"}},
	} {
		m := target()
		if test.each {
			m = eachOf(nil)
		}
		m.Outbox = &outputs.Folder{Root: t.TempDir(), Path: "."}
		s, a := inThree(t, m)
		if _, err := s.Deliver(t.Context(), a, deliveryKey()); err != nil {
			t.Fatal(err)
		}
		files, err := os.ReadDir(m.Outbox.Root)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range files {
			names = append(names, strings.TrimPrefix(f.Name(), strings.TrimSuffix(a.Name, messageEnding)))
		}
		if !slices.Equal(names, test.want) {
			t.Errorf("files %v, want %v", names, test.want)
		}
	}
}

var attachmentNames = regexp.MustCompile(`attachment;\s+filename="([^"]+)"`)

// TestSpread: several attachments keep their order, and come in as few mails as that allows; rows that a zip makes small
// go as one, a workbook as it is.
func TestSpread(t *testing.T) {
	m := target()
	m.Individually, m.MaxSize, m.Oversize = false, 40_000, []string{outputs.OversizeZip, outputs.OversizeSplit}
	m.Attachments = []outputs.Attachment{
		{Name: "a.xlsx"}, {Name: "b.xlsx"}, {Name: "c.csv", Data: outputs.DataFormat{Dataset: "by_day"}}, {Name: "c.xlsx"}, {Name: "d.xlsx"},
	}
	noise := make([]byte, 10_000) // as no zip makes it smaller
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise)
	s, err := New(m, func(data outputs.DataFormat) map[string]outputs.Renderer {
		return map[string]outputs.Renderer{".xlsx": workbook{noise}, ".csv": rows{data}}
	}, Options{Now: func() time.Time { return moment }})
	if err != nil {
		t.Fatal(err)
	}
	doc := document()
	doc.Datasets = reported(t).Datasets
	a, err := s.Render(t.Context(), doc, deliveryKey(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, part := range a.Parts() {
		data := contentOf(t, part.Path)[part.Offset : part.Offset+part.Size]
		var names []string
		for _, found := range attachmentNames.FindAllSubmatch(data, -1) {
			names = append(names, string(found[1]))
		}
		got = append(got, strings.Join(names, " "))
		if part.Size > m.MaxSize {
			t.Errorf("a part has %d bytes", part.Size)
		}
	}
	if want := []string{"a.xlsx b.xlsx c.zip", "c.xlsx d.xlsx"}; !slices.Equal(got, want) {
		t.Errorf("the parts have %q, want %q", got, want)
	}
}
