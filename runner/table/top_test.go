package table

import (
	"errors"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

func TestTop(t *testing.T) {
	best := []SortKey{{Name: "incoming", Desc: true}}
	for _, c := range []struct {
		name         string
		steps        []Step
		want, totals string
	}{
		{
			"the rest is dropped",
			[]Step{Top{N: 2, By: best}, Select{Names: []string{"user_name", "incoming"}}},
			`user_name | incoming
			Ewa | 30
			Łucja | 10`, "- | 40",
		},
		{
			"the rest is one row, each column by its own rule",
			[]Step{Top{N: 2, By: best, Others: "Others"}},
			`series | user_name | incoming | answered | time_sum | time_max | time_avg | level | gross
			2026-11-09 | Ewa | 30 | 30 | 30:00:00 | 3:00:00 | 1:00:00 | 50 | 0.2
			2026-11-09 | Łucja | 10 | 8 | 1:20:00 | 0:30:00 | 0:10:00 | 90 | 0.1
			- | Others | 6 | 4 | 0:05:00 | 0:02:00 | 0:01:15 | 100 | 1000000.04`,
			"- | - | 46 | 42 | 31:25:00 | 3:00:00 | 0:44:52.857143 | 60.9756097560976 | 1000000.34",
		},
		{
			"ties keep their order, the least come first where that is asked for",
			[]Step{Top{N: 2, By: []SortKey{{Name: "series"}}}, Select{Names: []string{"series", "user_name"}}},
			`series | user_name
			2026-11-09 | Łucja
			2026-11-09 | Ewa`, "- | -",
		},
		{
			"there is no row of none",
			[]Step{Top{N: 5, By: best, Others: "Others"}, Select{Names: []string{"incoming"}}},
			`incoming
			30
			10
			5
			1
			0`, "46",
		},
		{
			"a ratio is carried through",
			[]Step{
				derive(t, "rate", "ratio(answered, incoming)"), Select{Names: []string{"user_name", "rate", "incoming"}},
				Top{N: 1, By: best, Others: "Others"}, Select{Names: []string{"user_name", "rate"}},
			},
			`user_name | rate
			Ewa | 1
			Others | 0.75`, "- | 0.91304347826087",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := steps(t, FromValues(chats(), chatRows()), c.steps...)
			equal(t, show(t, out), c.want)
			equal(t, totals(t, out), c.totals)
		})
	}
	want, err := FromValues(chats(), chatRows()).Totals()
	if err != nil {
		t.Fatal(err)
	}
	got, err := steps(t, FromValues(chats(), chatRows()), Top{N: 2, By: best, Others: "Others"}).Totals()
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range chats() {
		if plain(got[i]) != plain(want[i]) {
			t.Errorf("total of %s is %s with others and %s without", f.Name, plain(got[i]), plain(want[i]))
		}
	}
}

// TestTopLabel: the label of the others stands where names are, not among ids.
func TestTopLabel(t *testing.T) {
	for _, c := range []struct{ first, second, want string }{
		{"queue_id", "queue", "- | Rest | 3"}, {"id", "name", "- | Rest | 3"}, {"grid", "name", "Rest | - | 3"},
		{"queue_id", "id", "Rest | - | 3"},
	} {
		fields := []Field{{Name: c.first, Type: expr.Text}, {Name: c.second, Type: expr.Text}, {Name: "n", Type: expr.Integer, Total: Total{Kind: TotalSum}}}
		in := FromValues(fields, [][]expr.Value{{txt("1"), txt("Sales"), num(9)}, {txt("2"), txt("Support"), num(3)}})
		out := steps(t, in, Top{N: 1, By: []SortKey{{Name: "n", Desc: true}}, Others: "Rest"})
		equal(t, show(t, out), c.first+" | "+c.second+" | n\n1 | Sales | 9\n"+c.want)
	}
}

// TestTopOfMeans: the mean of whole numbers is a decimal, in the rows that stay as in the last.
func TestTopOfMeans(t *testing.T) {
	fields := []Field{
		{Name: "name", Type: expr.Text}, {Name: "n", Type: expr.Integer, Total: Total{Kind: TotalSum}},
		{Name: "age", Type: expr.Integer, Total: Total{Kind: TotalWeighted, Weight: "n"}},
	}
	in := FromValues(fields, [][]expr.Value{{txt("a"), num(9), num(40)}, {txt("b"), num(1), num(30)}, {txt("c"), num(3), num(31)}, {txt("d"), num(2), none}})
	out := steps(t, in, Top{N: 1, By: []SortKey{{Name: "n", Desc: true}}, Others: "Rest"})
	equal(t, show(t, out), "name | n | age\na | 9 | 40\nRest | 6 | 30.75")
	equal(t, totals(t, out), "- | 15 | 37.15384615384615385")
	equal(t, totals(t, in), "- | 15 | 37.15384615384615385")
}

func TestTopFaults(t *testing.T) {
	in := FromValues(chats(), chatRows())
	for _, c := range []struct {
		steps              []Step
		part, code, detail string
	}{
		{[]Step{Top{N: 1, By: []SortKey{{Name: "answerd"}}}}, "by.0", "unknown-column", `"answered"`},
		{[]Step{Select{Names: []string{"incoming"}}, Top{N: 1, By: []SortKey{{Name: "incoming"}}, Others: "x"}}, "others", "no-label", "first text column"},
	} {
		_, err := apply(in, c.steps...)
		var f *Fault
		if !errors.As(err, &f) || f.Part != c.part || f.Code != c.code || !strings.Contains(f.Detail, c.detail) {
			t.Errorf("%+v", err)
		}
	}
}
