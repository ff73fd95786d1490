package table

import (
	"errors"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

// tables is the Env of steps that take rows of other tables.
type tables struct {
	outer
	known map[string]*Table
}

func (t tables) Table(name string) *Table { return t.known[name] }

func bound(s Step, name string, other *Table) Step {
	return Bind(s, Spool{}, tables{known: map[string]*Table{name: other}})
}

func agents() *Table {
	return FromValues([]Field{
		{Name: "login", Type: expr.Text},
		{Name: "team", Type: expr.Text, Label: "Team"},
		{Name: "target", Type: expr.Integer, Total: Total{Kind: TotalSum}},
		{Name: "rate", Type: expr.Ratio, Total: Total{Kind: TotalWeighted, Weight: "target"}},
	}, [][]expr.Value{
		{txt("Ewa"), txt("A"), num(40), expr.RatioValue(0.5)},
		{txt("Jan"), txt("B"), num(10), expr.RatioValue(0.9)},
		{none, txt("C"), num(5), none},
		{none, txt("D"), num(5), none},
	})
}

func figuresByAgent() *Table {
	return FromValues([]Field{
		{Name: "day", Type: expr.Text},
		{Name: "user_name", Type: expr.Text},
		{Name: "answered", Type: expr.Integer, Total: Total{Kind: TotalSum}},
	}, [][]expr.Value{
		{txt("Mon"), txt("Ewa"), num(3)}, {txt("Tue"), txt("Ewa"), num(4)}, {txt("Tue"), txt("ewa"), num(1)}, {txt("Tue"), none, num(2)}, {txt("Tue"), txt("Jan"), num(6)},
	})
}

func TestJoin(t *testing.T) {
	on := []JoinKey{{"user_name", "login"}}
	for _, test := range []struct {
		name string
		Join
		want string
	}{
		{"left: rows without a partner stay, letters are told apart, missing is nothing", Join{}, `
			day | user_name | answered | team | target | rate
			Mon | Ewa | 3 | A | 40 | 0.5
			Tue | Ewa | 4 | A | 40 | 0.5
			Tue | ewa | 1 | - | - | -
			Tue | - | 2 | - | - | -
			Tue | Jan | 6 | B | 10 | 0.9`},
		{"inner", Join{Inner: true, Columns: []JoinColumn{{Name: "team"}}}, `
			day | user_name | answered | team
			Mon | Ewa | 3 | A
			Tue | Ewa | 4 | A
			Tue | Jan | 6 | B`},
		{"other names", Join{Inner: true, Prefix: "their_", Columns: []JoinColumn{{Name: "team", As: "group"}, {Name: "login"}}}, `
			day | user_name | answered | group | their_login
			Mon | Ewa | 3 | A | Ewa
			Tue | Ewa | 4 | A | Ewa
			Tue | Jan | 6 | B | Jan`},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.With, test.On = "agents", on
			got := show(t, steps(t, figuresByAgent(), bound(test.Join, "agents", agents())))
			if want := dedent(test.want); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

// TestJoinKeepsOrTakesTotals: a figure that repeats must not be added up again and again.
func TestJoinKeepsOrTakesTotals(t *testing.T) {
	once := FromValues(figuresByAgent().Fields(), [][]expr.Value{{txt("Mon"), txt("Ewa"), num(3)}, {txt("Tue"), txt("Jan"), num(6)}})
	for _, test := range []struct {
		relation                Relation
		left                    *Table
		answered, target, ratio string
	}{
		{ManyToOne, figuresByAgent(), "16", "-", "-"},
		{OneToOne, once, "9", "50", "0.58"},
		{OneToMany, once, "-", "50", "0.58"},
		{ManyToMany, figuresByAgent(), "-", "-", "-"},
	} {
		join := Join{With: "agents", On: []JoinKey{{"user_name", "login"}}, Relation: test.relation}
		out := steps(t, test.left, bound(join, "agents", agents()))
		totals, err := out.Totals()
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"answered": test.answered, "target": test.target, "rate": test.ratio} {
			if got := plain(totals[index(out.Fields(), name)]); got != want {
				t.Errorf("relation %d: total of %s is %s, want %s", test.relation, name, got, want)
			}
		}
	}
	// What a weighted mean needs goes along.
	one := Join{With: "agents", On: []JoinKey{{"user_name", "login"}}, Relation: OneToOne, Columns: []JoinColumn{{Name: "rate"}}}
	out := steps(t, once, bound(one, "agents", agents()))
	totals, err := out.Totals()
	if err != nil || plain(totals[index(out.Fields(), "rate")]) != "0.58" {
		t.Errorf("total of rate alone is %v, %v", totals, err)
	}
}

func TestJoinFaults(t *testing.T) {
	twice := FromValues(agents().Fields(), [][]expr.Value{
		{txt("Ewa"), txt("A"), num(1), none}, {txt("Jan"), txt("B"), num(1), none}, {txt("Ewa"), txt("Z"), num(1), none},
	})
	for _, test := range []struct {
		name, part string
		right      *Table
		Join
		want string
	}{
		{"key twice", "with", twice, Join{}, `The rows 1 and 3 of "agents" have the same login "Ewa"; team is "A" in the one and "Z" in the other.`},
		{"key twice here", "relationship", agents(), Join{Relation: OneToOne}, `The rows 1 and 2 here have the same user_name "Ewa"`},
		{"no such column", "on.0", agents(), Join{On: []JoinKey{{"user_name", "logn"}}}, `The dataset "agents" has no column "logn". Did you mean "login"?`},
		{"other types", "on.0", agents(), Join{On: []JoinKey{{"user_name", "target"}}}, `none would be the same`},
		{"name is taken", "with", FromValues([]Field{{Name: "login", Type: expr.Text}, {Name: "answered", Type: expr.Integer}}, nil), Join{}, `prefix: agents_`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.With = "agents"; test.On == nil {
				test.On = []JoinKey{{"user_name", "login"}}
			}
			_, err := apply(figuresByAgent(), bound(test.Join, "agents", test.right))
			var f *Fault
			if !errors.As(err, &f) || f.Part != test.part || !strings.Contains(f.Detail, test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestJoinRepeatsRowsInOrder(t *testing.T) {
	right := FromValues([]Field{{Name: "user_name", Type: expr.Text}, {Name: "queue", Type: expr.Text}}, [][]expr.Value{
		{txt("Ewa"), txt("q1")}, {txt("Jan"), txt("q2")}, {txt("Ewa"), txt("q3")},
	})
	join := Join{With: "queues", On: []JoinKey{{"user_name", "user_name"}}, Relation: ManyToMany, Inner: true}
	got := show(t, steps(t, figuresByAgent(), bound(join, "queues", right), Select{Names: []string{"answered", "queue"}}))
	if want := dedent(`
		answered | queue
		3 | q1
		3 | q3
		4 | q1
		4 | q3
		6 | q2`); got != want {
		t.Errorf("got\n%s", got)
	}
}

func dedent(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\t", "")) + "\n"
}

func TestUnion(t *testing.T) {
	phone := FromValues([]Field{
		{Name: "answered", Type: expr.Integer, Total: Total{Kind: TotalSum}},
		{Name: "missed", Type: expr.Integer, Total: Total{Kind: TotalSum}},
		{Name: "user_name", Type: expr.Text},
	}, [][]expr.Value{{num(10), num(2), txt("Ewa")}})
	union := Union{As: "channel", Own: "Chat", Others: []UnionPart{{Name: "phone", Label: "Phone"}}}
	got := show(t, steps(t, figuresByAgent(), Limit{N: 2}, bound(union, "phone", phone)))
	if want := dedent(`
		channel | day | user_name | answered | missed
		Chat | Mon | Ewa | 3 | -
		Chat | Tue | Ewa | 4 | -
		Phone | - | Ewa | 10 | 2`); got != want {
		t.Errorf("got\n%s", got)
	}
}

// TestUnionKeepsTotals: a rate's total is of the rows that have the rate, however the columns that it is made of are called.
func TestUnionKeepsTotals(t *testing.T) {
	left := steps(t, FromValues(chats(), chatRows()[:2]), derive(t, "rate", "ratio(answered, incoming)"), Select{Names: []string{"user_name", "rate"}})
	right := steps(t, FromValues(chats(), chatRows()[3:4]), Rename{Pairs: []RenamePair{{"answered", "done"}}}, derive(t, "rate", "ratio(done, incoming)"))
	other := steps(t, FromValues(chats(), chatRows()[:1]), Select{Names: []string{"user_name", "incoming", "answered"}})
	env := tables{known: map[string]*Table{"right": right, "other": other}}
	out := steps(t, left, Bind(Union{Others: []UnionPart{{Name: "right"}, {Name: "other"}}}, Spool{}, env))
	totals, err := out.Totals()
	if err != nil {
		t.Fatal(err)
	}
	want := (8.0 + 30 + 4) / (10 + 30 + 5)
	if got := totals[index(out.Fields(), "rate")].Float; got != want {
		t.Errorf("total of rate is %v, want %v", got, want)
	}
	if got := plain(totals[index(out.Fields(), "incoming")]); got != "15" {
		t.Errorf("total of incoming is %s: that of hidden columns is in it", got)
	}
	most := FromValues([]Field{{Name: "incoming", Type: expr.Integer, Total: Total{Kind: TotalMax}}}, [][]expr.Value{{num(7)}})
	mixed, err := steps(t, other, bound(Union{Others: []UnionPart{{Name: "most"}}}, "most", most)).Aggregate("total", "incoming")
	if err != nil || mixed.Valid {
		t.Errorf("total of a sum and a maximum is %v, %v", plain(mixed), err)
	}
	var f *Fault
	_, err = apply(left, Bind(Union{Others: []UnionPart{{Name: "right"}}}, Spool{}, tables{known: map[string]*Table{
		"right": FromValues([]Field{{Name: "rate", Type: expr.Text}}, nil)}}))
	if !errors.As(err, &f) || f.Part != "0" || !strings.Contains(f.Detail, `"rate" is of type text in "right" and of type ratio above`) {
		t.Errorf("got %v", err)
	}
}
