package xlsx

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"testing"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/diag"
	"github.com/reportform/reportform/spec/expr"
)

// chosen picks columns of the chat report, and rows of it.
func chosen(columns []int, rows ...int) *table.Table {
	all := chatFields()
	fields := make([]table.Field, len(columns))
	values := make([][]expr.Value, len(rows))
	for j, c := range columns {
		fields[j] = all[c]
		for i, r := range rows {
			values[i] = append(values[i], chatValues(r)[c])
		}
	}
	return table.FromValues(fields, values)
}

// byDay has a row a day, byAgent one for each of them.
func byDay() *table.Table { return chosen([]int{0, 2, 4, 5, 6, 8, 9}, 0, 6, 12, 18, 24, 30, 36) }
func byAgent() *table.Table {
	return chosen([]int{1, 2, 3, 4, 5, 6, 8, 9}, 0, 1, 2, 3, 4, 5)
}

func keys(names ...string) []outputs.TableColumn {
	out := make([]outputs.TableColumn, len(names))
	for i, n := range names {
		out[i].Key = n
	}
	return out
}

// drawing is a picture of a width and a height.
func drawing(t testing.TB, wide, high int) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, wide, high))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(color.RGBA{0x12, 0x7C, 0x6B, 0xFF}), image.Point{}, draw.Src)
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// tiles are some figures, with and without an earlier one.
func tiles(n int) outputs.KPIs {
	incoming, rate, length := expr.IntegerValue(1180), expr.RatioValue(0.861), expr.DurationValue(260e9)
	all := []outputs.KPI{
		{Label: "Czaty przychodzące", Value: expr.IntegerValue(1325), Before: &incoming},
		{Label: "Odebrane", Value: expr.RatioValue(0.873), Before: &rate, Good: "up"},
		{Label: "Średni czas rozmowy", Value: expr.DurationValue(312e9), Before: &length, Good: "down"},
		{Label: "Łączny czas rozmów", Value: expr.DurationValue(123 * 3600e9)},
		{Label: "Najlepszy pracownik", Value: expr.TextValue("Małgorzata Świętochowska")},
		{Label: "Brak danych", Value: expr.Missing(expr.Percent)},
		{Label: "Wiadomości", Value: expr.IntegerValue(1234567)},
		{Label: "Oceny", Value: expr.IntegerValue(211)},
	}
	return outputs.KPIs{Items: all[:n]}
}

func madeOf() *outputs.About {
	return &outputs.About{
		Definition: "chats.yaml", Report: "weekly-chats", Commit: "6e2fdd1c0ffee", Range: "9–15 lis 2026", Zone: "Europe/Warsaw", Word: "last_week",
		Datasets: []outputs.AboutDataset{
			{Name: "by_day", Source: "thulium.chats_summary", Compared: "2–8 lis 2026", Filters: []string{"chat_queue_ids: 1, 3", "response_threshold: 30"}, Grain: "day", Requests: 2, Fetched: 14, Rows: 7},
			{Name: "top", Source: "by_day", Steps: []string{"sort", "limit"}, Rows: 5},
		},
		Checks: []outputs.AboutCheck{
			{Name: "rows", Assert: "rows(by_day) > 0", Passed: true, Severity: diag.Error},
			{Name: "agreement", Assert: "sum(by_day.incoming) == 294", Message: "The sums differ.", Severity: diag.Warning},
		},
	}
}

// adorned is a report with a block of every kind, in a theme of its own.
func adorned(t testing.TB) outputs.Document {
	t.Helper()
	doc := weekly()
	days, agents := byDay(), byAgent()
	marked := keys("user_name", "incoming", "answered", "answered_percent", "chat_time_sum", "chat_time_avg", "missed")
	marked[1].Highlight = &outputs.Highlight{Bars: true}
	marked[3].Highlight = &outputs.Highlight{Rules: []outputs.HighlightRule{
		{AtLeast: expr.PercentValue(90), As: outputs.ToneGood}, {Below: expr.PercentValue(70), As: outputs.ToneBad},
		{AtLeast: expr.PercentValue(70), Below: expr.PercentValue(80), As: outputs.ToneWarning},
	}}
	marked[5].Highlight = &outputs.Highlight{Scale: true, Good: "down"}
	marked[6].Highlight = &outputs.Highlight{Scale: true}
	chart := func(kind outputs.ChartType, source *table.Table, x string, half bool, y ...string) outputs.Chart {
		return outputs.Chart{Dataset: "d", Table: source, Type: kind, Title: "Wykres: " + string(kind) + " <&>", X: x, Y: keys(y...), Half: half}
	}
	combo := chart(outputs.ChartCombo, days, "series", false, "incoming", "answered")
	combo.Y2 = keys("answered_percent")
	doc.Theme = outputs.Theme{Accent: "127C6B", Logo: &outputs.Image{Data: drawing(t, 400, 100), MediaType: "image/png", Alt: "Logo"}}
	doc.AboutSheet, doc.About = true, madeOf()
	doc.Sheets[0].Blocks = []outputs.Block{
		outputs.Heading{Text: "Czaty, 9–15 lis 2026"}, tiles(4),
		chart(outputs.ChartColumn, days, "series", false, "incoming", "answered"),
		chart(outputs.ChartBar, agents, "user_name", true, "answered"), chart(outputs.ChartDoughnut, agents, "user_name", true, "incoming"),
		outputs.Heading{Text: "Według pracowników"},
		outputs.TableBlock{Dataset: "by_agent", Table: agents, Totals: true, Columns: marked, Object: "ByAgent"},
		outputs.Image{Data: drawing(t, 90, 90), MediaType: "image/png", Alt: "A picture", Width: 300},
		outputs.TableBlock{Dataset: "by_day", Table: days, Totals: true, Object: "ByDay"},
		outputs.TableBlock{Dataset: "none", Table: table.FromValues(chatFields()[:3], nil), Object: "None"},
	}
	drawn := []outputs.Block{outputs.Heading{Text: "Wykresy"}, combo}
	for _, kind := range []outputs.ChartType{outputs.ChartLine, outputs.ChartStackedColumn, outputs.ChartArea, outputs.ChartStackedArea, outputs.ChartStackedBar} {
		drawn = append(drawn, chart(kind, chatTable(20), "last_seen", true, "incoming", "missed"))
	}
	drawn = append(drawn, chart(outputs.ChartPie, agents, "user_name", true, "incoming"), chart(outputs.ChartLine, table.FromValues(chatFields(), nil), "series", false, "incoming"))
	doc.Sheets = append(doc.Sheets, outputs.Sheet{Name: "It's drawn", Blocks: drawn})
	return doc
}
