package email

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"

	"github.com/reportform/reportform/outputs/html"
)

// part is a message's body, or a piece of it (RFC 2045).
type part interface {
	// header says what it is; write writes what it holds.
	header() textproto.MIMEHeader
	write(w io.Writer) error
}

// parts are the message's body: beside its attachments the text and the HTML, of which a program shows the last that it
// can; and beside the HTML the pictures that belong to it, so that no program lists them among the attachments.
func (m *message) parts() part {
	boundary := func(kind string) string { return fingerprint(kind, string(m.content))[:60] }
	var page part = textPart{"html", m.letter.HTML}
	if len(m.letter.Inline) > 0 {
		related := multi{kind: "related;\r\n type=\"text/html\"", boundary: boundary("related"), inner: []part{page}}
		for _, p := range m.letter.Inline {
			related.inner = append(related.inner, picture{p})
		}
		page = related
	}
	body := multi{kind: "alternative", boundary: boundary("alternative"), inner: []part{textPart{"plain", m.letter.Text}, page}}
	if len(m.files) == 0 {
		return body
	}
	mixed := multi{kind: "mixed", boundary: boundary("mixed"), inner: []part{body}}
	for _, f := range m.files {
		mixed.inner = append(mixed.inner, f)
	}
	return mixed
}

// multi holds other parts. Its boundary comes from the content, so that the same content is the same bytes and no content
// can hold its own boundary.
type multi struct {
	kind, boundary string
	inner          []part
}

func (p multi) header() textproto.MIMEHeader {
	return textproto.MIMEHeader{"Content-Type": {fmt.Sprintf("multipart/%s;\r\n boundary=%s", p.kind, p.boundary)}}
}

func (p multi) write(w io.Writer) error {
	parts := multipart.NewWriter(w)
	if err := parts.SetBoundary(p.boundary); err != nil {
		return err
	}
	for _, inner := range p.inner {
		to, err := parts.CreatePart(inner.header())
		if err != nil {
			return err
		}
		if err := inner.write(to); err != nil {
			return err
		}
	}
	return parts.Close()
}

// textPart is what people read.
type textPart struct {
	kind string // html or plain
	text []byte
}

func (p textPart) header() textproto.MIMEHeader {
	return textproto.MIMEHeader{"Content-Type": {"text/" + p.kind + "; charset=UTF-8"}, "Content-Transfer-Encoding": {"quoted-printable"}}
}

func (p textPart) write(w io.Writer) error {
	q := quotedprintable.NewWriter(w)
	_, err := q.Write(p.text)
	return errors.Join(err, q.Close())
}

// picture stands within the HTML, which names it by its Content-ID.
type picture struct{ html.Inline }

func (p picture) header() textproto.MIMEHeader {
	plain := asciiName(p.Name)
	return textproto.MIMEHeader{
		"Content-Type":              {fmt.Sprintf("%s;\r\n name=\"%s\"", p.MediaType, plain)},
		"Content-Disposition":       {disposition("inline", p.Name, plain)},
		"Content-Id":                {"<" + p.ID + ">"},
		"Content-Transfer-Encoding": {"base64"},
	}
}

func (p picture) write(w io.Writer) error {
	return inBase64(w, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(p.Data))
		return err
	})
}

func (f attached) header() textproto.MIMEHeader {
	plain := asciiName(f.name)
	return textproto.MIMEHeader{
		"Content-Type":              {fmt.Sprintf("%s;\r\n name=\"%s\"", f.mediaType, plain)},
		"Content-Disposition":       {disposition("attachment", f.name, plain)},
		"Content-Transfer-Encoding": {"base64"},
	}
}

func (f attached) write(w io.Writer) error {
	return inBase64(w, func(w io.Writer) error { return copyFile(w, f.path) })
}

// inBase64 writes in lines what content hands on.
func inBase64(w io.Writer, content func(io.Writer) error) error {
	lines := &lineBreaker{w: w}
	encoder := base64.NewEncoder(base64.StdEncoding, lines)
	return errors.Join(content(encoder), encoder.Close(), lines.end())
}

// lineBreaker ends a line after as many characters as base64 may have on one (RFC 2045, section 6.8).
type lineBreaker struct {
	w    io.Writer
	used int
}

func (l *lineBreaker) Write(p []byte) (int, error) {
	const longest = 76
	written := 0
	for len(p) > 0 {
		n := min(longest-l.used, len(p))
		if _, err := l.w.Write(p[:n]); err != nil {
			return written, err
		}
		written, l.used, p = written+n, l.used+n, p[n:]
		if l.used == longest {
			if err := l.end(); err != nil {
				return written, err
			}
		}
	}
	return written, nil
}

// end ends the line that was begun.
func (l *lineBreaker) end() error {
	if l.used == 0 {
		return nil
	}
	l.used = 0
	_, err := io.WriteString(l.w, "\r\n")
	return err
}
