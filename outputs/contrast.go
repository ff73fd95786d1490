package outputs

import "math"

// Contrasts that letters need on what is behind them (WCAG 2.2, 1.4.3): small ones, and those from 24 px on.
const (
	SmallContrast = 4.5
	LargeContrast = 3.0
)

// Legible returns a colour as it can be read on another one: the colour itself, or one that is so much darker or lighter.
func Legible(colour, behind string, wanted float64) string {
	towards := "000000"
	if Contrast("FFFFFF", behind) > Contrast(towards, behind) {
		towards = "FFFFFF"
	}
	const steps = 20
	for i := range steps {
		if c := Mix(colour, towards, float64(i)/steps); Contrast(c, behind) >= wanted {
			return c
		}
	}
	return towards
}

// Contrast of two colours, from 1 to 21, as the WCAG computes it.
func Contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is from 0 to 1.
func luminance(colour string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb(colour)[i]) / 255
		if c <= 0.04045 {
			sum += weight * c / 12.92
		} else {
			sum += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}
