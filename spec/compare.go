package spec

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/calendar"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/tree"
)

// Compare asks a dataset's source for an earlier range as well, and lays its figures beside.
type Compare struct {
	// YearBefore compares with the same dates of the year before, else with the period before.
	YearBefore bool
	// Weekdays compares each day with one of the same weekday, 52 weeks before.
	Weekdays bool
	// Table joins the rows of both ranges, as they come out of the dataset's transforms.
	Table table.Compare
	Range diag.Range
	// parts are the places of the names in Table.On, and context where they stand.
	parts   map[string]diag.Range
	context string
}

// Earlier is the range that one is compared with, at the moment for which the words were resolved.
func (c *Compare) Earlier(window calendar.Expr, r calendar.Range, at time.Time, cal calendar.Calendar) (calendar.Range, error) {
	if c.YearBefore {
		return window.YearBefore(r, at, cal, c.Weekdays)
	}
	return window.Before(r, at, cal)
}

// Diagnose says what is wrong with a comparison, found while loading or when the rows were there.
func (c *Compare) Diagnose(f *table.Fault) diag.Diagnostic {
	at := c.Range
	if part, ok := c.parts[f.Part]; ok {
		at = part
	}
	return diag.Diagnostic{Code: f.Code, Summary: f.Summary, Detail: f.Detail, Subject: at, Context: c.context}
}

// UnevenWeeks says that the ranges begin or end on different weekdays, so that weeks at their ends have more days in one of
// them. It is seen when the ranges are known.
func (c *Compare) UnevenWeeks() diag.Diagnostic {
	cure := "Let the range be of whole weeks, such as `range: previous 4 weeks`, or aggregate by day."
	if c.YearBefore {
		cure = "Compare with the same weekdays, 52 weeks earlier:\n\n    compare: {to: same_last_year, align: weekday}"
	}
	return diag.Diagnostic{
		Severity: diag.Warning, Code: "uneven-weeks", Summary: "Weeks of different lengths are compared",
		Detail:  "The two ranges begin or end on different weekdays, so that a week at their ends has more days in one than in the other, and its change is one of days too. " + cure,
		Subject: c.Range, Context: c.context,
	}
}

// NonePaired says that no row has one of the earlier range beside it, so that every change is empty. It is seen when the
// rows are there; on are the columns by which they belong together.
func (c *Compare) NonePaired(on []string) diag.Diagnostic {
	to := compareTo[0]
	if c.YearBefore {
		to = compareTo[1]
	}
	return diag.Diagnostic{
		Severity: diag.Warning, Code: "none-paired", Summary: "No row has one to compare with",
		Detail: fmt.Sprintf("Both ranges have rows, and no row of the one belongs to a row of the other, so that every change is empty. They belong together by time and by these columns: %s. "+
			"Name those that tell rows apart, and leave out what is another text each time:\n\n    compare: {to: %s, on: [%s]}", strings.Join(on, ", "), to, on[0]),
		Subject: c.Range, Context: c.context,
	}
}

// compareTo are what a range can be compared with.
var compareTo = []string{"previous", "same_last_year"}

// compareWords are what stands behind the label of a column in those that a comparison adds, by locale.
var compareWords = map[string]table.CompareWords{
	"en": {Before: ", before", Change: ", change", Points: ", change (pp)", Minutes: ", change (min)", Percent: ", change %"},
	"pl": {Before: ", poprzednio", Change: ", zmiana", Points: ", zmiana (p.p.)", Minutes: ", zmiana (min)", Percent: ", zmiana %"},
}

// weekdayGrains are the time buckets that lie within a week.
var weekdayGrains = []string{"minute", "hour", "day", "week"}

