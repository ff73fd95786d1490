package source

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// A column whose place is in no record is told apart from one that is null in all of them.
func TestColumnsThatNoRecordHas(t *testing.T) {
	columns := []*spec.SourceColumn{
		{Field: table.Field{Name: "n", Type: expr.Integer}},
		{Field: table.Field{Name: "gross", Type: expr.Integer}, Path: "amount.gross"},
		{Field: table.Field{Name: "amount_net", Type: expr.Integer}},
		{Field: table.Field{Name: "both", Type: expr.Integer}, SumOf: []string{"n", "gross"}},
	}
	for name, c := range map[string]struct {
		pages  []string
		absent []string
	}{
		"all are there":                 {[]string{`[{"n":1,"amount":{"gross":2,"net":1}}]`}, nil},
		"null is there":                 {[]string{`[{"n":null,"amount":{"gross":null,"net":""}}]`}, nil},
		"nothing is beneath a null":     {[]string{`[{"n":1,"amount":null}]`}, nil},
		"nor beneath an empty list":     {[]string{`[{"n":1,"amount":[]}]`}, nil},
		"renamed":                       {[]string{`[{"n":1,"amount":{"total":2,"net":1}}]`}, []string{"gross"}},
		"the whole object is gone":      {[]string{`[{"n":1},{"n":2}]`}, []string{"gross", "amount_net"}},
		"a name that only begins alike": {[]string{`[{"n":1,"amount_net":1,"amo":null}]`}, []string{"gross"}},
		"some record has it":            {[]string{`[{"n":1},{"amount":{"gross":1,"net":1}}]`}, nil},
		"a later page has it":           {[]string{`[{"n":1}]`, `[{"n":2,"amount":{"gross":1,"net":1}}]`}, nil},
		"no records":                    {[]string{`[]`}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := func(w http.ResponseWriter, r *http.Request) {
				n := 0
				fmt.Sscan(r.URL.Query().Get("offset"), &n)
				if n >= len(c.pages) {
					fmt.Fprint(w, "[]")
					return
				}
				fmt.Fprint(w, c.pages[n])
			}
			s := numbers()
			s.Columns, s.Paging.Offset.Size = columns, 1
			if len(c.pages) == 1 {
				s.Paging = spec.Paging{}
			}
			cl, _ := client(Options{})
			for range 2 { // the second one shares the rows
				got, err := cl.Fetch(t.Context(), request(t, serve(t, h), s))
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got.Absent, c.absent) {
					t.Errorf("absent are %q, not %q", got.Absent, c.absent)
				}
			}
		})
	}
}

// Where rows come by several requests, a column is absent that none of them brought.
func TestColumnsThatNoRequestBrought(t *testing.T) {
	h := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, map[string]string{"1": `[{"n":1}]`, "2": `[{"n":2,"m":null}]`}[r.URL.Query().Get("q")])
	}
	s := numbers()
	s.Paging = spec.Paging{}
	s.Columns = append(s.Columns, &spec.SourceColumn{Field: table.Field{Name: "m"}}, &spec.SourceColumn{Field: table.Field{Name: "o"}})
	r := request(t, serve(t, h), s)
	r.Each = &Each{Parameter: &spec.Parameter{Name: "q", Type: expr.Text}, Field: table.Field{Name: "queue"}}
	for _, q := range []string{"1", "2"} {
		r.Each.Values = append(r.Each.Values, EachValue{Value: expr.TextValue(q), Label: q})
	}
	got, err := New(Options{}).Fetch(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Absent, []string{"o"}) {
		t.Errorf("absent are %q", got.Absent)
	}
}
