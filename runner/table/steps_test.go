package table

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

// TestNamedColumnsAreAskedFor: a column that a step names has an author from there on; one that goes along has none.
func TestNamedColumnsAreAskedFor(t *testing.T) {
	fields := chats()
	for i := range fields {
		fields[i].Unasked = true
	}
	in := FromValues(fields, chatRows())
	for _, c := range []struct {
		name  string
		step  Step
		asked string
	}{
		{"where", Where{Cond: parse(t, `answered > 3`)}, ""},
		{"select", Select{Names: []string{"user_name", "level"}}, "user_name level"},
		{"rename", Rename{Pairs: []RenamePair{{"user_name", "agent"}}}, "agent"},
		{"derive", derive(t, "rate", "ratio(answered, incoming)", "level", "level"), "level rate"},
		{"group by own rules", Group{By: []string{"user_name"}}, "user_name"},
		{"group", group(t, "user_name", "n", "sum(incoming)"), "user_name n"},
		{"pivot", Pivot{Rows: []string{"series"}, Column: "user_name", Values: []string{"incoming"}, Keys: []string{"Ewa", "Łucja", "(none)"}}, "series Ewa Łucja (none)"},
	} {
		out, err := c.step.Fields(in.Fields(), false)
		var asked []string
		for _, f := range out {
			if !f.Hidden && !f.Unasked {
				asked = append(asked, f.Name)
			}
		}
		if got := strings.Join(asked, " "); err != nil || got != c.asked {
			t.Errorf("%s: asked for %q, want %q; %v", c.name, got, c.asked, err)
		}
	}
}

