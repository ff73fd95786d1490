package xlsx

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"
)

// objectStyle is the quietest of Excel's own styles of tables: the cells have ours.
const objectStyle = "TableStyleLight1"

var (
	// objectName is what Excel takes as the name of a table: letters, digits, "_" and ".", a letter or "_" first.
	objectName = regexp.MustCompile(`^[\pL_][\pL\pN_.]{0,254}$`)
	// likeCell are names of cells in Excel's two notations, which no table may have.
	likeCell = regexp.MustCompile(`(?i)^([a-z]{1,3}[0-9]+|r[0-9]*(c[0-9]*)?|c[0-9]*)$`)
)

// checkObject refuses what Excel would repair: a name that it does not take or that stands twice, and headers that do not
// tell its columns apart.
func (w *workbook) checkObject(t *tableSection) error {
	name := t.block.Object
	if name == "" {
		return nil
	}
	if !objectName.MatchString(name) || likeCell.MatchString(name) {
		return fmt.Errorf("the table object cannot be named %q: a name begins with a letter or \"_\", has only letters, digits, \"_\" and \".\", and is not that of a cell, such as T1", name)
	}
	folded := strings.ToLower(name)
	if w.objects[folded] {
		return fmt.Errorf("the name %q of the table object stands twice in the workbook", name)
	}
	if w.objects == nil {
		w.objects = map[string]bool{}
	}
	w.objects[folded] = true
	labels := map[string]string{}
	for _, c := range t.columns[:t.seen] {
		label := strings.ToLower(strings.TrimSpace(c.label))
		if label == "" {
			return fmt.Errorf("the column %q has no label, and a table object needs one for each of its columns", c.key)
		}
		if other, ok := labels[label]; ok {
			return fmt.Errorf("the columns %q and %q bear the same label %q, and a table object tells its columns by them; give one of them another \"label\"", other, c.key, c.label)
		}
		labels[label] = c.key
	}
	for i := range t.columns[t.seen:] {
		c := &t.columns[t.seen+i]
		for own, n := c.label, 2; labels[strings.ToLower(c.label)] != ""; n++ {
			c.label = fmt.Sprintf("%s %d", own, n)
		}
		labels[strings.ToLower(c.label)] = c.key
	}
	return nil
}

// object makes a stretch of rows a table object, with its hidden columns, so that they are sorted with the others. On further
// sheets it has its number behind its name.
func (p *page) object(t *tableSection, part stretch) error {
	o := &tableObject{
		Xmlns: "http://schemas.openxmlformats.org/spreadsheetml/2006/main", ID: len(p.book.tableObjects) + 1, Name: t.block.Object,
		Style: objectStyleInfo{Name: objectStyle}, sheet: part.sheet, top: part.first - 1, last: part.last, right: t.filled() - 1,
	}
	for n := 2; len(t.parts) > 1 && (o.Name == t.block.Object || p.book.objects[strings.ToLower(o.Name)]); n++ {
		o.Name = fmt.Sprintf("%s_%d", t.block.Object, n)
	}
	if p.book.objects[strings.ToLower(o.Name)] = true; o.Name != t.block.Object {
		p.book.notice("The table %q goes on as %q, on the sheet %q.", t.block.Object, o.Name, part.sheet)
	}
	o.DisplayName = o.Name
	for i, c := range t.columns {
		o.Columns.Column = append(o.Columns.Column, objectColumn{ID: i + 1, Name: objectHeader(c.label)})
	}
	o.Columns.Count = len(o.Columns.Column)
	p.book.tableObjects = append(p.book.tableObjects, o)
	return nil
}

// emptyObject makes a table without rows an object all the same, with the empty row that Excel wants: a formula or a query
// over it finds nothing, and no error.
func (p *page) emptyObject(t *tableSection) error {
	if t.block.Object == "" {
		return nil
	}
	part := &t.parts[len(t.parts)-1]
	part.last = part.first
	if err := p.line(line{}); err != nil {
		return err
	}
	return p.object(t, *part)
}

