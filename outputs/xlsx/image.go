package xlsx

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // the kinds of pictures that a definition may bring along
	_ "image/jpeg"
	_ "image/png"
	"math"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
)

// logoHeight is how high a logo is at the head of a workbook, in CSS pixels, where the theme does not say how wide.
const logoHeight = 40.0

// highest is as high as a picture is shown, in CSS pixels: some screens of it.
const highest = 2000.0

// pictureEndings are the names that excelize has for the kinds of pictures.
var pictureEndings = map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif"}

// image lays out a picture of a block: as wide as it says, or as it is.
func (w *workbook) image(b outputs.Image, g *grid) (section, error) {
	return w.picture(b, g, func(image.Config) float64 { return 1 })
}

// logo lays out the theme's logo: as wide as it says, or as high as two lines.
func (w *workbook) logo(g *grid) (section, error) {
	return w.picture(*w.styles.theme.Logo, g, func(own image.Config) float64 { return logoHeight / float64(own.Height) })
}

// picture lays out a picture and the room below it, in its own proportions and no wider than the sheet's blocks. scale is
// asked where the picture does not say how wide it is.
func (w *workbook) picture(b outputs.Image, g *grid, scale func(own image.Config) float64) (section, error) {
	ending, ok := pictureEndings[b.MediaType]
	if !ok {
		return section{}, fmt.Errorf("a workbook cannot show a picture of the type %q", b.MediaType)
	}
	own, _, err := image.DecodeConfig(bytes.NewReader(b.Data))
	if err != nil {
		return section{}, fmt.Errorf("read the picture: %w", err)
	}
	if own.Width == 0 || own.Height == 0 {
		return section{}, errors.New("the picture has no size")
	}
	by := float64(b.Width) / float64(own.Width)
	if b.Width == 0 {
		by = scale(own)
	}
	by = min(by, g.pixels(g.canvas())/float64(own.Width), highest/float64(own.Height))
	lines := make([]line, int(math.Ceil(float64(own.Height)*by/linePixels)))
	for i := range lines {
		lines[i].height = lineHeight
	}
	alt, _ := legalText(b.Alt)
	return section{lines: lines, place: func(l *leaf, row int) error {
		yes := true
		if err := w.file.AddPictureFromBytes(l.name, ref(0, row), &excelize.Picture{
			Extension: ending, File: b.Data,
			Format: &excelize.GraphicOptions{
				AltText: alt, ScaleX: by, ScaleY: by, Positioning: "oneCell", LockAspectRatio: true, PrintObject: &yes, Locked: &yes,
			},
		}); err != nil {
			return fmt.Errorf("place the picture: %w", err)
		}
		return nil
	}}, nil
}
