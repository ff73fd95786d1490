package table

import (
	"testing"

	"github.com/reportform/reportform/spec/expr"
)

func TestDistinctAndDuplicates(t *testing.T) {
	in := FromValues([]Field{{Name: "group", Type: expr.Text}, {Name: "id", Type: expr.Text}, {Name: "price", Type: expr.Decimal}}, [][]expr.Value{
		{txt("a"), txt("1"), dec("1.50")}, {txt("a"), txt("1"), dec("1.5")}, {txt("a"), none, dec("2")},
		{txt("b"), txt("1"), none}, {txt("b"), txt("x"), none}, {txt("b"), txt("X"), none},
	})
	for _, test := range []struct{ fn, column, want string }{
		{"distinct", "id", "3"}, {"duplicates", "id", "2"}, {"distinct", "price", "2"}, {"duplicates", "price", "1"}, {"duplicates", "group", "4"},
	} {
		v, err := in.Aggregate(test.fn, test.column)
		if err != nil || plain(v) != test.want {
			t.Errorf("%s(%s) is %s, %v, want %s", test.fn, test.column, plain(v), err, test.want)
		}
	}
	out := steps(t, in, group(t, "group", "ids", "distinct(id)", "again", "duplicates(id)", "share", "ratio(distinct(id), count())"))
	if got, want := show(t, out), "group | ids | again | share\na | 1 | 1 | 0.333333333333333\nb | 3 | 0 | 1\n"; got != want {
		t.Errorf("got\n%s", got)
	}
	for _, f := range out.Fields() {
		if f.Name == "ids" && f.Total.Kind != TotalNone {
			t.Errorf("ids of groups add up by rule %d: what both have would count twice", f.Total.Kind)
		}
	}
}
