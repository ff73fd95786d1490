package expr

import (
	"fmt"
	"strings"
	"time"
)

// row is an Env of named values; a name that it does not have is an error of the surroundings.
type row map[string]Value

func (r row) Lookup(path []string) (Value, error) {
	if v, ok := r[strings.Join(path, ".")]; ok {
		return v, nil
	}
	return Value{}, fmt.Errorf("nothing is known of %s", strings.Join(path, "."))
}

func (r row) Aggregate(fn string, path []string) (Value, error) {
	return r.Lookup([]string{fn + "(" + strings.Join(path, ".") + ")"})
}

// polishRow is a row whose readers are Polish.
type polishRow struct{ row }

func (polishRow) Locale() string { return "pl" }

// sampleNames is a scope with a row, a range and datasets, as no single place has them all.
var sampleNames = Names{
	"incoming": {Type: Integer}, "answered": {Type: Integer}, "zero": {Type: Integer}, "price": {Type: Decimal},
	"level": {Type: Percent}, "rate": {Type: Ratio}, "wait": {Type: Duration}, "long": {Type: Duration},
	"user": {Type: Text}, "zażółć": {Type: Text}, "sure": {Type: Boolean}, "gap": {Type: Integer}, "none": {Type: Text},
	"opened": {Type: DateTime}, "born": {Type: Date}, "series": {Type: Period}, "odd": {Type: Period}, "some": {Type: Any},
	"queues": {Type: List, Elem: Integer}, "unknown": {Type: Boolean}, "nowait": {Type: Duration},
	"row":   {Type: Map, Fields: Names{"count": {Type: Integer}, "in": {Type: Integer}}},
	"range": {Type: Map, Fields: Names{"from": {Type: DateTime}, "label": {Type: Text}, "iso_week": {Type: Text}, "days": {Type: Integer}}},
	"env":   {Type: Map, Elem: Text, Open: true},
	"file":  {Type: Text, Open: true},
	"var":   {Type: Map, Fields: Names{"token": {Type: Text, Unavailable: "The variable is secret."}, "limits": {Type: Map}, "team": {Type: Text}}},
	"by_day": {Type: Table, Fields: Names{"incoming": {Type: Integer}, "sla": {Type: Percent}, "user_name": {Type: Text},
		"wait": {Type: Duration}}},
	"loose":    {Type: Table, Open: true},
	"measured": {Type: Column, Elem: Integer},
	"averaged": {Type: Column, Elem: Duration, Recomputed: true},
	"was":      {Renamed: "now"},
	"datasets": {Type: Map, Fields: Names{"by-day": {Type: Table, Fields: Names{"incoming": {Type: Integer}}}}},
}

var sample = row{
	"incoming": IntegerValue(100), "answered": IntegerValue(93), "zero": IntegerValue(0), "price": DecimalValue(dec("12.50")),
	"level": PercentValue(93.5), "rate": RatioValue(0.935),
	"wait": DurationValue(4 * time.Minute), "long": DurationValue(27*time.Hour + 46*time.Minute + 40*time.Second),
	"user": TextValue("Łukasz Żółw"), "zażółć": TextValue("gęślą jaźń"), "sure": BooleanValue(true),
	"gap": Missing(Integer), "none": Missing(Text), "unknown": Missing(Boolean), "nowait": Missing(Duration),
	"opened": DateTimeValue(time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC)), "born": DateValue(time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC)),
	"series":    {Type: Period, Valid: true, Int: Civil(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))},
	"odd":       {Type: Period, Valid: true, Int: NoTime, Str: "tydzień 47"},
	"some":      IntegerValue(5),
	"queues":    ListValue(IntegerValue(1), IntegerValue(3)),
	"row.count": IntegerValue(7), "row.in": IntegerValue(8),
	"range.from":  DateTimeValue(time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC)),
	"range.label": TextValue("9–15 Nov 2026"), "range.days": IntegerValue(7),
	"env.TOKEN":    {Type: Text, Valid: true, Sensitive: true, Str: "hunter2"},
	"env.EMPTY":    {Type: Text, Sensitive: true},
	"file.key.pem": {Type: Text, Valid: true, Sensitive: true, Str: "PEM"},
	"var.limits.x": IntegerValue(3), "var.team": TextValue("north"),
	"sum(by_day.incoming)": IntegerValue(419), "rows(by_day)": IntegerValue(7), "total(by_day.sla)": PercentValue(88),
	"sum(datasets.by-day.incoming)": IntegerValue(419), "count()": IntegerValue(31), "max(by_day.wait)": DurationValue(time.Minute),
	"sum(measured)": IntegerValue(12), "avg(by_day.incoming)": DecimalValue(dec("59.857")), "sum(loose.anything)": IntegerValue(1),
}
