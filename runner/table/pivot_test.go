package table

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

// queues are calls by agent and queue: a rate that adds up from its parts, a level by its weight.
func queues() *Table {
	fields := []Field{
		{Name: "user_name", Type: expr.Text, Label: "Agent"},
		{Name: "queue", Type: expr.Text},
		{Name: "incoming", Type: expr.Integer, Label: "Incoming", Total: Total{Kind: TotalSum}},
		{Name: "answered", Type: expr.Integer, Label: "Answered", Total: Total{Kind: TotalSum}},
		{Name: "level", Type: expr.Percent, Label: "Level", Total: Total{Kind: TotalWeighted, Weight: "incoming"}},
	}
	return FromValues(fields, [][]expr.Value{
		{txt("Ewa"), txt("Sprzedaż"), num(10), num(8), pct(80)},
		{txt("Łucja"), txt("Serwis"), num(4), num(4), pct(100)},
		{txt("Ewa"), txt("Serwis"), num(20), num(10), none},
		{txt("Ewa"), txt("Sprzedaż"), num(30), num(30), pct(100)},
		{txt("Jan"), none, num(1), num(0), pct(0)},
		{txt("Łucja"), txt("Łódź"), num(2), none, pct(50)},
	})
}

func TestPivot(t *testing.T) {
	rate := derive(t, "rate", "ratio(answered, incoming)")
	for _, c := range []struct {
		name         string
		steps        []Step
		want, totals string
	}{
		{
			"a column for each value, in the language's order, and a total",
			[]Step{Pivot{Rows: []string{"user_name"}, Column: "queue", Values: []string{"incoming"}, Totals: true, Locale: "pl"}},
			`user_name | Łódź | Serwis | Sprzedaż | (none) | total
			Ewa | - | 20 | 40 | - | 60
			Łucja | 2 | 4 | - | - | 6
			Jan | - | - | - | 1 | 1`, "- | 2 | 24 | 40 | 1 | 67",
		},
		{
			"declared columns, in their order, found or not",
			[]Step{
				Where{Cond: parse(t, "not missing(queue)")},
				Pivot{Rows: []string{"user_name"}, Column: "queue", Keys: []string{"Sprzedaż", "Nocna", "Serwis", "Łódź"}, Values: []string{"answered"}},
			},
			`user_name | Sprzedaż | Nocna | Serwis | Łódź
			Ewa | 38 | - | 10 | -
			Łucja | - | - | 4 | -`, "- | 38 | - | 14 | -",
		},
		{
			"rates are made anew in cells, in totals of rows and of columns",
			[]Step{rate, Pivot{Rows: []string{"user_name"}, Column: "queue", Values: []string{"rate"}, Totals: true}, Select{Names: []string{"user_name", "Serwis", "total"}}},
			`user_name | Serwis | total
			Ewa | 0.5 | 0.8
			Łucja | 1 | 0.666666666666667
			Jan | - | 0`, "- | 0.583333333333333 | 0.776119402985075",
		},
		{
			"several values stand side by side under their own names",
			[]Step{rate, Pivot{Rows: []string{"user_name"}, Column: "queue", Keys: []string{"Serwis", "Sprzedaż", "Łódź", "(none)"}, Values: []string{"incoming", "level"}},
				Select{Names: []string{"incoming Serwis", "level Serwis", "incoming Sprzedaż", "level Sprzedaż"}}},
			`incoming Serwis | level Serwis | incoming Sprzedaż | level Sprzedaż
			20 | - | 40 | 95
			4 | 100 | - | -
			- | - | - | -`, "24 | 100 | 40 | 95",
		},
		{
			"measures, of which a count of nothing is 0",
			[]Step{Pivot{Rows: []string{"user_name"}, Column: "queue", Totals: true, Measures: group(t, "", "n", "count()").Measures}},
			`user_name | Łódź | Serwis | Sprzedaż | (none) | total
			Ewa | 0 | 1 | 2 | 0 | 3
			Łucja | 1 | 1 | 0 | 0 | 2
			Jan | 0 | 0 | 0 | 1 | 1`, "- | 1 | 2 | 2 | 1 | 6",
		},
		{
			"what is pivoted is grouped on",
			[]Step{rate, Pivot{Rows: []string{"user_name", "incoming"}, Column: "queue", Values: []string{"rate"}}, Group{By: []string{"user_name"}}, Select{Names: []string{"user_name", "Sprzedaż"}}},
			`user_name | Sprzedaż
			Ewa | 0.95
			Łucja | -
			Jan | -`, "- | 0.95",
		},
		{
			"without rows there are none",
			[]Step{Limit{}, Pivot{Rows: []string{"user_name"}, Column: "queue", Values: []string{"incoming"}, Totals: true}},
			`user_name | total`, "- | -",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := steps(t, queues(), c.steps...)
			equal(t, show(t, out), c.want)
			equal(t, totals(t, out), c.totals)
		})
	}
}

