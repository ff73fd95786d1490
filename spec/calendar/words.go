package calendar

import "slices"

// words are the ranges that are one word.
var words = map[string]Expr{
	"yesterday":        {form: completed, unit: day, count: 1},
	"last_week":        {form: completed, unit: week, count: 1},
	"last_month":       {form: completed, unit: month, count: 1},
	"last_quarter":     {form: completed, unit: quarter, count: 1},
	"last_year":        {form: completed, unit: year, count: 1},
	"last_fiscal_year": {form: completed, unit: fiscalYear, count: 1},

	"week_to_date":        {form: toDate, unit: week},
	"month_to_date":       {form: toDate, unit: month},
	"quarter_to_date":     {form: toDate, unit: quarter},
	"year_to_date":        {form: toDate, unit: year},
	"fiscal_year_to_date": {form: toDate, unit: fiscalYear},

	"today":            {form: running, unit: day},
	"this_week":        {form: running, unit: week},
	"this_month":       {form: running, unit: month},
	"this_quarter":     {form: running, unit: quarter},
	"this_year":        {form: running, unit: year},
	"this_fiscal_year": {form: running, unit: fiscalYear},
}

// Words returns the ranges that are one word, by the alphabet: for completion, and for the schema's examples.
func Words() []string { return names(words) }

// anchors are the moments that bounds start from.
var anchors = map[string]moment{
	"now":                  {anchor: now},
	"today":                {anchor: startOf, unit: day},
	"start_of_hour":        {anchor: startOf, unit: hour},
	"start_of_day":         {anchor: startOf, unit: day},
	"start_of_week":        {anchor: startOf, unit: week},
	"start_of_month":       {anchor: startOf, unit: month},
	"start_of_quarter":     {anchor: startOf, unit: quarter},
	"start_of_year":        {anchor: startOf, unit: year},
	"start_of_fiscal_year": {anchor: startOf, unit: fiscalYear},
}

// units are what may be counted, in their singular and plural.
var units = map[string]unit{
	"min": minute, "hour": hour, "hours": hour, "day": day, "days": day, "week": week, "weeks": week,
	"month": month, "months": month, "quarter": quarter, "quarters": quarter, "year": year, "years": year,
}

// meant are words that people bring from elsewhere, with what they are called here.
var meant = map[string]string{
	"last_day": "yesterday", "last_hour": "previous 1 hour", "tomorrow": "today+1day",
	"h": "hours", "d": "days", "w": "weeks", "y": "years", "minute": "min", "minutes": "min",
}

// names are the keys of a table of words in a fixed order.
func names[V any](table map[string]V) []string {
	list := make([]string, 0, len(table))
	for name := range table {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}
