package source

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// waits is a source of numbers with a duration beside each.
func waits(r *Request) {
	r.Source.Columns = append(r.Source.Columns,
		&spec.SourceColumn{Field: table.Field{Name: "wait_time", Type: expr.Duration}},
		&spec.SourceColumn{Field: table.Field{Name: "name", Type: expr.Text}})
}

// Whoever declared two columns wrongly learns of both at once, with the rows counted over all pages.
func TestAllMisfitsOfAPageAreTold(t *testing.T) {
	e := fails(t, KindType, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("offset") == "0" {
			fmt.Fprint(w, "["+strings.TrimSuffix(strings.Repeat(`{"n":1},`, 10), ",")+"]")
			return
		}
		fmt.Fprint(w, `[{"n":1,"wait_time":"abc"},{"n":"two","wait_time":"00:00:01"},{"n":3,"wait_time":90,"name":{"first":"x"}},{"n":4,"n":5}]`)
	}, waits)
	misfits, ok := errors.AsType[*Misfits](e)
	if !ok || len(misfits.Cells) != 5 || misfits.More != 0 {
		t.Fatalf("error is %v", e)
	}
	_, _, detail := e.Diagnose()
	want := `
  row 11, column "wait_time": "abc" is not a duration (HH:MM:SS)
  row 12, column "n": "two" is not a whole number
  row 13, column "wait_time": 90 is a number, and the column has no unit that would say of what
  row 13, column "name": {"first":"x"} is an object
  row 14, column "n": 5 is a second value for the same column
Where the API is right, declare the columns otherwise under the columns of the source or of the dataset:

    columns:
      wait_time: {type: text}
      n: {type: text}
      name: {path: …}`
	if !strings.HasPrefix(detail, "5 values of a page do not fit their columns, in\nGET ") || !strings.HasSuffix(detail, want) {
		t.Errorf("detail is\n%s", detail)
	}
	if !strings.Contains(e.Error(), `, the first in row 11, column "wait_time": "abc"`) {
		t.Errorf("error is %q", e)
	}
}

// A column that is wrong in every row leaves room for others, and the list has an end.
func TestManyMisfits(t *testing.T) {
	for name, c := range map[string]struct {
		body        string
		told, more  int
		last, first string
	}{
		"a column": {strings.Repeat(`,{"n":"x"}`, 100) + `,{"wait_time":"y"}`, toldOfAColumn + 1, 95, `row 101, column "wait_time"`, `row 1, column "n"`},
		"a page": {strings.Repeat(`,{"n":"x"}`, 9) + strings.Repeat(`,{"wait_time":"y"}`, 9), 2 * toldOfAColumn, 8,
			`row 14, column "wait_time"`, `row 1, column "n"`},
	} {
		t.Run(name, func(t *testing.T) {
			e := fails(t, KindType, answers(200, "["+c.body[1:]+"]"), func(r *Request) { waits(r); r.Source.Paging = spec.Paging{} })
			misfits, ok := errors.AsType[*Misfits](e)
			if !ok || len(misfits.Cells) != c.told || misfits.More != c.more {
				t.Fatalf("error is %v", e)
			}
			lines := strings.Split(misfits.list(), "\n")
			if !strings.Contains(lines[0], c.first) || !strings.Contains(lines[c.told-1], c.last) || lines[c.told] != fmt.Sprintf("  and %d more", c.more) {
				t.Errorf("list is\n%s", misfits.list())
			}
		})
	}
	_, l := chatPage(t)
	row := make([]string, len(l.fields))
	for i, f := range l.fields {
		row[i] = fmt.Sprintf("%q:[1]", f.Name)
	}
	_, err := l.decode([]byte("[{" + strings.Join(row, ",") + "}]"))
	if misfits, ok := errors.AsType[*Misfits](err); !ok || len(misfits.Cells) != toldMisfits || misfits.More == 0 {
		t.Errorf("error is %v", err)
	}
}

// What is wrong with the answer's form comes before what is wrong with its values, which may follow from it.
func TestFormComesBeforeMisfits(t *testing.T) {
	fails(t, KindTruncated, answers(200, `[{"n":"two"},{"n":`), nil)
	fails(t, KindNotJSON, answers(200, `[{"n":"two"}] x`), nil)
}

// A CSV's misfits are told in the same way.
func TestMisfitsOfACSV(t *testing.T) {
	e := fails(t, KindType, answers(200, "n,wait_time,name\n1,abc,x\ntwo,00:00:01,y\n3,00:00:02,z\n"), func(r *Request) {
		waits(r)
		r.Source.Format, r.Source.Paging = "csv", spec.Paging{}
	})
	if misfits, ok := errors.AsType[*Misfits](e); !ok || len(misfits.Cells) != 2 || misfits.Cells[1].Row != 2 {
		t.Errorf("error is %v", e)
	}
}
