package picture

import (
	"math"
	"slices"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/expr"
)

// counts are series of integers; a number below -999 stands for a missing one.
func counts(series ...[]int64) *outputs.Points {
	p := &outputs.Points{}
	for _, values := range series {
		var s outputs.Series
		s.Type = expr.Integer
		for _, n := range values {
			v := expr.IntegerValue(n)
			if n < -999 {
				v = expr.Missing(expr.Integer)
			}
			s.Values = append(s.Values, v)
		}
		p.Series = append(p.Series, s)
	}
	p.X = make([]string, len(p.Series[0].Values))
	return p
}

const missing = -1000

func TestPilesGrowAwayFromZero(t *testing.T) {
	d := &drawing{points: counts([]int64{5, -2, missing}, []int64{3, 4, 2}, []int64{1, -1, 1}), chart: outputs.Chart{Type: outputs.ChartStackedColumn}, theme: outputs.DefaultTheme()}
	first, _ := d.layers()
	for i, want := range []struct{ base, values []float64 }{
		{[]float64{0, 0, 0}, []float64{5, -2, 0}},
		{[]float64{5, 0, 0}, []float64{8, 4, 2}},
		{[]float64{8, -2, 2}, []float64{9, -3, 3}},
	} {
		if !slices.Equal(first[i].base, want.base) || !slices.Equal(first[i].values, want.values) {
			t.Errorf("layer %d from %v to %v, want from %v to %v", i, first[i].base, first[i].values, want.base, want.values)
		}
	}
}

func TestAMissingFigureIsAGap(t *testing.T) {
	d := &drawing{}
	f := frame{plot: rect{0, 0, 100, 100}, centres: []float64{0, 1, 2, 3, 4}}
	runs := d.runs(f, []float64{1, 2, math.NaN(), 3, math.NaN()}, scale{last: 10, step: 1})
	if len(runs) != 2 || len(runs[0]) != 2 || len(runs[1]) != 1 || runs[1][0].x != 3 || runs[1][0].y != 70 {
		t.Errorf("runs %v", runs)
	}
}

// TestPartsAreAWhole has one slice for the least of many, and each of the others in the colour that its row has in a workbook.
func TestPartsAreAWhole(t *testing.T) {
	d := &drawing{points: counts([]int64{10, 1, 9, 8, 7, 0, 6, 5, 4, 3, 2}), theme: outputs.DefaultTheme(), locale: "en", names: make([]string, 11)}
	parts := d.slices()
	whole := 0.0
	for _, s := range parts {
		whole += s.part
	}
	if n := len(parts); n != mostSlices || math.Abs(whole-1) > 1e-9 {
		t.Fatalf("%d parts, together %v", n, whole)
	}
	if last := parts[mostSlices-1]; last.name != "Others (4)" || last.figure != "6" || math.Abs(last.part-6.0/55) > 1e-9 {
		t.Errorf("the others are %+v", last)
	}
	if parts[1].figure != "9" || parts[1].colour != d.theme.Series(2) {
		t.Errorf("the second part is %s in %s", parts[1].figure, parts[1].colour)
	}
}

// TestWhereAnAxisBegins has it at zero, unless a line would be flat there.
func TestWhereAnAxisBegins(t *testing.T) {
	for _, test := range []struct {
		values   []float64
		fromZero bool
		lo, hi   float64
	}{
		{[]float64{3, 9}, false, 0, 9},
		{[]float64{88, 97}, false, 88, 97},
		{[]float64{88, 97}, true, 0, 97},
		{[]float64{-97, -88}, false, -97, -88},
		{[]float64{-9, -3}, false, -9, 0},
		{[]float64{7, 7}, false, 0, 7},
		{[]float64{-1, 1000}, true, 0, 1000}, // what cannot be seen takes no room
		{[]float64{-10, 1000}, true, -10, 1000},
		{[]float64{1, -1000}, true, -1000, 0},
		{[]float64{math.NaN()}, false, 0, 0},
	} {
		if lo, hi := extent([]layer{{values: test.values}}, test.fromZero); lo != test.lo || hi != test.hi {
			t.Errorf("%v from zero %v: %v to %v", test.values, test.fromZero, lo, hi)
		}
	}
}
