package source

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// columnOf is a source of one column called v, in one page.
func columnOf(field table.Field, change func(*spec.SourceColumn)) *spec.Source {
	field.Name = "v"
	c := &spec.SourceColumn{Field: field}
	if change != nil {
		change(c)
	}
	return &spec.Source{Name: "one", Columns: []*spec.SourceColumn{c}}
}

// fetchBody fetches s from a server that answers with body.
func fetchBody(t *testing.T, s *spec.Source, body string, change func(*Request)) ([]string, []string, error) {
	t.Helper()
	r := request(t, serve(t, answers(200, body)), s)
	if change != nil {
		change(&r)
	}
	tbl, err := New(Options{}).Fetch(t.Context(), r)
	if err != nil {
		return nil, nil, err
	}
	defer tbl.Close()
	names, rows := all(t, tbl)
	return names, rows, nil
}

func TestScalars(t *testing.T) {
	const no = "no"
	for name, c := range map[string]struct {
		field table.Field
		unit  string
		cases map[string]string // JSON → shown
	}{
		"text": {table.Field{Type: expr.Text}, "", map[string]string{
			`"00001"`: "00001", `"1416225570.341"`: "1416225570.341", `1416225570.341`: "1416225570.341", `17`: "17",
			`1.50`: "1.50", `true`: "true", `""`: "-", `null`: "-", `"\u017b\u00f3\u0142w \"\n"`: "Żółw \"\n", `[]`: "-",
			`["a",null,"b\"",3]`: `a, b", 3`, `[{"a":1},[2]]`: `{"a":1}, [2]`, `{}`: no, `"=cmd|' /C calc'!A0"`: "=cmd|' /C calc'!A0",
		}},
		"integer": {table.Field{Type: expr.Integer}, "", map[string]string{
			`0`: "0", `-7`: "-7", `"12"`: "12", `9223372036854775807`: "9223372036854775807", `-9223372036854775808`: "-9223372036854775808",
			`9223372036854775808`: no, `5.0`: "5", `1e3`: "1000", `1.5`: no, `"1 000"`: no, `"+1"`: no, `"0x10"`: no, `"1_0"`: no,
			`true`: no, `[]`: "-", `[1]`: no, `""`: "-", `"-"`: no, `" 1"`: no, `9007199254740993`: "9007199254740993",
		}},
		"decimal": {table.Field{Type: expr.Decimal}, "", map[string]string{
			`0.1`: "0.1", `"19.90"`: "19.90", `1234567890123456.789`: "1234567890123456.789", `12345678901234567890.1`: no, `1234567890123456789.5`: no,
			`1e-3`: "0.001", `1.5e3`: "1500", `1e400`: no, `1e-400`: no, `"NaN"`: no, `"Inf"`: no, `"1,5"`: no, `"."`: no, `"1."`: no,
		}},
		"percent": {table.Field{Type: expr.Percent}, "", map[string]string{
			`100`: "100", `14.87`: "14.87", `"14.87"`: "14.87", `0`: "0", `1e999`: no, `"NaN"`: no, `"inf"`: no, `"0x1p4"`: no, `"14,87"`: no,
		}},
		"duration": {table.Field{Type: expr.Duration}, "", map[string]string{
			`"00:00:48"`: "48s", `"25:00:01"`: "25h0m1s", `"123:33:44"`: "123h33m44s", `"1000:00:00"`: "1000h0m0s",
			`"00:00:01.5"`: "1.5s", `"-00:00:05"`: "-5s", `0`: "0s", `48`: no, `"48"`: no, `"00:60:00"`: no, `"00:48"`: no, `"00:00:48x"`: no,
		}},
		"duration in seconds": {table.Field{Type: expr.Duration}, "s", map[string]string{
			`48`: "48s", `"48"`: "48s", `1.25`: "1.25s", `"00:00:48"`: "48s", `90000`: "25h0m0s", `1e300`: no,
		}},
		"duration in milliseconds": {table.Field{Type: expr.Duration}, "ms", map[string]string{`1500`: "1.5s"}},
		"boolean": {table.Field{Type: expr.Boolean}, "", map[string]string{
			`true`: "true", `false`: "false", `"true"`: "true", `"false"`: "false", `1`: "true", `"0"`: "false", `2`: no, `"yes"`: no,
		}},
		"date": {table.Field{Type: expr.Date}, "", map[string]string{
			`"2024-02-29"`: "2024-02-29", `"2026-02-29"`: no, `"2026-13-01"`: no, `"2026-11-22 10:00"`: no, `20261122`: no,
		}},
		"datetime": {table.Field{Type: expr.DateTime}, "", map[string]string{
			`"2026-11-22 10:00"`: "2026-11-22 10:00:00", `"2026-11-22 10:00:05"`: "2026-11-22 10:00:05",
			`"2026-11-22 10:00:05.123"`: "2026-11-22 10:00:05.123", `"2026-11-22T10:00:05Z"`: "2026-11-22 11:00:05",
			`"2026-07-22T10:00:05+00:00"`: "2026-07-22 12:00:05", `"2026-11-22T10:00:05.5-0230"`: "2026-11-22 13:30:05.5",
			`"2026-10-25 02:30"`: "2026-10-25 02:30:00", `"2026-11-22"`: no, `"2026-11-22 24:00"`: no, `"2026-11-22 10:00 "`: no, `"2026-11-22 10:00:05x"`: no,
		}},
		"period of days": {table.Field{Type: expr.Period, Grain: "day"}, "", map[string]string{
			`"2021-12-05"`: "2021-12-05 00:00", `"2021-12-05 13:00"`: "2021-12-05 13:00", `"2021-12-05 13:00:00"`: "2021-12-05 13:00",
			`"2021-12-05 13"`: "2021-12-05 13:00", `"2021-12"`: "2021-12-01 00:00", `"2021"`: "2021-01-01 00:00", `2021`: "2021-01-01 00:00",
			`"13"`: "1970-01-01 13:00", `13`: "1970-01-01 13:00", `"13:00"`: "1970-01-01 13:00", `"9"`: "1970-01-01 09:00", `"24"`: "?24",
			`"2021-W49"`: "2021-12-06 00:00", `"2021-49"`: "?2021-49", `"grudzień"`: "?grudzień", `"2021-12-05x"`: "?2021-12-05x", `null`: "-",
		}},
		"period of weeks": {table.Field{Type: expr.Period, Grain: "week"}, "", map[string]string{
			`"2021-49"`: "2021-12-06 00:00", `"2020-53"`: "2020-12-28 00:00", `"2021-53"`: "?2021-53", `"2026-W01"`: "2025-12-29 00:00", `"2021-0"`: "?2021-0",
		}},
	} {
		for in, want := range c.cases {
			t.Run(name+" "+in, func(t *testing.T) {
				s := columnOf(c.field, func(sc *spec.SourceColumn) { sc.Unit = c.unit })
				names, rows, err := fetchBody(t, s, `[{"v":`+in+`}]`, nil)
				if want == no {
					var e *Error
					if !errors.As(err, &e) || e.Kind != KindType {
						t.Errorf("gives %v, %v", rows, err)
					}
					return
				}
				if err != nil || rows[0] != want || len(names) != 1 {
					t.Errorf("gives %v, %v", rows, err)
				}
			})
		}
	}
}

