package email

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// outline is a message's tree: what holds what, and under which names.
func outline(t *testing.T, contentType string, body io.Reader, files map[string][]byte) string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatalf("Content-Type %q: %v", contentType, err)
	}
	if !strings.HasPrefix(kind, "multipart/") {
		return strings.TrimPrefix(kind, "text/")
	}
	var inner []string
	for r := multipart.NewReader(body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		said := outline(t, p.Header.Get("Content-Type"), p, files)
		if disposition, _, _ := strings.Cut(p.Header.Get("Content-Disposition"), ";"); disposition != "" {
			said = disposition + " " + p.FileName()
			files[p.FileName()] = []byte(readAll(t, base64.NewDecoder(base64.StdEncoding, p)))
			if id := p.Header.Get("Content-Id"); id != "" {
				files["cid:"+strings.Trim(id, "<>")] = nil
			}
		}
		inner = append(inner, said)
	}
	return strings.TrimPrefix(kind, "multipart/") + "(" + strings.Join(inner, ", ") + ")"
}

func outlineOf(t *testing.T, a outputs.Artifact) (string, map[string][]byte) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(contentOf(t, a.Path)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	return outline(t, m.Header.Get("Content-Type"), m.Body, files), files
}

// rows writes a dataset's numbers, one a line, and says whose they are.
type rows struct{ data outputs.DataFormat }

func (rows) MediaType() string { return "text/csv; charset=utf-8" }

func (r rows) Render(_ context.Context, doc outputs.Document, path string) (outputs.Rendered, error) {
	text := fmt.Sprintf("%s %d sheets\n", r.data.Dataset, len(doc.Sheets))
	return outputs.Rendered{Rows: 3, Content: outputs.Digest(text)}, os.WriteFile(path, []byte(text+strings.Repeat("1234567\n", 5000)), 0o600)
}

func severalFormats(data outputs.DataFormat) map[string]outputs.Renderer {
	return map[string]outputs.Renderer{".xlsx": workbook{everyByte}, ".csv": rows{data}}
}

// reported is a document with a picture and a dataset.
func reported(t *testing.T) outputs.Document {
	t.Helper()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	doc := document()
	doc.Modified = moment
	doc.Body = append(doc.Body, outputs.Image{Data: picture.Bytes(), MediaType: "image/png", Alt: "Logo"})
	doc.Datasets = []outputs.Dataset{{Name: "by_day", Table: table.FromValues([]table.Field{{Name: "n", Type: expr.Integer}}, nil)}}
	return doc
}

func renderedOf(t *testing.T, m outputs.MailTarget, doc outputs.Document) (outputs.Artifact, error) {
	t.Helper()
	s, err := New(m, severalFormats, Options{Now: func() time.Time { return moment }})
	if err != nil {
		t.Fatal(err)
	}
	return s.Render(t.Context(), doc, deliveryKey(), t.TempDir())
}

// TestParts: pictures belong to the HTML, and not among the attachments.
func TestParts(t *testing.T) {
	doc := reported(t)
	plain := document()
	for _, test := range []struct {
		name   string
		doc    outputs.Document
		attach []outputs.Attachment
		want   string
	}{
		{"text", plain, nil, "alternative(plain, html)"},
		{"picture", doc, nil, "alternative(plain, related(html, inline PICTURE))"},
		{"attachment", plain, attach("a.xlsx"), "mixed(alternative(plain, html), attachment a.xlsx)"},
		{"all", doc, append(attach("a.xlsx", "żółć.xlsx"), outputs.Attachment{Name: "d.csv", Data: outputs.DataFormat{Dataset: "by_day"}}),
			"mixed(alternative(plain, related(html, inline PICTURE)), attachment a.xlsx, attachment żółć.xlsx, attachment d.csv)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := target()
			m.Attachments = test.attach
			a, err := renderedOf(t, m, test.doc)
			if err != nil {
				t.Fatal(err)
			}
			got, files := outlineOf(t, a)
			raw := contentOf(t, a.Path)
			for name := range files {
				if strings.HasSuffix(name, ".png") {
					got = strings.Replace(got, name, "PICTURE", 1)
				}
				if strings.HasPrefix(name, "cid:") && !bytes.Contains(bytes.ReplaceAll(raw, []byte("=\r\n"), nil), []byte(name)) {
					t.Errorf("nothing names the picture %s", name)
				}
			}
			if got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			if data, ok := files["d.csv"]; ok && !bytes.HasPrefix(data, []byte("by_day 1 sheets\n")) {
				t.Errorf("the rows are %.20q", data)
			}
			if data, ok := files["żółć.xlsx"]; ok && !bytes.Equal(data, everyByte) {
				t.Error("a workbook of two is not whole")
			}
			for line := range bytes.Lines(raw) {
				if len(line) > 102 {
					t.Errorf("a line of %d characters: %q", len(line), line)
				}
			}
		})
	}
}

