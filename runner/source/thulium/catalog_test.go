package thulium

import (
	"fmt"
	"testing"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

func TestCatalog(t *testing.T) {
	s := Catalog()["chats_summary"]
	if s.Path != "chats/reports/summary" || !s.Window.Inclusive || s.Paging.Offset.Size != 100 || s.Grain.Column != "series" {
		t.Errorf("source is %+v", s)
	}
	var parameters []string
	for _, p := range s.Parameters {
		parameters = append(parameters, fmt.Sprintf("%s %v %s", p.Name, p.List, p.Style))
	}
	if got := fmt.Sprint(parameters); got != "[user_logins true brackets chat_queue_ids true brackets sum_users false  response_threshold false ]" {
		t.Errorf("parameters are %s", got)
	}
	totals := map[string]table.Total{
		"series": {}, "user_name": {}, "incoming": {Kind: table.TotalSum}, "abandoned": {Kind: table.TotalSum},
		"chat_time_min":               {Kind: table.TotalMin},
		"chat_time_max":               {Kind: table.TotalMax},
		"chat_time_sum":               {Kind: table.TotalSum},
		"chat_time_avg":               {Kind: table.TotalRatio, Num: "chat_time_sum", Den: "answered"},
		"wait_time_avg":               {Kind: table.TotalRatio, Num: "wait_time_sum", Den: "incoming_to_agent"},
		"service_level_percent":       {Kind: table.TotalWeighted, Weight: "incoming_to_agent"},
		"sla_percent":                 {Kind: table.TotalWeighted, Weight: "incoming_to_agent"},
		"rating_satisfaction_percent": {Kind: table.TotalWeighted, Weight: "ratings"},
		"rating_rated_percent":        {Kind: table.TotalWeighted, Weight: "answered"},
	}
	for _, c := range s.Columns {
		if want, ok := totals[c.Field.Name]; ok && c.Field.Total != want {
			t.Errorf("%s totals as %+v", c.Field.Name, c.Field.Total)
		}
		if c.Labels["en"] == "" || c.Labels["pl"] == "" || c.Description == "" || c.Certainty == "" || c.Field.Type == expr.Any {
			t.Errorf("%s is not fully described", c.Field.Name)
		}
		if c.Field.Name == "ratings" != c.Field.Hidden || c.Field.Hidden != (len(c.SumOf) == 3) {
			t.Errorf("%s: hidden %v, sum of %v", c.Field.Name, c.Field.Hidden, c.SumOf)
		}
	}
	if len(s.Columns) != 26 {
		t.Errorf("%d columns", len(s.Columns))
	}
}
