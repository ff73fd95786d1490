package outputs_test

import (
	"math"
	"slices"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// TestSharesAreOfTheWholeColumn has bars and scales end at figures of rows that are not shown.
func TestSharesAreOfTheWholeColumn(t *testing.T) {
	fields := []table.Field{{Name: "n", Type: expr.Integer}, {Name: "balance", Type: expr.Integer}, {Name: "name", Type: expr.Text}}
	var rows [][]expr.Value
	for _, n := range []int64{5, 0, -5, 20} {
		rows = append(rows, []expr.Value{expr.IntegerValue(n), expr.IntegerValue(n), expr.TextValue("x")})
	}
	rows[1][0] = expr.Missing(expr.Integer)
	b := outputs.TableBlock{Table: table.FromValues(fields, rows), Columns: []outputs.TableColumn{
		{Key: "n", Highlight: &outputs.Highlight{Bars: true}}, {Key: "balance", Highlight: &outputs.Highlight{Scale: true}},
		{Key: "name", Highlight: &outputs.Highlight{Bars: true}}, {Key: "n"},
	}}
	g, err := b.Grid("en", 3)
	if err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	for i, want := range [][]float64{{0.25, 0.4, nan, nan}, {nan, 0.2, nan, nan}, {-0.25, 0, nan, nan}} {
		for j, cell := range g.Rows[i] {
			if cell.Share != want[j] && !(math.IsNaN(cell.Share) && math.IsNaN(want[j])) {
				t.Errorf("row %d, column %d: %v, want %v", i, j, cell.Share, want[j])
			}
		}
	}
}

func TestAPartOfAGridIsLabelledByItself(t *testing.T) {
	b := outputs.TableBlock{Totals: true, Table: table.FromValues([]table.Field{{Name: "name", Type: expr.Text}}, [][]expr.Value{{expr.TextValue("a")}, {expr.TextValue("b")}})}
	g, err := b.Grid("en", 2)
	if err != nil {
		t.Fatal(err)
	}
	part := g.First(1)
	part.Label("Total of all")
	g.Label("Total")
	if len(part.Rows) != 1 || part.Totals[0] != "Total of all" || len(g.Rows) != 2 || g.Totals[0] != "Total" {
		t.Errorf("part %+v of %+v", part, g)
	}
}

// The label stands with the first texts that have no total, else in the first column; a total there is not written over.
func TestWhereTheTotalsLabelStands(t *testing.T) {
	number, text := table.Field{Name: "n", Type: expr.Integer}, table.Field{Name: "t", Type: expr.Text}
	summed := number
	summed.Name, summed.Total = "s", table.Total{Kind: table.TotalSum}
	for name, c := range map[string]struct {
		fields []table.Field
		want   []string
	}{
		"texts first":      {[]table.Field{text, summed}, []string{"Total", "3"}},
		"texts behind":     {[]table.Field{number, text, summed}, []string{"", "Total", "3"}},
		"figures alone":    {[]table.Field{number, summed}, []string{"Total", "3"}},
		"no room for one":  {[]table.Field{summed}, []string{"3"}},
		"room behind only": {[]table.Field{summed, number}, []string{"3", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			row := make([]expr.Value, len(c.fields))
			for i, f := range c.fields {
				row[i] = expr.IntegerValue(3)
				if f.Type == expr.Text {
					row[i] = expr.TextValue("x")
				}
			}
			g, err := outputs.TableBlock{Totals: true, Table: table.FromValues(c.fields, [][]expr.Value{row})}.Grid("en", 9)
			if err != nil {
				t.Fatal(err)
			}
			if g.Label("Total"); !slices.Equal(g.Totals, c.want) {
				t.Errorf("totals are %q, want %q", g.Totals, c.want)
			}
		})
	}
}