// A stamp is shown in the report's zone, whatever the API's.
func TestStampsOfAnotherZone(t *testing.T) {
	s := columnOf(table.Field{Type: expr.DateTime}, nil)
	zones := func(r *Request) { r.ReportZone, r.Zone = r.Range.From.UTC().Location(), warsaw(t) }
	_, rows, err := fetchBody(t, s, `[{"v":"2026-11-22 00:30"},{"v":"2026-11-22 00:30:00.25+02:00"}]`, zones)
	if want := []string{"2026-11-21 23:30:00", "2026-11-21 22:30:00.25"}; err != nil || !slices.Equal(rows, want) {
		t.Errorf("gives %v, %v", rows, err)
	}
}

func TestColumnsAreFound(t *testing.T) {
	known := func(columns ...*spec.SourceColumn) *spec.Source { return &spec.Source{Name: "s", Columns: columns} }
	column := func(name, path string, typ expr.Type) *spec.SourceColumn {
		return &spec.SourceColumn{Field: table.Field{Name: name, Type: typ}, Path: path}
	}
	for name, c := range map[string]struct {
		source *spec.Source
		body   string
		names  string
		rows   []string
	}{
		"nested ones flatten": {known(column("a_b", "", expr.Integer)),
			`[{"a":{"b":1,"c":{"d":2}},"e":"x"},{"e":"y","a":null},{"a":{"c":"","b":3}}]`,
			"a_b:integer a_c_d:integer e:text", []string{"1|2|x", "-|-|y", "3|-|-"}},
		"a stated path": {known(column("gross", "amount.gross", expr.Decimal)),
			`[{"amount":{"gross":"1.50","net":1}}]`, "gross:decimal amount_net:integer", []string{"1.50|1"}},
		"a path and the name itself": {known(column("gross", "amount.gross", expr.Integer)),
			`[{"gross":7,"amount":{"gross":1}}]`, "gross:integer gross_2:integer", []string{"1|7"}},
		"two of one name": {known(),
			`[{"customer":{"id":"1"},"customer_id":"2"}]`, "customer_id:text customer_id_2:text", []string{"1|2"}},
		"keys in another order": {known(column("a", "", expr.Integer), column("b", "", expr.Integer)),
			`[{"a":1,"b":2},{"b":4,"a":3},{"c":6,"b":5}]`, "a:integer b:integer c:integer", []string{"1|2|-", "3|4|-", "-|5|6"}},
		"lists join":                    {known(), `[{"tags":["a","b"],"none":[]}]`, "tags:text", []string{"a, b"}},
		"decimals":                      {known(), `[{"x":1},{"x":"2.50"},{"x":null},{"x":""}]`, "x:decimal", []string{"1", "2.50", "-", "-"}},
		"numerals in strings stay text": {known(), `[{"phone":"48123456789"},{"phone":"48"}]`, "phone:text", []string{"48123456789", "48"}},
		"zeros lead":                    {known(), `[{"x":1},{"x":"007"}]`, "x:text", []string{"1", "007"}},
		"ids are text":                  {known(), `[{"id":1,"connection_id":1416225570.341,"paid":3}]`, "id:text connection_id:text paid:integer", []string{"1|1416225570.341|3"}},
		"booleans":                      {known(), `[{"x":true},{"x":"false"}]`, "x:text", []string{"true", "false"}},
		"real booleans":                 {known(), `[{"x":true},{"x":false}]`, "x:boolean", []string{"true", "false"}},
		"too long for a number":         {known(), `[{"x":12345678901234567890},{"x":1}]`, "x:text", []string{"12345678901234567890", "1"}},
		"numbers and booleans":          {known(), `[{"x":true},{"x":1}]`, "x:text", []string{"true", "1"}},
		"decimals and booleans":         {known(), `[{"x":true},{"x":1.5}]`, "x:text", []string{"true", "1.5"}},
		"an empty list for an object":   {known(column("a_b", "", expr.Integer)), `[{"a":[]},{"a":{"b":1}}]`, "a_b:integer", []string{"-", "1"}},
		"a mark before the JSON":        {known(column("a", "", expr.Integer)), "\ufeff[{\"a\":1}]", "a:integer", []string{"1"}},
		"escaped keys":                  {known(column("ab", "", expr.Integer)), `[{"\u0061b":1}]`, "ab:integer", []string{"1"}},
	} {
		t.Run(name, func(t *testing.T) {
			names, rows, err := fetchBody(t, c.source, c.body, nil)
			if err != nil || strings.Join(names, " ") != c.names || !slices.Equal(rows, c.rows) {
				t.Errorf("gives %v %q, %v", names, rows, err)
			}
		})
	}
}

