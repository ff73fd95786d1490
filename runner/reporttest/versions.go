package reporttest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// Difference is something that comes out of one version of a report otherwise than out of another, from the same recording.
type Difference struct {
	// Report is the address of the instance or of the part of a split, as the later version has it.
	Report string
	// In is the dataset; empty for figures, subjects and what becomes of a delivery.
	In string
	// Row names a row by its columns that do not add up; What is the column, the label of a figure, or the subject.
	Row, What string
	// Before and After are what readers see; empty where there is nothing.
	Before, After string
}

// Since compares what came out with what came out of an earlier version: cells of datasets, kpis, subjects and what becomes
// of each delivery. Reports whose name has changed are compared by former, which says what an address was before.
func (s Seen) Since(before Seen, former func(address string) string) []Difference {
	var all []Difference
	for _, address := range s.addresses() {
		after, _ := s.of(&spec.Test{Report: address}, nil)
		was, _ := before.of(&spec.Test{Report: former(address)}, nil)
		for _, d := range slices.Concat(after.outcomesSince(was), after.figuresSince(was), after.cellsSince(was)) {
			d.Report = address
			all = append(all, d)
		}
	}
	return all
}

// outcomesSince compares what becomes of each destination, and what its mail is called.
func (s Seen) outcomesSince(before Seen) []Difference {
	say := func(s Seen, name string, about spec.About) string {
		f, _ := s.delivery(spec.Expectation{About: about, Of: name})
		if about == spec.AboutOutcome {
			if why, _ := s.delivery(spec.Expectation{About: spec.AboutReason, Of: name}); why.value.Str != "" {
				return f.value.Str + ": " + why.value.Str
			}
		}
		return f.value.Str
	}
	var all []Difference
	for _, c := range s.changes {
		name := c.Destination.Name
		for _, about := range []spec.About{spec.AboutOutcome, spec.AboutSubject} {
			d := Difference{Row: name, What: string(about), Before: say(before, name, about), After: say(s, name, about)}
			if d.Before != "" && d.After != "" && d.Before != d.After { // a mail that is not sent has no subject
				all = append(all, d)
			}
		}
	}
	return all
}

// figuresSince compares kpis by their labels; one that is new or gone is none that has changed.
func (s Seen) figuresSince(before Seen) []Difference {
	var all []Difference
	was := before.figures()
	for _, now := range s.figures() {
		i := slices.IndexFunc(was, func(d Difference) bool { return d.What == now.What })
		if i >= 0 && was[i].After != now.After && !slices.ContainsFunc(all, func(d Difference) bool { return d.What == now.What }) {
			now.Before = was[i].After
			all = append(all, now)
		}
	}
	return all
}

// figures are the kpis, each as what comes after.
func (s Seen) figures() []Difference {
	var all []Difference
	for _, block := range s.blocks() {
		k, ok := block.(outputs.KPIs)
		if !ok {
			continue
		}
		for _, item := range k.Items {
			all = append(all, Difference{What: item.Label, After: outputs.ShowFigure(item.Value, item.Format, s.locale)})
		}
	}
	return all
}

// cellsSince compares the datasets that both have.
func (s Seen) cellsSince(before Seen) []Difference {
	var all []Difference
	for _, d := range s.document.Datasets {
		was := slices.IndexFunc(before.document.Datasets, func(o outputs.Dataset) bool { return o.Name == d.Name })
		if was < 0 {
			continue
		}
		for _, x := range s.lines(d).since(before.lines(before.document.Datasets[was])) {
			x.In = d.Name
			all = append(all, x)
		}
	}
	return all
}

// lined is a table as readers see it, its rows told apart by what does not add up.
type lined struct {
	told    []string // names of the columns that tell rows apart
	columns []string // names of all others
	labels  map[string]string
	rows    []linedRow
}

// linedRow is a row's cells in the order of told and of columns.
type linedRow struct{ told, cells []string }

// by are the rows by some of the columns that tell them apart; rows that are alike in those are numbered.
type by struct {
	keys  []string // each once, in the order of rows
	names map[string]string
	cells map[string][]string
	alike bool // there are such rows
}

