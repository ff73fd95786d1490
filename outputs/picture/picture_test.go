package picture

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

var pictures = flag.String("pictures", "", "write the charts into this folder, to be looked at")

func drawn(t *testing.T, c chart) []byte {
	t.Helper()
	points, err := c.chart.Points(c.locale)
	if err != nil {
		t.Fatal(err)
	}
	data, err := Draw(points, c.chart, c.theme, c.locale, c.width, 2)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestEveryKind draws each kind at a mail's width, and holds it to its size, to its colours, and to being the same again.
func TestEveryKind(t *testing.T) {
	for _, c := range charts() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			data := drawn(t, c)
			if *pictures != "" {
				if err := os.WriteFile(filepath.Join(*pictures, c.name+".png"), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(data, drawn(t, c)) {
				t.Error("the same chart is other bytes")
			}
			img, err := png.Decode(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := img.(*image.Paletted); !ok || img.Bounds().Dx() != 2*c.width || img.Bounds().Dy() != 2*c.height {
				t.Errorf("%T of %v", img, img.Bounds())
			}
			most := 26_000
			if c.name == "line-long" {
				most = 100_000 // a thicket, of which little repeats
			}
			if len(data) > most {
				t.Errorf("%d bytes", len(data))
			}
			want := []string{paper}
			for i := range c.series {
				want = append(want, c.theme.Series(i))
			}
			for _, colour := range want {
				if n := dotsOf(img, colour); n < 40 {
					t.Errorf("%d dots of %s", n, colour)
				}
			}
			for x := range img.Bounds().Dx() {
				for _, y := range []int{0, img.Bounds().Dy() - 1} {
					if r, g, b, _ := img.At(x, y).RGBA(); r+g+b != 3*0xFFFF {
						t.Fatalf("something reaches over the edge at %d, %d", x, y)
					}
				}
			}
		})
	}
}

// dotsOf counts the dots of a colour.
func dotsOf(img image.Image, colour string) int {
	n, _ := strconv.ParseUint(colour, 16, 32)
	want, count := color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 0xFF}, 0
	p := img.(*image.Paletted)
	index := slices.IndexFunc(p.Palette, func(c color.Color) bool { return c == want })
	for _, i := range p.Pix {
		if int(i) == index {
			count++
		}
	}
	return count
}

// TestColumnsAreAsHighAsTheirFigures reads the heights off the picture.
func TestColumnsAreAsHighAsTheirFigures(t *testing.T) {
	fields := []table.Field{{Name: "x", Type: expr.Text}, {Name: "y", Type: expr.Integer}}
	rows := [][]expr.Value{
		{expr.TextValue("a"), expr.IntegerValue(100)}, {expr.TextValue("b"), expr.IntegerValue(50)}, {expr.TextValue("c"), expr.IntegerValue(-25)},
	}
	c := chart{locale: "en", width: 552, theme: outputs.DefaultTheme(), chart: outputs.Chart{
		Table: table.FromValues(fields, rows), Type: outputs.ChartColumn, X: "x", Y: columns("y"), Title: "t",
	}}
	img, err := png.Decode(bytes.NewReader(drawn(t, c)))
	if err != nil {
		t.Fatal(err)
	}
	accent := color.RGBA{0x2F, 0x5D, 0x8A, 0xFF}
	var heights []float64
	inside := false
	for x := range img.Bounds().Dx() {
		n := 0
		for y := range img.Bounds().Dy() {
			if color.RGBAModel.Convert(img.At(x, y)) == accent {
				n++
			}
		}
		if n > 0 && !inside {
			heights = append(heights, float64(n))
		}
		inside = n > 0
	}
	if len(heights) != 3 {
		t.Fatalf("columns of heights %v", heights)
	}
	const slack = 0.02
	if a, b := heights[1]/heights[0], heights[2]/heights[0]; a < 0.5-slack || a > 0.5+slack || b < 0.25-slack || b > 0.25+slack {
		t.Errorf("heights %v are not as 100 : 50 : 25", heights)
	}
}

