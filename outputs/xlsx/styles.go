package xlsx

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
)

// textSize is of usual text, in points.
const textSize = 10

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
	roleTileWord
	roleTileChange
	roleTileBefore
	roleFactName
	roleFact
	roleFactRow
	roleFactQuiet
)

// look is all that tells one style from another.
type look struct {
	role   role
	right  bool
	format string
	// tone colours what is said, where it is good or bad.
	tone outputs.Tone
	// indent in Excel's steps, from the side where the cell's content stands.
	indent int
	// wrap lets a text take several lines; top has what stands beside such texts begin where they do.
	wrap, top bool
}

// styles makes each style once, in the colours and the font of a theme.
type styles struct {
	file  *excelize.File
	theme outputs.Theme
	known map[look]int
	// marks are the looks of conditional formats, by their fill and their ink.
	marks map[[2]string]int
}

func newStyles(file *excelize.File, theme outputs.Theme) (styles, error) {
	// The default font is the measure of column widths, and what a reader's own new cells have.
	if err := file.SetDefaultFont(theme.Font); err != nil {
		return styles{}, fmt.Errorf("set the font: %w", err)
	}
	*file.Styles.Fonts.Font[0].Sz.Val = textSize
	return styles{file: file, theme: theme, known: map[look]int{}, marks: map[[2]string]int{}}, nil
}

// id returns the number of a style.
func (s *styles) id(l look) (int, error) {
	if id, ok := s.known[l]; ok {
		return id, nil
	}
	if err := checkFormat(l.format); err != nil {
		return 0, err
	}
	st := s.style(l.role)
	st.Font.Family = s.theme.Font
	if colour := s.theme.Tone(l.tone); colour != "" {
		st.Font.Color = outputs.Legible(colour, colourPaper, outputs.SmallContrast)
	}
	if st.Alignment == nil {
		st.Alignment = &excelize.Alignment{Vertical: "center"}
	}
	if l.right {
		st.Alignment.Horizontal = "right"
	} else {
		st.Alignment.Horizontal = "left"
	}
	st.Alignment.Indent = l.indent
	st.Alignment.WrapText = st.Alignment.WrapText || l.wrap
	if l.top {
		st.Alignment.Vertical = "top"
	}
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

// style is a role's look but for its alignment to left or right, its number format and its tone.
func (s *styles) style(r role) excelize.Style {
	accent := s.theme.Accent
	tile := fill(outputs.Mix(accent, colourPaper, paleTile))
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
			Font: &excelize.Font{Size: 9, Bold: true, Color: colourInk}, Fill: fill(outputs.Mix(accent, colourPaper, paleBand)),
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
		return excelize.Style{Font: &excelize.Font{Size: 9, Color: colourQuiet}, Fill: tile, Border: s.tileBorder("top"),
			Alignment: &excelize.Alignment{Vertical: "bottom"}}
	case roleTileFigure, roleTileWord:
		size := figureSize
		if r == roleTileWord {
			size = wordSize
		}
		return excelize.Style{Font: &excelize.Font{Size: size, Bold: true, Color: outputs.Legible(accent, colourPaper, outputs.LargeContrast)}, Fill: tile, Border: s.tileBorder(""),
			Alignment: &excelize.Alignment{Vertical: "center"}}
	case roleTileChange:
		return excelize.Style{Font: &excelize.Font{Size: 9, Bold: true, Color: colourInk}, Fill: tile, Border: s.tileBorder(""),
			Alignment: &excelize.Alignment{Vertical: "center"}}
	case roleTileBefore:
		return excelize.Style{Font: &excelize.Font{Size: 9, Color: colourQuiet}, Fill: tile, Border: s.tileBorder(""),
			Alignment: &excelize.Alignment{Vertical: "center"}}
	case roleFactName:
		return excelize.Style{Font: &excelize.Font{Size: 9, Color: colourQuiet}, Alignment: &excelize.Alignment{Vertical: "top"}}
	case roleFact:
		return excelize.Style{Font: &excelize.Font{Size: textSize, Color: colourInk}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}
	case roleFactRow, roleFactQuiet:
		ink := colourInk
		if r == roleFactQuiet {
			ink = colourQuiet
		}
		return excelize.Style{
			Font:      &excelize.Font{Size: textSize, Color: ink},
			Border:    []excelize.Border{{Type: "bottom", Color: colourRule, Style: 1}},
			Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
		}
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
func (s *styles) tileBorder(edge string) []excelize.Border {
	b := []excelize.Border{{Type: "left", Color: colourPaper, Style: 5}, {Type: "right", Color: colourPaper, Style: 5}}
	if edge == "top" {
		b = append(b, excelize.Border{Type: "top", Color: s.theme.Accent, Style: 2})
	}
	return b
}

// mark returns the number of a conditional format's look; an empty ink leaves the text as it is.
func (s *styles) mark(paper, ink string) (int, error) {
	key := [2]string{paper, ink}
	if id, ok := s.marks[key]; ok {
		return id, nil
	}
	style := excelize.Style{Fill: fill(paper)}
	if ink != "" {
		style.Font = &excelize.Font{Color: ink}
	}
	id, err := s.file.NewConditionalStyle(&style)
	if err != nil {
		return 0, fmt.Errorf("make a conditional format: %w", err)
	}
	s.marks[key] = id
	return id, nil
}
