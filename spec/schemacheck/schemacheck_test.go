package schemacheck

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/reportform/reportform/schema"
	"github.com/reportform/reportform/spec/tree"
)

func TestContext(t *testing.T) {
	root, said := tree.Parse("reports.yaml", []byte(`version: 1
reports:
  w:
    datasets:
      by_day: {transform: [{where: a}, {derive: {x: {label: 1}}}, {sort: a, limit: 1}]}
    checks: [{name: fresh}, {assert: a}]
    workbook:
      sheets:
        - name: Agents
          blocks: [{heading: a}, {kpis: [{label: a}]}, {table: {columns: [{key: a}]}}, {heading: a, text: b}]
        - blocks: [{table: {}}]
    destinations:
      leads: {email: {body: [{table: {}}]}}
`))
	if len(said) > 0 {
		t.Fatal(said)
	}
	for path, want := range map[string]string{
		"version": "", "reports/w": "reports", "reports/w/rnage": `report "w"`, "settings/locale": "settings",
		"reports/weekly-chats/datasets/by_day/filters/chat_queue_id":  `report "weekly-chats" > datasets > by_day`,
		"reports/w/datasets/by_day/transform/1/derive/x/label":        `report "w" > datasets > by_day > transform > derive > x`,
		"reports/w/datasets/by_day/transform/0/where":                 `report "w" > datasets > by_day > transform > where`,
		"reports/w/datasets/by_day/transform/2/limit":                 `report "w" > datasets > by_day > transform > 3`,
		"reports/w/workbook/sheets/0/blocks/2/table":                  `report "w" > workbook > sheets > Agents > table`,
		"reports/w/workbook/sheets/0/blocks/2/table/dataset":          `report "w" > workbook > sheets > Agents > table`,
		"reports/w/workbook/sheets/0/blocks/2/table/columns/0/format": `report "w" > workbook > sheets > Agents > table > columns > 1`,
		"reports/w/workbook/sheets/0/blocks/1/kpis/0/value":           `report "w" > workbook > sheets > Agents > kpis`,
		"reports/w/workbook/sheets/0/blocks/3/text":                   `report "w" > workbook > sheets > Agents > blocks > 4`,
		"reports/w/workbook/sheets/1/blocks/0/table/limit":            `report "w" > workbook > sheets > 2 > table`,
		"reports/w/checks/0/message":                                  `report "w" > checks > fresh`,
		"reports/w/checks/1/message":                                  `report "w" > checks > check 2`,
		"reports/w/destinations/leads/email/body/0/table/limit":       `report "w" > destinations > leads > email > table`,
		"reports/sources/datasets/columns/source":                     `report "sources" > datasets > columns`,
		"reports/w/datasets/3/source":                                 `report "w" > datasets > 3`,
		"connections/shop/sources/orders/columns/id/type":             "connections > shop > sources > orders > columns > id",
	} {
		if got := contextOf(root, strings.Split(path, "/")); got != want {
			t.Errorf("%s is in %q, want %q", path, got, want)
		}
	}
}

// TestSchemaIsClosed: the schema refers to nothing outside itself, whatever would be put into it.
func TestSchemaIsClosed(t *testing.T) {
	set := New(schema.V1)
	if _, err := set.compiler.LoadURL("file:///etc/passwd"); err == nil {
		t.Error("a file was opened")
	}
	if !strings.HasPrefix(set.id, "https://") {
		t.Errorf("$id %q is not absolute, so that messages would name the working directory", set.id)
	}
}

// TestSchemaServesReaders: every property is described, every object closed or named, and every example fits.
func TestSchemaServesReaders(t *testing.T) {
	var document map[string]any
	if err := json.Unmarshal(schema.V1, &document); err != nil {
		t.Fatal(err)
	}
	set := New(schema.V1)
	var visit func(path string, part any)
	visit = func(path string, part any) {
		at, ok := part.(map[string]any)
		if !ok {
			return
		}
		examples, _ := at["examples"].([]any)
		for _, example := range examples {
			if err := set.compiler.MustCompile(set.id + "#" + path).Validate(example); err != nil {
				t.Errorf("an example of %s does not fit: %v", path, err)
			}
		}
		properties, _ := at["properties"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			property := properties[name].(map[string]any)
			if text, _ := property["description"].(string); len(text) < 5 || !strings.HasSuffix(text, ".") {
				t.Errorf("%s/properties/%s has no description of a sentence", path, name)
			}
			visit(path+"/properties/"+name, property)
		}
		if at["type"] == "object" && at["additionalProperties"] == nil && at["allOf"] == nil {
			t.Errorf("%s is open", path)
		}
		visit(path+"/items", at["items"])
		visit(path+"/additionalProperties", at["additionalProperties"])
	}
	visit("", document)
	for name, definition := range document["definitions"].(map[string]any) {
		visit("/definitions/"+name, definition)
	}
}
