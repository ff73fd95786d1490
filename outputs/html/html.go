// Package html turns blocks into the two bodies of a mail: HTML that holds in Outlook, in Gmail and on a phone,
// and a text part that says the same. The same HTML is a page of its own.
//
// Mail programs know a small, old HTML: tables for layout, styles written on each element, nothing loaded from
// elsewhere; pictures come along with the mail. What newer ones understand (a style element, media queries) is used only
// to make it nicer: tiles that fill a phone's width, and colours for a dark screen.
package html

import (
	"bytes"
	"crypto/sha256"

	"github.com/reportform/reportform/outputs"
)

// DefaultRows is how many rows of a table a mail shows where its block sets no limit: a mail is read, a workbook is searched.
// PageRows is the same of a page.
const (
	DefaultRows = 50
	PageRows    = 1000
)

// mostHTML is how many bytes of HTML a mail has at most: Gmail hides what comes after 102 kB behind a link. Tables that
// make it longer are cut further, and say so.
const mostHTML = 100_000

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
	l, err := newLetter(doc, blocks, &gallery{}, DefaultRows)
	if err != nil {
		return Letter{}, err
	}
	html, err := l.html()
	if err != nil {
		return Letter{}, err
	}
	for len(html) > mostHTML && l.shorten(float64(mostHTML)/float64(len(html))) {
		if html, err = l.html(); err != nil {
			return Letter{}, err
		}
	}
	said := Letter{HTML: html, Text: l.text(), Inline: l.gallery.inline}
	said.Content, err = l.digest()
	return said, err
}

// Page renders the same HTML as a page of its own, for a preview or a file: with its pictures inside, and with more rows.
func Page(doc outputs.Document, blocks []outputs.Block) ([]byte, error) {
	l, err := newLetter(doc, blocks, &gallery{embed: true}, PageRows)
	if err != nil {
		return nil, err
	}
	return l.html()
}

// html lays the letter out.
func (l *letter) html() ([]byte, error) {
	var out bytes.Buffer
	err := page.Execute(&out, l)
	return out.Bytes(), err
}

// digest is of what the letter says apart from the commit, which is the run's.
func (l *letter) digest() (outputs.Digest, error) {
	same := *l
	same.Commit = ""
	html, err := same.html()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	_, _ = sum.Write(same.text())
	_, _ = sum.Write(html)
	return outputs.DigestOf(sum.Sum(nil)), nil
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
