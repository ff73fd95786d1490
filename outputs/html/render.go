package html

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"

	"github.com/reportform/reportform/outputs"
)

// MediaType of a page.
const MediaType = "text/html; charset=utf-8"

// Renderer writes all sheets of a document as one page that needs no other file. The zero value works.
type Renderer struct{}

var _ outputs.Renderer = Renderer{}

// MediaType as in RFC 2046.
func (Renderer) MediaType() string { return MediaType }

// Render writes the page.
func (Renderer) Render(_ context.Context, doc outputs.Document, path string) (outputs.Rendered, error) {
	blocks, err := doc.Page()
	if err != nil {
		return outputs.Rendered{}, err
	}
	var rendered outputs.Rendered
	for _, b := range blocks {
		if t, ok := b.(outputs.TableBlock); ok {
			rendered.Rows += min(t.Table.Len(), cmp.Or(t.Limit, PageRows))
		}
	}
	doc.Sheets = nil // No workbook comes with the page, so that a table which is cut must not refer to one.
	html, err := Page(doc, blocks)
	if err != nil {
		return outputs.Rendered{}, err
	}
	said := html
	if doc.About != nil && doc.About.Commit != "" {
		about := *doc.About
		about.Commit = ""
		doc.About = &about
		if said, err = Page(doc, blocks); err != nil {
			return outputs.Rendered{}, err
		}
	}
	sum := sha256.Sum256(said)
	rendered.Content = outputs.DigestOf(sum[:])
	_, err = outputs.WriteFile(path, func(w *bufio.Writer) error {
		_, err := w.Write(html)
		return err
	})
	return rendered, err
}
