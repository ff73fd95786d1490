package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// designers are the templates of testdata, the same workbook as two programs write it.
var designers = []string{"designed.xlsx", "office.xlsx"}

func agentRows(n int) *outputs.TableBlock {
	fields := []table.Field{
		{Name: "agent", Type: expr.Text}, {Name: "chats", Type: expr.Integer}, {Name: "answered", Type: expr.Integer, Label: "ANSWERED"},
		{Name: "talk", Type: expr.Duration, Label: "Talk  time"}, {Name: "unused", Type: expr.Text},
	}
	rows := make([][]expr.Value, n)
	for i := range rows {
		rows[i] = []expr.Value{
			expr.TextValue(agents[i%len(agents)]), expr.IntegerValue(int64(10 + i)), expr.IntegerValue(int64(5 + i%5)),
			expr.DurationValue(time.Duration(i+1) * time.Hour), expr.TextValue("x"),
		}
	}
	return &outputs.TableBlock{Dataset: "by_agent", Table: table.FromValues(fields, rows)}
}

func queueRows(n int) *outputs.TableBlock {
	fields := []table.Field{{Name: "queue_name", Type: expr.Text, Label: "Queue"}, {Name: "calls", Type: expr.Integer}}
	rows := make([][]expr.Value, n)
	for i := range rows {
		rows[i] = []expr.Value{expr.TextValue(fmt.Sprintf("Queue %d", i+1)), expr.IntegerValue(int64(i))}
	}
	return &outputs.TableBlock{Dataset: "by_queue", Table: table.FromValues(fields, rows)}
}

func dayRows(n int) *outputs.TableBlock {
	fields := []table.Field{{Name: "day", Type: expr.Date}, {Name: "chats", Type: expr.Integer}, {Name: "talk", Type: expr.Duration}}
	rows := make([][]expr.Value, n)
	for i := range rows {
		day := time.Date(2026, 11, 9+i, 0, 0, 0, 0, time.UTC)
		rows[i] = []expr.Value{expr.DateValue(day), expr.IntegerValue(int64(i + 1)), expr.DurationValue(30 * time.Hour)}
	}
	return &outputs.TableBlock{Dataset: "by_day", Table: table.FromValues(fields, rows)}
}

// fromTemplate is a document of a template.
func fromTemplate(t testing.TB, name string, fill ...outputs.Fill) outputs.Document {
	t.Helper()
	return outputs.Document{Title: "Test", Locale: "en", Modified: time.Date(2026, 11, 15, 23, 0, 0, 0, time.UTC), Template: &outputs.Template{
		Name: name, Data: must(os.ReadFile(filepath.Join("testdata", name))), Fill: fill,
	}}
}

func weeklyFill(agents, queues, days int) []outputs.Fill {
	return []outputs.Fill{
		{Name: "agents", Table: agentRows(agents)},
		{Name: "range_label", Value: &outputs.KPI{Value: expr.TextValue("=9–15 Nov 2026")}},
		{Name: "Answered_Share", Value: &outputs.KPI{Value: expr.PercentValue(87.25)}},
		{Name: "Queues", Table: queueRows(queues)},
		{Name: "days", Table: dayRows(days)},
	}
}

