// Package html turns blocks into the two bodies of a mail: HTML that holds in Outlook, in Gmail and on a phone,
// and a text part that says the same.
//
// Mail programs know a small, old HTML: tables for layout, styles written on each element, nothing loaded from
// elsewhere. What newer ones understand (a style element, media queries) is used only to make it nicer:
// tiles that fill a phone's width, and colours for a dark screen.
package html

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"github.com/reportform/reportform/outputs"
)

// DefaultRows is how many rows of a table a mail shows where its block sets no limit: a mail is read, a workbook is searched.
const DefaultRows = 50

// Letter is what a mail says, in both of its bodies.
type Letter struct {
	HTML, Text []byte
	// Inline are the pictures that HTML names, each once, in order.
	Inline []Inline
	// Content is the digest of all that is said, pictures included, without the run's own values.
	Content outputs.Digest
}

// Inline is a picture within a mail.
type Inline struct {
	// ID is its Content-ID without angle brackets; it comes from Data.
	ID string
	// Name is a file name, MediaType as in RFC 2046.
	Name, MediaType string
	Data            []byte
}

// Body renders blocks as a mail. Without blocks it takes the document's body, and without one of those the first sheet's
// kpis and tables. Same document, same bytes.
//
// A table that is cut says how many rows it has. That the attachment has them all it says only if a sheet of doc shows
// that dataset whole: who sends nothing along hands in a document without sheets.
func Body(doc outputs.Document, blocks []outputs.Block) (Letter, error) {
	if len(blocks) == 0 {
		blocks = Blocks(doc)
	}
	l, err := newLetter(doc, blocks)
	if err != nil {
		return Letter{}, err
	}
	var out bytes.Buffer
	if err := page.Execute(&out, l); err != nil {
		return Letter{}, err
	}
	said := Letter{HTML: out.Bytes(), Text: l.text()}
	sum := sha256.New()
	_, _ = sum.Write(said.Text)
	_, _ = sum.Write(said.HTML)
	said.Content = outputs.Digest("sha256:" + hex.EncodeToString(sum.Sum(nil)))
	return said, nil
}

// Page renders the same HTML as a page of its own, for a preview.
func Page(doc outputs.Document, blocks []outputs.Block) ([]byte, error) {
	l, err := Body(doc, blocks)
	return l.HTML, err
}

// Blocks are what a mail says: the document's body, or the first sheet's kpis and tables.
func Blocks(doc outputs.Document) []outputs.Block {
	if len(doc.Body) > 0 || len(doc.Sheets) == 0 {
		return doc.Body
	}
	var blocks []outputs.Block
	for _, b := range doc.Sheets[0].Blocks {
		switch b.(type) {
		case outputs.KPIs, outputs.TableBlock:
			blocks = append(blocks, b)
		}
	}
	return blocks
}
