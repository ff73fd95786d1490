package expr

import (
	"strings"
	"testing"
)

// TestDoubts: the scale of each comparison with a share, by what is pointed at; "" where there is nothing to warn of.
func TestDoubts(t *testing.T) {
	for _, c := range []struct{ text, at, says string }{
		{`rate > 80`, `80`, "For 80% write 0.8."},
		{`not (12.5 <= ratio(answered, incoming))`, `12.5`, "For 12.5% write 0.125."},
		{`sure and total(by_day.sla) < 0.6`, `0.6`, "For 60% write 60."},
		{`sure ? rate > 500 : true`, `500`, "a / b"},
		{`ratio(answered, incoming) * 100`, `ratio(answered, incoming) * 100`, "Leave the 100 out."},
		{`100 * rate`, `100 * rate`, "Leave the 100 out."},
		{`rate * 100 > 80`, ``, ``},
		{`rate > 0.8 and rate <= 1`, ``, ``},
		{`level < 60 and level > 0 and level >= 1`, ``, ``},
		{`decimal(rate) > 2`, ``, ``},
		{`answered / incoming * 100`, ``, ``},
		{`price > 80`, ``, ``},
	} {
		e, f := Parse(c.text)
		if f != nil {
			t.Fatalf("%s: %v", c.text, f)
		}
		doubts := e.Doubts(sampleNames)
		if len(doubts) == 0 && c.at == "" {
			continue
		}
		if len(doubts) != 1 || c.at == "" {
			t.Errorf("%s: %v", c.text, doubts)
			continue
		}
		d := doubts[0]
		if at := string([]rune(c.text)[d.Offset : d.Offset+d.Length]); at != c.at || !strings.Contains(d.Detail, c.says) {
			t.Errorf("%s: at %q: %s", c.text, at, d.Detail)
		}
	}
}

// TestMonthsBesideDays: a Polish month stands in the genitive behind its day.
func TestMonthsBesideDays(t *testing.T) {
	for text, want := range map[string]string{
		`strftime(born, "%d %B %Y")`: "09 listopada 2026", `strftime(born, "%-d. %B")`: "9. listopada",
		`strftime(born, "%B %Y")`: "listopad 2026", `strftime(born, "%d.%m, %B")`: "09.11, listopad",
	} {
		e, f := Parse(text)
		if f != nil {
			t.Fatal(f)
		}
		if v, err := e.Eval(polishRow{sample}); err != nil || v.Str != want {
			t.Errorf("%s: got %q, %v, want %q", text, v.Str, err, want)
		}
	}
}

func TestPlace(t *testing.T) {
	e, f := Parse(`"ąę" + env.TOKEN + env["OTHER"]`)
	if f != nil {
		t.Fatal(f)
	}
	for name, want := range map[string]string{"TOKEN": `env.TOKEN`, "OTHER": `env["OTHER"]`} {
		from, length := e.Place([]string{"env", name})
		if got := string([]rune(e.Text())[from : from+length]); got != want {
			t.Errorf("%s is at %q", name, got)
		}
	}
}
