package picture

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"iter"
	"slices"
)

// encode writes a picture with a palette of its own, which takes a third of the bytes of one with full colours. A chart
// has few colours and many blends of them at its edges: the most frequent are kept as they are, and the others become
// the nearest of them, which nobody sees.
func encode(img image.Image) ([]byte, error) {
	bounds := img.Bounds()
	rgba := image.NewRGBA(bounds)
	draw.Draw(rgba, bounds, img, bounds.Min, draw.Src)
	palette, index := quantise(rgba)
	out := image.NewPaletted(bounds, palette)
	i := 0
	for c, n := range stretches(rgba) {
		entry := index[c]
		for range n {
			out.Pix[i] = entry
			i++
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.DefaultCompression}).Encode(&b, out); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// rgb is an opaque colour, a byte each: the canvas has no others.
type rgb uint32

func colourAt(pix []byte, i int) rgb {
	return rgb(pix[i])<<16 | rgb(pix[i+1])<<8 | rgb(pix[i+2])
}

// stretches yields a picture's colours, each with how often it comes in a row: most dots are like the one before.
func stretches(img *image.RGBA) iter.Seq2[rgb, int] {
	return func(yield func(rgb, int) bool) {
		last, n := colourAt(img.Pix, 0), 0
		for i := 0; i < len(img.Pix); i += 4 {
			if c := colourAt(img.Pix, i); c != last {
				if !yield(last, n) {
					return
				}
				last, n = c, 0
			}
			n++
		}
		yield(last, n)
	}
}

// quantise chooses the palette, and says which of its colours stands for each of the picture's.
func quantise(img *image.RGBA) (color.Palette, map[rgb]uint8) {
	count := map[rgb]int{}
	for c, n := range stretches(img) {
		count[c] += n
	}
	colours := make([]rgb, 0, len(count))
	for c := range count {
		colours = append(colours, c)
	}
	slices.SortFunc(colours, func(a, b rgb) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	const most = 32
	var palette color.Palette
	index := make(map[rgb]uint8, len(colours))
	for i, c := range colours {
		if i < most {
			palette = append(palette, color.RGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), 0xFF}) //nolint:gosec // one byte each
			index[c] = uint8(i)
			continue
		}
		index[c] = nearest(colours[:most], c)
	}
	return palette, index
}

func nearest(palette []rgb, c rgb) uint8 {
	best, least := 0, int64(1)<<62
	for i, p := range palette {
		r, g, b := int64(p>>16&0xFF)-int64(c>>16&0xFF), int64(p>>8&0xFF)-int64(c>>8&0xFF), int64(p&0xFF)-int64(c&0xFF)
		if d := r*r + g*g + b*b; d < least {
			best, least = i, d
		}
	}
	return uint8(best) //nolint:gosec // a palette has at most 256
}
