package source

import (
	"bytes"
	"compress/gzip"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

func packed(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.String()
}

// Rows are found in any nesting, and however they are written.
func TestRowsOfAllFormats(t *testing.T) {
	const bom = "\xef\xbb\xbf"
	for name, c := range map[string]struct {
		source spec.Source
		body   string
		want   []string
	}{
		"beneath keys":       {spec.Source{Records: "data.items"}, `{"data":{"x":[9],"items":[{"n":1},{"n":2}]}}`, []string{"1", "2"}},
		"in each of a list":  {spec.Source{Records: "days[].orders"}, `{"days":[{"d":1,"orders":[{"n":1},{"n":2}]},{"d":2,"orders":[]},{"d":3,"orders":[{"n":3}]}]}`, []string{"1", "2", "3"}},
		"with its own":       {spec.Source{Records: "days[].orders[]"}, `{"days":[{"orders":[{"n":1}]}]}`, []string{"1"}},
		"some lack them":     {spec.Source{Records: "days[].orders"}, `{"days":[{"d":1},{"orders":null},null,{"orders":[{"n":3}]}]}`, []string{"3"}},
		"in lists of lists":  {spec.Source{Records: "[][]"}, `[[{"n":1}],[],[{"n":2}]]`, []string{"1", "2"}},
		"in each at the top": {spec.Source{Records: "[].a.b"}, `[{"a":{"b":[{"n":1}]}},{"a":{}},{"a":{"b":[{"n":2}]}}]`, []string{"1", "2"}},
		"three lists deep":   {spec.Source{Records: "a[].b[].c"}, `{"a":[{"b":[{"c":[{"n":1}]},{"c":[{"n":2}]}]},{"b":[]}]}`, []string{"1", "2"}},
		"no items":           {spec.Source{Records: "days[].orders"}, `{"days":[]}`, nil},
		"a key with []":      {spec.Source{}, bom + `[{"n":1}]`, []string{"1"}},
		"one object":         {spec.Source{}, `{"n":1,"more":{"x":2},"of":[{"x":1}]}`, []string{"1|2|" + `{"x":1}`}},
		"one beneath keys":   {spec.Source{Records: "data.item"}, `{"data":{"item":{"n":1}},"n":2}`, []string{"1"}},
		"one in each":        {spec.Source{Records: "days[].sum"}, `{"days":[{"sum":{"n":1}},{},{"sum":{"n":2}}]}`, []string{"1", "2"}},
		"lines":              {spec.Source{Format: "ndjson"}, bom + "{\"n\":1}\n\n{\"n\":2}\r\n{\"n\":3}", []string{"1", "2", "3"}},
		"no lines":           {spec.Source{Format: "ndjson"}, "\n", nil},
		"csv":                {spec.Source{Format: "csv"}, bom + "n\r\n1\r\n\"2\"\r\n", []string{"1", "2"}},
		"csv, other columns": {spec.Source{Format: "csv", Delimiter: ";"}, "a;n;c d\n\"x;\"\"y\";1;007\n;;\n", []string{`1|x;"y|007`, "-|-|-"}},
		"csv, tabs":          {spec.Source{Format: "csv", Delimiter: "\t"}, "n\t\n1\tx", []string{"1|x"}},
		"csv, no rows":       {spec.Source{Format: "csv"}, "n\n", nil},
		"packed json":        {spec.Source{}, packed(`[{"n":1}]`), []string{"1"}},
		"packed csv":         {spec.Source{Format: "csv"}, packed("n\n1\n"), []string{"1"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.source
			s.Columns = []*spec.SourceColumn{{Field: table.Field{Name: "n", Type: expr.Integer}}}
			got, err := New(Options{}).Fetch(t.Context(), request(t, serve(t, answers(200, c.body)), &s))
			if err != nil {
				t.Fatal(err)
			}
			if _, rows := all(t, got); !slices.Equal(rows, c.want) {
				t.Errorf("rows are %q, want %q", rows, c.want)
			}
		})
	}
}

// What is not what the source says is an error, never fewer rows.
func TestFormatsThatAreNone(t *testing.T) {
	days := spec.Source{Records: "days[].orders"}
	csv, lines := spec.Source{Format: "csv"}, spec.Source{Format: "ndjson"}
	for name, c := range map[string]struct {
		source       spec.Source
		body         string
		kind, detail string
	}{
		"no item has them":   {days, `{"days":[{"oders":[{"n":1}]},{}]}`, KindShape, `"days[]" of the answer has no "orders": it has the key oders`},
		"no list":            {days, `{"days":{"orders":[]}}`, KindShape, `"days" of the answer is an object`},
		"an item is none":    {days, `{"days":[{"orders":[]},7]}`, KindShape, "one of the items on the way there is unlike the first"},
		"rows are none":      {days, `{"days":[{"orders":[7]}]}`, KindShape, `holds a number where a row should be`},
		"a message":          {spec.Source{}, `{"error":"no"}`, KindShape, "the answer is an object; it has the key error"},
		"a column missing":   {spec.Source{}, `{"n":null,"m":1}`, KindShape, "the answer is an object"},
		"an envelope":        {spec.Source{}, `{"page":[{"n":1}]}`, KindShape, "records: page"},
		"one with its like":  {spec.Source{}, `{"data":{"items":[{"n":1}]},"id":7}`, KindShape, "the answer is an object"},
		"one that is cut":    {spec.Source{}, `{"n":1`, KindTruncated, "ends before its end"},
		"one, in pages":      {spec.Source{Paging: spec.Paging{Page: &spec.PagePaging{Page: "page"}}}, `{"n":1}`, KindShape, "the answer is an object"},
		"a cut line":         {lines, "{\"n\":1}\n{\"n\":", KindTruncated, "ends before its end"},
		"a line of text":     {lines, "{\"n\":1}\nsorry\n", KindNotJSON, "not JSON"},
		"a list of lines":    {lines, `[{"n":1}]`, KindShape, ""},
		"an empty csv":       {csv, "", KindNotCSV, "is empty"},
		"a page":             {csv, "<!DOCTYPE html>\n<p>n", KindNotCSV, "like a page of HTML"},
		"other columns":      {csv, "m,o\n1,2\n", KindNotCSV, `the CSV has no column "n": it has the keys m and o`},
		"blanks in a name":   {csv, "o, n \n1,2\n", KindNotCSV, `n: {path: " n "}`},
		"another delimiter":  {csv, "n;o\n1;2\n", KindNotCSV, `delimiter: ";"`},
		"a value too few":    {csv, "n,o\n1\n", KindNotCSV, "line 2 of the CSV has more or fewer values"},
		"a value too many":   {csv, "n\n1\n1,2\n", KindNotCSV, "line 3 of the CSV"},
		"an open quote":      {csv, "n\n\"1\n", KindNotCSV, "a quote that is not closed"},
		"a column twice":     {csv, "n,n\n1,2\n", KindNotCSV, `two columns named "n"`},
		"not UTF-8":          {csv, "n\n\xb3\n", KindNotCSV, "not UTF-8"},
		"UTF-16":             {csv, "\xff\xfen\x00\n\x00", KindNotCSV, "not UTF-8"},
		"of another type":    {csv, "n\nx\n", KindType, `row 1, column "n": x is not a whole number`},
		"of blanks":          {csv, "n\n 7 \n", KindType, `row 1, column "n": " 7 " is not a whole number`},
		"packed and cut":     {spec.Source{}, packed(strings.Repeat(`[{"n":1}]`, 100))[:40], KindTruncated, "packed by gzip"},
		"packed and damaged": {spec.Source{}, "\x1f\x8b nothing", KindTruncated, "packed by gzip"},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.source
			e := fails(t, c.kind, answers(200, c.body), func(r *Request) { s.Columns, r.Source = r.Source.Columns, &s })
			if _, _, detail := e.Diagnose(); !strings.Contains(strings.ToLower(detail), strings.ToLower(c.detail)) {
				t.Errorf("detail is %s", detail)
			}
		})
	}
}