// TestTemplateIsFilled fills the same design with more rows than its sample has, as many, fewer and none, and looks at
// all that has to follow.
func TestTemplateIsFilled(t *testing.T) {
	type want struct {
		agents, queues, total, note, best, bestFormula, cross, names, days, beside string
		chart                                                                      []string
	}
	cases := []struct {
		agents, queues, days int
		want
	}{
		{8, 4, 7, want{"A6:E15", "A21:B25", "SUBTOTAL(109,C7:C14)", "A17:E17", "B18", "MAX(B7:B14)", "'Weekly report'!B15+'Weekly report'!B18", "$A$7:$B$14", "$A$2:$C$8", "SUM(B2:B8)",
			[]string{"'Weekly report'!$A$7:$A$14", "'Weekly report'!$B$7:$B$14", "'Days & nights'!$A$2:$A$8", "'Days & nights'!$B$2:$B$8"}}},
		{3, 1, 1, want{"A6:E10", "A16:B17", "SUBTOTAL(109,C7:C9)", "A12:E12", "B13", "MAX(B7:B9)", "'Weekly report'!B10+'Weekly report'!B13", "$A$7:$B$9", "$A$2:$C$2", "SUM(B2:B2)",
			[]string{"'Weekly report'!$A$7:$A$9", "'Weekly report'!$B$7:$B$9"}}},
		{2, 2, 2, want{"A6:E9", "A15:B17", "SUBTOTAL(109,C7:C8)", "A11:E11", "B12", "MAX(B7:B8)", "'Weekly report'!B9+'Weekly report'!B12", "$A$7:$B$8", "$A$2:$C$3", "SUM(B2:B3)",
			[]string{"'Weekly report'!$A$7:$A$8", "'Weekly report'!$B$7:$B$8"}}},
		{0, 0, 0, want{"A6:E8", "A14:B15", "SUBTOTAL(109,C7:C7)", "A10:E10", "B11", "MAX(B7:B7)", "'Weekly report'!B8+'Weekly report'!B11", "$A$7:$B$7", "$A$2:$C$2", "SUM(B2:B2)",
			[]string{"'Weekly report'!$A$7:$A$7", "'Weekly report'!$B$7:$B$7"}}},
	}
	for _, name := range designers {
		for _, c := range cases {
			t.Run(fmt.Sprintf("%s %d", name, c.agents), func(t *testing.T) {
				path, got := render(t, Renderer{}, fromTemplate(t, name, weeklyFill(c.agents, c.queues, c.days)...))
				if got.Sheets != 4 || got.Rows != c.agents+c.queues+c.days {
					t.Errorf("rendered %+v", got)
				}
				f := open(t, path)
				const sheet, days = "Weekly report", "Days & nights"
				written := members(t, path)
				tables := map[string]string{}
				for _, part := range []string{"xl/tables/table1.xml", "xl/tables/table2.xml"} {
					root := must(parseElement([]byte(written[part])))
					tables[root.attr("displayName")] = root.attr("ref")
				}
				same(t, "Agents", tables["Agents"], c.want.agents)
				same(t, "Queues", tables["Queues"], c.want.queues)
				end := must(parseArea(c.want.agents)).bottom
				same(t, "totals", must(f.GetCellFormula(sheet, ref(2, end))), c.total)
				same(t, "totals' label", must(f.GetCellValue(sheet, ref(0, end))), "Total")
				same(t, "united", must(f.GetMergeCells(sheet))[1][0], c.note)
				same(t, "below", must(f.GetCellFormula(sheet, c.best)), c.bestFormula)
				same(t, "another sheet's", must(f.GetCellFormula("Other", "A1")), c.cross)
				same(t, "name over the rows", nameOf(f, "chart_source"), "'Weekly report'!"+c.names)
				same(t, "filled name", nameOf(f, "days"), "'Days & nights'!"+c.want.days)
				same(t, "beside", must(f.GetCellFormula(days, "E4")), c.beside)
				same(t, "below the days", must(f.GetCellValue(days, ref(0, max(c.days, 1)+3))), "below")
				same(t, "text", must(f.GetCellValue(sheet, "B2")), "=9–15 Nov 2026")
				same(t, "figure", must(f.GetCellValue(sheet, "B3")), "87.25%")
				if c.days > 0 { // where the designer chose no format, which LibreOffice writes as one of its own
					same(t, "time", must(f.GetCellValue(days, "C2")), "30:00:00")
				}
				for i := range c.agents {
					row := 7 + i
					same(t, "agent", must(f.GetCellValue(sheet, ref(0, row))), agents[i%len(agents)])
					same(t, "chats", must(f.GetCellValue(sheet, ref(1, row))), fmt.Sprint(10+i))
					same(t, "share", must(f.GetCellFormula(sheet, ref(3, row))), fmt.Sprintf("C%d/B%d", row, row))
					for column := range 5 {
						if a, b := must(f.GetCellStyle(sheet, ref(column, 7))), must(f.GetCellStyle(sheet, ref(column, row))); a != b {
							t.Errorf("%s has the style %d, not the first row's %d", ref(column, row), b, a)
						}
					}
				}
				charts := written["xl/charts/chart1.xml"] + written["xl/charts/chart2.xml"]
				charts = html.UnescapeString(charts)
				for _, w := range c.chart {
					if !strings.Contains(charts, ">"+w+"<") {
						t.Errorf("no chart shows %s", w)
					}
				}
				if strings.Contains(charts, "Cache>") {
					t.Error("a chart keeps points of the sample")
				}
				if !strings.Contains(written[workbookPart], `fullCalcOnLoad="1"`) {
					t.Error("formulas are not computed on opening")
				}
				for part, xml := range written {
					if stale.MatchString(xml) {
						t.Errorf("%s keeps a value of the sample: %s", part, stale.FindString(xml))
					}
				}
			})
		}
	}
}

