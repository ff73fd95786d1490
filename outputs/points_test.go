package outputs_test

import (
	"strings"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// shares is a chart of some figures by name; 0 stands for a missing one where it is marked so.
func shares(kind outputs.ChartType, figures ...expr.Value) outputs.Chart {
	rows := make([][]expr.Value, len(figures))
	for i, f := range figures {
		rows[i] = []expr.Value{expr.TextValue(string(rune('a' + i))), f}
	}
	fields := []table.Field{{Name: "name", Type: expr.Text}, {Name: "n", Type: expr.Integer}}
	return outputs.Chart{Dataset: "d", Table: table.FromValues(fields, rows), Type: kind, X: "name", Y: []outputs.TableColumn{{Key: "n"}}}
}

// TestSharesOfAWhole: what is below 0 is no share, in whatever medium, and what is missing is no slice.
func TestSharesOfAWhole(t *testing.T) {
	missing := expr.Value{Type: expr.Integer}
	for _, kind := range []outputs.ChartType{outputs.ChartPie, outputs.ChartDoughnut} {
		_, err := shares(kind, expr.IntegerValue(3), expr.IntegerValue(-2)).Points("en")
		const want = ` shows shares of a whole, and n of "b" in dataset "d" is below 0: -2; use a chart of type bar, or leave such rows out with a transform step where`
		if err == nil || err.Error() != "a "+string(kind)+want {
			t.Errorf("%s of a figure below 0: %v", kind, err)
		}
		p, err := shares(kind, expr.IntegerValue(3), missing, expr.IntegerValue(0)).Points("en")
		if err != nil || strings.Join(p.X, " ") != "a c" || len(p.XValues) != 2 || len(p.Series[0].Values) != 2 {
			t.Errorf("%s: %+v, %v", kind, p, err)
		}
	}
	p, err := shares(outputs.ChartColumn, expr.IntegerValue(-2), missing).Points("en")
	if err != nil || len(p.X) != 2 || p.Series[0].Values[1].Valid {
		t.Errorf("columns: %+v, %v", p, err)
	}
}
