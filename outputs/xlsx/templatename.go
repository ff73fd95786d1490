package xlsx

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/reportform/reportform/outputs"
)

// definedName is a name of a template for some cells.
type definedName struct {
	element *element
	name    string
	sheet   *designed
	area
}

// nameElements are the names that designers gave.
func (d *design) nameElements() []*element {
	list := d.book.child("definedNames")
	if list == nil {
		return nil
	}
	var out []*element
	for _, e := range list.elements() {
		if !strings.HasPrefix(e.attr("name"), "_xlnm.") && e.attr("hidden") != "1" {
			out = append(out, e)
		}
	}
	return out
}

// definedName finds a name, nil where there is none.
func (d *design) definedName(name string) (*definedName, error) {
	for _, e := range d.nameElements() {
		if !strings.EqualFold(e.attr("name"), name) {
			continue
		}
		out := &definedName{element: e, name: e.attr("name")}
		found := 0
		rest := mapReferences(strings.TrimPrefix(strings.TrimSpace(e.text()), "="), func(r cellRef) string {
			out.sheet, out.area = d.sheet(r.sheet), r.area
			found++
			return ""
		})
		if found != 1 || out.sheet == nil || !strings.HasSuffix(rest, "!") || tokenLength(rest) != len(rest) {
			return nil, fmt.Errorf("the name %q stands for %q, which are no cells side by side on one sheet", out.name, e.text())
		}
		return out, nil
	}
	return nil, nil
}

// fillable are all names that a fill may have.
func (d *design) fillable() ([]string, error) {
	objects, err := d.objects()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, o := range objects {
		out = append(out, o.name)
	}
	for _, e := range d.nameElements() {
		out = append(out, e.attr("name"))
	}
	return out, nil
}

// fillName puts a dataset at a name, its columns in order from the first cell on. A name of one cell is as wide as the
// dataset; any other has to have as many columns.
func (d *design) fillName(n *definedName, block outputs.TableBlock) error {
	columns, err := candidates(block, d.locale)
	if err != nil {
		return err
	}
	data := n.area
	if width := data.right - data.left + 1; width > 1 && width != len(columns) {
		var labels []string
		for _, c := range columns {
			labels = append(labels, c.label)
		}
		return fmt.Errorf("the name %q has %d columns, and dataset %q has %d: %s; choose %d of them, or let the name stand for one cell",
			n.name, width, block.Dataset, len(columns), quotedList(labels), width)
	}
	data.right = data.left + len(columns) - 1
	if err := d.take(n.sheet, data, n.name); err != nil {
		return err
	}
	if data != n.area {
		whole := cellRef{area: data, fixed: [4]bool{true, true, true, true}}
		n.element.setText(quoteSheet(n.sheet.name) + "!" + whole.String())
		d.book.changed = true
	}
	return d.place(n.sheet, data, 0, columns, block)
}

// fillValue puts a figure into the first cell of a name.
func (d *design) fillValue(n *definedName, figure outputs.KPI) error {
	first := area{left: n.left, top: n.top, right: n.left, bottom: n.top}
	if err := d.take(n.sheet, first, n.name); err != nil {
		return err
	}
	format := orElse(figure.Format, defaultFormat(figure.Value.Type, "", d.locale))
	if err := checkFormat(format); err != nil {
		return fmt.Errorf("the value of %q: %w", n.name, err)
	}
	var out cell
	put(&out, figure.Value, "")
	if out.kind == text {
		out.text, _ = legalText(out.text)
		if length := units(out.text); length > maxCellUnits {
			return fmt.Errorf("the value of %q has %d characters, and an Excel cell holds %d", n.name, length, maxCellUnits)
		}
		format = formatText
	}
	row := n.sheet.rows[n.top]
	if row == nil {
		row = &designedRow{cells: map[int]*element{}}
		n.sheet.rows[n.top] = row
	}
	old := row.cells[n.left]
	style, err := d.styles.formatted(styleOf(old), format)
	if err != nil {
		return err
	}
	row.cells[n.left] = out.element(style)
	n.sheet.changed = true
	return nil
}

// element is the cell as a template's sheet keeps one.
func (c cell) element(style int) *element {
	e := &element{name: "c"}
	e.set("r", "") // first of all; set when it is written
	if style != 0 {
		e.set("s", strconv.Itoa(style))
	}
	v := &element{name: "v"}
	switch c.kind {
	case empty:
		return e
	case text:
		e.set("t", "inlineStr")
		t := &element{name: "t", attrs: []attribute{{"xml:space", "preserve"}}}
		t.setText(escapeExcel(c.text))
		v = &element{name: "is", content: []node{{element: t}}}
	case boolean:
		e.set("t", "b")
		v.setText(strconv.FormatFloat(c.num, 'f', -1, 64))
	default:
		v.setText(strconv.FormatFloat(c.num, 'f', -1, 64))
	}
	e.content = []node{{element: v}}
	return e
}

// escapeExcel keeps Excel from taking _x0041_ for an A.
func escapeExcel(s string) string {
	var out strings.Builder
	for i := range len(s) {
		if s[i] == '_' && escapes(s[i:]) {
			out.WriteString("_x005F")
		}
		out.WriteByte(s[i])
	}
	return out.String()
}
