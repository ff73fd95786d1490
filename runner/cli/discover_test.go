package cli_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/reportform/reportform/spec"
)

// What discover prints is taken as it is, whatever the keys of an API are called.
func TestDiscoveredSourceIsOne(t *testing.T) {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"meta": {"n": 1}, "page items": [{
			"Order No": "1", "yes": true, "a": {"b_c": 1}, "a_b": {"c": 2}, "#": "x", "l: 'x'\"\n": "y", "": "z", "Łódź": 1.5, "12": "t"
		}]}`)
	}))
	defer api.Close()
	dir := t.TempDir()
	config := fmt.Sprintf("version: 1\nconnections:\n  own: {type: http, base_url: %q, sources: {}}\n", api.URL)
	if err := os.WriteFile(filepath.Join(dir, "reports.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	none := func(string) (string, bool) { return "", false }
	code, stdout, stderr := runIn(t.Context(), dir, time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC), none, "discover", "own", "/items?yes=a%3A+b&q=1&q=2")
	if code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	sources, problems := spec.ParseSources([]byte(stdout), "discovered.yaml")
	if len(problems) > 0 || sources["items"] == nil {
		t.Fatalf("%s\n%v", stdout, problems)
	}
	s := sources["items"]
	var names []string
	for _, c := range s.Columns {
		names = append(names, c.Field.Name+" "+c.Path)
	}
	if want := []string{"Order No ", "yes ", "a_b_c ", "a_b_c_2 a_b.c", "# ", "l: 'x'\"\n ", "Łódź ", "12 "}; !slices.Equal(names, want) {
		t.Errorf("columns are %q, want %q", names, want)
	}
	if s.Records != "page items" || len(s.Query) != 2 || !slices.Equal(s.Query[0].Values, []string{"1", "2"}) || s.Query[1].Name != "yes" {
		t.Errorf("the source is %+v", s)
	}
}