// TestOversize: one step after the other, until it fits; the mail says which and why.
func TestOversize(t *testing.T) {
	both := append(attach("a.xlsx"), outputs.Attachment{Name: "d.csv", Data: outputs.DataFormat{Dataset: "by_day"}})
	for _, test := range []struct {
		name     string
		attach   []outputs.Attachment
		limit    int64
		oversize []string
		want     string
		step     string
		err      string
	}{
		{"fits", both[1:], 200_000, []string{"zip", "notice"}, "mixed(alternative(plain, html), attachment d.csv)", "", ""},
		{"zip", both[1:], 40_000, []string{"zip", "notice"}, "mixed(alternative(plain, html), attachment d.zip)", "zip", ""},
		{"zip of several", both, 40_000, []string{"zip"}, "mixed(alternative(plain, html), attachment weekly-chats.leads-2026-11-09--2026-11-15.zip)", "zip", ""},
		{"notice", both[1:], 7200, []string{"zip", "notice"}, "alternative(plain, html)", "notice", ""},
		{"notice at once", both[1:], 40_000, []string{"notice"}, "alternative(plain, html)", "notice", ""},
		{"no step", both[1:], 40_000, nil, "", "", "max_message_size is 40.0 kB; say oversize: [zip, split, notice]"},
		{"not by a zip", both[1:], 7200, []string{"zip"}, "", "", "with its attachments in a zip, and max_message_size is 7.2 kB; say oversize: [zip, split, notice]"},
		{"not at all", both[1:], 2000, []string{"zip", "notice"}, "", "", "and max_message_size is 2.0 kB"},
		{"nothing attached", nil, 2000, []string{"zip", "notice"}, "", "", "and max_message_size is 2.0 kB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := target()
			m.Attachments, m.MaxSize, m.Oversize, m.Elsewhere = test.attach, test.limit, test.oversize, []string{"out/a.xlsx"}
			doc := reported(t)
			doc.Body = doc.Body[:1]
			a, err := renderedOf(t, m, doc)
			if test.err != "" {
				if err == nil || !strings.HasSuffix(err.Error(), test.err) && !strings.Contains(err.Error(), test.err+" of the") {
					t.Fatalf("got %v, want %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, files := outlineOf(t, a)
			if got != test.want || a.Envelope.Oversize != test.step || a.Size > test.limit {
				t.Errorf("%s by %q with %d bytes, want %s", got, a.Envelope.Oversize, a.Size, test.want)
			}
			text := strings.Join(strings.Fields(open(t, withoutZips(contentOf(t, a.Path))).text), " ")
			for _, words := range map[string][]string{
				"zip":    {"Za duże na tę wiadomość: ", "Zamiast tego dołączono plik zip."},
				"notice": {"Za duże na tę wiadomość: d.csv.", "Nie dołączono. Raport zapisano także tutaj: out/a.xlsx."},
			}[test.step] {
				if !strings.Contains(text, words) {
					t.Errorf("%q is not in the mail: %s", words, text)
				}
			}
			for name, data := range files {
				if strings.HasSuffix(name, ".zip") && !slices.Equal(zippedNames(t, data), namesOf(m)) {
					t.Errorf("%s holds %v", name, zippedNames(t, data))
				}
			}
			again, err := renderedOf(t, m, doc)
			if err != nil || again.Content != a.Content || again.Digest != a.Digest {
				t.Errorf("a second time it says something else: %v", err)
			}
		})
	}
}

// withoutZips lets the reader of this package's messages take a zip for a workbook.
func withoutZips(raw []byte) []byte {
	for _, kind := range []string{"application/zip", "text/csv; charset=utf-8"} {
		raw = bytes.ReplaceAll(raw, []byte(kind), []byte(workbook{}.MediaType()))
	}
	return raw
}

func zippedNames(t *testing.T, data []byte) []string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
		if !f.Modified.Equal(moment) {
			t.Errorf("%s is of %s, not of the report's own time", f.Name, f.Modified)
		}
	}
	return names
}

func TestAttachmentsAreChecked(t *testing.T) {
	for want, list := range map[string][]outputs.Attachment{
		`nothing writes the format of the attachment "a.pdf"`: attach("a.pdf"),
		`two attachments are named "A.xlsx"`:                  attach("a.xlsx", "A.xlsx"),
	} {
		m := target()
		m.Attachments = list
		if _, err := New(m, severalFormats, Options{}); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	m := target()
	m.Attachments = []outputs.Attachment{{Name: "a.csv", Data: outputs.DataFormat{Dataset: "by_dya"}}}
	if _, err := renderedOf(t, m, reported(t)); err == nil || !strings.Contains(err.Error(), `the report has no dataset "by_dya"`) {
		t.Errorf("got %v", err)
	}
	m.Attachments, m.Individually = nil, true
	if _, err := New(m, nil, Options{}); err == nil || !strings.Contains(err.Error(), "have no copies") {
		t.Errorf("got %v", err)
	}
}
