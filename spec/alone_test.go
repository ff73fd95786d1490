package spec

import (
	"strings"
	"testing"
	"testing/fstest"
)

// folder is a configuration of two files, and values for its variables.
var folder = fstest.MapFS{
	"base.yaml": {Data: []byte(`version: 1
settings: {timezone: Europe/Lisbon}
variables: {queues: {type: list(integer), default: [1]}, team: {default: support}}
connections:
  demo: {type: demo}
  shop:
    type: http
    base_url: https://api.example.com
    sources: {orders: {path: /orders}}
`)},
	"weekly.yaml": {Data: []byte(`version: 1
reports:
  weekly:
    range: last_week
    datasets:
      a: {source: demo.chats_summary, filters: {chat_queue_ids: "${var.queues}"}}
      b: {source: demo.chats_sumary}
      c: {source: dmeo.chats_summary}
    destinations: {archive: {file: {path: "out/${var.team}-${range.from}.xlsx"}}}
`)},
	"prod.auto.vars.yaml": {Data: []byte("team: sales\n")},
}

// TestAloneNamesTheFileBeside: what one file of several lacks is told with the file that has it, and the way to read
// them all is told once.
func TestAloneNamesTheFileBeside(t *testing.T) {
	t.Parallel()
	_, diags, err := Load(folder, "weekly.yaml", Options{Dir: "reports", Catalogs: catalog(t)})
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for _, d := range diags {
		said.WriteString(d.Detail + "\n")
	}
	for text, want := range map[string]int{
		`There is no connection "demo" in reports/weekly.yaml, and no other file was read. It is defined in reports/base.yaml.`: 2,
		`No variable "team" in reports/weekly.yaml, and no other file was read. It is defined in reports/base.yaml.`:            2,
		"reportform validate reports":    1,
		`There is no connection "dmeo".`: 1,
	} {
		if got := strings.Count(said.String(), text); got != want {
			t.Errorf("%d times, not %d: %s\n%s", got, want, text, said.String())
		}
	}
}

func TestFolderIsReadWhole(t *testing.T) {
	t.Parallel()
	env := map[string]string{"REPORTFORM_VAR_QUEUES": "[3]", "REPORTFORM_VAR_team": "mail", "REPORTFORM_VAR_TEAM": "chat"}
	c, diags, err := Load(folder, ".", Options{
		Catalogs: catalog(t), Vars: []string{"team=ops"},
		Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.FileCount() != 2 {
		t.Errorf("%d files", c.FileCount())
	}
	if zone := c.Connections[1].API.Timezone.String(); zone != "Europe/Lisbon" {
		t.Errorf("an API without a zone of its own is in %s, not in the settings'", zone)
	}
	cases := 0
	for _, d := range diags {
		if d.Code == "other-case" {
			cases++
			if !strings.Contains(d.Detail, "export REPORTFORM_VAR_queues=…") {
				t.Error(d.Detail)
			}
		}
	}
	if cases != 1 {
		t.Errorf("%d values under names in other letters, of one: %+v", cases, diags)
	}
}
