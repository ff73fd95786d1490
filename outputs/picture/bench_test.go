package picture

import "testing"

// BenchmarkDraw draws a chart as a mail has it.
func BenchmarkDraw(b *testing.B) {
	c := charts()[0]
	points, err := c.chart.Points(c.locale)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Draw(points, c.chart, c.theme, c.locale, 448, 2.5); err != nil {
			b.Fatal(err)
		}
	}
}
