package xlsx

import (
	"strconv"
	"strings"

	"github.com/reportform/reportform/outputs"
)

// about adds the sheet that says where the figures come from.
func (w *workbook) about() error {
	if !w.doc.AboutSheet || w.doc.About == nil {
		return nil
	}
	words := w.words.About()
	l, err := w.addSheet(words.Sheet)
	if err != nil {
		return err
	}
	g, data := aboutDatasets(w.doc.About.Datasets, words)
	lines, err := w.title(outputs.Heading{Text: w.doc.Title})
	if err != nil {
		return err
	}
	for _, more := range []func() ([]line, error){
		func() ([]line, error) { return w.aboutFacts(words, g) },
		func() ([]line, error) { return w.aboutTable(words.Datasets, data, g) },
		func() ([]line, error) {
			return w.aboutTable(words.Checks, aboutChecks(w.doc.About.Checks, words, g), g)
		},
	} {
		next, err := more()
		if err != nil {
			return err
		}
		lines = append(lines, next...)
	}
	p := &page{book: w, wanted: words.Sheet, leaf: l, grid: g}
	if err := p.open(); err != nil {
		return err
	}
	for _, at := range lines {
		if err := p.line(at); err != nil {
			return err
		}
	}
	return p.close()
}

// aboutFacts are what holds for the whole report, a line each. The commit is the run's own, and no digest has it.
func (w *workbook) aboutFacts(words outputs.AboutWords, g *grid) ([]line, error) {
	a := w.doc.About
	covered := orElse(a.Range, w.doc.Range)
	if a.Word != "" {
		covered += " (" + a.Word + ")"
	}
	out := []line{{height: blockGap}}
	for _, fact := range []struct {
		name, value string
		own         bool
	}{
		{words.Report, a.Report, false}, {words.Range, covered, false}, {words.Zone, a.Zone, false}, {words.Definition, a.Definition, false},
		{words.Commit, orElse(a.Commit, "–"), true},
	} {
		if fact.value == "" {
			continue
		}
		name, err := w.textCell(fact.name, look{role: roleFactName, indent: 1})
		if err != nil {
			return nil, err
		}
		value, err := w.textCell(fact.value, look{role: roleFact})
		if err != nil {
			return nil, err
		}
		last, width := g.reach(1, textWidthMax)
		row := line{own: fact.own}
		row.tile(name, span{})
		row.tile(value, span{1, last})
		row.height = aboutHeight(wrappedLines(fact.value, width-1))
		out = append(out, row)
	}
	return out, nil
}

// aboutColumn is a column of a table that the page has, over some columns of its sheet.
type aboutColumn struct {
	label string
	over  span
	right bool
	// said is what its cells look like.
	said  role
	texts []string
	tones []outputs.Tone
}

// aboutLeast and aboutMost bound the columns of the datasets' table, aboutLong those of the checks', in characters.
const aboutLeast, aboutMost, aboutLong = 11.0, 34.0, 64.0

// aboutDatasets says how each dataset was had, without the columns in which nothing stands, and makes the sheet's grid.
func aboutDatasets(all []outputs.AboutDataset, words outputs.AboutWords) (*grid, []aboutColumn) {
	columns := []aboutColumn{
		{label: words.Dataset}, {label: words.Source}, {label: words.Range}, {label: words.Compared}, {label: words.Filters},
		{label: words.Grain}, {label: words.Steps}, {label: words.Requests, right: true}, {label: words.Fetched, right: true}, {label: words.Rows, right: true},
		{label: words.Said},
	}
	for _, d := range all {
		for i, s := range []string{
			d.Name, d.Source, d.Range, d.Compared, strings.Join(d.Filters, "\n"), words.GrainOf(d.Grain), strings.Join(d.Steps, ", "),
			asked(d, d.Requests), asked(d, d.Fetched), strconv.Itoa(d.Rows),
			strings.Join(d.Remarks, "\n"),
		} {
			columns[i].texts = append(columns[i].texts, s)
		}
	}
	g, out := &grid{}, []aboutColumn(nil)
	for _, c := range columns {
		if strings.Join(c.texts, "") == "" {
			continue
		}
		c.over, c.said = span{len(g.widths), len(g.widths)}, roleFactRow
		g.widths = append(g.widths, c.wide(aboutMost))
		out = append(out, c)
	}
	if len(out) == 0 {
		g.widths = []float64{0}
	}
	for _, name := range []string{words.Report, words.Range, words.Zone, words.Definition, words.Commit} {
		g.widths[0] = max(g.widths[0], textWidth(name)+cellMargin)
	}
	return g, out
}

