package source

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// topics is a source with a column that may be topic_id or topic.id, in pages of one.
func topics(size int) *spec.Source {
	s := numbers()
	s.Paging.Offset.Size = size
	s.Columns = []*spec.SourceColumn{{Field: table.Field{Name: "topic_id", Type: expr.Text}}}
	return s
}

// A nested value is its column's where it stands alone; beside the column's own key it becomes a column that was found,
// whichever comes first, on whichever page, for whichever value of a filter.
func TestNestedBesideItsColumn(t *testing.T) {
	for name, c := range map[string]struct {
		pages []string
		each  *Each
		names string
		want  []string
		asked int32
	}{
		"alone":           {pages: []string{`{"topic":{"id":"7","name":"x"}}`, `{"topic":{"id":"8"}}`}, names: "topic_id:text topic_name:text", want: []string{"7|x", "8|-"}, asked: 3},
		"behind":          {pages: []string{`{"topic_id":"1","topic":{"id":7}}`}, names: "topic_id:text topic_id_2:text", want: []string{"1|7"}, asked: 2},
		"before":          {pages: []string{`{"topic":{"id":7},"topic_id":"1"}`}, names: "topic_id:text topic_id_2:text", want: []string{"1|7"}, asked: 2},
		"before null":     {pages: []string{`{"topic":{"id":7},"topic_id":null}`}, names: "topic_id:text topic_id_2:text", want: []string{"-|7"}, asked: 2},
		"on a later page": {pages: []string{`{"topic":{"id":7}}`, `{"topic":{"id":8}}`, `{"topic_id":"3","topic":{"id":9}}`}, names: "topic_id:text topic_id_2:text", want: []string{"-|7", "-|8", "3|9"}, asked: 8},
		"for a later value": {
			pages: []string{`{"topic":{"id":7}}`, `{"topic_id":"3","topic":{"id":9}}`}, each: eachOf("a", "b"),
			names: "queue:text topic_id:text topic_id_2:text", want: []string{"a|-|7", "b|3|9"}, asked: 8,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				var offset, q int
				fmt.Sscan(r.URL.Query().Get("offset"), &offset)
				fmt.Sscan(r.URL.Query().Get("q[]"), &q)
				pages := c.pages
				if c.each != nil {
					pages = pages[q : q+1]
				}
				if offset < len(pages) {
					fmt.Fprintf(w, "[%s]", pages[offset])
				} else {
					fmt.Fprint(w, "[]")
				}
			})
			r := request(t, base, topics(1))
			r.Each, r.Transport.Concurrency = c.each, 1
			got, err := New(Options{}).Fetch(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			names, rows := all(t, got)
			if strings.Join(names, " ") != c.names || !slices.Equal(rows, c.want) || asked.Load() != c.asked {
				t.Errorf("asked %d times, rows are %q of %v", asked.Load(), rows, names)
			}
		})
	}
}

// On one page the rows may differ, too: the column is the same in all of them.
func TestNestedBesideItsColumnInOneAnswer(t *testing.T) {
	body := `[{"topic":{"id":7}},{"topic":{"id":8},"topic_id":"1"},{"topic_id":"2"}]`
	r := unpaged(request(t, serve(t, answers(200, body)), topics(1)))
	got, err := New(Options{}).Fetch(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if _, rows := all(t, got); !slices.Equal(rows, []string{"-|7", "1|8", "2|-"}) {
		t.Errorf("rows are %q", rows)
	}
}

// Two nested values of one column, neither of them its own key, are told: which is meant nobody can know.
func TestTwoNestedValues(t *testing.T) {
	s := topics(1)
	s.Columns[0].Field.Name = "a_b_c"
	e := fails(t, KindType, answers(200, `[{"a":{"b_c":1},"a_b":{"c":2}}]`), func(r *Request) { r.Source, r.Columns = s, nil })
	if !strings.Contains(e.Error(), secondValue) {
		t.Errorf("error is %v", e)
	}
}
