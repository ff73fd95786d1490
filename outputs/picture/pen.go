package picture

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// px is one CSS pixel in the library's points.
const px = vg.Length(0.75)

// small is the size of letters, capital the height of a capital one, in CSS pixels.
const (
	small   = 12.0
	capital = 0.72 * small
)

// Colours that are no theme's: those of the mail around the picture.
const (
	paper = "FFFFFF"
	ink   = "1C2127"
	quiet = "626B76"
	grid  = "E4E7EB"
	axis  = "AAB2BC"
	rest  = "D0D6DD" // what has no colour of its own
)

// pen draws in CSS pixels from the top left corner.
type pen struct {
	canvas        *vgimg.Canvas
	width, height float64
	scale         float64 // dots to a CSS pixel
	regular, bold font.Face
}

// point is a place on the canvas.
type point struct{ x, y float64 }

// rect is a part of the canvas.
type rect struct{ left, top, right, bottom float64 }

func (r rect) width() float64  { return r.right - r.left }
func (r rect) height() float64 { return r.bottom - r.top }

// Liberation Sans is as wide as Arial, and has the letters of every Latin, Greek and Cyrillic language.
var (
	regular = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(liberationsansregular.TTF) })
	bold    = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(liberationsansbold.TTF) })
)

// newPen makes a white canvas with scale dots for each CSS pixel.
func newPen(width, height int, scale float64) (*pen, error) {
	light, err := regular()
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	fat, err := bold()
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	const perInch = 96
	return &pen{
		canvas: vgimg.NewWith(vgimg.UseWH(vg.Length(width)*px, vg.Length(height)*px), vgimg.UseDPI(int(perInch*scale+0.5)),
			vgimg.UseBackgroundColor(color.White)),
		width: float64(width), height: float64(height), scale: scale,
		regular: font.Face{Font: font.Font{Size: small * px}, Face: light},
		bold:    font.Face{Font: font.Font{Size: small * px}, Face: fat},
	}, nil
}

func (p *pen) image() image.Image { return p.canvas.Image() }

func (p *pen) at(to point) vg.Point {
	return vg.Point{X: vg.Length(to.x) * px, Y: vg.Length(p.height-to.y) * px}
}

func (p *pen) path(points []point) vg.Path {
	var path vg.Path
	for i, to := range points {
		if i == 0 {
			path.Move(p.at(to))
		} else {
			path.Line(p.at(to))
		}
	}
	return path
}

// fill paints a polygon. opacity runs from 0 to 1.
func (p *pen) fill(points []point, colour string, opacity float64) {
	if len(points) < 3 {
		return
	}
	path := p.path(points)
	path.Close()
	p.canvas.SetColor(parse(colour, opacity))
	p.canvas.Fill(path)
}

// box paints a rectangle, whose edges are put between dots so that they are sharp.
func (p *pen) box(r rect, colour string) {
	l, t, rt, b := p.snap(r.left), p.snap(r.top), p.snap(r.right), p.snap(r.bottom)
	p.fill([]point{{l, t}, {rt, t}, {rt, b}, {l, b}}, colour, 1)
}

func (p *pen) snap(v float64) float64 { return math.Round(v*p.scale) / p.scale }

// stroke draws a line through points.
func (p *pen) stroke(points []point, width float64, colour string) {
	if len(points) < 2 {
		return
	}
	p.canvas.SetLineWidth(vg.Length(width) * px)
	p.canvas.SetColor(parse(colour, 1))
	p.canvas.Stroke(p.path(points))
}

// level and upright draw the hair lines of axes.
func (p *pen) level(left, right, y float64, colour string) {
	top := p.snap(y - 0.5)
	p.box(rect{left, top, right, top + 1}, colour)
}

func (p *pen) upright(x, top, bottom float64, colour string) {
	left := p.snap(x - 0.5)
	p.box(rect{left, top, left + 1, bottom}, colour)
}

// dot paints a disc.
func (p *pen) dot(at point, radius float64, colour string) {
	var path vg.Path
	path.Move(p.at(point{at.x + radius, at.y}))
	path.Arc(p.at(at), vg.Length(radius)*px, 0, 2*math.Pi)
	path.Close()
	p.canvas.SetColor(parse(colour, 1))
	p.canvas.Fill(path)
}

// align says which part of a text stands at its place: 0 its beginning, 0.5 its middle, 1 its end.
type align float64

const (
	begin  align = 0
	middle align = 0.5
	end    align = 1
)

// text writes a line whose height's middle is at at.
func (p *pen) text(at point, a align, colour, s string) { p.letters(p.regular, at, a, colour, s) }

// stress writes the same in bold letters.
func (p *pen) stress(at point, a align, colour, s string) { p.letters(p.bold, at, a, colour, s) }

func (p *pen) letters(f font.Face, at point, a align, colour, s string) {
	at.x -= width(f, s) * float64(a)
	at.y = p.snap(at.y + capital/2)
	p.canvas.SetColor(parse(colour, 1))
	p.canvas.FillString(f, p.at(at), s)
}

// slanted writes a line that rises to the right and ends at at.
func (p *pen) slanted(at point, degrees float64, colour, s string) {
	p.canvas.Push()
	p.canvas.Translate(p.at(at))
	p.canvas.Rotate(degrees * math.Pi / 180)
	p.canvas.SetColor(parse(colour, 1))
	p.canvas.FillString(p.regular, vg.Point{X: -vg.Length(p.measure(s)) * px, Y: -capital / 2 * px}, s)
	p.canvas.Pop()
}

// measure returns the width of a line.
func (p *pen) measure(s string) float64 { return width(p.regular, s) }

func width(f font.Face, s string) float64 { return float64(f.Width(s) / px) }

// widest returns the width of the widest of lines.
func (p *pen) widest(lines []string) float64 {
	width := 0.0
	for _, s := range lines {
		width = max(width, p.measure(s))
	}
	return width
}

// cut shortens a line to a width, with an ellipsis.
func (p *pen) cut(s string, width float64) string {
	if p.measure(s) <= width {
		return s
	}
	letters := []rune(s)
	for len(letters) > 1 {
		letters = letters[:len(letters)-1]
		if short := strings.TrimRight(string(letters), " ,.–-") + "…"; p.measure(short) <= width {
			return short
		}
	}
	return "…"
}

// wrap breaks a text at spaces into at most so many lines of a width; fits is false where one of them had to be cut.
func (p *pen) wrap(s string, width float64, most int) (lines []string, fits bool) {
	for word := range strings.FieldsSeq(s) {
		if n := len(lines); n > 0 && (n == most || p.measure(lines[n-1]+" "+word) <= width) {
			lines[n-1] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	fits = true
	for i, line := range lines {
		lines[i] = p.cut(line, width)
		fits = fits && lines[i] == line
	}
	return lines, fits
}

// parse reads six hex digits; the spec has checked them.
func parse(colour string, opacity float64) color.Color {
	n, _ := strconv.ParseUint(colour, 16, 32)
	return color.NRGBA{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n), A: uint8(opacity*255 + 0.5)} //nolint:gosec // one byte each
}
