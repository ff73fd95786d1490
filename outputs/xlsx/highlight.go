package xlsx

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/expr"
)

// The shares of white in the pale fill of a tone, in the ends of a colour scale and in the bar behind a figure.
const (
	palerTone  = 0.86
	palerScale = 0.45
	palerBar   = 0.68
)

// highlight marks the cells of one column, whose first is corner, by conditional formats: they follow a figure that
// somebody changes, and a row that is sorted.
func (s *styles) highlight(h *outputs.Highlight, corner string) ([]excelize.ConditionalFormatOptions, error) {
	switch {
	case h.Bars:
		return []excelize.ConditionalFormatOptions{{
			Type: "data_bar", Criteria: "=", MinType: "min", MaxType: "max", BarSolid: true,
			BarColor: "#" + outputs.Mix(s.theme.Accent, colourPaper, palerBar),
		}}, nil
	case h.Scale:
		return []excelize.ConditionalFormatOptions{s.scale(h.Good)}, nil
	}
	var out []excelize.ConditionalFormatOptions
	for _, r := range h.Rules {
		format, err := s.toneFormat(r.As)
		if err != nil {
			return nil, err
		}
		// An empty cell counts as 0 to Excel, and is no figure here.
		condition := fmt.Sprintf("ISNUMBER(%s)", corner)
		for _, b := range []struct {
			sign  string
			bound expr.Value
		}{{">", r.Above}, {">=", r.AtLeast}, {"<", r.Below}, {"<=", r.AtMost}} {
			if b.bound.Valid {
				condition += fmt.Sprintf(",%s%s%s", corner, b.sign, strconv.FormatFloat(outputs.Plot(b.bound), 'f', -1, 64))
			}
		}
		out = append(out, excelize.ConditionalFormatOptions{Type: "formula", Criteria: "AND(" + condition + ")", Format: &format, StopIfTrue: true})
	}
	return out, nil
}

// bars gives the bars of figures below nought a colour of the theme's: excelize has them, and the line at nought, red.
func (s *styles) bars(said []byte) []byte {
	const red = `Color rgb="FFFF0000"`
	said = bytes.ReplaceAll(said, []byte("<x14:negativeFill"+red), fmt.Appendf(nil, `<x14:negativeFillColor rgb="FF%s"`, outputs.Mix(s.theme.Bad, colourPaper, palerBar)))
	return bytes.ReplaceAll(said, []byte("<x14:axis"+red), []byte(`<x14:axisColor rgb="FF`+colourEdge+`"`))
}

// scale colours from the paper to the accent, or from what is bad over white to what is good.
func (s *styles) scale(good string) excelize.ConditionalFormatOptions {
	accent := "#" + outputs.Mix(s.theme.Accent, colourPaper, palerScale)
	well, badly := "#"+outputs.Mix(s.theme.Good, colourPaper, palerScale), "#"+outputs.Mix(s.theme.Bad, colourPaper, palerScale)
	three := excelize.ConditionalFormatOptions{
		Type: "3_color_scale", Criteria: "=", MinType: "min", MidType: "percentile", MaxType: "max", MidValue: "50", MidColor: "#" + colourPaper,
	}
	switch good {
	case "up":
		three.MinColor, three.MaxColor = badly, well
	case "down":
		three.MinColor, three.MaxColor = well, badly
	default:
		return excelize.ConditionalFormatOptions{
			Type: "2_color_scale", Criteria: "=", MinType: "min", MaxType: "max", MinColor: "#" + colourPaper, MaxColor: accent,
		}
	}
	return three
}

// toneFormat is the look of a marked cell: the tone's colour on a pale fill of it.
func (s *styles) toneFormat(tone outputs.Tone) (int, error) {
	colour := s.theme.Tone(tone)
	paper := outputs.Mix(colour, colourPaper, palerTone)
	return s.mark(paper, outputs.Legible(colour, paper, outputs.SmallContrast))
}

// stripes paints every other row of an area: by a condition, so that it survives sorting, and costs no row anything.
func (s *styles) stripes(first int) ([]excelize.ConditionalFormatOptions, error) {
	format, err := s.mark(outputs.Mix(s.theme.Accent, colourPaper, paleStripe), "")
	if err != nil {
		return nil, err
	}
	return []excelize.ConditionalFormatOptions{{Type: "formula", Criteria: fmt.Sprintf("MOD(ROW(),2)=%d", (first+1)%2), Format: &format}}, nil
}

// marks gives the rows of a stretch what their values say, and then stripes: of two fills the first one counts.
func (p *page) marks(t *tableSection, part stretch) error {
	styles, f := &p.book.styles, p.book.file
	for _, c := range t.columns[:t.seen] {
		if c.highlight == nil {
			continue
		}
		marks, err := styles.highlight(c.highlight, ref(c.column, part.first))
		if err != nil {
			return err
		}
		if err := f.SetConditionalFormat(part.sheet, ref(c.column, part.first)+":"+ref(c.column, part.last), marks); err != nil {
			return fmt.Errorf("mark column %q: %w", c.key, err)
		}
	}
	stripes, err := styles.stripes(part.first)
	if err != nil {
		return err
	}
	if err := f.SetConditionalFormat(part.sheet, ref(0, part.first)+":"+ref(t.seen-1, part.last), stripes); err != nil {
		return fmt.Errorf("stripe the rows: %w", err)
	}
	return nil
}
