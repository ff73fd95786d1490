package xlsx

import (
	"math"
	"strconv"

	"github.com/reportform/reportform/outputs"
)

// The colours that no theme changes: dark ink, quiet ink, thin rules, paper.
const (
	colourInk    = "1F2937"
	colourQuiet  = "6B7280"
	colourRule   = "E3E7EC"
	colourEdge   = "8C9BAB"
	colourPaper  = "FFFFFF"
	colourNotice = "8A5A00"
)

// The shares of white in what is made of the accent: the band of a header, every other row, a tile.
const (
	paleBand   = 0.86
	paleStripe = 0.955
	paleTile   = 0.935
)

// legibleContrast is what small text needs (WCAG 2.2, 1.4.3), largeContrast what large text does.
const legibleContrast, largeContrast = 4.5, 3.0

// legible returns a colour as it can be read on white: the colour itself, or one that is so much darker.
func legible(colour string, contrastWanted float64) string {
	for share := 0.0; share < 1; share += 0.05 {
		if c := outputs.Mix(colour, colourInk, share); contrast(c, colourPaper) >= contrastWanted {
			return c
		}
	}
	return colourInk
}

// inkOn returns the ink that is read best on a colour.
func inkOn(colour string) string {
	if contrast(colour, colourPaper) >= largeContrast {
		return colourPaper
	}
	return colourInk
}

// contrast of two colours, from 1 to 21, as the WCAG computes it.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance of six hex digits, from 0 to 1.
func luminance(colour string) float64 {
	n, _ := strconv.ParseUint(colour, 16, 32) // the spec has checked them
	part := func(shift int, weight float64) float64 {
		c := float64(n>>shift&0xFF) / 255
		if c <= 0.04045 {
			return weight * c / 12.92
		}
		return weight * math.Pow((c+0.055)/1.055, 2.4)
	}
	return part(16, 0.2126) + part(8, 0.7152) + part(0, 0.0722)
}
