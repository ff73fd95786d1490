package html

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html/template"
	"image"
	_ "image/gif"  // the sizes of pictures that the definition brings along
	_ "image/jpeg" // the same
	_ "image/png"  // the same
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/outputs/picture"
)

// figures are a chart or a picture, or two charts of half the width side by side.
type figures struct{ Items []*figure }

// figure is a picture in a mail.
type figure struct {
	Title, Alt string
	Source     template.URL
	// Small is the same drawn for a phone; empty where there is but one picture.
	Small template.URL
	// Width is its widest in CSS pixels; 0 leaves it to the program that shows it.
	Width int
	// Whole: it fills the width it has, and is not only as wide as it is.
	Whole bool

	half   bool
	chart  outputs.Chart
	points *outputs.Points // nil where it is no chart
	said   string          // in the text part
}

// Room is the width that a half figure takes, with the gap after it.
func (f *figure) Room() int { return f.Width + apart }

// gallery keeps the pictures of a mail, each once.
type gallery struct {
	// embed has them inside the HTML, for a page that comes without attachments.
	embed  bool
	inline []Inline
}

// source adds a picture and returns how HTML names it. Its id comes from its bytes: the same mail is the same bytes.
func (g *gallery) source(kind, mediaType string, data []byte) template.URL {
	if g.embed {
		return template.URL("data:" + mediaType + ";base64," + base64.StdEncoding.EncodeToString(data)) //nolint:gosec // a picture's type is one of three
	}
	sum := sha256.Sum256(data)
	const enough = 16
	id := hex.EncodeToString(sum[:enough]) + "@reportform"
	url := template.URL("cid:" + id) //nolint:gosec // hex digits
	for _, i := range g.inline {
		if i.ID == id {
			return url
		}
	}
	_, ending, _ := strings.Cut(mediaType, "/")
	name := fmt.Sprintf("%s-%d.%s", kind, len(g.inline)+1, ending)
	g.inline = append(g.inline, Inline{ID: id, Name: name, MediaType: mediaType, Data: data})
	return url
}

// Charts are drawn for where they stand, a CSS pixel for each of theirs, so that their letters are of one size in a mail,
// in half of it and on a phone. phone is the width there, apart the gap between two halves, and dots are those to a pixel.
const (
	phone = 360
	apart = 16
	dots  = 2
)

// chart is a figure that [letter.draw] draws.
func (l *letter) chart(c outputs.Chart) (*figure, error) {
	points, err := c.Points(l.Locale)
	if err != nil {
		return nil, err
	}
	return &figure{Title: c.Title, Alt: l.alt(c, points), Whole: true, half: c.Half, chart: c, points: points, said: l.sayChart(c, points)}, nil
}

// draw gives figures their sources, once it is known how wide the mail is.
func (l *letter) draw() error {
	for _, b := range l.Blocks {
		row, ok := b.(figures)
		if !ok {
			continue
		}
		width, tall := l.content(), 0
		if row.Items[0].half {
			width = (width - apart) / 2
		}
		for _, f := range row.Items {
			if f.points != nil {
				tall = max(tall, picture.Height(f.points, f.chart, width))
			}
		}
		for _, f := range row.Items {
			if f.points == nil {
				f.Width = min(f.Width, width)
				continue
			}
			if err := l.drawChart(f, width, tall); err != nil {
				return fmt.Errorf("draw chart of dataset %s: %w", f.chart.Dataset, err)
			}
		}
	}
	return nil
}

// drawChart draws a chart as wide and as high as it stands in the mail, and for a phone as high as it wants.
func (l *letter) drawChart(f *figure, width, tall int) error {
	high := f.chart
	high.Height = tall
	wide, err := picture.Draw(f.points, high, l.look.theme, l.Locale, width, dots)
	if err != nil {
		return err
	}
	small, err := picture.Draw(f.points, f.chart, l.look.theme, l.Locale, phone, dots)
	if err != nil {
		return err
	}
	f.Width = width
	f.Source, f.Small = l.gallery.source("chart", "image/png", wide), l.gallery.source("chart", "image/png", small)
	return nil
}

// place puts a figure below what there is, or beside a half one that stands alone.
func (l *letter) place(f *figure) {
	if n := len(l.Blocks); n > 0 && f.half {
		if last, ok := l.Blocks[n-1].(figures); ok && len(last.Items) == 1 && last.Items[0].half {
			last.Items = append(last.Items, f)
			l.Blocks[n-1] = last
			return
		}
	}
	l.Blocks = append(l.Blocks, figures{Items: []*figure{f}})
}

func (l *letter) image(i outputs.Image) *figure {
	f := &figure{Alt: i.Alt, Width: i.Width}
	if i.Alt != "" {
		f.said = "[" + i.Alt + "]"
	}
	if size, _, err := image.DecodeConfig(bytes.NewReader(i.Data)); err == nil && f.Width == 0 {
		f.Width = size.Width
	}
	f.Source = l.gallery.source("image", i.MediaType, i.Data)
	return f
}

// logo is the project's at the head of the mail, at most as high as two lines.
func (l *letter) logo(i outputs.Image) *figure {
	const widest, highest = 200, 44
	f := l.image(i)
	f.Width = min(f.Width, widest)
	if size, _, err := image.DecodeConfig(bytes.NewReader(i.Data)); err == nil && size.Height > 0 && i.Width == 0 {
		f.Width = min(f.Width, max(1, size.Width*highest/size.Height))
	}
	return f
}