// asked is a count of what a dataset asked for; one that is made of another asked for nothing.
func asked(d outputs.AboutDataset, n int) string {
	if d.Requests == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// wide is how wide the column wants to be.
func (c *aboutColumn) wide(most float64) float64 {
	width := max(aboutLeast, textWidth(c.label)*bold+cellMargin)
	for _, s := range c.texts {
		width = max(width, longestLine(s)+cellMargin)
	}
	return min(width, most)
}

// aboutChecks says what was checked, and what came of it, in columns over those of the sheet.
func aboutChecks(all []outputs.AboutCheck, words outputs.AboutWords, g *grid) []aboutColumn {
	if len(all) == 0 {
		return nil
	}
	columns := []aboutColumn{
		{label: words.Check, said: roleFactRow}, {label: words.Outcome, said: roleFactRow},
		{label: words.Condition, said: roleFactQuiet}, {label: words.Said, said: roleFactRow},
	}
	remarks := false
	for _, c := range all {
		outcome := map[outputs.Tone]string{outputs.ToneGood: words.Passed, outputs.ToneWarning: words.Warning, outputs.ToneBad: words.Failed}[c.Tone()]
		for i, s := range []string{c.Name, outcome, c.Assert, c.Message} {
			columns[i].texts = append(columns[i].texts, s)
		}
		columns[1].tones = append(columns[1].tones, c.Tone())
		remarks = remarks || c.Message != ""
	}
	if !remarks {
		columns = columns[:3]
	}
	next := 0
	for i := range columns {
		last, _ := g.reach(next, columns[i].wide(aboutLong))
		columns[i].over, next = span{next, last}, last+1
	}
	// The last one reaches to the end of the table above.
	end := &columns[len(columns)-1].over
	end.to = max(end.to, len(g.widths)-1)
	return columns
}

// aboutTable lays out columns under a heading, each row as high as its texts wrap.
func (w *workbook) aboutTable(heading string, columns []aboutColumn, g *grid) ([]line, error) {
	if len(columns) == 0 || len(columns[0].texts) == 0 {
		return nil, nil
	}
	lines, err := w.heading(outputs.Heading{Text: heading}, roleHeading, headingHeight)
	if err != nil {
		return nil, err
	}
	out := append([]line{{height: blockGap}}, lines...)
	out = append(out, line{height: headingGap})
	for i := -1; i < len(columns[0].texts); i++ {
		row, high := line{}, 1
		for _, c := range columns {
			said, l := c.label, look{role: roleHeader, right: c.right, indent: 1}
			if i >= 0 {
				said, l.role = c.texts[i], c.said
				if c.tones != nil {
					l.tone = c.tones[i]
				}
			}
			at, err := w.textCell(said, l)
			if err != nil {
				return nil, err
			}
			if n, err := strconv.Atoi(said); err == nil && c.right {
				l.format = "#,##0"
				if at.style, err = w.styles.id(l); err != nil {
					return nil, err
				}
				at.kind, at.num = number, float64(n)
			}
			row.tile(at, c.over)
			lines := 0
			for _, part := range strings.Split(said, "\n") {
				lines += wrappedLines(part, g.sum(c.over.to+1)-g.sum(c.over.from)-cellMargin+1)
			}
			high = max(high, lines)
		}
		row.height = aboutHeight(high) + 4
		out = append(out, row)
	}
	return out, nil
}

// aboutHeight is the height of some lines of text, in points.
func aboutHeight(lines int) float64 { return 13*float64(lines) + 3 }