var stale = regexp.MustCompile(`</f><v>[^<]*</v>`)

func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func nameOf(f *excelize.File, name string) string {
	for _, n := range f.GetDefinedName() {
		if n.Name == name {
			return n.RefersTo
		}
	}
	return ""
}

// members are a package's parts.
func members(t *testing.T, path string) map[string]string {
	t.Helper()
	z := must(zip.OpenReader(path))
	defer func() { _ = z.Close() }()
	out := map[string]string{}
	for _, m := range z.File {
		out[m.Name] = string(must(io.ReadAll(must(m.Open()))))
	}
	return out
}

// TestTheRestOfATemplateStays: what has no part in the filling is the same to the byte.
func TestTheRestOfATemplateStays(t *testing.T) {
	for _, name := range designers {
		path, _ := render(t, Renderer{}, fromTemplate(t, name, weeklyFill(8, 4, 7)...))
		before, after := members(t, filepath.Join("testdata", name)), members(t, path)
		changed := regexp.MustCompile(`^xl/(workbook|styles|comments1|comments/comment1|worksheets/sheet[123]|tables/table\d|charts/chart\d|drawings/drawing[12]|drawings/(vmlDrawing1|commentsDrawing1))\.(xml|vml)$|^xl/worksheets/sheet1\.xml$`)
		for part, was := range before {
			switch is, ok := after[part]; {
			case !ok:
				t.Errorf("%s: %s is gone", name, part)
			case is != was && !changed.MatchString(part):
				t.Errorf("%s: %s is another one", name, part)
			}
		}
		if len(after) != len(before) {
			t.Errorf("%s has %d parts, and had %d", name, len(after), len(before))
		}
		again, _ := render(t, Renderer{}, fromTemplate(t, name, weeklyFill(8, 4, 7)...))
		if !bytes.Equal(must(os.ReadFile(path)), must(os.ReadFile(again))) {
			t.Errorf("%s: two renders of one document differ", name)
		}
	}
}

// TestWhatStandsBesideAndBelowATable: a chart beside stays, a picture below moves, as do notes with their frames.
func TestWhatStandsBesideAndBelowATable(t *testing.T) {
	path, _ := render(t, Renderer{}, fromTemplate(t, "office.xlsx", weeklyFill(8, 4, 7)...))
	parts := members(t, path)
	rows := regexp.MustCompile(`<xdr:row>(\d+)</xdr:row>`).FindAllStringSubmatch(parts["xl/drawings/drawing1.xml"], -1)
	old := regexp.MustCompile(`<xdr:row>(\d+)</xdr:row>`).FindAllStringSubmatch(members(t, "testdata/office.xlsx")["xl/drawings/drawing1.xml"], -1)
	if len(rows) != 4 || rows[0][1] != old[0][1] || rows[1][1] != old[1][1] || rows[2][1] != "28" {
		t.Errorf("anchors %q, and were %q", rows, old)
	}
	if !strings.Contains(parts["xl/comments1.xml"], `ref="A18"`) || !strings.Contains(parts["xl/drawings/vmlDrawing1.vml"], "<x:Row>17</x:Row>") {
		t.Error("the note did not move with its cell")
	}
	sheet := parts["xl/worksheets/sheet1.xml"]
	for _, want := range []string{`<conditionalFormatting sqref="D7:D14">`, `sqref="B18"`, `<formula>$B$15/2</formula>`, `<xm:sqref>D7:D14</xm:sqref>`, `sqref="D18"`} {
		if !strings.Contains(sheet, want) {
			t.Errorf("the sheet has no %s", want)
		}
	}
}