// mostLines bounds the rows that are compared of a table.
const mostLines = 100_000

// lines reads a table.
func (s Seen) lines(d outputs.Dataset) lined {
	l := lined{labels: map[string]string{}}
	fields := slices.Clone(d.Table.Fields())
	for i, f := range fields {
		if shown, _, why := s.column(d.Table, d.Name, f.Name); why == "" {
			fields[i] = shown
		}
		l.labels[f.Name] = cmp.Or(f.Label, f.Name)
		switch {
		case f.Hidden:
		case tells(f):
			l.told = append(l.told, f.Name)
		default:
			l.columns = append(l.columns, f.Name)
		}
	}
	for b, err := range d.Table.Rows().Seq {
		if err != nil {
			break // what was held to be whole has been read before
		}
		for r := range b.N {
			if len(l.rows) == mostLines {
				return l
			}
			var told, cells []string
			for i, f := range fields {
				if f.Hidden {
					continue
				}
				shown := outputs.Show(b.Cols[i].Value(f, r), f, s.locale)
				if tells(f) {
					told = append(told, shown)
				} else {
					cells = append(cells, shown)
				}
			}
			l.rows = append(l.rows, linedRow{told, cells})
		}
	}
	return l
}

// by tells the rows apart by columns, which are some of l.told.
func (l lined) by(columns []string) by {
	out := by{names: map[string]string{}, cells: map[string][]string{}}
	twice := map[string]int{}
	for _, row := range l.rows {
		var told []string
		for _, c := range columns {
			told = append(told, row.told[slices.Index(l.told, c)])
		}
		key := strings.Join(told, "\x00")
		name := strings.Join(slices.DeleteFunc(told, func(t string) bool { return t == "" }), " · ")
		if twice[key]++; twice[key] > 1 {
			out.alike = true
			name = strings.TrimSpace(fmt.Sprintf("%s (%d)", name, twice[key]))
			key += fmt.Sprintf("\x00%d", twice[key])
		}
		out.keys = append(out.keys, key)
		out.names[key], out.cells[key] = name, row.cells
	}
	return out
}

// tells reports whether a column says which row it is, rather than how much there is of something.
func tells(f table.Field) bool {
	switch f.Type {
	case expr.Integer, expr.Decimal, expr.Percent, expr.Ratio, expr.Duration:
		return false
	}
	return f.Total.Kind == table.TotalNone
}

// since compares two tables: columns and rows that came and went, and cells of columns that both have. Rows are told apart
// by the columns that both have for it; where those do not suffice, how many rows there are is all that can be compared.
func (l lined) since(before lined) []Difference {
	var all []Difference
	now, was := slices.Concat(l.told, l.columns), slices.Concat(before.told, before.columns)
	if came, went := without(now, was), without(was, now); len(came)+len(went) > 0 {
		all = append(all, Difference{What: "columns", Before: strings.Join(went, ", "), After: strings.Join(came, ", ")})
	}
	gone := without(before.told, l.told)
	common := without(before.told, gone)
	rows, former := l.by(common), before.by(common)
	if (len(gone) > 0 || len(common) < len(l.told)) && (rows.alike || former.alike) {
		if len(l.rows) != len(before.rows) {
			all = append(all, Difference{What: "rows", Before: strconv.Itoa(len(before.rows)), After: strconv.Itoa(len(l.rows))})
		}
		return all
	}
	for _, key := range rows.keys {
		was, ok := former.cells[key]
		if !ok {
			all = append(all, Difference{Row: rows.names[key], After: "row"})
			continue
		}
		for i, column := range l.columns {
			if j := slices.Index(before.columns, column); j >= 0 && was[j] != rows.cells[key][i] {
				all = append(all, Difference{Row: rows.names[key], What: l.labels[column], Before: was[j], After: rows.cells[key][i]})
			}
		}
	}
	for _, key := range former.keys {
		if _, ok := rows.cells[key]; !ok {
			all = append(all, Difference{Row: former.names[key], Before: "row"})
		}
	}
	return all
}

// without are the texts of a list that another one has not.
func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(t string) bool { return slices.Contains(other, t) })
}
