package picture

import (
	"math"
	"time"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// chart is a case: a chart and what it is to show.
type chart struct {
	name   string
	chart  outputs.Chart
	locale string // English where it does not say
	theme  outputs.Theme
	// height in CSS pixels; series is how many series are seen: all where it does not say, none where it is -1.
	height, series int
	width          int // of a mail where it does not say
}

func columns(keys ...string) (out []outputs.TableColumn) {
	for _, k := range keys {
		out = append(out, outputs.TableColumn{Key: k})
	}
	return out
}

func dayValue(day int) expr.Value {
	return expr.Value{Type: expr.Period, Valid: true, Int: expr.Civil(time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC))}
}

// week is seven days of a chat report.
func week() *table.Table {
	fields := []table.Field{
		{Name: "day", Type: expr.Period, Grain: "day"}, {Name: "incoming", Type: expr.Integer, Label: "Incoming"},
		{Name: "answered", Type: expr.Integer, Label: "Answered"}, {Name: "sla", Type: expr.Percent, Label: "Service level"},
		{Name: "wait", Type: expr.Duration, Label: "Average waiting time"}, {Name: "balance", Type: expr.Decimal, Label: "Balance", Format: `#,##0.00 "zł"`},
		{Name: "zero", Type: expr.Integer, Label: "Complaints"}, {Name: "none", Type: expr.Integer, Label: "None"},
	}
	var rows [][]expr.Value
	for i, n := range []int64{412, 389, 401, 377, 350, 120, 95} {
		balance := decimal.MustNew(int64(math.Sin(float64(i))*180000), 2)
		row := []expr.Value{
			dayValue(9 + i), expr.IntegerValue(n), expr.IntegerValue(n * int64(93-i) / 100), expr.PercentValue(97.4 - float64(i*i)/4),
			expr.DurationValue(time.Duration(40+i*17) * time.Second), expr.DecimalValue(balance), expr.IntegerValue(0), expr.Missing(expr.Integer),
		}
		if i == 4 {
			row[4] = expr.Missing(expr.Duration)
		}
		rows = append(rows, row)
	}
	return table.FromValues(fields, rows)
}

// agents has long names; n is how many.
func agents(n int) *table.Table {
	names := []string{
		"Grażyna Żółkiewska-Łęcka", "Jan Kowalski", "Świętosława Brzęczyszczykiewicz", "Anna Nowak", "Zespół obsługi reklamacji i zwrotów, zmiana nocna",
		"Ćwiek", "Piotr Wiśniewski", "Ewa", "Łukasz Dąbrowski", "Maria Wójcik", "Tomasz Lewandowski", "Agnieszka Zielińska",
	}
	fields := []table.Field{
		{Name: "agent", Type: expr.Text}, {Name: "taken", Type: expr.Integer, Label: "Taken"}, {Name: "missed", Type: expr.Integer, Label: "Missed"},
		{Name: "sla", Type: expr.Percent, Label: "Service level"},
	}
	var rows [][]expr.Value
	for i := range n {
		rows = append(rows, []expr.Value{
			expr.TextValue(names[i%len(names)]), expr.IntegerValue(int64(1212 / (i + 1))), expr.IntegerValue(int64(90 / (i + 1))), expr.PercentValue(99 - float64(i)),
		})
	}
	return table.FromValues(fields, rows)
}

// hours is a long series with a gap.
func hours(n int) *table.Table {
	fields := []table.Field{{Name: "hour", Type: expr.Period, Grain: "hour"}, {Name: "chats", Type: expr.Integer, Label: "Chats"}}
	var rows [][]expr.Value
	for i := range n {
		v := expr.IntegerValue(int64(200 + 150*math.Sin(float64(i)*2*math.Pi/24) + 40*math.Sin(float64(i)*1.7)))
		if i > n/2 && i < n/2+n/20 {
			v = expr.Missing(expr.Integer)
		}
		at := time.Date(2026, 11, 1, i, 0, 0, 0, time.UTC)
		rows = append(rows, []expr.Value{{Type: expr.Period, Valid: true, Int: expr.Civil(at)}, v})
	}
	return table.FromValues(fields, rows)
}

