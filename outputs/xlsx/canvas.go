package xlsx

import "math"

// canvas is the stretch of a sheet's columns, from the first on, that tiles, charts and pictures share, so that all end at
// one line: the tables' own end where that is about a page away, and else the column's edge nearest to a page's width.
func (g *grid) canvas() (columns int) {
	const nearly, beyond = 0.75, 1.3
	if tables := g.sum(g.fixed); tables >= nearly*pageWidth && tables <= beyond*pageWidth {
		return g.fixed
	}
	used := 0.0
	for columns = 0; used < pageWidth; columns++ {
		used += g.width(columns)
	}
	if last := g.width(columns - 1); columns > 1 && used-pageWidth > last/2 {
		columns--
	}
	return columns
}

// partition divides the first columns into neighbouring spans that are as even as the columns' edges allow, each at least
// as wide as it needs; ok is false where there is no such division. until is how much of their width is used.
func (g *grid) partition(columns int, needs []float64, until float64) (out []span, ok bool) {
	n := len(needs)
	ideal := until / float64(n)
	// best[i][c] is the least unevenness of the first i spans when they end before column c, from[i][c] where the last begins.
	best, from := make([][]float64, n+1), make([][]int, n+1)
	for i := range best {
		best[i], from[i] = make([]float64, columns+1), make([]int, columns+1)
		for c := range best[i] {
			best[i][c] = math.Inf(1)
		}
	}
	best[0][0] = 0
	for i := 1; i <= n; i++ {
		for c := i; c <= columns; c++ {
			width := 0.0
			for b := c - 1; b >= i-1; b-- {
				width += g.width(b)
				if cost := best[i-1][b] + (width-ideal)*(width-ideal); width >= needs[i-1] && cost < best[i][c] {
					best[i][c], from[i][c] = cost, b
				}
			}
		}
	}
	end := 0
	for c := range best[n] {
		if best[n][c] < best[n][end] || math.IsInf(best[n][end], 1) {
			end = c
		}
	}
	if math.IsInf(best[n][end], 1) {
		return nil, false
	}
	out = make([]span, n)
	for i, c := n, end; i > 0; i-- {
		out[i-1] = span{from[i][c], c - 1}
		c = from[i][c]
	}
	return out, true
}

// edge is a place across a sheet: some CSS pixels right of a column's left edge.
type edge struct {
	column int
	offset float64
}

// digitWidth is Excel's measure of columns: a digit of Arial 10, in CSS pixels.
const digitWidth = 7

// edgeAt returns the edge at a distance from the sheet's left, in pixels: a column's own where one is near.
func (g *grid) edgeAt(distance float64) edge {
	const near = 40
	for c := 0; ; c++ {
		w := g.width(c) * digitWidth
		switch {
		case distance < min(near, w/2):
			return edge{column: c}
		case distance < w-min(near, w/2):
			return edge{c, math.Round(distance)}
		case distance < w:
			return edge{column: c + 1}
		}
		distance -= w
	}
}

// pixels is the width of the first n columns.
func (g *grid) pixels(n int) float64 { return g.sum(n) * digitWidth }

// between is the distance of two edges, in pixels.
func (g *grid) between(a, b edge) float64 {
	return g.pixels(b.column) + b.offset - g.pixels(a.column) - a.offset
}
