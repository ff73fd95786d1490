package email

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/outputstest"
)

// opened is a message as a reader's program sees it.
type opened struct {
	header     mail.Header
	text, html string
	names      []string
	files      [][]byte
}

// open takes a message apart with the standard library, and fails where it is not built as promised.
func open(t *testing.T, raw []byte) opened {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	o := opened{header: m.Header}
	o.walk(t, m.Header.Get("Content-Type"), m.Body, 0)
	return o
}

func (o *opened) walk(t *testing.T, contentType string, body io.Reader, depth int) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatalf("Content-Type %q: %v", contentType, err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		t.Fatalf("part of type %s where a multipart was expected", kind)
	}
	parts := multipart.NewReader(body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		switch partType, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type")); {
		case partType == "multipart/alternative" && depth == 0:
			o.walk(t, p.Header.Get("Content-Type"), p, 1)
		case partType == "text/plain":
			o.text = readAll(t, quotedprintable.NewReader(p))
		case partType == "text/html":
			o.html = readAll(t, quotedprintable.NewReader(p))
		case partType == workbook{}.MediaType():
			if !strings.HasPrefix(p.Header.Get("Content-Disposition"), "attachment") || p.Header.Get("Content-Transfer-Encoding") != "base64" {
				t.Errorf("attachment with header %v", p.Header)
			}
			o.names = append(o.names, p.FileName())
			o.files = append(o.files, []byte(readAll(t, base64.NewDecoder(base64.StdEncoding, p))))
		default:
			t.Errorf("unexpected part %v", p.Header)
		}
	}
}