// compare decodes with what a dataset is compared, and adds the columns of the comparison.
func (d *decoder) compare(ds *Dataset, n *tree.Node) {
	given := n.Get("compare")
	if given == nil || d.misfit(given) {
		return
	}
	defer d.in("compare")()
	to, align := given, given.Get("align")
	c := &Compare{Range: given.At, parts: map[string]diag.Range{}, context: d.context()}
	if given.Kind == tree.Map {
		to = given.Get("to")
		c.Table.On = d.names(given.Get("on"), c.parts)
	}
	faults := len(d.diags)
	c.YearBefore, c.Weekdays = d.text(to) == "same_last_year", d.text(align) == "weekday"
	if word, ok := d.literal(to); ok && !slices.Contains(compareTo, word) {
		d.fault(to.At, "unknown-comparison", "Unknown comparison", "%q is nothing to compare with.%s", word, suggest(word, compareTo))
	}
	words, ok := compareWords[d.config.Settings.Locale]
	if !ok {
		words = compareWords["en"]
	}
	c.Table.Words = words
	d.comparable(ds, c, n, align)
	if len(d.diags) > faults || ds.unknown {
		ds.unknown = true
		return
	}
	fields, err := c.Table.Fields(ds.Fields, false)
	if err != nil {
		found := c.Diagnose(asFault(err))
		ds.tellRenamed(&found)
		d.diags.Add(found)
		ds.unknown = true
		return
	}
	ds.Fields, ds.Compare = fields, c
}

// comparable checks that a comparison of a dataset has a meaning.
func (d *decoder) comparable(ds *Dataset, c *Compare, n, align *tree.Node) {
	if ds.Source.Window == nil {
		d.fault(c.Range, "nothing-to-compare", "Source has no range", "The source %q is not asked for a range, so that an earlier one would have the same rows. Leave \"compare\" out.", d.sourceName(ds))
	}
	switch {
	case c.Weekdays && !c.YearBefore:
		d.fault(align.At, "wrong-align", "Weekdays of which year", "\"align: weekday\" belongs to same_last_year, where a date falls on another weekday. The weeks of the period before are compared by their weekdays already, and its other days by their place. Leave \"align\" out.")
	case c.Weekdays && ds.Source.Grain != nil && !slices.Contains(weekdayGrains, ds.Grain):
		d.fault(align.At, "wrong-align", "Buckets have no weekday", "With aggregate_by: %s a row is of no weekday. Leave \"align\" out, or aggregate by day.", ds.Grain)
	}
	for _, step := range n.Get("transform").List() {
		for _, e := range step.All() {
			if e.Key == "limit" || e.Key == "top" {
				d.fault(e.KeyAt, "cut-before-compare", "Rows are cut before they are compared", "The rows of each range would be cut by themselves, and what is compared with a row might be among those that are gone. Compare first, and cut in a dataset of its own:\n\n    %s_first:\n      from: %s\n      transform:\n        - %s: …", ds.Name, ds.Name, e.Key)
			}
			if e.Key == "union" {
				d.fault(e.KeyAt, "union-before-compare", "Rows of one range on both sides", "Rows that a union adds are of the report's range, and would stand on both sides of the comparison. Compare first, and unite in a dataset of its own that takes its rows from %q.", ds.Name)
			}
		}
	}
}

// compared says of a column that a comparison adds that it is there behind the transforms.
func (ds *Dataset) compared(found *diag.Diagnostic) {
	if !ds.compares || found.Code != "unknown-column" && found.Code != "unknown-name" {
		return
	}
	for _, f := range ds.Fields {
		for _, added := range table.Compared(f.Name) {
			if strings.Contains(found.Detail, strconv.Quote(added)) {
				found.Detail = fmt.Sprintf("The column %q is there when the ranges are compared, and that is behind the transforms. Go on in a dataset that takes these rows:\n\n    %s_compared:\n      from: %s\n      transform: …", added, ds.Name, ds.Name)
			}
		}
	}
}

// names reads a list of names, or one; the place of each is kept under its number.
func (d *decoder) names(n *tree.Node, parts map[string]diag.Range) []string {
	if n == nil {
		return nil
	}
	items := n.List()
	if n.Kind == tree.String {
		items = []*tree.Node{n}
	}
	names := make([]string, len(items))
	for i, item := range items {
		parts[strconv.Itoa(i)] = item.At
		names[i] = d.text(item)
	}
	return names
}

// asFault is what a step or a comparison says of its columns.
func asFault(err error) *table.Fault {
	var f *table.Fault
	if !errors.As(err, &f) {
		f = &table.Fault{Code: "bad-step", Summary: "Step cannot be done", Detail: sentence(err.Error())}
	}
	return f
}