func TestSteps(t *testing.T) {
	total := func(kind TotalKind, names ...string) *Total {
		r := Total{Kind: kind}
		if len(names) > 0 {
			r = r.renamed(names)
		}
		return &r
	}
	for _, c := range []struct {
		name         string
		steps        []Step
		want, totals string
	}{
		{
			"where drops rows whose condition is missing",
			[]Step{Where{Cond: parse(t, `answered > 3 or gross < 0`)}, Select{Names: []string{"user_name", "answered"}}},
			`user_name | answered
			Łucja | 8
			Ewa | 30
			Ewa | 4
			- | -`, "- | 42",
		},
		{
			"where not keeps no missing ones either",
			[]Step{Where{Cond: parse(t, `not (level > 60)`)}, Select{Names: []string{"level"}}},
			`level
			50`, "50",
		},
		{
			"a comparison with a missing value is false, arithmetic with one is missing",
			[]Step{derive(t, "much", "answered > 5", "other", "not (answered > 5)", "more", "answered + 1"), Select{Names: []string{"user_name", "much", "other", "more"}}},
			`user_name | much | other | more
			Łucja | true | false | 9
			Ewa | true | false | 31
			Łucja | false | true | 1
			Ewa | false | true | 5
			- | false | false | -`, "- | - | - | -",
		},
		{
			"a derived ratio totals from its parts, not from its values",
			[]Step{derive(t, "rate", "ratio(answered, incoming)"), Select{Names: []string{"user_name", "rate"}}},
			`user_name | rate
			Łucja | 0.8
			Ewa | 1
			Łucja | -
			Ewa | 0.8
			- | -`, "- | 0.91304347826087",
		},
		{
			"a derived ratio of expressions carries them along",
			[]Step{derive(t, "lost", "ratio(incoming - answered, incoming)"), Select{Names: []string{"lost"}}, Limit{N: 2}},
			`lost
			0.2
			0`, "0.05",
		},
		{
			"derives see those before them, and take the place of columns",
			[]Step{
				Select{Names: []string{"answered", "incoming", "time_avg"}},
				derive(t, "answered", "answered * 2", "half", "answered / 4", "copy", "time_avg"), Limit{N: 2},
			},
			`answered | incoming | time_avg | half | copy
			16 | 10 | 0:10:00 | 4 | 0:10:00
			60 | 30 | 1:00:00 | 15 | 1:00:00`, "- | 40 | 0:49:28.421053 | - | 0:49:28.421053",
		},
		{
			"sums and differences of columns that add up add up, others do not",
			[]Step{
				derive(t, "missed", "incoming - answered", "more", "(incoming + answered) + 1", "last", "user_name + \"!\"", "two", "time_max + time_max"),
				Select{Names: []string{"missed", "more", "last", "two"}}, Limit{N: 2},
			},
			`missed | more | last | two
			2 | 19 | Łucja! | 1:00:00
			0 | 61 | Ewa! | 6:00:00`, "2 | - | - | -",
		},
		{
			"a derive's own type and rule",
			[]Step{
				Derive{Columns: []Derived{
					{Name: "rate", Expr: parse(t, "ratio(answered, incoming)"), Type: expr.Percent},
					{Name: "mean", Expr: parse(t, "time_sum / answered"), Total: total(TotalRatio, "time_sum", "answered")},
					{Name: "top", Expr: parse(t, "incoming"), Total: total(TotalMax)},
					{Name: "w", Expr: parse(t, "level"), Total: total(TotalWeighted, "answered")},
				}},
				Select{Names: []string{"rate", "mean", "top", "w"}}, Limit{N: 2},
			},
			`rate | mean | top | w
			80 | 0:10:00 | 10 | 90
			100 | 1:00:00 | 30 | 50`, "95 | 0:49:28.421053 | 30 | 58.4210526315789",
		},
		{
			"rename changes places at once, and rules follow",
			[]Step{
				Rename{Pairs: []RenamePair{{"answered", "incoming"}, {"incoming", "answered"}, {"time_sum", "talk"}}},
				Select{Names: []string{"incoming", "answered", "talk", "time_avg", "level"}}, Limit{N: 1},
			},
			`incoming | answered | talk | time_avg | level
			8 | 10 | 1:20:00 | 0:10:00 | 90`, "8 | 10 | 1:20:00 | 0:10:00 | 90",
		},
		{
			"sort by language, missing last both ways, stably",
			[]Step{Sort{Keys: []SortKey{{Name: "user_name", Desc: true}}, Locale: "pl"}, Select{Names: []string{"user_name", "incoming"}}},
			`user_name | incoming
			Łucja | 10
			Łucja | 0
			Ewa | 30
			Ewa | 5
			- | 1`, "- | 46",
		},
		{
			"sort by several keys",
			[]Step{Sort{Keys: []SortKey{{Name: "series", Desc: true}, {Name: "gross"}}}, Select{Names: []string{"series", "gross"}}},
			`series | gross
			later | -0.01
			2026-11-10 | 1000000.05
			2026-11-10 | -
			2026-11-09 | 0.1
			2026-11-09 | 0.2`, "- | 1000000.34",
		},
		{
			"group without measures: each column by its own rule, those without are left out",
			[]Step{Group{By: []string{"user_name"}}},
			`user_name | incoming | answered | time_sum | time_max | time_avg | level | gross
			Łucja | 10 | 8 | 1:20:00 | 0:30:00 | 0:10:00 | 90 | 0.1
			Ewa | 35 | 34 | 30:04:00 | 3:00:00 | 0:53:03.529412 | 50 | 1000000.25
			- | 1 | - | 0:01:00 | 0:01:00 | - | 100 | -0.01`,
			"- | 46 | 42 | 31:25:00 | 3:00:00 | 0:44:52.857143 | 60.9756097560976 | 1000000.34",
		},
		{
			"group with measures",
			[]Step{group(t, "user_name", "answered", "sum(answered)", "n", "count()", "known", "count(level)", "mean", "avg(answered)",
				"rate", "ratio(sum(answered), sum(incoming))", "longest", "max(time_max)", "sla", "total(level)",
				"odd", "sum(answered) > 10 ? max(answered) : min(incoming)", "seen", "first(series)",
				"peak", "ratio(max(answered), sum(incoming))")},
			`user_name | answered | n | known | mean | rate | longest | sla | odd | seen | peak
			Łucja | 8 | 2 | 1 | 4 | 0.8 | 0:30:00 | 90 | 0 | 2026-11-09 | 0.8
			Ewa | 34 | 2 | 1 | 17 | 0.971428571428571 | 3:00:00 | 50 | 30 | 2026-11-09 | 0.857142857142857
			- | - | 1 | 1 | - | - | 0:01:00 | 100 | 1 | later | -`,
			"- | 42 | 5 | 3 | 10.5 | 0.91304347826087 | 3:00:00 | 60.9756097560976 | - | - | -",
		},
		{
			"group by a key that is also a part of a total",
			[]Step{Select{Names: []string{"answered", "time_sum", "time_avg"}}, Group{By: []string{"answered"}}, Group{}},
			`time_sum | time_avg
			31:25:00 | 0:44:52.857143`, "31:25:00 | 0:44:52.857143",
		},
		{
			"no rows are one group where nothing tells them apart",
			[]Step{Where{Cond: parse(t, "incoming > 99")}, group(t, "", "n", "count()", "s", "sum(answered)")},
			`n | s
			0 | -`, "0 | -",
		},
		{
			"no rows are no groups of a column",
			[]Step{Where{Cond: parse(t, "incoming > 99")}, group(t, "user_name", "n", "count()")},
			`user_name | n`, "- | -",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := steps(t, FromValues(chats(), chatRows()), c.steps...)
			equal(t, show(t, out), c.want)
			equal(t, totals(t, out), c.totals)
			checked := chats()
			for _, s := range c.steps {
				var err error
				if checked, err = s.Fields(checked, false); err != nil {
					t.Fatal(err)
				}
			}
			if !slices.Equal(checked, out.Fields()) {
				t.Errorf("checked without data: %+v\nwith data: %+v", checked, out.Fields())
			}
		})
	}
}

