package source

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec"
	"github.com/reportform/reportform/spec/expr"
)

// chatPage is a page of 100 rows as the chat report has them, with the columns that they are read into.
func chatPage(t testing.TB) ([]byte, *layout) {
	var b bytes.Buffer
	b.WriteByte('[')
	for i := range 100 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"series":"2026-11-%02d","user_name":"Łukasz Żółkiewski %d","incoming":%d,"incoming_to_agent":%d,`+
			`"incoming_including_empty":%d,"abandoned":3,"answered":%d,"incoming_to_bot":7,"transferred_by_bot":4,"finished_by_bot":3,`+
			`"service_level_percent":87.12,"chat_time":{"min":"00:00:48","max":"01:12:48","sum":"27:10:48","avg":"00:14:08"},`+
			`"wait_time":{"min":"00:00:01","max":"00:01:08","sum":"00:31:48","avg":"00:00:18"},"sla_percent":100,`+
			`"rating":{"rate":{"sad":1,"neutral":2,"happy":%d},"satisfaction_percent":91.5,"rated_percent":31.07}}`,
			i/12+1, i%12, i, i+1, i+2, i, i%9)
	}
	b.WriteByte(']')
	s := &spec.Source{Name: "chats"}
	for typ, names := range map[expr.Type][]string{
		expr.Period:   {"series"},
		expr.Text:     {"user_name"},
		expr.Integer:  {"incoming", "incoming_to_agent", "incoming_including_empty", "abandoned", "answered", "incoming_to_bot", "transferred_by_bot", "finished_by_bot", "rating_rate_sad", "rating_rate_neutral", "rating_rate_happy"},
		expr.Percent:  {"service_level_percent", "sla_percent", "rating_satisfaction_percent", "rating_rated_percent"},
		expr.Duration: {"chat_time_min", "chat_time_max", "chat_time_sum", "chat_time_avg", "wait_time_min", "wait_time_max", "wait_time_sum", "wait_time_avg"},
	} {
		for _, name := range names {
			s.Columns = append(s.Columns, &spec.SourceColumn{Field: table.Field{Name: name, Type: typ}})
		}
	}
	s.Paging.Offset = &spec.OffsetPaging{Pages: spec.Pages{Size: 100}}
	zone := warsaw(t)
	return b.Bytes(), newLayout(Request{Source: s, Columns: s.Columns, Zone: zone, ReportZone: zone})
}

// perRow reports how fast pages of 100 rows were decoded.
func perRow(b *testing.B) {
	rows := 100 * float64(b.N)
	b.ReportMetric(rows/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/rows, "µs/row")
}

func BenchmarkDecodePage(b *testing.B) {
	body, l := chatPage(b)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if pg, err := l.decode(body); err != nil || pg.rows != 100 || len(pg.found) > 0 {
			b.Fatal(err)
		}
	}
	perRow(b)
}

// BenchmarkDecodePageFound has no column declared: all are found.
func BenchmarkDecodePageFound(b *testing.B) {
	body, l := chatPage(b)
	b.SetBytes(int64(len(body)))
	l = newLayout(Request{Source: &spec.Source{Paging: spec.Paging{Offset: &spec.OffsetPaging{Pages: spec.Pages{Size: 100}}}}, Zone: l.zone, ReportZone: l.report})
	b.ReportAllocs()
	for b.Loop() {
		if pg, err := l.decode(body); err != nil || pg.rows != 100 {
			b.Fatal(err)
		}
	}
	perRow(b)
}

// BenchmarkDecodePageStructs is the usual way, for comparison: into structs, whose texts are not even read yet.
func BenchmarkDecodePageStructs(b *testing.B) {
	type times struct{ Min, Max, Sum, Avg string }
	type row struct {
		Series      string  `json:"series"`
		UserName    string  `json:"user_name"`
		Incoming    int64   `json:"incoming"`
		ToAgent     int64   `json:"incoming_to_agent"`
		WithEmpty   int64   `json:"incoming_including_empty"`
		Abandoned   int64   `json:"abandoned"`
		Answered    int64   `json:"answered"`
		ToBot       int64   `json:"incoming_to_bot"`
		Transferred int64   `json:"transferred_by_bot"`
		Finished    int64   `json:"finished_by_bot"`
		Level       float64 `json:"service_level_percent"`
		ChatTime    times   `json:"chat_time"`
		WaitTime    times   `json:"wait_time"`
		SLA         float64 `json:"sla_percent"`
		Rating      struct {
			Rate         struct{ Sad, Neutral, Happy int64 } `json:"rate"`
			Satisfaction float64                             `json:"satisfaction_percent"`
			Rated        float64                             `json:"rated_percent"`
		} `json:"rating"`
	}
	body, _ := chatPage(b)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		var rows []row
		if err := json.Unmarshal(body, &rows); err != nil || len(rows) != 100 {
			b.Fatal(err)
		}
	}
	perRow(b)
}
