package xlsx

import (
	"encoding/xml"
	"path/filepath"
	"strings"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// objectOf reads the part of a table object.
func objectOf(t *testing.T, path, part string) tableObject {
	t.Helper()
	var o tableObject
	if err := xml.Unmarshal([]byte(members(t, path)[part]), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// TestATableObject has its name, its own filter, its headers, and its totals where each of them is a formula.
func TestATableObject(t *testing.T) {
	path, _ := render(t, Renderer{}, adorned(t))
	f := open(t, path)
	found := map[string]string{}
	for _, o := range must(f.GetTables("Podsumowanie")) {
		found[o.Name] = o.Range
	}
	want := map[string]string{"ByAgent": "A45:G52", "ByDay": "A70:G78", "None": "A80:C81"}
	for name, area := range want {
		if found[name] != area {
			t.Errorf("%s is %q, want %q", name, found[name], area)
		}
	}
	o := objectOf(t, path, "xl/tables/table1.xml")
	if o.Name != "ByAgent" || o.DisplayName != o.Name || o.Filter.Ref != "A45:G51" || o.TotalsRows != 1 || o.Columns.Count != 7 {
		t.Errorf("the object is %+v", o)
	}
	for i, c := range o.Columns.Column {
		at := ref(i, 45)
		if header := cellAt(t, f, "Podsumowanie", at).raw; header != c.Name {
			t.Errorf("%s says %q, the object %q", at, header, c.Name)
		}
		if formula := must(f.GetCellFormula("Podsumowanie", ref(i, 52))); formula != c.Formula || (formula != "") != (c.Function == "custom") {
			t.Errorf("column %d totals by %q, the object by %q", i, formula, c.Formula)
		}
	}
	if o.Columns.Column[0].Label != "Razem" {
		t.Errorf("totals are labelled %q", o.Columns.Column[0].Label)
	}
	if none := objectOf(t, path, "xl/tables/table3.xml"); none.TotalsRows != 0 || none.Ref != "A80:C81" {
		t.Errorf("the empty object is %+v", none)
	}
}

// hidden is an object whose totals are made of columns that nobody sees, one of which bears the label of another.
func hidden(rows ...[]expr.Value) outputs.Document {
	fields := totalsFields()
	fields[1].Label = "Share"
	doc := single(fields, rows...)
	doc.Sheets[0].Blocks = []outputs.Block{outputs.TableBlock{
		Dataset: "data", Table: table.FromValues(fields, rows), Totals: true, Object: "Hidden", Columns: keys("name", "share", "level"),
	}}
	return doc
}

// TestAnObjectTakesItsHiddenColumnsAlong under labels of their own, or sorting it would tear them from their rows.
func TestAnObjectTakesItsHiddenColumnsAlong(t *testing.T) {
	path, _ := render(t, Renderer{}, hidden(totalsRow("a", 1, 50), totalsRow("b", 3, 100)))
	o := objectOf(t, path, "xl/tables/table1.xml")
	var names []string
	for _, c := range o.Columns.Column {
		names = append(names, c.Name)
	}
	if got := strings.Join(names, ", "); got != "Name, Share, Level, Share 2, Most" || o.Ref != "A1:E4" || o.Filter.Ref != "A1:E3" || o.Columns.Count != 5 {
		t.Errorf("the object of %s is %+v", got, o)
	}
	f := open(t, path)
	for column, want := range map[string]bool{"C": true, "D": false, "E": false} {
		if got := must(f.GetColVisible("Data", column)); got != want {
			t.Errorf("column %s visible: %v", column, got)
		}
	}
}

// TestAnObjectBesideAWiderTable hides nothing in columns that the other one shows: what no formula computes is a value.
func TestAnObjectBesideAWiderTable(t *testing.T) {
	doc := hidden(totalsRow("a", 1, 50), totalsRow("b", 3, 100))
	doc.Sheets[0].Blocks = append(doc.Sheets[0].Blocks, outputs.TableBlock{Dataset: "d", Table: byAgent(), Totals: true})
	path, _ := render(t, Renderer{}, doc)
	f := open(t, path)
	if o := objectOf(t, path, "xl/tables/table1.xml"); o.Ref != "A1:C3" {
		t.Errorf("the object is %+v", o)
	}
	for at, want := range map[string]string{"B4": "0.1", "C4": "0.875", "D1": "", "D2": "", "E2": ""} {
		if got, formula := cellAt(t, f, "Data", at).raw, must(f.GetCellFormula("Data", at)); got != want || formula != "" {
			t.Errorf("%s is %q by %q, want %q", at, got, formula, want)
		}
	}
}

// TestAFigureWithoutFormulaStaysOutsideTheObject: Excel would lose it in the totals row of one.
func TestAFigureWithoutFormulaStaysOutsideTheObject(t *testing.T) {
	path, _ := render(t, Renderer{}, outputs.Document{Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{
		outputs.TableBlock{Dataset: "d", Table: byAgent(), Totals: true, Limit: 3, Object: "Cut", Columns: keys("user_name", "incoming")},
	}}}})
	if o := objectOf(t, path, "xl/tables/table1.xml"); o.Ref != "A1:B4" || o.TotalsRows != 0 {
		t.Errorf("the object is %+v", o)
	}
	if got := cellAt(t, open(t, path), "S", "B5").raw; got != "267" {
		t.Errorf("the total is %q", got)
	}
}

func TestAnObjectGoesOnUnderANumber(t *testing.T) {
	path, got := render(t, Renderer{maxRows: 30}, outputs.Document{Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{
		outputs.TableBlock{Dataset: "d", Table: chatTable(42), Totals: true, Object: "All"},
	}}}})
	for part, name := range map[string]string{"xl/tables/table1.xml": "All", "xl/tables/table2.xml": "All_2"} {
		if o := objectOf(t, path, part); o.Name != name {
			t.Errorf("%s is named %q, want %q", part, o.Name, name)
		}
	}
	if said := strings.Join(got.Notices, " "); !strings.Contains(said, `The table "All" goes on as "All_2"`) {
		t.Errorf("notices %s", said)
	}
}

