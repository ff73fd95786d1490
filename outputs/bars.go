package outputs

import (
	"math"
	"strings"
)

// Bar draws a length in eighths of a character: "██▌".
func Bar(length float64) string {
	eighths := int(math.Round(max(0, length) * 8))
	if eighths == 0 && length > 0 {
		eighths = 1 // What is there is seen.
	}
	bar := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		bar += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return bar
}

// Greatest is the greatest value of the series; 0 where none is above it.
func (s Series) Greatest() float64 {
	greatest := 0.0
	for _, v := range s.Values {
		if x := Plot(v); x > greatest {
			greatest = x
		}
	}
	return greatest
}