func readAll(t *testing.T, r io.Reader) string {
	t.Helper()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestMessageReadsBack(t *testing.T) {
	want := target()
	a := rendered(t, sender(t, want, Options{}))
	raw := contentOf(t, a.Path)
	o := open(t, raw)

	subject, err := new(mime.WordDecoder).DecodeHeader(o.header.Get("Subject"))
	if err != nil || subject != want.Subject {
		t.Errorf("subject %q (%v), want %q", subject, err, want.Subject)
	}
	for field, addresses := range map[string][]*mail.Address{"From": {want.From}, "To": want.To, "Cc": want.Cc, "Reply-To": {want.ReplyTo}} {
		got, err := o.header.AddressList(field)
		if err != nil {
			t.Fatalf("%s: %v", field, err)
		}
		if !slices.EqualFunc(got, addresses, func(a, b *mail.Address) bool { return *a == *b }) {
			t.Errorf("%s is %v, want %v", field, got, addresses)
		}
	}
	if date, err := o.header.Date(); err != nil || !date.Equal(moment) {
		t.Errorf("date %v (%v), want %v", date, err, moment)
	}
	if got := o.header.Get("Message-ID"); got != a.Envelope.MessageID || !strings.HasSuffix(got, "@example.com>") {
		t.Errorf("Message-ID %s, want %s at the sender's domain", got, a.Envelope.MessageID)
	}
	if got := o.header.Get("Auto-Submitted"); got != "auto-generated" {
		t.Errorf("Auto-Submitted is %q", got)
	}
	if !strings.Contains(o.text, "Zażółć gęślą jaźń.\r\n") || !strings.Contains(o.html, "Zażółć gęślą jaźń.") {
		t.Errorf("the bodies lost Polish text:\n%s\n%s", o.text, o.html)
	}
	if !slices.Equal(o.names, namesOf(want)) || len(o.files) != 1 || !bytes.Equal(o.files[0], everyByte) {
		t.Errorf("attachments %q with %d files differ", o.names, len(o.files))
	}
	if a.Size != int64(len(raw)) || a.Sheets != 2 || a.Rows != 419 || a.MediaType != "message/rfc822" {
		t.Errorf("artifact %+v", a)
	}
	wantRecipients := []string{"grazyna@example.com", "leads@example.com", "anna@example.com", "hidden@example.com"}
	if !slices.Equal(a.Envelope.Recipients, wantRecipients) {
		t.Errorf("recipients %v, want %v", a.Envelope.Recipients, wantRecipients)
	}
}

func TestOnlyKnownHeaders(t *testing.T) {
	o := open(t, contentOf(t, rendered(t, sender(t, target(), Options{})).Path))
	var names []string
	for name := range o.header {
		names = append(names, name)
	}
	slices.Sort(names)
	want := []string{
		"Auto-Submitted", "Cc", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Reply-To", "Subject", "To", "X-Auto-Response-Suppress",
	}
	if !slices.Equal(names, want) {
		t.Errorf("headers %v, want %v", names, want)
	}
}

func TestNothingLeaks(t *testing.T) {
	raw := string(contentOf(t, rendered(t, sender(t, target(), Options{})).Path))
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for _, leak := range []string{host, "go-mail", "hidden@example.com", "Ukryty", "Bcc"} {
		if strings.Contains(raw, leak) {
			t.Errorf("the message holds %q", leak)
		}
	}
}

func TestBccAloneStillHasATo(t *testing.T) {
	want := target()
	want.To, want.Cc = nil, nil
	raw := contentOf(t, rendered(t, sender(t, want, Options{})).Path)
	if got := open(t, raw).header.Get("To"); got != "undisclosed-recipients:;" {
		t.Errorf("To is %q", got)
	}
}

func TestWithoutAttachment(t *testing.T) {
	want := target()
	want.Attachments = nil
	s, err := New(want, nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	doc := outputstest.Document()
	doc.Body = []outputs.Block{outputs.TableBlock{Dataset: "agents", Table: doc.Sheets[0].Blocks[1].(outputs.TableBlock).Table, Limit: 1}}
	a, err := s.Render(t.Context(), doc, deliveryKey(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o := open(t, contentOf(t, a.Path))
	if !strings.Contains(o.html, "Pokazano wierszy: 1 z 2.") || !strings.Contains(o.text, "Pokazano wierszy: 1 z 2.") || len(o.files) != 0 {
		t.Errorf("%d files with\n%s", len(o.files), o.text)
	}
}

func TestTwoAttachments(t *testing.T) {
	want := target()
	want.Attachments = attach("one.xlsx", "two.xlsx")
	o := open(t, contentOf(t, rendered(t, sender(t, want, Options{})).Path))
	if !slices.Equal(o.names, namesOf(want)) || !bytes.Equal(o.files[0], everyByte) || !bytes.Equal(o.files[1], everyByte) {
		t.Errorf("attachments %q differ", o.names)
	}
}

func TestSameInputSameBytes(t *testing.T) {
	first := rendered(t, sender(t, target(), Options{}))
	again := rendered(t, sender(t, target(), Options{}))
	if !bytes.Equal(contentOf(t, first.Path), contentOf(t, again.Path)) || first.Digest != again.Digest {
		t.Error("two renders differ")
	}
	later := rendered(t, sender(t, target(), Options{Now: func() time.Time { return moment.Add(time.Hour) }}))
	if later.Content != first.Content || later.Envelope.MessageID != first.Envelope.MessageID {
		t.Error("the content or the Message-ID depends on the moment")
	}
	if later.Digest == first.Digest {
		t.Error("the digest of the bytes does not see another date")
	}
}

func TestMessageIDTellsMessagesApart(t *testing.T) {
	id := func(change func(*outputs.Key, *outputs.Document)) string {
		key, doc := deliveryKey(), document()
		change(&key, &doc)
		a, err := sender(t, target(), Options{}).Render(t.Context(), doc, key, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return a.Envelope.MessageID
	}
	seen := map[string]string{}
	for name, change := range map[string]func(*outputs.Key, *outputs.Document){
		"as it is": func(*outputs.Key, *outputs.Document) {},
		"project":  func(k *outputs.Key, _ *outputs.Document) { k.Project = "x" },
		"address":  func(k *outputs.Key, _ *outputs.Document) { k.Address = "x.y" },
		"range":    func(k *outputs.Key, _ *outputs.Document) { k.Range = "2026-11-16" },
		"attempt":  func(k *outputs.Key, _ *outputs.Document) { k.Attempt = 2 },
		"content":  func(_ *outputs.Key, d *outputs.Document) { d.Title = "x" },
	} {
		got := id(change)
		if other, ok := seen[got]; ok {
			t.Errorf("%s and %s have the same Message-ID", name, other)
		}
		seen[got] = name
	}
}

// TestRepeat: what says the same as the attempt before is the same message to the byte, days later and with some served
// already; what says something else is another message.
func TestRepeat(t *testing.T) {
	first := rendered(t, sender(t, target(), Options{}))
	later := Options{Now: func() time.Time { return moment.Add(72 * time.Hour) }}
	recorded, err := json.Marshal(outputs.Attempt{Number: first.Envelope.Attempt, Content: first.Content, Date: first.Envelope.Date})
	if err != nil {
		t.Fatal(err)
	}
	key := deliveryKey()
	key.Attempt = 3
	if err := json.Unmarshal(recorded, &key.Last); err != nil {
		t.Fatal(err)
	}
	render := func(want outputs.MailTarget, o Options, key outputs.Key) outputs.Artifact {
		t.Helper()
		a, err := sender(t, want, o).Render(t.Context(), document(), key, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return a
	}

	resumed := target()
	resumed.Served = []string{"Grazyna@example.com", "hidden@example.com"}
	again := render(resumed, later, key)
	if !bytes.Equal(contentOf(t, again.Path), contentOf(t, first.Path)) || again.Digest != first.Digest {
		t.Error("the repeat differs")
	}
	if got := again.Envelope; got.Attempt != 1 || got.MessageID != first.Envelope.MessageID || !got.Date.Equal(moment) ||
		!slices.Equal(got.Recipients, []string{"leads@example.com", "anna@example.com"}) {
		t.Errorf("envelope %+v", got)
	}

	corrected := target()
	corrected.Subject = "Corrected"
	other := render(corrected, later, key)
	if got := other.Envelope; got.Attempt != 3 || got.MessageID == first.Envelope.MessageID || !got.Date.Equal(moment.Add(72*time.Hour)) {
		t.Errorf("envelope of a correction %+v", got)
	}
	// The next repeats the correction, and not the first.
	key.Attempt, key.Last = 4, &outputs.Attempt{Number: 3, Content: other.Content, Date: other.Envelope.Date}
	if third := render(corrected, Options{}, key); third.Digest != other.Digest || third.Envelope.Attempt != 3 {
		t.Errorf("the repeat of a correction: %+v", third.Envelope)
	}
	// Without an attempt before, it is its own.
	key.Last = nil
	if fresh := render(target(), Options{}, key); fresh.Envelope.Attempt != 4 || fresh.Envelope.MessageID == first.Envelope.MessageID {
		t.Errorf("envelope %+v", fresh.Envelope)
	}
}

func TestNobodyIsLeft(t *testing.T) {
	want := target()
	want.Served = []string{"grazyna@example.com", "LEADS@example.com", "anna@example.com", "hidden@example.com"}
	if _, err := New(want, formats(workbook{}), Options{}); err == nil || !strings.Contains(err.Error(), "nobody is left") {
		t.Errorf("got %v", err)
	}
}

func TestContentIsWhatIsSaid(t *testing.T) {
	first := rendered(t, sender(t, target(), Options{})).Content
	more := target()
	more.To = append(more.To, &mail.Address{Address: "new@example.com"})
	if rendered(t, sender(t, more, Options{})).Content != first {
		t.Error("another recipient is another content")
	}
	other := target()
	other.Subject += "!"
	if rendered(t, sender(t, other, Options{})).Content == first {
		t.Error("another subject is the same content")
	}
}

func TestRenderLeavesOnlyTheMessage(t *testing.T) {
	dir := t.TempDir()
	a, err := sender(t, target(), Options{}).Render(t.Context(), document(), deliveryKey(), dir)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || filepath.Join(dir, entries[0].Name()) != a.Path {
		t.Errorf("the folder holds %v", entries)
	}
}

func TestMessageTooLarge(t *testing.T) {
	want := target()
	want.MaxSize = 5000
	_, err := sender(t, want, Options{}).Render(t.Context(), document(), deliveryKey(), t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "max_message_size") {
		t.Errorf("got %v", err)
	}
}

// TestPythonReadsIt asks another implementation, one that many servers and tools are built on.
func TestPythonReadsIt(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed: its email package cannot judge the message")
	}
	const script = `
import sys, json, email, email.policy, hashlib
m = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
files = list(m.iter_attachments())
defects = [str(d) for p in m.walk() for d in p.defects]
print(json.dumps({
  "subject": str(m["subject"]), "to": [a.display_name for a in m["to"].addresses], "defects": defects,
  "text": m.get_body(("plain",)).get_content(), "html": m.get_body(("html",)).get_content(),
  "names": [f.get_filename() for f in files], "types": [f.get_content_type() for f in files],
  "hex": [f.get_content().hex() for f in files]}))`
	want := target()
	a := rendered(t, sender(t, want, Options{}))
	out, err := exec.Command(python, "-c", script, a.Path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Subject, Text, HTML            string
		To, Defects, Names, Types, Hex []string
	}
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if got.Subject != want.Subject || got.To[0] != want.To[0].Name || len(got.Defects) > 0 {
		t.Errorf("subject %q, to %q, defects %q", got.Subject, got.To, got.Defects)
	}
	if !strings.Contains(got.Text, "Zażółć gęślą jaźń.") || !strings.Contains(got.HTML, "Zażółć gęślą jaźń.") {
		t.Errorf("bodies differ:\n%s\n%s", got.Text, got.HTML)
	}
	if !slices.Equal(got.Names, namesOf(want)) || got.Types[0] != (workbook{}).MediaType() || got.Hex[0] != hexOf(everyByte) {
		t.Errorf("attachment %q of type %q differs", got.Names, got.Types)
	}
}
