package cli

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// sourceGroup is a kind of sources, by what a report can do with them.
type sourceGroup struct{ name, title string }

// sourceGroups are in the order in which they are listed.
var sourceGroups = []sourceGroup{
	{"report", "Figures for each stretch of time (aggregate_by)"},
	{"list", "Rows of the report's range"},
	{"snapshot", "What there is right now, whatever the range"},
}

func groupOf(s *spec.Source) sourceGroup {
	switch {
	case s.Grain != nil:
		return sourceGroups[0]
	case s.Window != nil:
		return sourceGroups[1]
	}
	return sourceGroups[2]
}

// sourcesText lists what there is, by connection and group. A connection that has the very sources of an earlier one,
// as those of one type mostly do, is said to.
func sourcesText(offers []offer) string {
	if len(offers) == 0 {
		return "No connection of the configuration is of a type that has sources: thulium, http or demo.\n"
	}
	var parts []string
	example := ""
	for i, o := range offers {
		names := sourceNames(o)
		if len(names) == 0 {
			parts = append(parts, fmt.Sprintf("%s has no sources yet: they stand under the connection's key sources.\n", o.connection))
			continue
		}
		if example == "" {
			example = names[0]
		}
		same := slices.IndexFunc(offers[:i], func(earlier offer) bool { return maps.Equal(earlier.sources, o.sources) })
		if same < 0 {
			parts = append(parts, offerText(o, names))
			continue
		}
		parts = append(parts, fmt.Sprintf("%s, of type %s, has the same sources as %s: %s and so on.\n", o.connection, o.kind, offers[same].connection, names[0]))
	}
	if example != "" {
		parts = append(parts, fmt.Sprintf("To see one with its filters and columns:\n    reportform sources %s\n", diag.Printable(example)))
	}
	return strings.Join(parts, "\n")
}

// sourceNames are those of a connection's sources, CONNECTION.SOURCE, group by group.
func sourceNames(o offer) []string {
	var out []string
	for _, g := range sourceGroups {
		for _, name := range slices.Sorted(maps.Keys(o.sources)) {
			if groupOf(o.sources[name]) == g {
				out = append(out, o.connection+"."+name)
			}
		}
	}
	return out
}

// offerText lists one connection's sources, the names of all groups in one column.
func offerText(o offer, names []string) string {
	var rows [][]string
	for _, name := range names {
		s := o.sources[strings.TrimPrefix(name, o.connection+".")]
		title := oneLine(s.Title)
		if title == "" {
			title = methodOf(s) + " " + s.Path
		}
		rows = append(rows, []string{name, title + marked(s.Certainty)})
	}
	var b strings.Builder
	var last sourceGroup
	for i, line := range strings.SplitAfter(strings.TrimSuffix(columns(rows), "\n"), "\n") {
		if g := groupOf(o.sources[strings.TrimPrefix(names[i], o.connection+".")]); g != last {
			if i > 0 {
				b.WriteString("\n")
			}
			b.WriteString(g.title + ":\n")
			last = g
		}
		b.WriteString(line)
	}
	return b.String() + "\n"
}

// width is how long lines may be: as COLUMNS says, which a user sets on purpose, or as the terminal is wide.
func (p *program) width() int {
	const usual, least = 80, 40
	columns := p.Width
	if text, _ := p.Env("COLUMNS"); text != "" {
		columns, _ = strconv.Atoi(text)
	}
	if columns < least {
		return usual
	}
	return min(columns, 120) // longer lines are hard to read
}

// sourceText shows one source.
func sourceText(name string, s *spec.Source, width int) string {
	var b strings.Builder
	title := name
	if s.Title != "" {
		title += ": " + oneLine(s.Title)
	}
	b.WriteString(diag.Printable(title) + "\n")
	if s.Description != "" {
		b.WriteString("\n" + folded("", s.Description+marked(s.Certainty), width))
	}
	b.WriteString("\n" + asked(s, width))
	if len(s.Parameters) > 0 {
		b.WriteString("\nFilters:\n")
		var rows []described
		for _, f := range s.Parameters {
			rows = append(rows, described{cells: []string{f.Name, typeText(f.Type, f.List), demands(f)}, text: oneLine(f.Description) + marked(f.Certainty)})
		}
		b.WriteString(describedText(rows, width))
	}
	b.WriteString("\n" + columnsText(name, s, width))
	return b.String()
}

// columnsText lists a source's columns.
func columnsText(name string, s *spec.Source, width int) string {
	const further = "Columns that the API has beyond these are found in the data and shown. To use one in an expression, or to give it another type, declare it under the dataset's columns."
	if len(s.Columns) == 0 {
		return folded("", "No columns are declared: they are found in the data, with their types, and shown. To use one in an expression it is declared. What there is, ready to be declared, says:", width) +
			"    reportform discover " + diag.Printable(name) + "\n"
	}
	var b strings.Builder
	b.WriteString("Columns:\n")
	var rows []described
	for _, c := range s.Columns {
		total := ""
		if c.Field.Total.Kind != table.TotalNone {
			total = "total: " + c.Field.Total.Rule()
		}
		text := oneLine(c.Description)
		if label := labelOf(c); label != "" {
			text = strings.TrimSuffix(label+": "+text, ": ")
		}
		if c.Field.Hidden {
			text += " It is not shown."
		}
		if c.Path != "" {
			text = strings.TrimSpace(text + " (read from " + c.Path + ")")
		}
		rows = append(rows, described{cells: []string{c.Field.Name, typeText(c.Field.Type, false), total}, text: text + marked(c.Certainty)})
	}
	b.WriteString(describedText(rows, width))
	b.WriteString("\n" + folded("", further, width))
	return b.String()
}