func charts() []chart {
	dayChart := func(t outputs.ChartType, y ...string) outputs.Chart {
		return outputs.Chart{Dataset: "by_day", Table: week(), Type: t, X: "day", Y: columns(y...), Title: "Chats by day"}
	}
	agentChart := func(t outputs.ChartType, n int, y ...string) outputs.Chart {
		return outputs.Chart{Dataset: "by_agent", Table: agents(n), Type: t, X: "agent", Y: columns(y...), Title: "Chats by agent"}
	}
	second := func(c outputs.Chart, y ...string) outputs.Chart {
		c.Y2 = columns(y...)
		return c
	}
	list := []chart{
		{name: "line", chart: dayChart(outputs.ChartLine, "incoming", "answered")},
		{name: "line-percent", chart: dayChart(outputs.ChartLine, "sla")},
		{name: "line-duration", chart: dayChart(outputs.ChartLine, "wait"), locale: "pl"},
		{name: "line-long", chart: outputs.Chart{Dataset: "by_hour", Table: hours(2000), Type: outputs.ChartLine, X: "hour", Y: columns("chats"), Title: "t"}},
		{name: "line-second", chart: second(dayChart(outputs.ChartLine, "incoming"), "sla")},
		{name: "column", chart: dayChart(outputs.ChartColumn, "incoming", "answered"), locale: "pl"},
		{name: "column-single", chart: dayChart(outputs.ChartColumn, "incoming")},
		{name: "column-negative", chart: dayChart(outputs.ChartColumn, "balance"), locale: "pl"},
		{name: "column-long-names", chart: agentChart(outputs.ChartColumn, 12, "taken", "missed")},
		{name: "column-wrapped", chart: agentChart(outputs.ChartColumn, 4, "taken")},
		{name: "column-zero", series: -1, chart: dayChart(outputs.ChartColumn, "zero")},
		{name: "column-hours", chart: outputs.Chart{Dataset: "by_hour", Table: hours(72), Type: outputs.ChartColumn, X: "hour", Y: columns("chats")}},
		{name: "bar", height: 278, chart: agentChart(outputs.ChartBar, 9, "taken")},
		{name: "bar-two", height: 229, chart: agentChart(outputs.ChartBar, 5, "taken", "missed"), locale: "pl"},
		{name: "bar-negative", height: 226, chart: dayChart(outputs.ChartBar, "balance")},
		{name: "bar-second", height: 198, chart: second(agentChart(outputs.ChartBar, 5, "taken"), "sla")},
		{name: "bar-many", height: 300, chart: outputs.Chart{Dataset: "by_agent", Table: agents(40), Type: outputs.ChartBar, X: "agent", Y: columns("taken"), Height: 300}},
		{name: "area", chart: dayChart(outputs.ChartArea, "incoming", "answered")},
		{name: "stacked-column", chart: dayChart(outputs.ChartStackedColumn, "answered", "incoming", "zero")},
		{name: "stacked-bar", height: 200, chart: agentChart(outputs.ChartStackedBar, 6, "taken", "missed")},
		{name: "stacked-area", chart: dayChart(outputs.ChartStackedArea, "incoming", "answered")},
		{name: "pie", height: 220, chart: agentChart(outputs.ChartPie, 5, "taken")},
		{name: "doughnut", height: 220, chart: agentChart(outputs.ChartDoughnut, 12, "taken"), locale: "pl"},
		{name: "pie-narrow", width: 262, height: 320, chart: agentChart(outputs.ChartPie, 5, "taken")},
		{name: "pie-zero", height: 220, chart: dayChart(outputs.ChartPie, "zero")},
		{name: "combo", chart: second(dayChart(outputs.ChartCombo, "incoming", "answered"), "sla")},
		{name: "combo-duration", chart: second(dayChart(outputs.ChartCombo, "incoming"), "wait"), locale: "pl"},
		{name: "single-point", chart: outputs.Chart{Dataset: "by_hour", Table: hours(1), Type: outputs.ChartLine, X: "hour", Y: columns("chats")}},
		{name: "no-points", series: -1, height: 80, chart: outputs.Chart{Dataset: "by_hour", Table: hours(0), Type: outputs.ChartLine, X: "hour", Y: columns("chats")}},
		{name: "all-missing", series: -1, height: 80, chart: dayChart(outputs.ChartColumn, "none")},
	}
	for i := range list {
		c := &list[i]
		c.theme = c.theme.Whole()
		if c.locale == "" {
			c.locale = "en"
		}
		if c.width == 0 {
			c.width = 552
		}
		if c.height == 0 {
			c.height = outputs.ChartHeight
		}
		if c.series == 0 {
			c.series = len(c.chart.Y) + len(c.chart.Y2)
		}
	}
	return list
}
