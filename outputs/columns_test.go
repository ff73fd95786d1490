package outputs_test

import (
	"slices"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

func labels(columns []outputs.ShownColumn) []string {
	var out []string
	for _, c := range columns {
		out = append(out, c.Label)
	}
	return out
}

// wide has figures before what names its rows, a column that is hidden and one that has no value.
func wide(rows int) *table.Table {
	fields := []table.Field{
		{Name: "n_1", Type: expr.Integer}, {Name: "n_2", Type: expr.Integer}, {Name: "rotten", Type: expr.Text, Unasked: true}, {Name: "declared", Type: expr.Text}, {Name: "hidden", Type: expr.Integer, Hidden: true},
		{Name: "n_3", Type: expr.Integer}, {Name: "user_name", Type: expr.Text, Label: "Agent"}, {Name: "n_4", Type: expr.Integer},
		{Name: "n_5", Type: expr.Integer}, {Name: "n_6", Type: expr.Integer}, {Name: "n_7", Type: expr.Integer}, {Name: "n_8", Type: expr.Integer},
	}
	values := make([][]expr.Value, rows)
	for i := range values {
		for _, f := range fields {
			v := expr.IntegerValue(int64(i))
			switch {
			case f.Name == "rotten" || f.Name == "declared":
				v = expr.Missing(expr.Text)
			case f.Name == "n_2" && i < rows-1:
				v = expr.Missing(expr.Integer) // has its only value in the last batch
			case f.Type == expr.Text:
				v = expr.TextValue("x")
			}
			values[i] = append(values[i], v)
		}
	}
	return table.FromValues(fields, values)
}

func TestATableThatChoosesNoColumns(t *testing.T) {
	block := outputs.TableBlock{Table: wide(3 * table.BatchRows)}
	all, err := block.Shown()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := labels(all), []string{"N 1", "N 2", "Declared", "N 3", "Agent", "N 4", "N 5", "N 6", "N 7", "N 8"}; !slices.Equal(got, want) {
		t.Errorf("shown %q, want %q", got, want)
	}
	few, left := block.Few(all)
	if want := []string{"Declared", "Agent", "N 1", "N 2", "N 3", "N 4", "N 5", "N 6"}; left != 2 || !slices.Equal(labels(few), want) {
		t.Errorf("%d left of %q, want %q", left, labels(few), want)
	}
	empty, err := outputs.TableBlock{Table: wide(0)}.Shown()
	if err != nil || len(empty) != 11 {
		t.Errorf("an empty table shows %q, %v", labels(empty), err)
	}
}

// TestAFigureStaysWithItsComparison: what either range has is shown for both, and what neither has for none.
func TestAFigureStaysWithItsComparison(t *testing.T) {
	var fields []table.Field
	row := []expr.Value{expr.TextValue("Ewa")}
	for _, name := range []string{"now", "before", "never"} {
		for i, column := range append([]string{name}, table.Compared(name)...) {
			fields = append(fields, table.Field{Name: column, Type: expr.Integer, Unasked: true})
			v := expr.Missing(expr.Integer)
			if name == "now" && i == 0 || name == "before" && i == 1 {
				v = expr.IntegerValue(1)
			}
			row = append(row, v)
		}
	}
	fields = append([]table.Field{{Name: "agent", Type: expr.Text}}, fields...)
	shown, err := outputs.TableBlock{Table: table.FromValues(fields, [][]expr.Value{row})}.Shown()
	want := []string{"Agent", "Now", "Now prev", "Now change", "Now change pct", "Before", "Before prev", "Before change", "Before change pct"}
	if got := labels(shown); err != nil || !slices.Equal(got, want) {
		t.Errorf("shown %q, %v", got, err)
	}
}

func TestATableThatChoosesItsColumnsHasThemAll(t *testing.T) {
	var chosen []outputs.TableColumn
	for _, f := range wide(1).Fields() {
		chosen = append(chosen, outputs.TableColumn{Key: f.Name})
	}
	chosen[3].Label = "Seen"
	block := outputs.TableBlock{Table: wide(1), Columns: chosen}
	all, err := block.Shown()
	if err != nil {
		t.Fatal(err)
	}
	few, left := block.Few(all)
	if len(few) != len(chosen) || left != 0 || few[2].Label != "Rotten" || few[3].Label != "Seen" {
		t.Errorf("%d left of %q", left, labels(few))
	}
}

func TestWordsAboutTables(t *testing.T) {
	en, pl := outputs.Words("en"), outputs.Words("pl")
	for _, c := range []struct{ got, want string }{
		{en.TotalOf(7, 7), "Total"}, {en.TotalOf(7, 1200), "Total of all 1,200 rows"}, {pl.TotalOf(7, 1200), "Razem, wszystkie wiersze: 1\u00a0200"},
		{en.RowsShown(7, 12, true), "7 of 12 rows are shown; all are in the workbook."}, {pl.RowsShown(7, 12, false), "Pokazano wierszy: 7 z 12."},
		{en.MoreColumns(17, true), "17 more columns in the workbook."}, {en.MoreColumns(1, false), "1 more column."},
		{pl.MoreColumns(17, true), "Pozostałych kolumn: 17, są w skoroszycie."}, {pl.MoreColumns(1, true), "Pozostała 1 kolumna, jest w skoroszycie."}, {pl.MoreColumns(1, false), "Pozostała 1 kolumna."},
		{outputs.Label("answer_rate"), "Answer rate"}, {outputs.Label("by-day"), "By day"}, {outputs.Label("żółw"), "Żółw"}, {outputs.Label("_"), "_"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