func TestStepFaults(t *testing.T) {
	rule := func(kind TotalKind, names ...string) *Total {
		r := Total{Kind: kind}.renamed(names)
		return &r
	}
	for _, c := range []struct {
		step Step
		want string
	}{
		{Where{Cond: parse(t, "answred > 1")}, ": unknown-name"},
		{Where{Cond: parse(t, "answered + 1")}, ": wrong-type: where needs a condition that is true or false; this one is of type integer."},
		{Select{Names: []string{"incoming", "answerd"}}, `1: unknown-column: There is no column "answerd" here. Did you mean "answered"?`},
		{Select{Names: []string{"incoming", "incoming"}}, `1: duplicate-column: There would be two columns "incoming". Each column has a name of its own.`},
		{Rename{Pairs: []RenamePair{{"incoming", "answered"}}}, `incoming: duplicate-column: There would be two columns "answered". Each column has a name of its own.`},
		{Sort{Keys: []SortKey{{Name: "incoming"}, {Name: "zzz"}}}, `1: unknown-column: There is no column "zzz" here. The columns are "series", "user_name", "incoming", "answered", "time_sum", "time_max", "time_avg", "level", "gross".`},
		{Group{By: []string{"user"}}, `0: unknown-column: There is no column "user" here. Did you mean "user_name"?`},
		{group(t, "user_name", "user_name", "count()"), `user_name: duplicate-column: There would be two columns "user_name". Each column has a name of its own.`},
		{group(t, "user_name", "x", "answered"), "x: wrong-type"},
		{group(t, "user_name", "x", "sum(user_name)"), "x: wrong-type"},
		{Derive{Columns: []Derived{{Name: "x", Expr: parse(t, "answered"), Type: expr.Duration}}},
			`x: wrong-type: The expression of "x" is of type integer, which does not become duration without loss.`},
		{Derive{Columns: []Derived{{Name: "x", Expr: parse(t, "level"), Total: rule(TotalWeighted, "weight")}}},
			`x: unknown-column: The total of "x" needs the column "weight", which does not exist. The columns are "series", "user_name", "incoming", "answered", "time_sum", "time_max", "time_avg", "level", "gross".`},
		{Derive{Columns: []Derived{{Name: "x", Expr: parse(t, "time_sum"), Total: rule(TotalRatio, "answered", "incoming")}}},
			`x: wrong-type: The column "x" cannot add up so: a duration is the quotient of a duration and a count.`},
		{derive(t, "r", "ratio(answered, incoming)", "x", "ratio(level, r)"),
			`x: wrong-type: The column "x" cannot add up so: percent and ratio have no quotient of type ratio.`},
		{Derive{Columns: []Derived{{Name: "x", Expr: parse(t, "user_name"), Total: &Total{Kind: TotalSum}}}},
			`x: wrong-type: The column "x" cannot add up so: type text has no sum.`},
		{Derive{Columns: []Derived{{Name: "x", Expr: parse(t, "nil")}}}, "x: unknown-type: Nothing tells the type of \"x\". Say it beside the expression:\n    x: {value: …, type: text}"},
	} {
		_, err := c.step.Fields(chats(), false)
		if got := faultOf(err); got != c.want {
			t.Errorf("%T\n got: %s\nwant: %s", c.step, got, c.want)
		}
		// With data it is refused in the same words, before any row.
		if _, err := apply(FromValues(chats(), nil), c.step); faultOf(err) != c.want {
			t.Errorf("%T with data: %s", c.step, faultOf(err))
		}
	}
}

func TestOpenFields(t *testing.T) {
	for _, c := range []struct {
		step Step
		want []string
	}{
		{Select{Names: []string{"found", "incoming"}}, []string{"found", "incoming"}},
		{Sort{Keys: []SortKey{{Name: "found"}}}, names(chats())},
		{group(t, "found", "n", "sum(incoming)"), []string{"found", "n"}},
		{derive(t, "x", `row["found"]`), append(names(chats()), "x")},
	} {
		got, err := c.step.Fields(chats(), true)
		if err != nil || !slices.Equal(names(got), c.want) {
			t.Errorf("%T: %q, %v; want %q", c.step, names(got), err, c.want)
		}
		if i := index(got, "x"); i >= 0 && got[i].Grain != "" {
			t.Errorf("a column that is not known yet took another's grain: %+v", got[i])
		}
	}
}

