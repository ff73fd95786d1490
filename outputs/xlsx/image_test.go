package xlsx

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/reportform/reportform/outputs"
)

// TestAPictureKeepsItsProportions, at the width that is asked for, and says what it shows.
func TestAPictureKeepsItsProportions(t *testing.T) {
	for _, c := range []struct {
		name       string
		own        [2]int
		asked      int
		wide, high int
	}{
		{"as it is", [2]int{120, 60}, 0, 120, 60}, {"as asked", [2]int{120, 60}, 300, 300, 150}, {"no wider than the sheet", [2]int{4000, 400}, 0, 882, 88},
		{"no higher than some screens", [2]int{10, 5000}, 0, 4, 2000},
	} {
		doc := outputs.Document{Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{
			outputs.Image{Data: drawing(t, c.own[0], c.own[1]), MediaType: "image/png", Alt: "A <picture>", Width: c.asked},
		}}}}
		path, _ := render(t, Renderer{}, doc)
		m := measure(t, path, 1)
		if len(m.floating) != 1 {
			t.Fatalf("%s: %+v", c.name, m.floating)
		}
		b := m.floating[0]
		if wide, high := (b.right-b.left)/emuPixel, (b.bottom-b.top)/emuPixel; wide != c.wide || high != c.high {
			t.Errorf("%s: %d × %d pixels, want %d × %d", c.name, wide, high, c.wide, c.high)
		}
		pictures := must(open(t, path).GetPictures("S", "A1"))
		if len(pictures) != 1 || pictures[0].Format.AltText != "A <picture>" || pictures[0].Extension != ".png" {
			t.Errorf("%s: pictures %+v", c.name, pictures)
		}
	}
}

// TestTheLogoStandsAtTheHead of the first sheet, above its title, and nowhere else.
func TestTheLogoStandsAtTheHead(t *testing.T) {
	doc := weekly()
	doc.Theme.Logo = &outputs.Image{Data: drawing(t, 400, 100), MediaType: "image/png", Alt: "Logo"}
	path, _ := render(t, Renderer{}, doc)
	m := measure(t, path, 1)
	if len(m.floating) != 1 || m.floating[0].bottom/emuPixel != logoHeight || m.floating[0].right/emuPixel != 4*logoHeight || m.floating[0].bottom > m.cells[0].top {
		t.Errorf("the logo stands at %+v, the title at %+v", m.floating, m.cells[0])
	}
	if others := measure(t, path, 2); len(others.floating) != 0 {
		t.Errorf("the second sheet has %+v", others.floating)
	}
}

func TestABrokenPictureIsAnError(t *testing.T) {
	for want, picture := range map[string]outputs.Image{
		"read the picture": {Data: []byte("no picture"), MediaType: "image/png"},
		`cannot show a picture of the type "image/bmp"`: {Data: drawing(t, 1, 1), MediaType: "image/bmp"},
	} {
		doc := outputs.Document{Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{picture}}}}
		if _, err := (Renderer{}).Render(t.Context(), doc, filepath.Join(t.TempDir(), "x.xlsx")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}