// TestPivotLabels: of several values each header has the label of its value, or words made of its name.
func TestPivotLabels(t *testing.T) {
	in := steps(t, queues(), derive(t, "answer_rate", "ratio(answered, incoming)"))
	out := steps(t, in, Pivot{Rows: []string{"user_name"}, Column: "queue", Values: []string{"incoming", "answer_rate"}, Totals: true})
	var labels []string
	for _, f := range out.Fields() {
		if !f.Hidden && strings.Contains(f.Label, "·") {
			labels = append(labels, f.Label)
		}
	}
	if !slices.Contains(labels, "Serwis · Answer rate") || !slices.Contains(labels, "Total · Answer rate") {
		t.Errorf("the headers are %q", labels)
	}
}

// TestPivotNames: names are the same in every locale, labels are the readers'.
func TestPivotNames(t *testing.T) {
	at := func(s string) expr.Value { return day(s) }
	for _, c := range []struct {
		field  Field
		values []expr.Value
		locale string
		want   string
	}{
		{Field{Type: expr.Period, Grain: "day"}, []expr.Value{at("2026-11-10"), none, at("2026-11-09"), odd("later")}, "pl",
			"2026-11-09 [09.11.2026] · 2026-11-10 [10.11.2026] · later [later] · (none) [(brak)] · total [Razem]"},
		{Field{Type: expr.Period, Grain: "week"}, []expr.Value{at("2026-11-16"), at("2026-11-09")}, "en", "2026-W46 [2026-W46] · 2026-W47 [2026-W47] · total [Total]"},
		{Field{Type: expr.Period, Grain: "month"}, []expr.Value{at("2026-11-01"), at("2026-02-01")}, "pl", "2026-02 [luty 2026] · 2026-11 [listopad 2026] · total [Razem]"},
		{Field{Type: expr.Period, Grain: "hour_of_day"}, []expr.Value{{Type: expr.Period, Valid: true, Int: 13 * 3600e6}}, "en", "13:00 [13:00] · total [Total]"},
		{Field{Type: expr.Period, Grain: "year"}, []expr.Value{at("2026-01-01")}, "en", "2026 [2026] · total [Total]"},
		{Field{Type: expr.Integer}, []expr.Value{num(10), num(9), num(-1), num(12345)}, "en", "-1 [-1] · 9 [9] · 10 [10] · 12345 [12345] · total [Total]"},
		{Field{Type: expr.Boolean}, []expr.Value{expr.BooleanValue(true), expr.BooleanValue(false)}, "pl", "false [nie] · true [tak] · total [Razem]"},
		{Field{Type: expr.Text}, []expr.Value{txt("a\x00b"), txt(" ")}, "en", "(none) [(none)] · a\ufffdb [a\x00b] · total [Total]"},
	} {
		c.field.Name = "by"
		var rows [][]expr.Value
		for _, v := range c.values {
			rows = append(rows, []expr.Value{txt("x"), v, num(1)})
		}
		in := FromValues([]Field{{Name: "row", Type: expr.Text}, c.field, {Name: "n", Type: expr.Integer, Total: Total{Kind: TotalSum}}}, rows)
		out := steps(t, in, Pivot{Rows: []string{"row"}, Column: "by", Values: []string{"n"}, Totals: true, Locale: c.locale})
		var got []string
		for _, f := range out.Fields()[1:] {
			got = append(got, fmt.Sprintf("%s [%s]", f.Name, f.Label))
		}
		if got := strings.Join(got, " · "); got != c.want {
			t.Errorf("%s %s: %s", expr.TypeName(c.field.Type), c.field.Grain, got)
		}
	}
}

