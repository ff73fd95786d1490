package runner

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
)

// absentColumn is a column that figures hang on, and that none of the rows of a range had, not even as null. An API that
// has renamed a field would else empty it without a word.
type absentColumn struct {
	*spec.SourceColumn
	rows int
	rng  calendar.Range
	// beside are what the rows have that no declared column takes.
	beside []string
}

// absent are such columns of a dataset's rows as they came.
func (s *scope) absent(d *spec.Dataset, rng calendar.Range, rows *table.Table) []absentColumn {
	var beside []string
	for _, f := range rows.Fields()[len(d.Columns):] {
		beside = append(beside, strconv.Quote(f.Name))
	}
	var out []absentColumn
	for _, name := range rows.Absent {
		for _, c := range d.SourceColumns() {
			if c.Field.Name == name && !c.Optional && s.report.Needs(d, name, rows.Absent) {
				out = append(out, absentColumn{c, rows.Len(), rng, beside})
			}
		}
	}
	return out
}

// alsoAbsent takes in what was absent of an earlier range alone.
func (o *origin) alsoAbsent(earlier []absentColumn) {
	now := o.absent
	for _, c := range earlier {
		if !slices.ContainsFunc(now, func(n absentColumn) bool { return n.Field.Name == c.Field.Name }) {
			o.absent = append(o.absent, c)
		}
	}
}

// warnings say of the absent columns where they are declared, or where no author did at the dataset, and of those that
// quote a credential.
func (o origin) warnings(d *spec.Dataset, at place) diag.List {
	var out diag.List
	for _, c := range o.absent {
		where := at
		if !c.Field.Unasked {
			where.subject = c.Range
		}
		problem := where.problem("absent-column", "Column is in none of the rows", c.detail(d))
		problem.Severity = diag.Warning
		out.Add(*problem)
	}
	for _, name := range o.quoted {
		problem := at.problem("credential-in-rows", "Credential in the rows", fmt.Sprintf(
			"The answers of %q quote the credential that they were asked with in the column %q. It stands as (sensitive) there. Leave the column out, or ask the API's maker why it does that.",
			d.Connection.Name, name))
		problem.Severity = diag.Warning
		out.Add(*problem)
	}
	return out
}

func (c absentColumn) detail(d *spec.Dataset) string {
	detail := fmt.Sprintf("The source %q gave %s for %s, and none of them has %q, not even as null: the column %q is empty there. The API may have renamed it.",
		d.Connection.Name+"."+d.Source.Name, count(c.rows, "row", "rows"), c.rng.Key(), cmp.Or(c.Path, c.Field.Name), c.Field.Name)
	if n := len(c.beside); n > 0 {
		const most = 8
		detail += " No column takes what the rows have as " + strings.Join(c.beside[:min(n, most)], ", ")
		if n > most {
			detail += fmt.Sprintf(" and %d more", n-most)
		}
		detail += "."
	}
	return detail + fmt.Sprintf(" Where it leaves the key out of rows without a value, say so:\n\n    columns: {%s: {optional: true}}", c.Field.Name)
}

// remarks say the same to who reads the report.
func (o origin) remarks(locale string) []string {
	var out []string
	for _, c := range o.absent {
		out = append(out, outputs.Words(locale).Absent(cmp.Or(c.Field.Label, outputs.Label(c.Field.Name)), c.rng.Label(locale)))
	}
	return out
}
