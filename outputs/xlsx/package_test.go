package xlsx

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/outputs"
)

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	doc := adorned(t)
	for _, name := range []string{"four", "five", "six", "seven"} { // streamed sheets come out of excelize in random order
		doc.Sheets = append(doc.Sheets, outputs.Sheet{Name: name, Blocks: doc.Sheets[1].Blocks})
	}
	path, first := render(t, Renderer{}, doc)
	want := must(os.ReadFile(path))
	for range 5 {
		path, again := render(t, Renderer{}, doc)
		if !bytes.Equal(must(os.ReadFile(path)), want) {
			t.Fatal("two renders of one document differ")
		}
		if again.Content != first.Content {
			t.Fatalf("content %s, then %s", first.Content, again.Content)
		}
	}
	doc.Sheets = doc.Sheets[:7]
	if _, other := render(t, Renderer{}, doc); other.Content == first.Content {
		t.Error("another document has the same content digest")
	}
}

func TestMembersAreSortedAndOfNoTime(t *testing.T) {
	path, _ := render(t, Renderer{}, weekly())
	z := must(zip.OpenReader(path))
	defer func() { _ = z.Close() }()
	var names []string
	for _, m := range z.File {
		names = append(names, m.Name)
		if m.ModifiedDate != epoch || m.ModifiedTime != 0 || len(m.Extra) != 0 {
			t.Errorf("%s bears the moment %d %d and %d more bytes", m.Name, m.ModifiedDate, m.ModifiedTime, len(m.Extra))
		}
		r := must(m.Open())
		if _, err := io.Copy(io.Discard, r); err != nil { // compares size and checksum
			t.Errorf("%s: %v", m.Name, err)
		}
		_ = r.Close()
	}
	if !slices.IsSorted(names) || names[0] != "[Content_Types].xml" {
		t.Errorf("members %q", names)
	}
}

func TestNothingIsLeftBesideTheWorkbook(t *testing.T) {
	dir := t.TempDir()
	doc := single(chatFields())
	if _, err := (Renderer{}).Render(t.Context(), doc, filepath.Join(dir, "out.xlsx")); err != nil {
		t.Fatal(err)
	}
	if left := must(os.ReadDir(dir)); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
}

// TestTheCheckerFindsWhatExcelWouldRepair breaks a good package in one place at a time.
func TestTheCheckerFindsWhatExcelWouldRepair(t *testing.T) {
	const sheet1, sheet2 = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
	cases := []struct{ name, part, old, new, want string }{
		{"sound", "", "", "", ""},
		{"no content type", "[Content_Types].xml", `Extension="rels"`, `Extension="nope"`, "has no content type"},
		{"content type of nothing", "[Content_Types].xml", "/xl/styles.xml", "/xl/other.xml", "xl/other.xml, which is missing"},
		{"relation to nothing", "xl/_rels/workbook.xml.rels", "styles.xml", "nowhere.xml", "xl/nowhere.xml, which is missing"},
		{"relation id twice", "xl/_rels/workbook.xml.rels", `Id="rId2"`, `Id="rId1"`, "the id rId1 twice"},
		{"sheet names alike", "xl/workbook.xml", `name="Wszystko"`, `name="PODSUMOWANIE"`, "stands twice"},
		{"sheet name too long", "xl/workbook.xml", `name="Wszystko"`, `name="` + strings.Repeat("x", 32) + `"`, "is no name for a sheet"},
		{"sheet name illegal", "xl/workbook.xml", `name="Wszystko"`, `name="a/b"`, "is no name for a sheet"},
		{"sheet id twice", "xl/workbook.xml", `sheetId="2"`, `sheetId="1"`, "stands twice"},
		{"sheet without part", "xl/workbook.xml", `r:id="rId4"`, `r:id="rId99"`, "or no part"},
		{"name of no sheet", "xl/workbook.xml", `localSheetId="2"`, `localSheetId="7"`, "belongs to no sheet"},
		{"name twice", "xl/workbook.xml", `localSheetId="2"`, `localSheetId="1"`, "stands twice"},
		{"broken part", sheet1, "</worksheet>", "</work>", "is broken"},
		{"elements out of order", sheet1, "<pageMargins", "<cols></cols><pageMargins", "cols is unknown or out of order"},
		{"element unknown", sheet1, "<pageMargins", "<margins></margins><pageMargins", "margins is unknown"},
		{"united cells overlap", sheet1, `<mergeCells count=`, `<mergeCells n=`, ""},
		{"united cells meet", sheet1, `</mergeCells>`, `<mergeCell ref="A4:C5"/></mergeCells>`, "overlaps a united cell"},
		{"filter over united cells", sheet2, `<pageMargins`, `<mergeCells><mergeCell ref="B10:C10"/></mergeCells><pageMargins`, "overlaps a filter"},
		{"united nowhere", sheet1, `</mergeCells>`, `<mergeCell ref="??"/></mergeCells>`, "lies nowhere"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := packed(t, weekly())
			for _, p := range w.parts {
				if p.name != c.part {
					continue
				}
				broken := strings.Replace(string(p.xml), c.old, c.new, 1)
				if broken == string(p.xml) {
					t.Fatalf("%s does not hold %q", p.name, c.old)
				}
				p.xml = []byte(broken)
			}
			err := w.check()
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("check says %v, want %q", err, c.want)
			}
		})
	}
	t.Run("a part missing", func(t *testing.T) {
		w := packed(t, weekly())
		w.parts = slices.DeleteFunc(w.parts, func(p *part) bool { return p.name == stylesPart })
		if err := w.check(); err == nil {
			t.Error("nothing was found")
		}
	})
}

// packed returns the parts of a document's workbook as the packer has them.
func packed(t *testing.T, doc outputs.Document) *packer {
	t.Helper()
	path, _ := render(t, Renderer{}, doc)
	z := must(zip.OpenReader(path))
	defer func() { _ = z.Close() }()
	p := must(newPacker(t.TempDir()))
	t.Cleanup(func() { _ = p.discard() })
	for _, m := range z.File {
		data := must(io.ReadAll(must(m.Open())))
		if _, err := must(p.Create(m.Name)).Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return p
}