// asked says how a source is asked.
func asked(s *spec.Source, width int) string {
	rows := [][2]string{{"request", methodOf(s) + " " + s.Path}}
	if w := s.Window; w != nil {
		rows = append(rows, [2]string{"range", fmt.Sprintf("is sent as %s and %s", w.From, w.Until)})
	} else {
		rows = append(rows, [2]string{"range", "is not asked for"})
	}
	if g := s.Grain; g != nil {
		text := strings.Join(g.Allowed, ", ")
		if g.Default != "" {
			text += " (default " + g.Default + ")"
		}
		rows = append(rows, [2]string{"aggregate_by", text})
	}
	if s.Records != "" {
		rows = append(rows, [2]string{"rows", "are read from " + s.Records})
	}
	if pages := pagesText(s.Paging); pages != "" {
		rows = append(rows, [2]string{"pages", pages})
	}
	for _, group := range s.Requires {
		rows = append(rows, [2]string{"needs", strings.Join(group, " or ")})
	}
	if len(s.Key) > 0 {
		rows = append(rows, [2]string{"a row's key", strings.Join(s.Key, ", ")})
	}
	for _, rule := range s.Rules {
		text := fmt.Sprintf("of status %d: %s", rule.Status, rule.Action)
		if rule.BodyContains != "" {
			text = fmt.Sprintf("of status %d with %q in it: %s", rule.Status, rule.BodyContains, rule.Action)
		}
		rows = append(rows, [2]string{"an answer", text})
	}
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(folded(runewidth.FillRight(r[0], 14), r[1], width))
	}
	return b.String()
}

// pagesText says how a source hands out many rows; nothing where one response has all.
func pagesText(p spec.Paging) string {
	var text string
	var pages spec.Pages
	switch {
	case p.Offset != nil:
		text, pages = "are asked for by the number of their first row, "+p.Offset.Offset, p.Offset.Pages
	case p.Page != nil:
		text, pages = "are asked for by their number, "+p.Page.Page, p.Page.Pages
	case p.Cursor != nil:
		text, pages = fmt.Sprintf("are asked for by a mark, %s, which the page before has as %s", p.Cursor.Parameter, p.Cursor.Next), p.Cursor.Pages
	case p.Link != nil:
		text, pages = "are found by the header Link", p.Link.Pages
	case p.NextURL != nil:
		text, pages = "are found by the address that the page before has as "+p.NextURL.Path, p.NextURL.Pages
	default:
		return ""
	}
	if pages.Size > 0 {
		text += fmt.Sprintf("; %s each", count(pages.Size, "row"))
	}
	return text
}

func methodOf(s *spec.Source) string {
	if s.Post {
		return "POST"
	}
	return "GET"
}

// demands says what a filter asks of its value.
func demands(f *spec.Parameter) string {
	var parts []string
	if f.Required {
		parts = append(parts, "required")
	}
	if f.Default != "" {
		parts = append(parts, "default "+f.Default)
	}
	switch {
	case f.Min != nil && f.Max != nil:
		parts = append(parts, fmt.Sprintf("%d to %d", *f.Min, *f.Max))
	case f.Min != nil:
		parts = append(parts, fmt.Sprintf("at least %d", *f.Min))
	case f.Max != nil:
		parts = append(parts, fmt.Sprintf("at most %d", *f.Max))
	}
	if len(f.Allowed) > 0 {
		parts = append(parts, "one of "+strings.Join(f.Allowed, ", "))
	}
	return strings.Join(parts, "; ")
}

// described is a line of cells with a paragraph beneath it.
type described struct {
	cells []string
	text  string
}

// describedText lays them out. A last cell that does not fit into the width goes beneath the others.
func describedText(all []described, width int) string {
	const indent = "      "
	rows := make([][]string, len(all))
	for i, d := range all {
		rows[i] = slices.Clone(d.cells)
	}
	lines := strings.Split(columns(rows), "\n")
	var b strings.Builder
	for i, d := range all {
		line, last := lines[i], diag.Printable(d.cells[len(d.cells)-1])
		if runewidth.StringWidth(line) > width && last != "" {
			b.WriteString(strings.TrimRight(strings.TrimSuffix(line, last), " ") + "\n" + folded(indent, last, width))
		} else {
			b.WriteString(line + "\n")
		}
		if d.text != "" {
			b.WriteString(folded(indent, d.text, width))
		}
	}
	return b.String()
}

// folded writes a text behind a lead, its further lines indented as far as the lead is wide.
func folded(lead, text string, width int) string {
	var b strings.Builder
	line, hang := lead, strings.Repeat(" ", runewidth.StringWidth(lead))
	for i, word := range strings.Fields(diag.Printable(oneLine(text))) {
		switch {
		case i == 0:
			line += word
			continue
		case runewidth.StringWidth(line)+1+runewidth.StringWidth(word) > width:
			b.WriteString(line + "\n")
			line = hang + word
			continue
		}
		line += " " + word
	}
	return b.String() + line + "\n"
}

// marked says behind a text how well it is known, where it is not documented.
func marked(certainty string) string {
	switch certainty {
	case "inferred":
		return " (inferred)"
	case "unknown":
		return " (not documented)"
	}
	return ""
}

// labelOf is the label that readers see: in the configuration's language, or English.
func labelOf(c *spec.SourceColumn) string {
	if c.Field.Label != "" {
		return c.Field.Label
	}
	return c.Labels["en"]
}

func typeText(t expr.Type, list bool) string {
	if list {
		return "list(" + expr.TypeName(t) + ")"
	}
	return expr.TypeName(t)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