func TestAnObjectThatExcelWouldRepairIsRefused(t *testing.T) {
	fields := []table.Field{{Name: "a", Label: "Same", Type: expr.Text}, {Name: "b", Label: "same ", Type: expr.Text}, {Name: "c", Label: "  ", Type: expr.Text}, {Name: "d", Type: expr.Text}}
	data := table.FromValues(fields, [][]expr.Value{texts("1", "2", "3", "4")})
	block := func(name string, columns ...string) outputs.Block {
		return outputs.TableBlock{Dataset: "d", Table: data, Object: name, Columns: keys(columns...)}
	}
	for want, blocks := range map[string][]outputs.Block{
		`cannot be named "T1"`:                                  {block("T1", "d")},
		`cannot be named "r1c1"`:                                {block("r1c1", "d")},
		`cannot be named "R"`:                                   {block("R", "d")},
		`cannot be named "two words"`:                           {block("two words", "d")},
		`cannot be named "1st"`:                                 {block("1st", "d")},
		`the name "Twice" of the table object stands twice`:     {block("TWICE", "d"), block("Twice", "d")},
		`the columns "a" and "b" bear the same label "same "`:   {block("Ok", "a", "b")},
		`the column "c" has no label, and a table object needs`: {block("Ok", "c")},
	} {
		doc := outputs.Document{Sheets: []outputs.Sheet{{Name: "S", Blocks: blocks}}}
		if _, err := (Renderer{}).Render(t.Context(), doc, filepath.Join(t.TempDir(), "x.xlsx")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	for _, name := range []string{"Agents", "_x", "Łódź.1", "XFDX", "ByDay2026X"} {
		if _, err := (Renderer{}).Render(t.Context(), outputs.Document{Sheets: []outputs.Sheet{{Name: "S", Blocks: []outputs.Block{block(name, "a", "d")}}}}, filepath.Join(t.TempDir(), "x.xlsx")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