func TestEnvelopes(t *testing.T) {
	for name, c := range map[string]struct{ records, body string }{
		"array":         {"", `[{"n":1}]`},
		"key":           {"result", `{"before":[{"n":9}],"result":[{"n":1}],"after":{"result":[]}}`},
		"nested":        {"data.items", `{"items":[],"data":{"x":1,"items":[{"n":1}],"y":2},"z":3}`},
		"many spaces":   {"result", "\n{ \"result\" :\t[ {\"n\" : 1 } ] } \n"},
		"escaped names": {"result", `{"\u0072esult":[{"n":1}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			s := numbers()
			s.Records, s.Paging = c.records, spec.Paging{}
			if _, rows, err := fetchBody(t, s, c.body, nil); err != nil || !slices.Equal(rows, []string{"1"}) {
				t.Errorf("gives %v, %v", rows, err)
			}
		})
	}
	for total, body := range map[string]string{
		"meta.count":      `{"meta":{"x":1,"count":1},"result":[{"n":1}]}`,
		"result_meta.all": `{"result":[{"n":1}],"result_meta":{"all":"1"}}`,
	} {
		s := numbers()
		s.Records, s.Paging.Offset.Total = "result", total
		if _, rows, err := fetchBody(t, s, body, nil); err != nil || len(rows) != 1 {
			t.Errorf("total %s gives %v, %v", total, rows, err)
		}
	}
	for body, says := range map[string]string{
		`{"count":1,"rows":[]}`:        `no "result"`,
		`{"result":[]}`:                `no "count"`,
		`{"count":-1,"result":[]}`:     "-1, which is no number of records",
		`{"count":null,"result":[]}`:   "null, which is no number of records",
		`{"count":0,"result":null}`:    `"result" of the answer is null`,
		`{"count":0,"result":{"0":1}}`: `"result" of the answer is an object; it has the key 0`,
	} {
		s := numbers()
		s.Records, s.Paging.Offset.Total = "result", "count"
		if _, _, err := fetchBody(t, s, body, nil); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s gives %v", body, err)
		}
	}
}

// A column that first shows on a later page is there for all rows, and its type is that of all pages.
func TestColumnsFoundLate(t *testing.T) {
	pages := map[string]string{
		"0":  `[{"n":0},{"n":1},{"n":2},{"n":3},{"n":4},{"n":5,"a":1},{"n":6},{"n":7},{"n":8},{"n":9}]`,
		"10": `[{"n":10,"b":{"c":"x"}},{"n":11},{"n":12},{"n":13},{"n":14},{"n":15},{"n":16},{"n":17},{"n":18},{"n":19,"a":2.5}]`,
		"20": `[{"n":20,"d":true,"b":{"c":"y"}}]`,
	}
	for range 20 { // whichever page is decoded first
		r := request(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
			body, ok := pages[r.URL.Query().Get("offset")]
			if !ok {
				body = "[]"
			}
			fmt.Fprint(w, body)
		}), numbers())
		tbl, err := New(Options{}).Fetch(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		names, rows := all(t, tbl)
		if got := strings.Join(names, " "); got != "n:integer a:decimal b_c:text d:boolean" {
			t.Fatalf("columns are %s", got)
		}
		for at, want := range map[int]string{0: "0|-|-|-", 5: "5|1|-|-", 10: "10|-|x|-", 19: "19|2.5|-|-", 20: "20|-|y|true"} {
			if rows[at] != want {
				t.Errorf("row %d is %s", at, rows[at])
			}
		}
	}
}

func TestSumOfColumns(t *testing.T) {
	s := &spec.Source{Name: "s", Columns: []*spec.SourceColumn{
		{Field: table.Field{Name: "ratings", Type: expr.Integer, Hidden: true}, SumOf: []string{"sad", "happy"}},
		{Field: table.Field{Name: "sad", Type: expr.Integer}},
		{Field: table.Field{Name: "happy", Type: expr.Integer}},
		{Field: table.Field{Name: "again", Type: expr.Integer}, SumOf: []string{"ratings", "happy"}},
	}}
	_, rows, err := fetchBody(t, s, `[{"sad":1,"happy":2},{"happy":3},{}]`, nil)
	if err != nil || !slices.Equal(rows, []string{"3|1|2|5", "3|-|3|6", "-|-|-|-"}) {
		t.Errorf("gives %v, %v", rows, err)
	}
}

// An answer longer than a batch comes whole.
func TestLongAnswer(t *testing.T) {
	var b strings.Builder
	const count = 2*table.BatchRows + 17
	for n := range count {
		fmt.Fprintf(&b, `%s{"n":%d`, strings.Repeat(",", min(n, 1)), n)
		if n == table.BatchRows+3 {
			b.WriteString(`,"late":1`)
		}
		b.WriteString("}")
	}
	s := numbers()
	s.Paging.Offset = nil
	names, rows, err := fetchBody(t, s, "["+b.String()+"]", nil)
	if err != nil || len(rows) != count || rows[count-1] != fmt.Sprint(count-1, "|-") || rows[table.BatchRows+3] != fmt.Sprint(table.BatchRows+3, "|1") {
		t.Errorf("gives %v, %d rows, %v", names, len(rows), err)
	}
	r := request(t, "http://localhost", s)
	r.Columns = s.Columns
	pg, err := newLayout(r).decode([]byte("[" + b.String() + "]"))
	if err != nil || len(pg.batches) != 3 || pg.batches[0].N != table.BatchRows || pg.rows != count {
		t.Errorf("%d batches, %v", len(pg.batches), err)
	}
}
