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
	Locale, Title, Range, Footer string
	// Preheader is what an inbox shows beside the subject.
	Preheader string
	Notices   []string
	Blocks    []any // heading, paragraph, tiles, grid
}

type (
	heading   struct{ Text string }
	paragraph struct{ Lines []string }
	tiles     struct{ Items []tile }
	tile      struct{ Label, Value string }
)

// newLetter puts a document's values into words.
func newLetter(doc outputs.Document, blocks []outputs.Block) (*letter, error) {
	l := &letter{
		Locale:  doc.Locale,
		Title:   doc.Title,
		Range:   doc.Range,
		Notices: doc.Notices,
		Footer:  strings.Join(nonEmpty(doc.Range, doc.Project), " · "),
	}
	for i, b := range blocks {
		switch b := b.(type) {
		case outputs.Heading:
			if i == 0 && b.Text == doc.Title {
				continue // The title stands above the blocks already.
			}
			l.Blocks = append(l.Blocks, heading(b))
		case outputs.Text:
			l.Blocks = append(l.Blocks, paragraph{Lines: strings.Split(strings.TrimSpace(b.Text), "\n")})
		case outputs.KPIs:
			if len(b.Items) > 0 {
				l.Blocks = append(l.Blocks, newTiles(b, doc.Locale))
			}
		case outputs.TableBlock:
			g, err := newGrid(b, doc)
			if err != nil {
				return nil, fmt.Errorf("show table %s: %w", b.Dataset, err)
			}
			l.Blocks = append(l.Blocks, g)
		default:
			return nil, fmt.Errorf("a mail cannot show a block of type %T", b)
		}
	}
	l.Preheader = l.preheader()
	return l, nil
}

func newTiles(k outputs.KPIs, locale string) tiles {
	var t tiles
	for _, item := range k.Items {
		value := gap
		if item.Value.Valid {
			value = outputs.ShowFigure(item.Value, item.Format, locale)
		}
		t.Items = append(t.Items, tile{Label: item.Label, Value: value})
	}
	return t
}

// preheader is the first figures, since the subject usually has the title; the range where there are none.
func (l *letter) preheader() string {
	for _, b := range l.Blocks {
		if t, ok := b.(tiles); ok {
			var figures []string
			for _, item := range t.Items {
				figures = append(figures, item.Label+" "+item.Value)
			}
			return strings.Join(figures, " · ")
		}
	}
	return l.Range
}

func nonEmpty(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}