func TestPivotFaults(t *testing.T) {
	fields := queues().Fields()
	wide := make([][]expr.Value, MaxPivotColumns+1)
	for i := range wide {
		wide[i] = []expr.Value{txt("Ewa"), txt(fmt.Sprint(i)), num(1), num(1), none}
	}
	p := Pivot{Rows: []string{"user_name"}, Column: "queue", Values: []string{"incoming"}}
	with := func(change func(*Pivot)) Pivot {
		x := p
		change(&x)
		return x
	}
	for _, c := range []struct {
		name       string
		in         *Table
		pivot      Pivot
		part, code string
		detail     string
	}{
		{"an unknown row", queues(), with(func(p *Pivot) { p.Rows = []string{"user"} }), "rows.0", "unknown-column", `Did you mean "user_name"?`},
		{"an unknown column", queues(), with(func(p *Pivot) { p.Column = "queues" }), "columns", "unknown-column", `"queue"`},
		{"an unknown value", queues(), with(func(p *Pivot) { p.Values = []string{"incoming", "answer"} }), "values.1", "unknown-column", `"answered"`},
		{"a row that is the column", queues(), with(func(p *Pivot) { p.Rows = []string{"queue"} }), "columns", "wrong-pivot", "stands in rows already"},
		{"a column of figures", queues(), with(func(p *Pivot) { p.Column = "level" }), "columns", "wrong-type", "of type percent"},
		{"a value that does not add up", queues(), with(func(p *Pivot) { p.Column, p.Rows, p.Values = "incoming", nil, []string{"queue"} }), "values.0", "no-total", "measures"},
		{"a value that is not declared", queues(), with(func(p *Pivot) { p.Keys = []string{"Serwis", "Sprzedaż"} }), "columns", "undeclared-value", `"(none)", "Łódź"`},
		{"a number that no integer is", queues(), with(func(p *Pivot) { p.Column, p.Values, p.Keys = "incoming", []string{"answered"}, []string{"01"} }), "columns.0", "wrong-type", `"01"`},
		{"a key twice", queues(), with(func(p *Pivot) { p.Keys = []string{"Serwis", "Serwis"} }), "columns.1", "duplicate-column", ""},
		{"a key that is a row's name", FromValues(fields, [][]expr.Value{{txt("Ewa"), txt("user_name"), num(1), num(1), none}}), p, "columns", "duplicate-column", `"user_name"`},
		{"keys that look alike", FromValues(fields, [][]expr.Value{{txt("Ewa"), txt("Serwis"), num(1), num(1), none}, {txt("Ewa"), txt("serwis "), num(1), num(1), none}}), p, "columns", "columns-alike", "derive"},
		{"blanks beside missing ones", FromValues(fields, [][]expr.Value{{txt("Ewa"), none, num(1), num(1), none}, {txt("Ewa"), txt(""), num(1), num(1), none}}), p, "columns", "columns-alike", "coalesce"},
		{"too many columns", FromValues(fields, wide), p, "columns", "too-many-columns", "1,000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := apply(c.in, c.pivot)
			var f *Fault
			if !errors.As(err, &f) || f.Code != c.code || f.Part != c.part || !strings.Contains(f.Detail, c.detail) {
				t.Errorf("%+v", err)
			}
		})
	}
	if _, err := apply(FromValues(fields, wide[1:]), p); err != nil {
		t.Errorf("1,000 columns: %v", err)
	}
}

// TestPivotFields: what is known before there are rows.
func TestPivotFields(t *testing.T) {
	p := Pivot{Rows: []string{"user_name"}, Column: "queue", Values: []string{"incoming", "level"}, Totals: true}
	got, err := p.Fields(queues().Fields(), false)
	if err != nil || strings.Join(names(got), ", ") != "user_name, incoming total, level total, level total·weight" {
		t.Errorf("%q, %v", names(got), err)
	}
	p.Keys = []string{"Serwis"}
	got, err = p.Fields(queues().Fields(), false)
	if err != nil || strings.Join(names(got), ", ") != "user_name, incoming Serwis, level Serwis, incoming total, level total, level Serwis·weight, level total·weight" {
		t.Errorf("%q, %v", names(got), err)
	}
	if rows := p.Apply(t.Context(), Rows{Fields: queues().Fields()[:1]}); !rows.Failed {
		t.Error("a pivot without its columns is not told to have failed")
	}
}