func TestTemplateCannotBeFilled(t *testing.T) {
	figure := &outputs.KPI{Value: expr.IntegerValue(1)}
	explicit := agentRows(1)
	for _, key := range []string{"agent", "chats", "answered", "talk", "unused"} {
		explicit.Columns = append(explicit.Columns, outputs.TableColumn{Key: key})
	}
	cases := []struct {
		name string
		fill []outputs.Fill
		want string
	}{
		{"unknown name", []outputs.Fill{{Name: "Agent", Table: agentRows(1)}}, `has no table object or defined name "Agent"; did you mean "Agents"?; it has "Agents", "Queues", "range_label"`},
		{"columns missing", []outputs.Fill{{Name: "Agents", Table: queueRows(1)}}, `that dataset "by_queue" does not have: "Agent", "Chats", "Answered", "Talk time"; not used of the dataset: "Queue", "Calls"`},
		{"column without a place", []outputs.Fill{{Name: "Agents", Table: explicit}}, `has no place for "Unused" of dataset "by_agent"`},
		{"value at a table object", []outputs.Fill{{Name: "Agents", Value: figure}}, "takes a dataset"},
		{"name of a formula", []outputs.Fill{{Name: "a_formula", Value: figure}}, "which are no cells"},
		{"one place twice", []outputs.Fill{{Name: "Agents", Table: agentRows(1)}, {Name: "chart_source", Value: figure}}, `"chart_source" and "Agents" lie on the same cells`},
		{"name too narrow", []outputs.Fill{{Name: "chart_source", Table: dayRows(1)}}, `the name "chart_source" has 2 columns, and dataset "by_day" has 3: "Day", "Chats", "Talk"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			_, err := Renderer{}.Render(t.Context(), fromTemplate(t, "designed.xlsx", c.fill...), filepath.Join(dir, "out.xlsx"))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Render says %v, want %q", err, c.want)
			}
			if left := must(os.ReadDir(dir)); len(left) != 0 {
				t.Errorf("left: %v", left)
			}
		})
	}
}

// TestTemplateIsRefused has files that a pull request could bring.
func TestTemplateIsRefused(t *testing.T) {
	good := members(t, "testdata/designed.xlsx")
	with := func(part, old, new string) []byte {
		parts := maps.Clone(good)
		if old == "" {
			parts[part] = new
		} else if parts[part] = strings.Replace(good[part], old, new, 1); parts[part] == good[part] {
			t.Fatalf("%s does not hold %q", part, old)
		}
		return zipped(t, parts)
	}
	const link = `<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" Target="file:///etc/book.xlsx" TargetMode="External"/></Relationships>`
	many := maps.Clone(good)
	for i := range maxTemplateParts {
		many[fmt.Sprint("xl/media/", i, ".png")] = ""
	}
	cases := []struct {
		name string
		data []byte
		want string
	}{
		{"no zip", []byte("PK but no zip"), "no .xlsx workbook"},
		{"nothing", nil, "no .xlsx workbook"},
		{"encrypted", []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1}, "encrypted"},
		{"macros", with(typesPart, "spreadsheetml.sheet.main+xml", "ms-excel.sheet.macroEnabled.main+xml"), "macros"},
		{"macros by name", with("xl/vbaProject.bin", "", "x"), "macros"},
		{"link", with("xl/_rels/workbook.xml.rels", "</Relationships>", link), "linked to"},
		{"strict", with(workbookPart, "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"), "Strict Open XML"},
		{"large part", with("xl/media/zeros.png", "", strings.Repeat("\x00", maxTemplatePart+1)), "larger than 32 MB"},
		{"many parts", zipped(t, many), "at most 5000"},
		{"document type", with("xl/styles.xml", "<styleSheet", "<!DOCTYPE x [<!ENTITY a \"b\">]><styleSheet"), "document type"},
		{"cut off", with("xl/worksheets/sheet1.xml", "</worksheet>", ""), "cut off"},
		{"deep", with("xl/worksheets/sheet1.xml", "</worksheet>", strings.Repeat("<a>", 300)+strings.Repeat("</a>", 300)+"</worksheet>"), "deep"},
		{"outside", with("../evil", "", "x"), "no name that a part may have"},
		{"row out of order", with("xl/worksheets/sheet1.xml", `<row r="2"`, `<row r="9999999"`), "out of order"},
		{"no workbook", zipped(t, map[string]string{typesPart: good[typesPart]}), "no xl/workbook.xml"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			doc := outputs.Document{Template: &outputs.Template{Name: "design.xlsx", Data: c.data, Fill: weeklyFill(1, 1, 1)}}
			_, err := Renderer{}.Render(t.Context(), doc, filepath.Join(t.TempDir(), "out.xlsx"))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), `"design.xlsx"`) {
				t.Errorf("Render says %v, want %q", err, c.want)
			}
		})
	}
}

func zipped(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		_ = must(must(z.Create(name)).Write([]byte(parts[name])))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLongTableInATemplate(t *testing.T) {
	const rows = 10_000
	path, _ := render(t, Renderer{}, fromTemplate(t, "designed.xlsx", weeklyFill(rows, 2, 2)...))
	f := open(t, path)
	same(t, "last agent's share", must(f.GetCellFormula("Weekly report", ref(3, 6+rows))), fmt.Sprintf("C%d/B%d", 6+rows, 6+rows))
	same(t, "totals", must(f.GetCellFormula("Weekly report", ref(2, 7+rows))), fmt.Sprintf("SUBTOTAL(109,C7:C%d)", 6+rows))
}
