package markdown

import (
	"strings"

	"github.com/reportform/reportform/outputs"
)

// mostRows is how many rows of a table are shown whose block sets no limit: the summary of a step holds 1 MiB.
const mostRows = 500

// gap stands for a figure that is missing.
const gap = "–"

// kpis are a table of one row, labels above the figures, and a second row with their changes where there are any.
func (p *page) kpis(b outputs.KPIs) {
	if len(b.Items) == 0 {
		return
	}
	var labels, values, changes []string
	changed := false
	for _, k := range b.Items {
		labels = append(labels, escape(k.Label))
		value := gap
		if k.Value.Valid {
			value = outputs.ShowFigure(k.Value, k.Format, p.doc.Locale)
		}
		values = append(values, "**"+escape(value)+"**")
		change := ""
		if c, ok := k.Change(p.doc.Locale); ok {
			changed = true
			change = escape(c.Arrow + " " + c.Text + " " + p.words.Versus(c.Before))
		}
		changes = append(changes, change)
	}
	rows := [][]string{values}
	if changed {
		rows = append(rows, changes)
	}
	p.part(grid(labels, func(int) bool { return true }, rows))
}

// table shows the rows of a block, with totals in bold.
func (p *page) table(b outputs.TableBlock) error {
	g, err := b.Grid(p.doc.Locale, mostRows)
	if err != nil {
		return err
	}
	g.Label(p.words.TotalOf(len(g.Rows), g.All))
	p.rows += len(g.Rows)
	labels := make([]string, len(g.Columns))
	for j, c := range g.Columns {
		labels[j] = escape(c.Label)
	}
	rows := make([][]string, len(g.Rows))
	for i, row := range g.Rows {
		rows[i] = make([]string, len(row))
		for j, cell := range row {
			rows[i][j] = escape(cell.Text)
		}
	}
	if g.Totals != nil {
		bold := make([]string, len(g.Totals))
		for j, text := range g.Totals {
			if text != "" {
				bold[j] = "**" + escape(text) + "**"
			}
		}
		rows = append(rows, bold)
	}
	p.part(grid(labels, func(j int) bool { return outputs.Figures(g.Columns[j].Type) }, rows))
	if notes := g.Notes(p.words); notes != "" {
		p.part("*" + escape(notes) + "*")
	}
	return nil
}

// chart is a table of its points, with bars of the first series.
func (p *page) chart(c outputs.Chart) error {
	points, err := c.Points(p.doc.Locale)
	if err != nil {
		return err
	}
	if c.Title != "" {
		p.part("**" + escape(c.Title) + "**")
	}
	labels := []string{escape(points.XField.Label)}
	for _, s := range points.Series {
		labels = append(labels, escape(s.Label))
	}
	labels = append(labels, "")
	const longest = 24
	first := points.Series[0]
	greatest := first.Greatest()
	var rows [][]string
	for i, x := range points.Names(p.doc.Locale)[:min(len(points.X), mostRows)] {
		row := []string{escape(x)}
		for _, s := range points.Series {
			row = append(row, escape(outputs.Show(s.Values[i], s.Field, p.doc.Locale)))
		}
		bar := ""
		if v := outputs.Plot(first.Values[i]); v > 0 {
			bar = outputs.Bar(v / greatest * longest)
		}
		rows = append(rows, append(row, bar))
	}
	last := len(labels) - 1
	p.part(grid(labels, func(j int) bool { return j > 0 && j < last }, rows))
	if n := len(points.X); n > len(rows) {
		p.part("*" + escape(p.words.RowsShown(len(rows), n, false)) + "*")
	}
	return nil
}

// grid writes a table; right says which columns are figures.
func grid(labels []string, right func(column int) bool, rows [][]string) string {
	var b strings.Builder
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(labels)
	rules := make([]string, len(labels))
	for j := range labels {
		if rules[j] = "---"; right(j) {
			rules[j] = "---:"
		}
	}
	line(rules)
	for _, row := range rows {
		line(row)
	}
	return b.String()
}