func TestTicks(t *testing.T) {
	const minute = 60 * second
	for _, test := range []struct {
		name   string
		lo, hi float64
		field  table.Field
		locale string
		want   []string
	}{
		{"counts", 0, 412, table.Field{Type: expr.Integer}, "en", []string{"0", "100", "200", "300", "400", "500"}},
		{"thousands", 0, 12345, table.Field{Type: expr.Integer}, "pl", []string{"0", "2\u00a0500", "5\u00a0000", "7\u00a0500", "10\u00a0000", "12\u00a0500"}},
		{"three at least", 0, 560, table.Field{Type: expr.Integer}, "en", []string{"0", "200", "400", "600"}},
		{"quarters", 0, 1.2, table.Field{Type: expr.Decimal}, "en", []string{"0.00", "0.25", "0.50", "0.75", "1.00", "1.25"}},
		{"no parts of counts", 0, 2, table.Field{Type: expr.Integer}, "en", []string{"0", "1", "2"}},
		{"below zero", -3, 4, table.Field{Type: expr.Integer}, "en", []string{"-4", "-2", "0", "2", "4"}},
		{"all zero", 0, 0, table.Field{Type: expr.Integer}, "en", []string{"0", "1"}},
		{"small", 0, 0.3, table.Field{Type: expr.Decimal}, "pl", []string{"0,0", "0,1", "0,2", "0,3"}},
		{"percent", 0.884, 0.974, table.Field{Type: expr.Percent}, "en", []string{"88%", "90%", "92%", "94%", "96%", "98%"}},
		{"fine percent", 0.99, 0.994, table.Field{Type: expr.Ratio}, "pl", []string{"99,0%", "99,1%", "99,2%", "99,3%", "99,4%"}},
		{"money", 0, 20, table.Field{Type: expr.Decimal, Format: `#,##0.00 "zł"`}, "pl", []string{"0 zł", "5 zł", "10 zł", "15 zł", "20 zł"}},
		{"seconds", 0, 142 * second, table.Field{Type: expr.Duration}, "en", []string{"0:00:00", "0:00:30", "0:01:00", "0:01:30", "0:02:00", "0:02:30"}},
		{"hours", 0, 170 * minute, table.Field{Type: expr.Duration}, "en", []string{"0:00:00", "1:00:00", "2:00:00", "3:00:00"}},
		{"weeks", 0, 33, table.Field{Type: expr.Duration}, "en", []string{"0:00:00", "240:00:00", "480:00:00", "720:00:00", "960:00:00"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := fitting(test.lo, test.hi, 5, test.field, test.locale).ticks(); !slices.Equal(got, test.want) {
				t.Errorf("ticks %q, want %q", got, test.want)
			}
		})
	}
}

// TestAnAxisEndsNearItsFigures has three intervals or more, and little of the axis beyond the greatest figure.
func TestAnAxisEndsNearItsFigures(t *testing.T) {
	for _, field := range []table.Field{{Type: expr.Integer}, {Type: expr.Decimal}, {Type: expr.Percent}, {Type: expr.Duration}, {Type: expr.Decimal, Format: "0.0"}} {
		for most := 4; most <= 6; most++ {
			for hi := 3.0; hi < 20_000; hi = math.Ceil(hi * 1.03) {
				s := fitting(0, hi, most, field, "en")
				if n := s.last - s.first; n < fewest || n > most || s.high() < hi || s.high() > 1.5*hi {
					t.Errorf("%s up to %v in at most %d: %q", field.Type, hi, most, s.ticks())
				}
			}
		}
	}
}

// TestTicksAreDifferent has as many digits in each tick as tell it from its neighbours.
func TestTicksAreDifferent(t *testing.T) {
	for _, format := range []string{"", "0", "#,##0.0", "0%", "0.0%", `0.00 "zł"`} {
		for _, hi := range []float64{0.012, 0.09, 0.5, 1, 2.5, 7, 9, 33, 75, 560, 12345} {
			ticks := fitting(0, hi, 5, table.Field{Type: expr.Decimal, Format: format}, "en").ticks()
			if len(slices.Compact(slices.Clone(ticks))) != len(ticks) {
				t.Errorf("%q up to %v: %q", format, hi, ticks)
			}
		}
	}
}

// TestAxesShareTheirGrid has both axes in as many steps, with their figures within them.
func TestAxesShareTheirGrid(t *testing.T) {
	count, share := table.Field{Type: expr.Integer}, table.Field{Type: expr.Percent}
	for most := 1; most <= 6; most++ {
		a, b := sharing(span{0, 560, count}, span{0.55, 0.86, share}, most, "en")
		if a.last-a.first != b.last-b.first || a.last-a.first > most || a.high() < 560 || b.low() > 0.55 || b.high() < 0.86 {
			t.Errorf("%q beside %q", a.ticks(), b.ticks())
		}
	}
	a, b := sharing(span{0, 560, count}, span{0, 0.86, share}, 6, "en")
	if got := append(a.ticks(), b.ticks()...); !slices.Equal(got, []string{"0", "200", "400", "600", "0%", "30%", "60%", "90%"}) {
		t.Errorf("ticks %q", got)
	}
}
