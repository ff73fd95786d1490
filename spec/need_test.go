package spec

import (
	"fmt"
	"testing"
)

// A column is needed where figures hang on it, and not where the report has nothing to do with it.
func TestNeeds(t *testing.T) {
	t.Parallel()
	const base = `version: 1
connections:
  api:
    type: http
    base_url: https://api.example.com
    sources:
      s:
        path: s
        columns:
          id: {type: text}
          x: {type: integer, total: sum}
          share: {type: percent, total: weighted(x)}
  demo: {type: demo}
reports:
  r:
    range: last_week
    datasets: {%s}
    workbook: {sheets: [{name: A, blocks: [%s]}]}
    destinations: {f: {file: {path: "out/${range.from}.xlsx"}}}
`
	for _, c := range []struct {
		datasets, block, column string
		want                    bool
	}{
		{`d: {source: api.s}`, `text: A`, "x", true},
		{`d: {source: api.s, transform: [{select: [id]}]}`, `text: A`, "x", false},
		{`d: {source: api.s, transform: [{where: x > 1}, {select: [id]}]}`, `text: A`, "x", true},
		{`d: {source: api.s, transform: [{sort: [-x]}, {select: [id]}]}`, `text: A`, "x", true},
		{`d: {source: api.s, transform: [{group: {by: [id], measures: {n: count()}}}]}`, `text: A`, "x", false},
		{`d: {source: api.s, transform: [{group: {by: [id], measures: {n: sum(x)}}}]}`, `text: A`, "x", true},
		{`d: {source: api.s, transform: [{group: {by: [id]}}]}`, `text: A`, "x", true},
		{`d: {source: api.s, transform: [{select: [id, share]}]}`, `text: A`, "x", true},
		{`d: {source: api.s, transform: [{derive: {y: x + 1}}, {select: [y]}]}`, `text: A`, "x", true},
		// What the catalog alone declares is left out of tables where it is empty.
		{`d: {source: demo.chats_summary}`, `text: A`, "user_name", false},
		{`d: {source: demo.chats_summary}`, `table: {dataset: d, columns: [user_name]}`, "user_name", true},
		{`d: {source: demo.chats_summary}`, `chart: {type: column, dataset: d, x: series, y: [service_level]}`, "service_level", true},
		{`d: {source: demo.chats_summary}`, `text: "${total(d.service_level)}"`, "service_level", true},
		{`d: {source: demo.chats_summary}`, `text: '${total(datasets["d"].service_level)}'`, "service_level", true},
		{`d: {source: demo.chats_summary, compare: previous}`, `text: "${last(d.service_level_prev)}"`, "service_level", true},
		{`d: {source: demo.chats_summary, columns: {service_level: {label: Gone}}}`, `text: A`, "service_level", true},
		{`d: {source: demo.chats_summary}, e: {from: d, transform: [{select: [service_level]}]}`, `text: A`, "service_level", true},
		{`d: {source: demo.chats_summary}, e: {from: d}`, `text: "${total(e.service_level)}"`, "service_level", true},
		{`d: {source: demo.chats_summary}, e: {from: d}`, `text: A`, "service_level", false},
	} {
		config := mustLoad(t, fmt.Sprintf(base, c.datasets, c.block), Options{})
		r := config.Reports[0]
		if got := r.Needs(r.Datasets[0], c.column, []string{c.column}); got != c.want {
			t.Errorf("%s, %s: needs %s: %t", c.datasets, c.block, c.column, got)
		}
	}
}
