package xlsx

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/govalues/decimal"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// chatFields are the columns of a chat report: counts, percents, durations, with their rules for adding up.
func chatFields() []table.Field {
	sum := table.Total{Kind: table.TotalSum}
	ratio := func(num, den string) table.Total { return table.Total{Kind: table.TotalRatio, Num: num, Den: den} }
	weighted := func(by string) table.Total { return table.Total{Kind: table.TotalWeighted, Weight: by} }
	return []table.Field{
		{Name: "series", Type: expr.Period, Grain: "day", Label: "Dzień"},
		{Name: "user_name", Type: expr.Text, Label: "Pracownik"},
		{Name: "incoming", Type: expr.Integer, Label: "Przychodzące", Total: sum},
		{Name: "incoming_to_agent", Type: expr.Integer, Label: "Skierowane do pracownika", Total: sum},
		{Name: "answered", Type: expr.Integer, Label: "Odebrane", Total: sum},
		{Name: "missed", Type: expr.Integer, Label: "Nieodebrane", Total: sum},
		{Name: "answered_percent", Type: expr.Percent, Label: "Odebrane %", Total: ratio("answered", "incoming")},
		{Name: "transferred", Type: expr.Integer, Label: "Przekazane", Total: sum},
		{Name: "chat_time_sum", Type: expr.Duration, Label: "Czas rozmów, suma", Total: sum},
		{Name: "chat_time_avg", Type: expr.Duration, Label: "Czas rozmowy, średnio", Total: ratio("chat_time_sum", "answered")},
		{Name: "chat_time_min", Type: expr.Duration, Label: "Czas rozmowy, najkrótszy", Total: table.Total{Kind: table.TotalMin}},
		{Name: "chat_time_max", Type: expr.Duration, Label: "Czas rozmowy, najdłuższy", Total: table.Total{Kind: table.TotalMax}},
		{Name: "wait_time_sum", Type: expr.Duration, Label: "Czas oczekiwania, suma", Total: sum},
		{Name: "wait_time_avg", Type: expr.Duration, Label: "Czas oczekiwania, średnio", Total: ratio("wait_time_sum", "incoming_to_agent")},
		{Name: "wait_time_max", Type: expr.Duration, Label: "Czas oczekiwania, najdłuższy", Total: table.Total{Kind: table.TotalMax}},
		{Name: "service_level_percent", Type: expr.Percent, Label: "Poziom obsługi", Total: weighted("incoming_to_agent")},
		{Name: "sla_percent", Type: expr.Percent, Label: "SLA", Total: weighted("incoming_to_agent")},
		{Name: "rating_count", Type: expr.Integer, Label: "Liczba ocen", Total: sum},
		{Name: "rating_satisfaction_percent", Type: expr.Percent, Label: "Zadowolenie", Total: weighted("rating_count")},
		{Name: "rating_rated_percent", Type: expr.Percent, Label: "Ocenione rozmowy", Total: weighted("answered")},
		{Name: "messages", Type: expr.Integer, Label: "Wiadomości", Total: sum},
		{Name: "cost", Type: expr.Decimal, Label: "Koszt", Total: sum},
		{Name: "last_seen", Type: expr.DateTime, Label: "Ostatnio widziany", Total: table.Total{Kind: table.TotalLast}},
		{Name: "active", Type: expr.Boolean, Label: "Aktywny"},
	}
}

var agents = []string{"Łukasz Żółć", "Małgorzata Świętochowska-Brzęczyszczykiewicz", "Jan Kowalski", "Zażółć Gęślą", "Anna Nowak", "=cmd|' /C calc'!A0"}

// chatValues is row i of a made-up chat report, the same each time.
func chatValues(i int) []expr.Value {
	whole := func(n int) expr.Value { return expr.IntegerValue(int64(n)) }
	length := func(s int) expr.Value { return expr.DurationValue(time.Duration(s) * time.Second) }
	answered, agent := 20+i*7%31, 24+i*7%37
	satisfaction := expr.PercentValue(float64(600+i*17%400) / 10)
	if i%5 == 2 {
		satisfaction = expr.Missing(expr.Percent)
	}
	day := time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i/len(agents)%7)
	return []expr.Value{
		{Type: expr.Period, Valid: true, Int: expr.Civil(day)},
		expr.TextValue(agents[i%len(agents)]),
		whole(agent + 3), whole(agent), whole(answered), whole(agent + 3 - answered),
		expr.PercentValue(100 * float64(answered) / float64(agent+3)), whole(i % 4),
		length(answered * (180 + i%90)), length(180 + i%90), length(11 + i%7), length(3600 + i*61%7000),
		length(agent * (20 + i%13)), length(20 + i%13), length(90 + i%200),
		expr.PercentValue(float64(800+i*13%200) / 10), expr.PercentValue(float64(700+i*29%300) / 10),
		whole(3 + i%9), satisfaction, expr.PercentValue(float64(100+i*11%500) / 10), whole(1200 + i*131%9000),
		expr.DecimalValue(decimal.MustNew(int64(10050+i*37), 2)), expr.DateTimeValue(day.Add(8*time.Hour + time.Duration(i)*time.Second)),
		expr.BooleanValue(i%3 != 0),
	}
}

