package outputstest

import (
	"time"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// Full is a report with a block of every kind and a value of every type, with names that are not to be trusted and
// figures that are missing. Its own words are English; the program's are of the locale.
func Full(locale string) outputs.Document {
	days, agents, types := dayTable(), agentTable(), typeTable()
	zone := time.FixedZone("Europe/Warsaw", 3600)
	before := expr.IntegerValue(1850)
	earlier := expr.RatioValue(0.81)
	return outputs.Document{
		Title: "Chats * weekly", Project: "support", Author: "Team", Range: "9–15 Nov 2026 (Europe/Warsaw)", Locale: locale,
		From: time.Date(2026, 11, 9, 0, 0, 0, 0, zone), Modified: time.Date(2026, 11, 16, 0, 0, 0, 0, zone),
		Notices:  []string{"Rows are <2 days old>."},
		About:    &outputs.About{Definition: "reports.yaml", Report: "weekly", Range: "9–15 Nov 2026", Commit: "1a2b3c4"},
		Datasets: []outputs.Dataset{{Name: "by_day", Table: days}, {Name: "agents", Table: agents}, {Name: "types", Table: types}},
		Sheets: []outputs.Sheet{
			{Name: "Summary", Blocks: []outputs.Block{
				outputs.Heading{Text: "Chats * weekly"},
				outputs.Text{Text: "- first line\nsecond | line with `marks` and www.example.com"},
				outputs.KPIs{Items: []outputs.KPI{
					{Label: "Chats", Value: expr.IntegerValue(2083), Before: &before, Good: "up"},
					{Label: "Answered", Value: expr.RatioValue(0.78), Before: &earlier, Good: "up"},
					{Label: "Waiting", Value: expr.DurationValue(90 * time.Second)},
					{Label: "Rated", Value: expr.Missing(expr.Percent)},
				}},
				outputs.Chart{Title: "Chats a day", Type: outputs.ChartColumn, Dataset: "by_day", Table: days, X: "day",
					Y: []outputs.TableColumn{{Key: "incoming"}, {Key: "answered"}}, Y2: []outputs.TableColumn{{Key: "rate"}}},
				outputs.Image{Alt: "The team"},
			}},
			{Name: "Agents", Blocks: []outputs.Block{
				outputs.Heading{Text: "By agent"},
				outputs.TableBlock{Dataset: "agents", Table: agents, Totals: true, Limit: 4, Columns: []outputs.TableColumn{
					{Key: "agent"}, {Key: "answered", Highlight: &outputs.Highlight{Rules: []outputs.HighlightRule{
						{Below: expr.IntegerValue(50), As: outputs.ToneBad}, {AtLeast: expr.IntegerValue(100), As: outputs.ToneGood}}}},
					{Key: "share"}, {Key: "time"},
				}},
				outputs.Heading{Text: "Every type"},
				outputs.TableBlock{Dataset: "types", Table: types},
			}},
		},
	}
}

func dayTable() *table.Table {
	fields := []table.Field{
		{Name: "day", Type: expr.Period, Grain: "day", Label: "Day"},
		{Name: "incoming", Type: expr.Integer, Label: "Incoming"},
		{Name: "answered", Type: expr.Integer, Label: "Answered"},
		{Name: "rate", Type: expr.Ratio, Label: "Answer rate"},
	}
	var rows [][]expr.Value
	for i, n := range []int64{492, 469, 0, 336, 341, 52, 41} {
		day := expr.Value{Type: expr.Period, Valid: true, Int: expr.Civil(time.Date(2026, 11, 9+i, 0, 0, 0, 0, time.UTC))}
		row := []expr.Value{day, expr.IntegerValue(n), expr.IntegerValue(n * 3 / 4), expr.RatioValue(0.7 + float64(i)/50)}
		if n == 0 {
			row[2], row[3] = expr.Missing(expr.Integer), expr.Missing(expr.Ratio)
		}
		rows = append(rows, row)
	}
	return table.FromValues(fields, rows)
}

func agentTable() *table.Table {
	fields := []table.Field{
		{Name: "agent", Type: expr.Text, Label: "Agent"},
		{Name: "answered", Type: expr.Integer, Label: "Answered", Total: table.Total{Kind: table.TotalSum}},
		{Name: "share", Type: expr.Percent, Label: "Share of all that came in"},
		{Name: "time", Type: expr.Duration, Label: "Time", Total: table.Total{Kind: table.TotalSum}},
		{Name: "weight", Type: expr.Integer, Hidden: true},
	}
	var rows [][]expr.Value
	for i, name := range []string{"Łukasz Żółkiewski", `=HYPERLINK("http://evil"; "x")`, "山田太郎", "a|b\nc <b>", "\x1b[31mred", "last"} {
		n := int64(1300 - 250*i)
		rows = append(rows, []expr.Value{
			expr.TextValue(name), expr.IntegerValue(n), expr.PercentValue(93.45 - float64(i)), expr.DurationValue(time.Duration(n) * time.Minute), expr.IntegerValue(7),
		})
	}
	return table.FromValues(fields, rows)
}

// typeTable has a row of values, one of negative and unusual ones, and one where all are missing.
func typeTable() *table.Table {
	moment := time.Date(2026, 11, 9, 8, 5, 0, 0, time.UTC)
	fields := []table.Field{
		{Name: "id", Type: expr.Text}, {Name: "integer", Type: expr.Integer}, {Name: "decimal", Type: expr.Decimal},
		{Name: "percent", Type: expr.Percent}, {Name: "ratio", Type: expr.Ratio}, {Name: "duration", Type: expr.Duration},
		{Name: "date", Type: expr.Date}, {Name: "datetime", Type: expr.DateTime}, {Name: "boolean", Type: expr.Boolean},
	}
	first := []expr.Value{
		expr.TextValue("00001"), expr.IntegerValue(1234567), expr.DecimalValue(decimal.MustParse("1234.50")), expr.PercentValue(93.5),
		expr.RatioValue(2.0 / 3), expr.DurationValue(27*time.Hour + 46*time.Minute + 40*time.Second), expr.DateValue(moment), expr.DateTimeValue(moment),
		expr.BooleanValue(true),
	}
	second := []expr.Value{
		expr.TextValue("+48 600 100 200"), expr.IntegerValue(-5), expr.DecimalValue(decimal.MustParse("-0.001")), expr.PercentValue(-1),
		expr.RatioValue(1e-7), expr.DurationValue(-90500 * time.Millisecond), expr.DateValue(moment.AddDate(-100, 0, 0)), expr.DateTimeValue(moment.Add(1500 * time.Millisecond)),
		expr.BooleanValue(false),
	}
	var missing []expr.Value
	grains := []string{"minute", "hour", "hour_of_day", "week", "month", "year"}
	for _, g := range grains {
		fields = append(fields, table.Field{Name: g, Type: expr.Period, Grain: g})
		at := map[string]time.Time{"month": moment.AddDate(0, 0, -8), "year": time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}[g]
		if at.IsZero() {
			at = moment.Truncate(time.Hour)
		}
		if g == "week" {
			at = moment.Truncate(24 * time.Hour)
		}
		first = append(first, expr.Value{Type: expr.Period, Valid: true, Int: expr.Civil(at)})
		second = append(second, expr.Value{Type: expr.Period, Valid: true, Int: expr.NoTime, Str: "=later"})
	}
	for _, f := range fields {
		missing = append(missing, expr.Missing(f.Type))
	}
	return table.FromValues(fields, [][]expr.Value{first, second, missing})
}