// tableObject is the part of a table object (ECMA-376, 18.5.1.2).
type tableObject struct {
	XMLName     xml.Name        `xml:"table"`
	Xmlns       string          `xml:"xmlns,attr"`
	ID          int             `xml:"id,attr"`
	Name        string          `xml:"name,attr"`
	DisplayName string          `xml:"displayName,attr"`
	Ref         string          `xml:"ref,attr"`
	TotalsRows  int             `xml:"totalsRowCount,attr,omitempty"`
	TotalsShown int             `xml:"totalsRowShown,attr"`
	Filter      objectFilter    `xml:"autoFilter"`
	Columns     objectColumns   `xml:"tableColumns"`
	Style       objectStyleInfo `xml:"tableStyleInfo"`

	sheet            string
	top, last, right int
}

type objectFilter struct {
	Ref string `xml:"ref,attr"`
}

type objectColumns struct {
	Count  int            `xml:"count,attr"`
	Column []objectColumn `xml:"tableColumn"`
}

type objectColumn struct {
	ID       int    `xml:"id,attr"`
	Name     string `xml:"name,attr"`
	Label    string `xml:"totalsRowLabel,attr,omitempty"`
	Function string `xml:"totalsRowFunction,attr,omitempty"`
	Formula  string `xml:"totalsRowFormula,omitempty"`
}

type objectStyleInfo struct {
	Name    string `xml:"name,attr"`
	First   int    `xml:"showFirstColumn,attr"`
	Last    int    `xml:"showLastColumn,attr"`
	Rows    int    `xml:"showRowStripes,attr"`
	Columns int    `xml:"showColumnStripes,attr"`
}

// objectHeader is a header as a table's part names it: a line's end is written as Excel escapes it.
func objectHeader(label string) string {
	return strings.NewReplacer("\r", "_x000d_", "\n", "_x000a_").Replace(label)
}

// totalled takes the totals row, which comes next, into the table's object, so that it stays below rows that are added:
// where each of its cells is empty, a formula or the label. A figure that no formula computes stays outside.
func (p *page) totalled(t *tableSection, row []cell) {
	if t.block.Object == "" {
		return
	}
	o := p.book.tableObjects[len(p.book.tableObjects)-1]
	if o.sheet != p.leaf.name || o.last+1 != p.leaf.next {
		return
	}
	for _, c := range row {
		if c.formula == "" && c.kind != empty && c.kind != text {
			return
		}
	}
	o.TotalsRows, o.TotalsShown = 1, 1
	for i, c := range row {
		column := &o.Columns.Column[i]
		switch {
		case c.formula != "":
			column.Function, column.Formula = "custom", c.formula
		case c.kind == text:
			column.Label = c.text
		}
	}
}

// placeObjects gives the table objects to their sheets: excelize joins each to its sheet, but knows no totals row, and
// reads headers from cells that it does not have.
func (w *workbook) placeObjects() error {
	no := false // or it would write headers of its own
	for i, o := range w.tableObjects {
		rows := ref(0, o.top) + ":" + ref(o.right, o.last)
		o.Filter.Ref, o.Ref = rows, rows
		if o.TotalsRows > 0 {
			o.Ref = ref(0, o.top) + ":" + ref(o.right, o.last+1)
		}
		if err := w.file.AddTable(o.sheet, &excelize.Table{Range: rows, Name: o.Name, ShowHeaderRow: &no}); err != nil {
			return fmt.Errorf("make the table object %q: %w", o.Name, err)
		}
		part, err := xml.Marshal(o)
		if err != nil {
			return fmt.Errorf("make the table object %q: %w", o.Name, err)
		}
		w.file.Pkg.Store(fmt.Sprintf("xl/tables/table%d.xml", i+1), append([]byte(xml.Header), part...))
	}
	return nil
}