func chatTable(n int) *table.Table {
	rows := make([][]expr.Value, n)
	for i := range rows {
		rows[i] = chatValues(i)
	}
	return table.FromValues(chatFields(), rows)
}

// weekly is a report as users write them: kpis, text, tables, totals.
func weekly() outputs.Document {
	chats := chatTable(42)
	return outputs.Document{
		Title: "Czaty, 9–15 lis 2026", Author: "Zespół obsługi", Subject: "Raport tygodniowy", Range: "9–15 lis 2026 (Europe/Warsaw)",
		Modified: time.Date(2026, 11, 15, 23, 0, 0, 0, time.UTC), Locale: "pl",
		Sheets: []outputs.Sheet{
			{Name: "Podsumowanie", Blocks: []outputs.Block{
				outputs.Heading{Text: "Czaty, 9–15 lis 2026"},
				outputs.KPIs{Items: []outputs.KPI{
					{Label: "Czaty przychodzące", Value: expr.IntegerValue(1234567)},
					{Label: "Odebrane", Value: expr.RatioValue(0.873)},
					{Label: "Średni czas rozmowy", Value: expr.DurationValue(4*time.Minute + 12*time.Second)},
					{Label: "Łączny czas rozmów", Value: expr.DurationValue(123*time.Hour + 33*time.Minute + 44*time.Second)},
					{Label: "Najlepszy pracownik", Value: expr.TextValue("Małgorzata Świętochowska")},
					{Label: "Brak danych", Value: expr.Missing(expr.Percent)},
				}},
				outputs.Heading{Text: "Według pracowników"},
				outputs.Text{Text: "Zestawienie obejmuje wszystkie kolejki. Odsetek odebranych liczony jest od czatów przychodzących, a poziom obsługi ważony liczbą czatów skierowanych do pracownika.\nPytania: zespol@example.com."},
				outputs.TableBlock{Dataset: "by_agent", Table: chats, Totals: true, Limit: 10, Columns: []outputs.TableColumn{
					{Key: "user_name"}, {Key: "incoming"}, {Key: "answered"}, {Key: "answered_percent"}, {Key: "chat_time_sum"}, {Key: "chat_time_avg"},
				}},
				outputs.Heading{Text: "Kolejka bez czatów"},
				outputs.TableBlock{Dataset: "none", Table: table.FromValues(chatFields(), nil), Totals: true, Columns: []outputs.TableColumn{{Key: "series"}, {Key: "incoming"}, {Key: "answered"}}},
			}},
			{Name: "Wszystko", Blocks: []outputs.Block{
				outputs.Heading{Text: "Czaty, 9–15 lis 2026"},
				outputs.TableBlock{Dataset: "by_day", Table: chats, Totals: true},
			}},
			{Name: "Wybór", Blocks: []outputs.Block{
				outputs.TableBlock{Dataset: "by_agent", Table: chats, Totals: true, Columns: []outputs.TableColumn{
					{Key: "user_name", Width: 30}, {Key: "answered_percent"}, {Key: "rating_satisfaction_percent", Label: "Zadowolenie klientów"}, {Key: "chat_time_avg"}, {Key: "last_seen"},
				}},
			}},
		},
	}
}

// render writes a document and returns the path.
func render(t testing.TB, r Renderer, doc outputs.Document) (string, outputs.Rendered) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "out.xlsx")
	got, err := r.Render(t.Context(), doc, path)
	if err != nil {
		t.Fatalf("Render: %v", err)
	}
	if !doc.Modified.IsZero() { // a year that openpyxl does not read
		gather(path)
	}
	return path, got
}

func column(name string, typ expr.Type, total table.TotalKind) table.Field {
	return table.Field{Name: name, Type: typ, Total: table.Total{Kind: total}}
}

// single is a document of one table.
func single(fields []table.Field, rows ...[]expr.Value) outputs.Document {
	return outputs.Document{
		Title: "Test", Locale: "en", Modified: time.Date(2026, 11, 15, 23, 0, 0, 0, time.UTC),
		Sheets: []outputs.Sheet{{Name: "Data", Blocks: []outputs.Block{
			outputs.TableBlock{Dataset: "data", Table: table.FromValues(fields, rows), Totals: true},
		}}},
	}
}
