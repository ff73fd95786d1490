package thulium

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/source"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/expr"
)

// sorted are the rows of a table as text, in one order.
func sorted(t *testing.T, tbl *table.Table) []string {
	t.Helper()
	var out []string
	for b, err := range tbl.Rows().Seq {
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.N {
			row := ""
			for c, f := range tbl.Fields() {
				v := b.Cols[c].Value(f, i)
				row += fmt.Sprintf("%s=%v %s|", f.Name, v.Valid, expr.Plain(v))
			}
			out = append(out, row)
		}
	}
	slices.Sort(out)
	return out
}

// A range that is asked for in slices has the rows that it has at once: every one, and none twice. That holds for random
// ranges, whatever clocks do in them, with and without requests for each value.
func TestSlicesHaveTheRowsOfTheWhole(t *testing.T) {
	const seed = 20261122
	random := rand.New(rand.NewPCG(seed, seed))
	c := source.New(source.Options{Demo: Demo(DemoOptions{})})
	groups := expr.ListValue(expr.IntegerValue(1), expr.IntegerValue(2))
	for _, name := range []string{"chats_summary", "agents_work_report", "connections", "recordings", "chats", "tickets", "tickets_created"} {
		s := Catalog()[name]
		rows := 0
		for range 6 {
			r := ask(t, s, "")
			if s.Grain != nil {
				r.Grain = []string{"hour", "day", "week"}[random.IntN(3)]
			}
			if name == "agents_work_report" {
				r.Arguments = []source.Argument{argument(t, s, "agent_group_ids", groups)}
			}
			if name == "chats_summary" && random.IntN(2) == 0 {
				r.Each = &source.Each{Parameter: argument(t, s, "chat_queue_ids", groups).Parameter, Field: table.Field{Name: "queue", Type: expr.Text}, Values: []source.EachValue{
					{Value: expr.IntegerValue(1), Label: "Sales"}, {Value: expr.IntegerValue(3), Label: "Support"},
				}}
			}
			r.Range = randomRange(random, r.Zone)
			whole, err := c.Fetch(t.Context(), r)
			if err != nil {
				t.Fatalf("%s, %v: %v", name, r.Range, err)
			}
			var stride calendar.Stride
			for stride.IsZero() || s.Grain != nil && !stride.Keeps(r.Grain) {
				texts := []string{"7hours", "1day", "3days", "1week", "2weeks", "1month"}
				stride, _ = calendar.ParseStride(texts[random.IntN(len(texts))])
			}
			r.Slices = slices.Collect(stride.Slices(r.Range, calendar.Calendar{Location: r.Zone, WeekStart: time.Monday}, r.Zone))
			parts, err := c.Fetch(t.Context(), r)
			if err != nil {
				t.Fatalf("%s, %v by %s: %v", name, r.Range, stride.Text, err)
			}
			if got, want := sorted(t, parts), sorted(t, whole); !slices.Equal(got, want) {
				t.Fatalf("%s, %v by %s in slices of %s: %d rows, want %d", name, r.Range, r.Grain, stride.Text, len(got), len(want))
			}
			rows += whole.Len()
			_, _ = whole.Close(), parts.Close()
		}
		if rows == 0 {
			t.Errorf("%s has no rows to compare", name)
		}
	}
}

// randomRange is of up to ten days, two in three times over a change of clocks.
func randomRange(random *rand.Rand, zone *time.Location) calendar.Range {
	from := []time.Time{
		time.Date(2026, 3, 22+random.IntN(8), 0, 0, 0, 0, zone),
		time.Date(2026, 10, 18+random.IntN(8), 0, 0, 0, 0, zone),
		time.Date(2026, 1, 1+random.IntN(360), 0, 0, 0, 0, zone),
	}[random.IntN(3)]
	until := from.AddDate(0, 0, 1+random.IntN(10))
	if random.IntN(2) == 0 { // not when an hour comes twice, which the API cannot be told
		from, until = from.Add(5*time.Hour), until.Add(17*time.Hour)
	}
	return calendar.Range{From: from, Until: until}
}
