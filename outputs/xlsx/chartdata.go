package xlsx

import (
	"cmp"
	"fmt"
	"math"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/spec/expr"
)

// chartSources finds the cells that the charts draw: those of a table that shows the same rows whole, else cells of a hidden
// sheet.
func (w *workbook) chartSources() error {
	var hidden *dataSheet
	for _, c := range w.charted {
		if t := w.tableOf(c); t != nil {
			c.refer(t)
			continue
		}
		if hidden == nil {
			var err error
			if hidden, err = w.newDataSheet(); err != nil {
				return err
			}
		}
		if err := hidden.add(w, c); err != nil {
			return err
		}
	}
	return nil
}

// tableOf returns the table whose cells are the chart's points: all rows, on one sheet, with every column that is drawn,
// each a number to Excel. A chart of shares has fewer points than there are rows where some have no figure.
func (w *workbook) tableOf(c *chartSection) *tableSection {
	for _, t := range w.tables {
		if t.block.Table == c.block.Table && !t.cut() && len(t.parts) == 1 && t.rows == len(c.points.X) && t.rows > 0 && t.holds(c) {
			return t
		}
	}
	return nil
}

func (t *tableSection) holds(c *chartSection) bool {
	if x := t.seenColumn(c.points.XField.Name); x == nil || x.inexact {
		return false
	}
	for _, s := range c.points.Series {
		if y := t.seenColumn(s.Name); y == nil || y.inexact {
			return false
		}
	}
	return true
}

// seenColumn finds a column by its key, nil where the table does not show it.
func (t *tableSection) seenColumn(key string) *shown {
	for i := range t.columns[:t.seen] {
		if t.columns[i].key == key {
			return &t.columns[i]
		}
	}
	return nil
}

// refer makes the chart draw a table's cells.
func (c *chartSection) refer(t *tableSection) {
	part := t.parts[0]
	x := t.seenColumn(c.points.XField.Name)
	c.visible = true
	c.name(x.grain, x.format)
	c.x.formula = cellsOf(part.sheet, x.column, part.first, part.last)
	for _, s := range c.points.Series {
		y := t.seenColumn(s.Name)
		name := drawnCells{texts: []string{s.Label}}
		if y.label == s.Label {
			name.formula = cellsOf(part.sheet, y.column, part.first-1, part.first-1)
		}
		c.names = append(c.names, name)
		c.values = append(c.values, drawnCells{formula: cellsOf(part.sheet, y.column, part.first, part.last), numbers: figures(s), format: y.format})
	}
}

// name says what stands in the cells that name the points, and returns these.
func (c *chartSection) name(grain, format string) []cell {
	cells := make([]cell, len(c.points.XValues))
	numeric := true
	for i, v := range c.points.XValues {
		put(&cells[i], v, grain)
		numeric = numeric && cells[i].kind == number
	}
	c.x = drawnCells{format: format}
	for i := range cells {
		if numeric {
			c.x.numbers = append(c.x.numbers, cells[i].num)
		} else {
			c.x.texts = append(c.x.texts, mustLegal(c.points.X[i]))
		}
	}
	return cells
}

// figures are those of a series; NaN is a gap.
func figures(s outputs.Series) []float64 {
	out := make([]float64, len(s.Values))
	for i, v := range s.Values {
		out[i] = outputs.Plot(v)
	}
	return out
}

// cellsOf names cells of one column on a sheet.
func cellsOf(sheet string, column, first, last int) string {
	out := quoteSheet(sheet) + "!" + absolute(column, first)
	if last != first {
		out += ":" + absolute(column, last)
	}
	return out
}

// dataSheet is the hidden sheet with the points of charts that no table shows.
type dataSheet struct{ leaf *leaf }

func (w *workbook) newDataSheet() (*dataSheet, error) {
	l, err := w.addSheet(w.words.ChartData)
	if err != nil {
		return nil, err
	}
	if err := w.file.SetSheetVisible(l.name, false); err != nil {
		return nil, fmt.Errorf("hide the sheet of the charts' figures: %w", err)
	}
	w.hidden++
	return &dataSheet{leaf: l}, nil
}

// add puts the points of a chart below each other, real dates and numbers where they are some.
func (d *dataSheet) add(w *workbook, c *chartSection) error {
	x := c.points.XField
	format := cmp.Or(x.Format, expr.DefaultFormat(x.Type, x.Grain, w.doc.Locale))
	rows := []line{{cells: []cell{{kind: text, text: mustLegal(x.Label)}}}}
	named := c.name(x.Grain, format)
	if c.x.numbers == nil {
		format = formatText
		for i, t := range c.x.texts {
			named[i] = cell{kind: text, text: t}
		}
	}
	style, err := w.styles.id(look{role: roleText, format: format})
	if err != nil {
		return err
	}
	for _, at := range named {
		at.style = style
		rows = append(rows, line{cells: []cell{at}})
	}
	top, last := d.leaf.next, d.leaf.next+len(named)
	c.x.formula = cellsOf(d.leaf.name, 0, top+1, last)
	for i, s := range c.points.Series {
		format := cmp.Or(s.Format, expr.DefaultFormat(s.Type, "", w.doc.Locale))
		if style, err = w.styles.id(look{role: roleText, format: format}); err != nil {
			return err
		}
		label, values := mustLegal(s.Label), figures(s)
		rows[0].cells = append(rows[0].cells, cell{kind: text, text: label})
		for j, v := range values {
			at := cell{style: style}
			if !math.IsNaN(v) {
				at.kind, at.num = number, v
			}
			rows[j+1].cells = append(rows[j+1].cells, at)
		}
		c.names = append(c.names, drawnCells{formula: cellsOf(d.leaf.name, i+1, top, top), texts: []string{label}})
		c.values = append(c.values, drawnCells{formula: cellsOf(d.leaf.name, i+1, top+1, last), numbers: values, format: format})
	}
	for _, row := range append(rows, line{}) {
		d.leaf.add(row)
	}
	if err := w.file.SetSheetDimension(d.leaf.name, d.leaf.area()); err != nil {
		return fmt.Errorf("say how large the sheet is: %w", err)
	}
	return nil
}

// mustLegal is a text as a workbook holds it; what it replaces, the block's own label or value has told.
func mustLegal(s string) string {
	s, _ = legalText(s)
	return s
}