// outer are names beside the row's.
type outer map[string]expr.Value

func (o outer) Lookup(path []string) (expr.Value, error)             { return o[path[len(path)-1]], nil }
func (o outer) Aggregate(string, []string) (v expr.Value, err error) { return v, errors.New("none") }

func TestOuterNames(t *testing.T) {
	o := Outer{Names: expr.Names{"var": {Fields: expr.Names{"least": {Type: expr.Integer}}}}}
	env := outer{"least": num(5)}
	where := Bind(&Where{Cond: parse(t, "incoming > var.least"), Outer: o}, Spool{}, env)
	sum := Bind(&Group{By: []string{"user_name"}, Outer: o,
		Measures: []Measure{{Name: "over", Expr: parse(t, "sum(incoming) - var.least")}}}, Spool{}, env)
	equal(t, show(t, steps(t, FromValues(chats(), chatRows()), where, sum)), "user_name | over\nŁucja | 5\nEwa | 25")
}

func TestOuterNamesWinOverColumns(t *testing.T) {
	o := Outer{Names: expr.Names{"incoming": {Type: expr.Integer}}, Env: outer{"incoming": num(7)}}
	d := Derive{Columns: []Derived{{Name: "a", Expr: parse(t, "incoming")}, {Name: "b", Expr: parse(t, `row["incoming"]`)}}, Outer: o}
	out := steps(t, FromValues(chats(), chatRows()), d, Select{Names: []string{"a", "b"}}, Limit{N: 1})
	equal(t, show(t, out), "a | b\n7 | 10")
	equal(t, totals(t, out), "- | 10")
}

func TestSecretsStayOutOfColumns(t *testing.T) {
	secret := txt("hush")
	secret.Sensitive = true
	o := Outer{Names: expr.Names{"var": {Fields: expr.Names{"token": {Type: expr.Text}}}}, Env: outer{"token": secret}}
	_, err := apply(FromValues(chats(), chatRows()), Derive{Columns: []Derived{{Name: "x", Expr: parse(t, "var.token")}}, Outer: o})
	if faultOf(err) != `x: secret-column: The column "x" would show a value that is secret.` {
		t.Error(err)
	}
}

// A totals row in a workbook is a live formula over visible columns where there are such.
func TestRulesPointAtVisibleColumns(t *testing.T) {
	in := FromValues(chats(), chatRows())
	rule := func(out *Table, name string) Total { return out.Fields()[index(out.Fields(), name)].Total }
	out := steps(t, in, Group{By: []string{"user_name"}})
	if got := rule(out, "time_avg"); got.Num != "time_sum" || got.Den != "answered" {
		t.Errorf("group: %+v", got)
	}
	out = steps(t, in, group(t, "user_name", "rate", "ratio(sum(answered), sum(incoming))", "done", "sum(answered)", "all", "sum(incoming)"))
	if got := rule(out, "rate"); got.Num != "done" || got.Den != "all" || len(out.Fields()) != 4 {
		t.Errorf("measures: %+v among %q", got, names(out.Fields()))
	}
}

func TestLabelsStayWithTheirColumns(t *testing.T) {
	in := FromValues(chats(), chatRows())
	for _, s := range []Step{derive(t, "user_name", "upper(user_name)"), Rename{Pairs: []RenamePair{{"user_name", "agent"}}},
		Group{By: []string{"user_name"}}, group(t, "series", "user_name", "first(user_name)")} {
		fields, err := s.Fields(in.Fields(), false)
		if err != nil || !slices.ContainsFunc(fields, func(f Field) bool { return f.Label == "Agent" }) {
			t.Errorf("%T: %+v, %v", s, fields, err)
		}
	}
	fields, err := group(t, "series", "n", "sum(answered)").Fields(in.Fields(), false)
	if err != nil || fields[1].Label != "" {
		t.Errorf("a measure under another name is labelled %q, %v", fields[1].Label, err)
	}
}

func TestAppendRefusesAnotherType(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a text went into a column of integers")
		}
	}()
	f := Field{Name: "n", Type: expr.Integer}
	v := NewVector(f, 1)
	v.Append(f, txt("1"))
}

func TestLimitStopsReading(t *testing.T) {
	in := FromValues(chats(), chatRows())
	read := 0
	rows := Rows{Fields: in.Fields(), Seq: func(yield func(*Batch, error) bool) {
		for b := range in.Rows().Seq {
			for yield(b, nil) {
				read++
			}
			return
		}
	}}
	out, err := Collect(context.Background(), Limit{N: 7}.Apply(context.Background(), rows), Spool{})
	if err != nil || out.Len() != 7 || read != 1 {
		t.Errorf("%d rows of %d batches, %v", out.Len(), read+1, err)
	}
}
