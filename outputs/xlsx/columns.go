package xlsx

import (
	"cmp"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// shown is a table's column as a sheet has it.
type shown struct {
	field  int // index in the table's fields
	key    string
	label  string
	typ    expr.Type
	grain  string
	format string
	total  table.Total
	// width in characters as asked for; 0 leaves it to the content.
	width float64
	// column is its place in the sheet, from 0.
	column int
	// highlight marks cells by their values; nil marks none.
	highlight *outputs.Highlight
	// helper columns are hidden: the totals of others are computed from them.
	helper bool
	// style of a body cell, and of one that holds a text where the format is one of figures.
	style, textStyle int
	// room is the width that a text has before it wraps, where the column's texts do.
	room float64
	content
}

// right reports whether figures of the column stand at the right.
func (s *shown) right() bool { return outputs.Figures(s.typ) }

// wraps reports whether a text is wider than the column can be, which would hide its end behind the next one.
func (s *shown) wraps() bool {
	switch s.typ {
	case expr.Text, expr.Any:
		return s.textWide+cellMargin > cmp.Or(s.width, maxWidth)
	default:
		return false
	}
}

// totalFormat is the format of the column's total, whose type is another one where whole numbers have a mean.
func (s *shown) totalFormat(total expr.Type, locale string) string {
	if total != s.typ && s.format == defaultFormat(s.typ, s.grain, locale) {
		return defaultFormat(total, s.grain, locale)
	}
	return s.format
}

// figure reports whether the column's values are numbers to Excel, so that one which had to become text is missed.
func (s *shown) figure() bool { return s.right() || s.typ == expr.Date || s.typ == expr.DateTime }

// shownColumns resolves a block's columns against its table. helpers are columns that totals need and nobody sees.
func shownColumns(fields []table.Field, wanted []outputs.ShownColumn, totals bool, locale string) []shown {
	var out []shown
	for _, w := range wanted {
		s := newShown(w.Field, w.Index, locale)
		s.width, s.column, s.highlight = w.Width, len(out), w.Highlight
		out = append(out, s)
	}
	if !totals {
		return out
	}
	index := make(map[string]int, len(fields))
	for i, f := range fields {
		index[f.Name] = i
	}
	present := map[string]bool{}
	for _, s := range out {
		present[s.key] = true
	}
	// A change is made of two columns' totals, which may be made of others in their turn.
	for n := 0; n < len(out); n++ {
		rule := out[n].total
		for _, name := range []string{rule.Num, rule.Den, rule.Weight} {
			i, ok := index[name]
			if name == "" || present[name] || !ok {
				continue
			}
			present[name] = true
			helper := newShown(fields[i], i, locale)
			helper.helper = true
			if helper.label = fields[i].Label; helper.label == "" {
				// What a step hides has a NUL in its name, so that it is nobody else's.
				helper.label = outputs.Label(strings.ReplaceAll(name, "\x00", " "))
			}
			out = append(out, helper)
		}
	}
	return out
}

func newShown(f table.Field, index int, locale string) shown {
	s := shown{
		field: index, key: f.Name, label: orElse(f.Label, outputs.Label(f.Name)), typ: f.Type, grain: f.Grain,
		format: orElse(f.Format, defaultFormat(f.Type, f.Grain, locale)), total: f.Total,
	}
	if f.Format != "" && f.Grain == "week" {
		s.grain = "day" // Who gives a week a format of dates wants its first day.
	}
	return s
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}
