package source

import (
	"strings"
	"testing"

	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// An answer that has its rows elsewhere is described, and the key to correct is named as it was written.
func TestShapesAreDescribed(t *testing.T) {
	for name, c := range map[string]struct {
		records, total, body string
		says                 []string
	}{
		"another key": {"data", "", `{"count":1,"result":[{"n":1}]}`,
			[]string{`The source's records is "data", and the answer has no "data": it has the keys count and result`, "\n    records: result"}},
		"a near one": {"reslt", "", `{"errors":[],"result":[]}`, []string{"\n    records: result"}},
		"no guess":   {"data", "", `{"a":[],"b":[]}`, []string{"the keys a and b", "Correct the source's records: it is the path to the list of rows."}},
		"no keys":    {"data", "", `{}`, []string{"it has no keys"}},
		"beneath": {"data.rows", "", `{"data":{"items":[],"page":1},"z":1}`,
			[]string{`records is "data.rows", and "data" of the answer has no "rows": it has the keys items and page`, "\n    records: data.items"}},
		"a list for an object": {"data", "", `[{"n":1}]`,
			[]string{`The source's records is "data", and the answer is a list`, "Leave out the source's records: the rows are the answer itself."}},
		"a list on the way": {"data.rows", "", `{"data":[{"n":1}]}`, []string{`"data" of the answer is a list`, "\n    records: data\n"}},
		"an object for a list": {"", "", `{"count":1,"result":[]}`,
			[]string{"The source has no records, so that the answer should be a list of rows, and the answer is an object; it has the keys count and result", "\n    records: result"}},
		"a text":        {"", "", `"none"`, []string{"the answer is a text"}},
		"a BOM":         {"data", "", "\xef\xbb\xbf{\"result\":[]}", []string{"it has the key result"}},
		"not the rows":  {"data", "", `{"data":{"rows":[]}}`, []string{`"data" of the answer is an object; it has the key rows`, "\n    records: data.rows"}},
		"no rows in it": {"data", "", `{"data":[{"n":1},[2]]}`, []string{`the list in "data" of the answer holds a list where a row should be`}},
		"no total": {"result", "total_count", `{"count":1,"result":[{"n":1}]}`,
			[]string{`The source's total is "total_count", and the answer has no "total_count": it has the keys count and result`, "Correct the total of the source's paging", "\n    total: count"}},
		"a total beneath":  {"result", "meta.total", `{"meta":{"all":3,"page":1},"result":[]}`, []string{`"meta" of the answer has no "total": it has the keys all and page`}},
		"a total of words": {"result", "count", `{"count":"many","result":[]}`, []string{`"count" of the answer is "many", which is no number of records`}},
		"a total of a list": {"", "count", `[{"n":1}]`,
			[]string{`The source's total is "count", and the answer is a list`, "Leave it out where the API tells none."}},
	} {
		t.Run(name, func(t *testing.T) {
			e := fails(t, KindShape, answers(200, c.body), func(r *Request) {
				r.Source.Records, r.Source.Paging.Offset.Total = c.records, c.total
			})
			_, _, detail := e.Diagnose()
			for _, text := range c.says {
				if !strings.Contains(detail+"\n", text) {
					t.Errorf("%q is missing in %s", text, detail)
				}
			}
			if strings.Contains(detail, "login page") || e.OfConnection() {
				t.Errorf("detail is %s", detail)
			}
		})
	}
}

// A value that does not fit is told with the declaration that would have to change.
func TestAdviceOnValues(t *testing.T) {
	for name, c := range map[string]struct {
		typ        expr.Type
		unit, body string
		says       []string
	}{
		"no unit": {expr.Duration, "", `[{"n":48}]`, []string{`Row 1, column "n": 48 is a number, and the column has no unit`, `Give the column "n" the unit`, "\n      n: {unit: s}"}},
		"a word":  {expr.Integer, "", `[{"n":1},{"n":"two"}]`, []string{`Row 2, column "n": "two" is not a whole number`, `declared as integer`, "\n      n: {type: text}"}},
		"an id":   {expr.Integer, "", `[{"n":9223372036854775808}]`, []string{"9223372036854775808 is larger than a whole number can be", "\n      n: {type: text}"}},
		"no time": {expr.Duration, "s", `[{"n":"soon"}]`, []string{`"soon" is not a duration`, "declared as duration"}},
		"object":  {expr.Integer, "", `[{"n":{"a":1}}]`, []string{"is an object", "\n      n: {path: …}"}},
		"twice":   {expr.Integer, "", `[{"n":1,"n":2}]`, []string{"2 is a second value", "\n      n: {path: …}"}},
	} {
		t.Run(name, func(t *testing.T) {
			e := fails(t, KindType, answers(200, c.body), func(r *Request) {
				column := spec.SourceColumn{Field: r.Source.Columns[0].Field, Unit: c.unit}
				column.Field.Type = c.typ
				r.Source.Columns = []*spec.SourceColumn{&column}
			})
			_, _, detail := e.Diagnose()
			for _, text := range c.says {
				if !strings.Contains(detail, text) {
					t.Errorf("%q is missing in %s", text, detail)
				}
			}
		})
	}
}

// Rows under a key that stands twice are neither added up nor overwritten by one another.
func TestKeyOfTheRowsTwice(t *testing.T) {
	for records, body := range map[string]string{
		"result": `{"result":[{"n":1}],"result":[{"n":2}]}`,
		"a[].b":  `{"a":[{"b":[{"n":1}],"b":[]}]}`,
		"a.b":    `{"a":{"b":[]},"a":{"b":[{"n":1}]}}`,
	} {
		e := fails(t, KindNotJSON, answers(200, body), func(r *Request) { r.Source.Records = records })
		if _, _, detail := e.Diagnose(); !strings.Contains(detail, "twice in one object") || !strings.Contains(detail, "must mend it") {
			t.Errorf("%s: %s", records, detail)
		}
	}
}
