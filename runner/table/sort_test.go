package table

import (
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

func TestSortJoinsPeriodsWithAndWithoutTexts(t *testing.T) {
	f := []Field{{Name: "at", Type: expr.Period}}
	var in Table
	in.fields = f
	for _, last := range []expr.Value{day("2026-11-10"), odd("?")} {
		rows := slices.Repeat([][]expr.Value{{day("2026-11-09")}}, BatchRows-1) // batches so long are not joined
		in.keep(FromValues(f, append(rows, []expr.Value{last})).batches[0])
	}
	got := lines(t, steps(t, &in, Sort{Keys: []SortKey{{Name: "at"}}}))
	if want := []string{"2026-11-09", "2026-11-10", "?"}; !slices.Equal(got[2*BatchRows-3:], want) {
		t.Errorf("the last rows are %q, want %q", got[2*BatchRows-3:], want)
	}
}

func TestPolishOrder(t *testing.T) {
	words := []string{"żaba", "Zenon", "łoś", "Lech", "lama", "Ćma", "cytryna", "", "Łódź", "ął", "az"}
	var rows [][]expr.Value
	for _, w := range words {
		rows = append(rows, []expr.Value{txt(w)})
	}
	in := FromValues([]Field{{Name: "w", Type: expr.Text}}, rows)
	equal(t, show(t, steps(t, in, Sort{Keys: []SortKey{{Name: "w"}}, Locale: "pl"})),
		"w\n\naz\nął\ncytryna\nĆma\nlama\nLech\nłoś\nŁódź\nZenon\nżaba")
	slices.SortFunc(words, TextOrder("pl"))
	equal(t, strings.Join(words, " "), " az ął cytryna Ćma lama Lech łoś Łódź Zenon żaba")
}

func TestNumbersWithinTexts(t *testing.T) {
	words := []string{"queue 10", "Queue 9", "queue 9", "2026-11-09", "10", "9", "Queue 10 b", "Queue 10 a"}
	slices.SortFunc(words, TextOrder(""))
	equal(t, strings.Join(words, ", "), "9, 10, 2026-11-09, queue 9, Queue 9, queue 10, Queue 10 a, Queue 10 b")
}
