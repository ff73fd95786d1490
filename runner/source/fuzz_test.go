package source

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// FuzzDecode reads any bytes as a page: never a panic, and what comes out is whole batches.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"n":2,"result":[{"t":"x","i":1,"d":"1.50","p":99.9,"s":"27:00:01","at":"2026-11-22 10:00","day":"2026-11-22","b":true,"w":"2021-49","a":{"b":[1,"2"]}}]}`,
		`{"result":[{"i":"\u0031"},{"x":{"y":{"z":null}}}],"n":"1"}`,
		`{"result":[{"i":1e400}],"n":1}`, `[`, ``, "\xff", `{"n":0,"result":[]} x`, `{"result":[{"a":[],"a":{}}],"n":0}`,
	} {
		f.Add([]byte(seed))
	}
	zone := warsaw(f)
	s := &spec.Source{Records: "result", Paging: spec.Paging{Offset: &spec.OffsetPaging{Pages: spec.Pages{Size: 3, Total: "n"}}}}
	for name, typ := range map[string]expr.Type{
		"t": expr.Text, "i": expr.Integer, "d": expr.Decimal, "p": expr.Percent, "s": expr.Duration, "at": expr.DateTime,
		"day": expr.Date, "b": expr.Boolean, "w": expr.Period,
	} {
		s.Columns = append(s.Columns, &spec.SourceColumn{Field: table.Field{Name: name, Type: typ, Grain: "week"}})
	}
	s.Columns = append(s.Columns, &spec.SourceColumn{Field: table.Field{Name: "sum", Type: expr.Integer}, SumOf: []string{"i"}})
	l := newLayout(Request{Source: s, Columns: s.Columns, Zone: zone, ReportZone: zone})
	f.Fuzz(func(t *testing.T, body []byte) {
		pg, err := l.decode(body)
		if err != nil {
			return
		}
		rows := 0
		for _, b := range pg.batches {
			rows += b.N
			for i, c := range b.Cols {
				if len(c.Valid) != b.N {
					t.Fatalf("column %d has %d of %d rows", i, len(c.Valid), b.N)
				}
				field := table.Field{Type: expr.Text}
				if i < len(l.fields) {
					field = l.fields[i]
				}
				for row := range b.N {
					c.Value(field, row)
				}
			}
		}
		if rows != pg.rows {
			t.Fatalf("%d rows in batches, %d on the page", rows, pg.rows)
		}
		for _, found := range pg.found {
			typ := found.seen.typeOf(found.name)
			at := len(l.fields)
			for _, b := range pg.batches {
				for i := at; i < len(b.Cols); i++ {
					if pg.found[i-at].path != found.path || typ == expr.Text {
						continue
					}
					v := l.converted(table.Field{Type: typ}, &b.Cols[i])
					for row, valid := range b.Cols[i].Valid {
						if v.Valid[row] != valid {
							t.Fatalf("%q is lost as type %d", b.Cols[i].Strs[row], typ)
						}
					}
				}
			}
		}
	})
}

// FuzzScalars reads any text as a value of every type: it fits or it does not.
func FuzzScalars(f *testing.F) {
	for _, seed := range []string{"123:33:44", "2026-11-22T10:00:05.5-0230", "2021-W49", "-0.10e-3", "13:00", "1e9999999999", "--", "2026-10-25 02:30"} {
		f.Add(seed)
	}
	zone := warsaw(f)
	l := &layout{zone: zone, report: zone}
	f.Fuzz(func(t *testing.T, text string) {
		for typ := expr.Text; typ <= expr.Boolean; typ++ {
			field := table.Field{Type: typ, Grain: "week"}
			c := column{Vector: table.NewVector(field, 1), field: field, unit: "s"}
			if _, ok := l.set(&c, '"', []byte(text)); ok != (len(c.Valid) == 1) {
				t.Fatalf("type %d takes %q: %v, %d rows", typ, text, ok, len(c.Valid))
			}
		}
	})
}

// FuzzRecords selects rows by any path from any JSON, and counts them by a tree of it: the same rows, or an error.
func FuzzRecords(f *testing.F) {
	for _, seed := range [][2]string{
		{"days[].orders", `{"days":[{"day":"2026-11-22","orders":[{"n":1},{"n":2}]},{"orders":null},{},null,{"orders":[]}],"n":5}`},
		{"result", `{"n":1,"result":[{"n":1}]}`}, {"", `[{"n":1}]`}, {"[]", `[[{"n":1}],[],[{"n":2},{"n":3}]]`},
		{"a[].b[].c", `{"a":[{"b":[{"c":[{"n":1}]},{"c":[]}]},{"b":[]}]}`}, {"a.b", `{"a":{"b":{}}}`}, {"a[][]", `{"a":[[[{"n":1}]]]}`},
		{"days[].orders", `{"days":{"orders":[]}}`}, {"a", `{"a":[{}],"a":[{}]}`}, {"[].a", `[{"a":[{}],"a":[]}]`}, {"days[].orders", `{"days":[{"orders":[1]}]}`},
	} {
		f.Add(seed[0], []byte(seed[1]))
	}
	zone := warsaw(f)
	f.Fuzz(func(t *testing.T, path string, body []byte) {
		l := newLayout(Request{Source: &spec.Source{Records: path}, Zone: zone, ReportZone: zone})
		l.single = false
		pg, err := l.decode(body)
		if err != nil {
			return
		}
		var tree any
		d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, byteOrderMark)))
		d.UseNumber() // as large as may be
		if d.Decode(&tree) != nil {
			t.Fatalf("%q gives %d rows of what is no JSON", path, pg.rows)
		}
		if want := selected(tree, l.records); pg.rows != want {
			t.Fatalf("%q selects %d rows, not %d", path, pg.rows, want)
		}
	})
}

// selected counts the rows under a path in the plain way. What is not there has none.
func selected(tree any, path []string) (n int) {
	switch at := tree.(type) {
	case []any:
		if len(path) == 0 {
			return len(at)
		}
		if path[0] == each {
			for _, item := range at {
				n += selected(item, path[1:])
			}
		}
	case map[string]any:
		if len(path) > 0 {
			return selected(at[path[0]], path[1:])
		}
	}
	return n
}
