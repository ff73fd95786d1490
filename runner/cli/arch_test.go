package cli_test

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// Imports run one way; a package may import those of later rows, and of its own row where it is named.
func TestImportsRunOneWay(t *testing.T) {
	const module = "github.com/reportform/reportform"
	may := map[string][]string{
		"":                      {"runner/cli"},
		"runner/cli":            {"*"},
		"runner":                {"runner/source", "runner/state", "runner/table", "outputs", "spec", "spec/diag", "spec/expr", "spec/calendar"},
		"runner/source":         {"runner/table", "spec", "spec/diag", "spec/expr", "spec/calendar"},
		"runner/review":         {"runner", "runner/reporttest", "spec", "spec/diag", "spec/expr", "spec/calendar"},
		"runner/source/thulium": {"spec", "spec/diag", "spec/expr", "spec/calendar", "runner/table"},
		"runner/state":          {"spec"},
		"runner/table":          {"spec/expr", "spec/calendar", "spec/diag"},
		"outputs":               {"runner/table", "spec/expr", "spec/diag"},
		"outputs/picture":       {"outputs", "runner/table", "spec/expr"},
		"outputs/html":          {"outputs", "outputs/picture", "runner/table", "spec/expr"},
		"outputs/csv":           {"outputs", "runner/table", "spec/expr"},
		"outputs/json":          {"outputs", "runner/table", "spec/expr"},
		"outputs/markdown":      {"outputs"},
		"outputs/terminal":      {"outputs", "spec/diag"},
		"outputs/xlsx":          {"outputs", "outputs/xlsx/encrypt", "runner/table", "spec/expr"},
		"outputs/xlsx/encrypt":  {"spec/expr"},
		"outputs/email":         {"outputs", "outputs/html", "runner/table", "spec/expr"},
		"outputs/file":          {"outputs"},
		"spec":                  {"schema", "runner/table", "spec/schemacheck", "spec/tree", "spec/diag", "spec/expr", "spec/calendar"},
		"spec/editor":           {"schema", "spec", "spec/calendar", "spec/expr", "runner/table"},
		"spec/expr":             {"spec/diag"},
		"spec/calendar":         {"spec/diag"},
		"spec/schemacheck":      {"spec/tree", "spec/diag"},
		"spec/tree":             {"spec/diag"},
		"spec/diag":             {},
		"schema":                {},
		"schema/pages":          {"*"},
	}
	// What the prescribed libraries are imported by, outside of tests.
	one := map[string]string{
		"gopkg.in/yaml.v3": "spec/tree", "github.com/santhosh-tekuri/jsonschema": "spec/schemacheck", "github.com/expr-lang/expr": "spec/expr",
		"github.com/xuri/excelize": "outputs/xlsx", "github.com/wneessen/go-mail": "outputs/email",
		"gonum.org/v1/plot": "outputs/picture",
	}
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		if strings.HasSuffix(name, "test") { // contracts for tests
			continue
		}
		seen++
		allowed, known := may[name]
		if !known {
			t.Errorf("%s has no place in the house: say here what it may import", name)
			continue
		}
		for _, i := range p.Imports {
			for library, owner := range one {
				if strings.HasPrefix(i, library) && name != owner {
					t.Errorf("%s imports %s, which belongs to %s", name, i, owner)
				}
			}
			inner, ours := strings.CutPrefix(i, module+"/")
			if !ours || strings.Join(allowed, "") == "*" {
				continue
			}
			ok := false
			for _, a := range allowed {
				ok = ok || a == inner
			}
			if !ok {
				t.Errorf("%s imports %s", name, inner)
			}
		}
	}
	if seen != len(may) {
		t.Errorf("%d packages, and the list has %d", seen, len(may))
	}
}
