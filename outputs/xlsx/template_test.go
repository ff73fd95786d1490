package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/reportform/reportform/outputs"
	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

// designers are the templates of testdata, the same workbook as two programs write it.
var designers = []string{"designed.xlsx", "office.xlsx"}

func agentRows(n int) *outputs.TableBlock {
	fields := []table.Field{
		{Name: "agent", Type: expr.Text}, {Name: "chats", Type: expr.Integer}, {Name: "answered", Type: expr.Integer, Label: "ANSWERED"},
		{Name: "talk", Type: expr.Duration, Label: "Talk  time"}, {Name: "unused", Type: expr.Text},
	}
	rows := make([][]expr.Value, n)
	for i := range rows {
		rows[i] = []expr.Value{
			expr.TextValue(agents[i%len(agents)]), expr.IntegerValue(int64(10 + i)), expr.IntegerValue(int64(5 + i%5)),
			expr.DurationValue(time.Duration(i+1) * time.Hour), expr.TextValue("x"),
		}
	}
	return &outputs.TableBlock{Dataset: "by_agent", Table: table.FromValues(fields, rows)}
}

func queueRows(n int) *outputs.TableBlock {
	fields := []table.Field{{Name: "queue_name", Type: expr.Text, Label: "Queue"}, {Name: "calls", Type: expr.Integer}}
	rows := make([][]expr.Value, n)
	for i := range rows {
		rows[i] = []expr.Value{expr.TextValue(fmt.Sprintf("Queue %d", i+1)), expr.IntegerValue(int64(i))}
	}
	return &outputs.TableBlock{Dataset: "by_queue", Table: table.FromValues(fields, rows)}
}

func dayRows(n int) *outputs.TableBlock {
	fields := []table.Field{{Name: "day", Type: expr.Date}, {Name: "chats", Type: expr.Integer}, {Name: "talk", Type: expr.Duration}}
	rows := make([][]expr.Value, n)
	for i := range rows {
		day := time.Date(2026, 11, 9+i, 0, 0, 0, 0, time.UTC)
		rows[i] = []expr.Value{expr.DateValue(day), expr.IntegerValue(int64(i + 1)), expr.DurationValue(30 * time.Hour)}
	}
	return &outputs.TableBlock{Dataset: "by_day", Table: table.FromValues(fields, rows)}
}

// designed is a document of a template.
func fromTemplate(t testing.TB, name string, fill ...outputs.Fill) outputs.Document {
	t.Helper()
	return outputs.Document{Title: "Test", Locale: "en", Template: &outputs.Template{
		Name: name, Data: must(os.ReadFile(filepath.Join("testdata", name))), Fill: fill,
	}}
}

func weeklyFill(agents, queues, days int) []outputs.Fill {
	return []outputs.Fill{
		{Name: "agents", Table: agentRows(agents)},
		{Name: "range_label", Value: &outputs.KPI{Value: expr.TextValue("=9–15 Nov 2026")}},
		{Name: "Answered_Share", Value: &outputs.KPI{Value: expr.PercentValue(87.25)}},
		{Name: "Queues", Table: queueRows(queues)},
		{Name: "days", Table: dayRows(days)},
	}
}

func TestTemplateIsFilled(t *testing.T) {
	for _, name := range designers {
		t.Run(name, func(t *testing.T) {
			path, got := render(t, Renderer{}, fromTemplate(t, name, weeklyFill(8, 4, 7)...))
			if got.Sheets != 4 || got.Rows != 19 {
				t.Errorf("rendered %+v", got)
			}
			if keep := os.Getenv("KEEP"); keep != "" {
				_ = os.WriteFile(filepath.Join(keep, "filled-"+name), must(os.ReadFile(path)), 0o600)
			}
			_ = open(t, path)
		})
	}
}

var _ = []any{zip.Deflate, bytes.Clone, io.Copy, regexp.MustCompile, strings.Cut, excelize.TotalRows}