// A packed file is bounded by what it becomes.
func TestPackedBomb(t *testing.T) {
	e := fails(t, KindTooLarge, answers(200, packed(strings.Repeat(" ", 1<<20))), func(r *Request) { r.Transport.MaxResponse = 1 << 16 })
	if !strings.Contains(e.Error(), "max_response_size") {
		t.Errorf("error is %v", e)
	}
}

// FuzzFormats reads any bytes by any path and in any format: never a panic, and as many rows as are told.
func FuzzFormats(f *testing.F) {
	f.Add([]byte(`{"a":[{"b":[{"n":1}]}]}`), "a[].b", "")
	f.Add([]byte("n;m\n1;\"x\"\n"), "", "csv")
	f.Add([]byte("{\"n\":1}\n{\"m\":[]}"), "", "ndjson")
	f.Add([]byte(`[[{}]]`), "[][]", "")
	zone := warsaw(f)
	f.Fuzz(func(t *testing.T, body []byte, records, format string) {
		s := &spec.Source{Records: records, Format: format, Delimiter: ";"}
		pg, err := newLayout(Request{Source: s, Zone: zone, ReportZone: zone}).decode(body)
		if err != nil {
			if shape, ok := errors.AsType[*shapeError](err); ok {
				shape.look(body, redactor{})
				_, _ = shape.Error(), shape.advice()
			}
			return
		}
		rows := 0
		for _, b := range pg.batches {
			rows += b.N
			for _, c := range b.Cols {
				if len(c.Valid) != b.N {
					t.Fatalf("a column has %d of %d rows", len(c.Valid), b.N)
				}
			}
		}
		if rows != pg.rows {
			t.Fatalf("%d rows in batches, %d on the page", rows, pg.rows)
		}
	})
}

// An envelope has columns of its own that are called as those of the rows in it are: what knows more of them are the rows.
func TestEnvelopeIsNoRow(t *testing.T) {
	for body, one := range map[string]bool{
		`{"id":"x","result":[{"id":1,"n":2}]}`:            false,
		`{"id":"x","data":{"result":[{"n":2,"id":1}]}}`:   false,
		`{"id":"x","n":1,"parts":[{"id":1,"n":2,"m":3}]}`: true,
		`{"id":"x","n":1,"parts":[]}`:                     true,
		`{"id":"x","parts":[1,[2]]}`:                      true,
	} {
		s := &spec.Source{Columns: []*spec.SourceColumn{
			{Field: table.Field{Name: "id", Type: expr.Text}}, {Field: table.Field{Name: "n", Type: expr.Integer}},
		}}
		got, err := New(Options{}).Fetch(t.Context(), request(t, serve(t, answers(200, body)), s))
		if (err == nil) != one || one && got.Len() != 1 {
			t.Errorf("%s: %v", body, err)
		}
	}
}
