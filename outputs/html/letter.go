package html

import (
	"fmt"
	"strings"

	"github.com/reportform/reportform/outputs"
)

// gap stands for a figure that is missing: an empty tile would look broken.
const gap = "–"

// letter is a mail ready to be laid out: every value is the text that a reader sees. Both bodies are made from it,
// so that they cannot say different things.
type letter struct {
	Locale, Title, Range string
	// Preheader is what an inbox shows beside the subject.
	Preheader string
	Notices   []string
	Logo      *figure
	Blocks    []any // heading, paragraph, tiles, *grid, figures
	foot

	look    look
	words   outputs.Vocabulary
	gallery *gallery
}

type (
	heading   struct{ Text string }
	paragraph struct{ Lines []string }
	tiles     struct{ Items []tile }
	tile      struct {
		Label, Value string
		Change       *outputs.Change // nil where there is none
		Versus       string
	}
)

// newLetter puts a document's values into words; rows is how many of a table are shown where its block does not say.
func newLetter(doc outputs.Document, blocks []outputs.Block, g *gallery, rows int) (*letter, error) {
	if len(blocks) == 0 {
		blocks = Blocks(doc)
	}
	l := &letter{
		Locale: doc.Locale, Title: doc.Title, Range: doc.Range, Notices: doc.Notices,
		foot: newFoot(doc), look: newLook(doc.Theme), words: outputs.Words(doc.Locale), gallery: g,
	}
	if logo := doc.Theme.Logo; logo != nil {
		l.Logo = l.logo(*logo)
	}
	for i, b := range blocks {
		if h, ok := b.(outputs.Heading); ok && i == 0 && h.Text == doc.Title {
			continue // The title stands above the blocks already.
		}
		if err := l.add(b, doc, rows); err != nil {
			return nil, err
		}
	}
	l.Preheader = l.preheader()
	return l, l.draw()
}

func (l *letter) add(b outputs.Block, doc outputs.Document, rows int) error {
	switch b := b.(type) {
	case outputs.Heading:
		l.Blocks = append(l.Blocks, heading(b))
	case outputs.Text:
		l.Blocks = append(l.Blocks, paragraph{Lines: strings.Split(strings.TrimSpace(b.Text), "\n")})
	case outputs.KPIs:
		if len(b.Items) > 0 {
			l.Blocks = append(l.Blocks, newTiles(b, doc.Locale))
		}
	case outputs.TableBlock:
		g, err := newGrid(b, doc, rows, &l.look)
		if err != nil {
			return fmt.Errorf("show table %s: %w", b.Dataset, err)
		}
		if g.roomy = mailColumns; l.gallery.embed {
			g.roomy = pageColumns
		}
		l.Blocks = append(l.Blocks, g)
	case outputs.Chart:
		f, err := l.chart(b)
		if err != nil {
			return fmt.Errorf("show chart of dataset %s: %w", b.Dataset, err)
		}
		l.place(f)
	case outputs.Image:
		l.place(l.image(b))
	default:
		return fmt.Errorf("a mail cannot show a block of type %T", b)
	}
	return nil
}

func newTiles(k outputs.KPIs, locale string) tiles {
	var t tiles
	for _, item := range k.Items {
		shown := tile{Label: item.Label, Value: gap}
		if item.Value.Valid {
			shown.Value = outputs.ShowFigure(item.Value, item.Format, locale)
		}
		if change, ok := item.Change(locale); ok {
			shown.Change, shown.Versus = &change, outputs.Words(locale).Versus(change.Before)
		}
		t.Items = append(t.Items, shown)
	}
	return t
}

// preheader is the first figures, since the subject usually has the title; the range where there are none.
func (l *letter) preheader() string {
	for _, b := range l.Blocks {
		if t, ok := b.(tiles); ok {
			var figures []string
			for _, item := range t.Items {
				figure := item.Label + " " + item.Value
				if item.Change != nil {
					figure += " (" + item.Change.Text + ")"
				}
				figures = append(figures, figure)
			}
			return strings.Join(figures, " · ")
		}
	}
	return l.Range
}

// shorten leaves the longest tables that share of their rows, and a little less; false where that is not possible.
func (l *letter) shorten(share float64) bool {
	const fewest, less = 5, 0.95
	longest := 0
	for _, b := range l.Blocks {
		if g, ok := b.(*grid); ok {
			longest = max(longest, len(g.Rows))
		}
	}
	if longest <= fewest {
		return false
	}
	for _, b := range l.Blocks {
		if g, ok := b.(*grid); ok {
			g.cut(max(fewest, int(float64(longest)*share*less)))
		}
	}
	return true
}
