// Package markdown writes a document as GitHub-flavoured Markdown: for a file in a repository, and for the summary of a
// pipeline's step.
package markdown

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/reportform/reportform/outputs"
)

// MediaType of a file of this kind.
const MediaType = "text/markdown; charset=utf-8"

// Renderer writes Markdown. The zero value works.
type Renderer struct{}

var _ outputs.Renderer = Renderer{}

// MediaType as in RFC 2046.
func (Renderer) MediaType() string { return MediaType }

// Render writes all sheets to one page.
func (Renderer) Render(_ context.Context, doc outputs.Document, path string) (outputs.Rendered, error) {
	p, err := newPage(doc)
	if err != nil {
		return outputs.Rendered{}, err
	}
	said := sha256.Sum256(p.out.Bytes())
	p.foot()
	if _, err := outputs.WriteFile(path, func(w *bufio.Writer) error {
		_, err := w.Write(p.out.Bytes())
		return err
	}); err != nil {
		return outputs.Rendered{}, err
	}
	return outputs.Rendered{Rows: p.rows, Content: outputs.DigestOf(said[:])}, nil
}

// page is the Markdown in the making.
type page struct {
	out   bytes.Buffer
	doc   outputs.Document
	words outputs.Vocabulary
	rows  int
}

// newPage writes all but the foot, which tells of the run.
func newPage(doc outputs.Document) (*page, error) {
	p := &page{doc: doc, words: outputs.Words(doc.Locale)}
	p.part("# " + escape(doc.Title))
	p.part(lines(doc.Range))
	for _, n := range doc.Notices {
		p.part("> " + strings.ReplaceAll(lines(n), "\n", "\n> "))
	}
	for _, s := range doc.Sheets {
		level := "## "
		if len(doc.Sheets) > 1 {
			p.part(level + escape(s.Name))
			level = "### "
		}
		for i, b := range s.Blocks {
			if h, ok := b.(outputs.Heading); ok && i == 0 && (h.Text == doc.Title || h.Text == s.Name) {
				continue // It stands above them already.
			}
			if err := p.block(b, level); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}

// part adds what stands by itself, an empty line before it.
func (p *page) part(s string) {
	switch {
	case strings.TrimSpace(s) == "":
		return
	case p.out.Len() > 0:
		p.out.WriteString("\n")
	}
	p.out.WriteString(strings.TrimRight(s, "\n") + "\n")
}

func (p *page) block(b outputs.Block, level string) error {
	switch b := b.(type) {
	case outputs.Heading:
		p.part(level + escape(b.Text))
	case outputs.Text:
		p.part(lines(b.Text))
	case outputs.KPIs:
		p.kpis(b)
	case outputs.TableBlock:
		return p.table(b)
	case outputs.Chart:
		return p.chart(b)
	case outputs.Image:
		if b.Alt != "" {
			p.part("*" + escape(b.Alt) + "*")
		}
	default:
		return fmt.Errorf("a Markdown file cannot show a block of type %T", b)
	}
	return nil
}

// foot says where the figures come from. The commit is the run's own, and no part of what is said.
func (p *page) foot() {
	a := p.doc.About
	if a == nil {
		return
	}
	p.part("---")
	p.part(escape(p.words.Definition(a.Definition, a.Commit)))
}
