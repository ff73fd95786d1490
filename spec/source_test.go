package spec

import (
	"slices"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/table"
	"github.com/reportform/reportform/spec/expr"
)

func TestParseSources(t *testing.T) {
	t.Parallel()
	s := catalog(t)["thulium"]["chats_summary"]
	if s.Path != "chats/reports/summary" || s.Window == nil || !s.Window.Inclusive || s.Grain.Default != "month" || s.Paging.Offset.Size != 100 {
		t.Errorf("source: %+v", s)
	}
	i := slices.IndexFunc(s.Parameters, func(p *Parameter) bool { return p.Name == "response_threshold" })
	if p := s.Parameters[i]; p.Type != expr.Integer || p.List || *p.Min != 1 || *p.Max != 3600 {
		t.Errorf("parameter: %+v", p)
	}
	i = slices.IndexFunc(s.Columns, func(c *SourceColumn) bool { return c.Field.Name == "chat_time_avg" })
	if c := s.Columns[i]; !c.Field.Unasked || c.Field.Type != expr.Duration || c.Field.Total != (table.Total{Kind: table.TotalRatio, Num: "chat_time_sum", Den: "answered"}) {
		t.Errorf("column: %+v", c)
	}
	for _, text := range []string{"source: {}\n", "sources: {a: {}}\n", "sources: {a: {path: x, collumns: {}}}\n", "sources: {a: {path: x, columns: {b: {total: mean}}}}\n"} {
		if _, diags := ParseSources([]byte(text), "x.yaml"); !diags.HasErrors() {
			t.Errorf("%q is taken for a catalog", text)
		}
	}
}

func TestABuiltInSourceIsOverridden(t *testing.T) {
	t.Parallel()
	built := catalog(t)
	c := mustLoad(t, `version: 1
settings: {locale: pl}
connections:
  thulium:
    type: thulium
    system: acme
    username: api
    password: ${env.PASSWORD}
    timezone: UTC
    sources:
      chats_summary:
        parameters: {chat_queue_ids: {style: repeat}, brand: {type: text}}
        columns: {answered: {label: Handled}, brand: {type: text, label: {en: Brand, pl: Marka}}}
reports:
  weekly:
    range: last_week
    timezone: Europe/Warsaw
    not_before: "07:30"
    datasets:
      by_agent:
        source: thulium.chats_summary
        filters: {brand: acme}
        aggregate_by: week
        columns: {incoming: {label: "Wszystkie", format: "0"}, extra: {type: decimal, path: a.b}}
        transform:
          - derive: {answer_rate: "ratio(answered, incoming)"}
          - rename: {user_name: agent}
          - group: {by: [agent], measures: {all: sum(incoming), rate: total(answer_rate)}}
          - sort: [-all]
          - limit: 5
    destinations: {f: {file: {path: "x-${range.from}.xlsx"}}}
`, Options{Catalogs: built})
	api := c.Connections[0].API
	if url, fault := api.BaseURL.Str(loadEnv{}); fault != nil || url != "https://acme.thulium.com/api" || api.Timezone != time.UTC {
		t.Errorf("address %q, zone %v", url, api.Timezone)
	}
	r := c.Reports[0]
	if r.NotBefore != 7*time.Hour+30*time.Minute || r.Calendar.Location.String() != "Europe/Warsaw" || c.Settings.Timezone != "UTC" {
		t.Errorf("not before %v in %v", r.NotBefore, r.Calendar.Location)
	}
	ds := r.Datasets[0]
	labels := map[string]string{}
	for _, col := range ds.Columns {
		labels[col.Field.Name] = col.Field.Label
		if declared := slices.Contains([]string{"answered", "brand", "incoming", "extra"}, col.Field.Name); col.Field.Unasked == declared {
			t.Errorf("%q is unasked for: %v", col.Field.Name, col.Field.Unasked)
		}
		if col.Field.Name == "series" && col.Field.Grain != "week" {
			t.Errorf("series has the grain %q", col.Field.Grain)
		}
	}
	for name, want := range map[string]string{"series": "Okres", "answered": "Handled", "brand": "Marka", "incoming": "Wszystkie", "extra": ""} {
		if got, ok := labels[name]; !ok || got != want {
			t.Errorf("column %s has the label %q", name, got)
		}
	}
	if got := ds.columnNames(); !slices.Equal(got, []string{"agent", "all", "rate"}) || ds.Open || len(ds.Transform) != 5 {
		t.Errorf("what comes out: %v, open %v", got, ds.Open)
	}
	// The catalog is shared by all connections, and stays as it was.
	for _, col := range built["thulium"]["chats_summary"].Columns {
		if col.Field.Name == "brand" || col.Labels["pl"] == "" && col.Field.Name == "answered" {
			t.Errorf("the catalog was changed: %+v", col)
		}
	}
}
