package xlsx

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// The palette: dark ink, a calm band, thin rules, one accent.
const (
	colourInk    = "1F2937"
	colourQuiet  = "6B7280"
	colourBand   = "E6ECF2"
	colourRule   = "E3E7EC"
	colourEdge   = "8C9BAB"
	colourTile   = "F3F6F9"
	colourPaper  = "FFFFFF"
	colourAccent = "2F5D8A"
	colourNotice = "8A5A00"
)

// The font is at hand wherever workbooks are opened, or has a twin of the same widths there.
const (
	fontName = "Arial"
	textSize = 10
)

// role is what a cell is for.
type role uint8

const (
	roleTitle role = iota + 1
	roleRange
	roleHeading
	roleText
	roleNotice
	roleHeader
	roleBody
	roleTotal
	roleQuiet
	roleTileLabel
	roleTileFigure
)

// look is all that tells one style from another.
type look struct {
	role   role
	right  bool
	format string
	// indent in Excel's steps, from the side where the cell's content stands.
	indent int
}

// styles makes each style once.
type styles struct {
	file  *excelize.File
	known map[look]int
}

func newStyles(file *excelize.File) (styles, error) {
	// The default font is the measure of column widths, and what a reader's own new cells have.
	if err := file.SetDefaultFont(fontName); err != nil {
		return styles{}, fmt.Errorf("set the font: %w", err)
	}
	*file.Styles.Fonts.Font[0].Sz.Val = textSize
	return styles{file: file, known: map[look]int{}}, nil
}

// id returns the number of a style.
func (s *styles) id(l look) (int, error) {
	if id, ok := s.known[l]; ok {
		return id, nil
	}
	if err := checkFormat(l.format); err != nil {
		return 0, err
	}
	st := l.role.style()
	st.Font.Family = fontName
	if st.Alignment == nil {
		st.Alignment = &excelize.Alignment{Vertical: "center"}
	}
	if l.right {
		st.Alignment.Horizontal = "right"
	} else {
		st.Alignment.Horizontal = "left"
	}
	st.Alignment.Indent = l.indent
	if l.format != formatText {
		code := l.format
		if l.right {
			// LibreOffice knows no indent of figures at the right.
			code, st.Alignment.Indent = padFormat(l.format, l.indent), 0
		}
		st.CustomNumFmt = &code
	}
	id, err := s.file.NewStyle(&st)
	if err != nil {
		return 0, fmt.Errorf("make a cell style: %w", err)
	}
	s.known[l] = id
	return id, nil
}

// style is a role's look but for its alignment to left or right and its number format.
func (r role) style() excelize.Style {
	switch r {
	case roleTitle:
		return excelize.Style{Font: &excelize.Font{Size: 16, Bold: true, Color: colourInk}}
	case roleRange:
		return excelize.Style{Font: &excelize.Font{Size: 9, Color: colourQuiet}}
	case roleHeading:
		return excelize.Style{Font: &excelize.Font{Size: 12, Bold: true, Color: colourInk}}
	case roleText:
		return excelize.Style{Font: &excelize.Font{Size: textSize, Color: colourInk}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}
	case roleNotice:
		return excelize.Style{Font: &excelize.Font{Size: 9, Italic: true, Color: colourNotice}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}
	case roleHeader:
		return excelize.Style{
			Font: &excelize.Font{Size: 9, Bold: true, Color: colourInk}, Fill: fill(colourBand),
			Border:    []excelize.Border{{Type: "bottom", Color: colourEdge, Style: 1}},
			Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
		}
	case roleTotal:
		return excelize.Style{
			Font:   &excelize.Font{Size: textSize, Bold: true, Color: colourInk},
			Border: []excelize.Border{{Type: "top", Color: colourEdge, Style: 1}, {Type: "bottom", Color: colourEdge, Style: 1}},
		}
	case roleQuiet:
		return excelize.Style{Font: &excelize.Font{Size: 9, Italic: true, Color: colourQuiet}}
	case roleTileLabel:
		return excelize.Style{Font: &excelize.Font{Size: 9, Color: colourQuiet}, Fill: fill(colourTile), Border: tileBorder("top"),
			Alignment: &excelize.Alignment{Vertical: "bottom"}}
	case roleTileFigure:
		return excelize.Style{Font: &excelize.Font{Size: figureSize, Bold: true, Color: colourAccent}, Fill: fill(colourTile), Border: tileBorder("bottom"),
			Alignment: &excelize.Alignment{Vertical: "center"}}
	default:
		return excelize.Style{
			Font:   &excelize.Font{Size: textSize, Color: colourInk},
			Border: []excelize.Border{{Type: "bottom", Color: colourRule, Style: 1}},
		}
	}
}

func fill(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

// tileBorder parts neighbouring tiles by a white rule, since cells have no margin.
func tileBorder(edge string) []excelize.Border {
	b := []excelize.Border{{Type: "left", Color: colourPaper, Style: 5}, {Type: "right", Color: colourPaper, Style: 5}}
	if edge == "top" {
		b = append(b, excelize.Border{Type: "top", Color: colourAccent, Style: 2})
	}
	return b
}
