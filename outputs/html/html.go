// Package html turns blocks into the two bodies of a mail: HTML that holds in Outlook, in Gmail and on a phone,
// and a text part that says the same.
//
// Mail programs know a small, old HTML: tables for layout, styles written on each element, nothing loaded from
// elsewhere. What newer ones understand (a style element, media queries) is used only to make it nicer:
// tiles that fill a phone's width, and colours for a dark screen.
package html

import (
	"bytes"

	"github.com/reportform/reportform/outputs"
)

// DefaultRows is how many rows of a table a mail shows where its block sets no limit: a mail is read, a workbook is searched.
const DefaultRows = 50

// Body renders blocks as a mail's HTML and text. Without blocks it takes the document's body, and without one of those
// the first sheet's kpis and tables. Same document, same bytes.
//
// A table that is cut says how many rows it has. That the attachment has them all it says only if a sheet of doc shows
// that dataset whole: who sends nothing along hands in a document without sheets.
func Body(doc outputs.Document, blocks []outputs.Block) (html, text []byte, err error) {
	if len(blocks) == 0 {
		blocks = Blocks(doc)
	}
	l, err := newLetter(doc, blocks)
	if err != nil {
		return nil, nil, err
	}
	var out bytes.Buffer
	if err := page.Execute(&out, l); err != nil {
		return nil, nil, err
	}
	return out.Bytes(), l.text(), nil
}

// Page renders the same HTML as a page of its own, for a preview.
func Page(doc outputs.Document, blocks []outputs.Block) ([]byte, error) {
	html, _, err := Body(doc, blocks)
	return html, err
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
