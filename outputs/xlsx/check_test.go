package xlsx

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/reportform/reportform/outputs"
)

// TestTheCheckerKnowsObjectsChartsAndStyles breaks a package with table objects, charts, conditions and names in one place
// at a time: what LibreOffice wrote, which is sound.
func TestTheCheckerKnowsObjectsChartsAndStyles(t *testing.T) {
	const sheet, other, table1, table2 = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/tables/table1.xml", "xl/tables/table2.xml"
	const chart, drawing = "xl/charts/chart1.xml", "xl/drawings/drawing1.xml"
	cases := []struct{ name, part, old, new, want string }{
		{"sound", "", "", "", ""},
		{"wrong content type", typesPart, "spreadsheetml.table+xml", "spreadsheetml.comments+xml", "what is in xl/tables/ is a table"},
		{"opens at no sheet", workbookPart, `activeTab="0"`, `activeTab="9"`, "opens at sheet 9"},
		{"name like a cell", workbookPart, `name="days"`, `name="AB12"`, "no name for cells"},
		{"name like R1C1", workbookPart, `name="days"`, `name="R1C1"`, "no name for cells"},
		{"name with a space", workbookPart, `name="days"`, `name="my days"`, "no name for cells"},
		{"name of a missing sheet", workbookPart, `Days &amp; nights&apos;!$A$2`, `Nowhere&apos;!$A$2`, `refers to the sheet "Nowhere"`},
		{"table like a name", table1, `displayName="Agents"`, `displayName="days"`, "stands twice"},
		{"table name illegal", table1, `displayName="Agents"`, `displayName="T1"`, "a name that is none"},
		{"table names alike", table1, `displayName="Agents"`, `displayName="QUEUES"`, "stands twice"},
		{"table ids alike", table2, ` id="2"`, ` id="1"`, "stands twice"},
		{"table without rows", table2, `ref="A16:B17" header`, `ref="A16:B16" header`, "no row of data"},
		{"table too wide", table2, `ref="A16:B17" header`, `ref="A16:C17" header`, "is 3 columns wide and has 2"},
		{"column without a name", table2, `name="Calls"`, `name=""`, "without a name"},
		{"column names alike", table2, `name="Calls"`, `name="QUEUE_NAME"`, "stands twice"},
		{"column ids alike", table2, `id="2" name="Calls"`, `id="1" name="Calls"`, "stands twice"},
		{"filter beside the table", table2, `autoFilter ref="A16:B17"`, `autoFilter ref="A15:B17"`, "which is not its cells"},
		{"table over united cells", table2, `ref="A16:B17" header`, `ref="A11:B17" header`, "overlaps a"},
		{"filter on a table", sheet, `<mergeCells`, `<autoFilter ref="A6:E9"/><mergeCells`, "overlaps a"},
		{"ranks alike", sheet, `priority="3"`, `priority="2"`, "two conditions have the rank 2"},
		{"no such look", sheet, `dxfId="3"`, `dxfId="300"`, "a condition has the look 300"},
		{"condition nowhere", sheet, `sqref="D13"`, `sqref="D0"`, "lie nowhere"},
		{"condition of no cells", sheet, `sqref="D13"`, `sqref=""`, "has no cells"},
		{"condition on a missing sheet", sheet, `<formula>$B$10/2`, `<formula>Gone!$B$10/2`, `refers to the sheet "Gone"`},
		{"no such table", sheet, `<tablePart r:id="rId4"`, `<tablePart r:id="rId44"`, "the relation rId44, which is missing"},
		{"no such drawing", other, `<drawing r:id="`, `<drawing r:id="x`, "which is missing"},
		{"no such chart", drawing, `r:id="rId`, `r:id="rId9`, "which is missing"},
		{"no such picture", drawing, `r:embed="rId`, `r:embed="rId9`, "which is missing"},
		{"chart of a missing sheet", chart, `Weekly report&apos;!$B$7`, `Weakly report&apos;!$B$7`, `refers to the sheet "Weakly report"`},
		{"chart of lost cells", chart, `$B$7:$B$9`, `#REF!`, "cells that are no more"},
		{"shapes alike", drawing, `cNvPr id="`, `cNvPr id="0" descr="" name=""/><xdr:cNvPr id="0" was="`, "twice"},
		{"no such font", stylesPart, `fontId="`, `fontId="99`, "has the fontId 99"},
		{"no such fill", stylesPart, `fillId="`, `fillId="99`, "has the fillId 99"},
		{"no such number format", stylesPart, `<xf numFmtId="`, `<xf numFmtId="99`, "which is missing"},
		{"fonts miscounted", stylesPart, `<fonts count="`, `<fonts count="9`, "says that it has 9"},
		{"styles broken", stylesPart, `</styleSheet>`, `</style>`, "is broken"},
		{"parts alike but for case", typesPart, `PartName="/xl/styles.xml"`, `PartName="/xl/Styles.xml"`, "xl/Styles.xml, which is missing"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			check := checker{parts: map[string][]byte{}}
			rows := regexp.MustCompile(`(?s)<sheetData>.*</sheetData>`)
			for name, data := range members(t, filepath.Join("testdata", "office.xlsx")) {
				if strings.HasPrefix(name, sheetFolder) {
					data = rows.ReplaceAllString(data, "<sheetData></sheetData>")
				}
				if name == c.part {
					was := data
					if data = strings.Replace(data, c.old, c.new, 1); data == was {
						t.Fatalf("%s does not hold %q", name, c.old)
					}
				}
				check.parts[name] = []byte(data)
			}
			check.look()
			said := strings.Join(check.faults, "\n")
			if c.want == "" && said != "" || !strings.Contains(said, c.want) {
				t.Errorf("check says %q, want %q", said, c.want)
			}
		})
	}
}

// TestATemplateKeepsItsOwnFaults: Excel opened it, so that a report is not refused for them; a new one is.
func TestATemplateKeepsItsOwnFaults(t *testing.T) {
	parts := members(t, filepath.Join("testdata", "designed.xlsx"))
	parts["xl/tables/table1.xml"] = strings.Replace(parts["xl/tables/table1.xml"], `name="Share"`, `name="Chats"`, 1)
	doc := outputs.Document{Template: &outputs.Template{Name: "design.xlsx", Data: zipped(t, parts), Fill: weeklyFill(4, 1, 1)}}
	path := filepath.Join(t.TempDir(), "out.xlsx")
	if _, err := (Renderer{}).Render(t.Context(), doc, path); err != nil {
		t.Errorf("a fault of the template itself: %v", err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}
