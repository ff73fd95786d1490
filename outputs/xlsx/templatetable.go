package xlsx

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/reportform/reportform/outputs"
)

// object is a table object of a template.
type object struct {
	root  *element
	sheet *designed
	name  string
	area
	headers, totals int
}

// objects are all there are, by sheet.
func (d *design) objects() ([]*object, error) {
	var out []*object
	for _, s := range d.sheets {
		tables, err := d.related(s.part, "table")
		if err != nil {
			return nil, err
		}
		for _, part := range tables {
			root, err := d.tree(part)
			if err != nil {
				return nil, err
			}
			o := &object{root: root, sheet: s, name: orElse(root.attr("displayName"), root.attr("name")), headers: 1}
			if o.area, err = parseArea(root.attr("ref")); err != nil {
				return nil, err
			}
			if v := root.attr("headerRowCount"); v != "" {
				o.headers, _ = strconv.Atoi(v)
			}
			if v := root.attr("totalsRowCount"); v != "" {
				o.totals, _ = strconv.Atoi(v)
			}
			out = append(out, o)
		}
	}
	return out, nil
}

// object finds a table object, nil where there is none.
func (d *design) object(name string) (*object, error) {
	all, err := d.objects()
	for _, o := range all {
		if strings.EqualFold(o.name, name) {
			return o, nil
		}
	}
	return nil, err
}

// fillObject puts a dataset into a table object, which becomes as long as the dataset.
func (d *design) fillObject(o *object, block outputs.TableBlock) error {
	data := o.area
	data.top += o.headers
	data.bottom -= o.totals
	if data.bottom < data.top {
		return fmt.Errorf("the table object %q has no row of data, whose look the report's rows could take; give it one", o.name)
	}
	if err := d.take(o.sheet, data, o.name); err != nil {
		return err
	}
	columns, err := o.match(block, data, d.locale)
	if err != nil {
		return err
	}
	// A filter chose among the rows of the sample.
	if f := o.root.child("autoFilter"); f != nil {
		f.content = nil
	}
	o.root.remove(func(e *element) bool { return e.local() == "sortState" })
	o.root.unset("insertRow")
	o.root.changed = true
	return d.place(o.sheet, data, o.totals, columns, block)
}

// wanted is a column of a fill with the format that it has where the template says none.
type wanted struct {
	shown
	formula string
}

// match finds for each column of the object what fills it: a column of the report by its label or its key, or the
// formula that the template has in it.
func (o *object) match(block outputs.TableBlock, data area, locale string) ([]wanted, error) {
	chosen := len(block.Columns) > 0
	shown, err := candidates(block, locale)
	if err != nil {
		return nil, err
	}
	var out []wanted
	var unmatched, headers []string
	used := map[string]bool{}
	list := o.root.child("tableColumns")
	if list == nil {
		return nil, fmt.Errorf("the table object %q has no columns", o.name)
	}
	for i, e := range list.elements() {
		header := unescapeHeader(e.attr("name"))
		headers = append(headers, header)
		at := slices.IndexFunc(shown, func(s wanted) bool { return folded(s.label) == folded(header) })
		if at < 0 {
			at = slices.IndexFunc(shown, func(s wanted) bool { return folded(s.key) == folded(header) })
		}
		formula := formulaOf(o.sheet.cell(data.left+i, data.top))
		if c := e.child("calculatedColumnFormula"); formula == "" && c != nil {
			formula = c.text()
		}
		switch {
		case formula != "":
			out = append(out, wanted{formula: formula})
		case at >= 0:
			out = append(out, shown[at])
		default:
			unmatched = append(unmatched, header)
			continue
		}
		if at >= 0 {
			used[shown[at].key] = true
		}
	}
	var left []string
	for _, s := range shown {
		if !used[s.key] {
			left = append(left, s.label)
		}
	}
	if len(unmatched) > 0 {
		return nil, fmt.Errorf("the table object %q has columns that dataset %q does not have: %s; not used of the dataset: %s. A column is found by its label or its key",
			o.name, block.Dataset, quotedList(unmatched), quotedList(left))
	}
	if chosen && len(left) > 0 {
		return nil, fmt.Errorf("the table object %q has no place for %s of dataset %q; its columns are %s", o.name, quotedList(left), block.Dataset, quotedList(headers))
	}
	return out, nil
}

// candidates are the columns that a fill may use: those it chose, or all that are not hidden.
func candidates(block outputs.TableBlock, locale string) ([]wanted, error) {
	if len(block.Columns) == 0 {
		for _, f := range block.Table.Fields() {
			if !f.Hidden {
				block.Columns = append(block.Columns, outputs.TableColumn{Key: f.Name})
			}
		}
	}
	columns, err := block.Shown()
	if err != nil {
		return nil, err
	}
	var out []wanted
	for _, c := range columns {
		s := newShown(c.Field, c.Index, locale)
		if err := checkFormat(s.format); err != nil {
			return nil, fmt.Errorf("column %q: %w", s.key, err)
		}
		out = append(out, wanted{shown: s})
	}
	return out, nil
}

func formulaOf(c *element) string {
	if c == nil {
		return ""
	}
	f := c.child("f")
	if f == nil || f.attr("t") == "array" || f.attr("t") == "dataTable" {
		return ""
	}
	return f.text()
}

// folded is a header as it is compared: without case and with single spaces.
func folded(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

var escapedHeader = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)

// unescapeHeader reads a column's name, in which a line feed is _x000a_.
func unescapeHeader(s string) string {
	return escapedHeader.ReplaceAllStringFunc(s, func(e string) string {
		n, err := strconv.ParseUint(e[2:6], 16, 16)
		if err != nil {
			return e
		}
		return string(rune(n))
	})
}
