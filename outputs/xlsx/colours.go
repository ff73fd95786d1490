package xlsx

import "github.com/reportform/reportform/outputs"

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

// inkOn returns the ink that is read best on a colour.
func inkOn(colour string) string {
	if outputs.Contrast(colour, colourPaper) >= outputs.LargeContrast {
		return colourPaper
	}
	return colourInk
}
