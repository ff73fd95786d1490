package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Every example does what its README says: it validates, plans, delivers, and said again does nothing.
func TestExamples(t *testing.T) {
	const examples = "../../examples"
	monday := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	none := func(string) (string, bool) { return "", false }
	for _, entry := range must(os.ReadDir(examples)) {
		if !entry.IsDir() {
			continue
		}
		t.Run(entry.Name(), func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(examples, entry.Name())
			if _, err := os.Stat(filepath.Join(folder, "README.md")); err != nil {
				t.Error(err)
			}
			dir := t.TempDir() // the checkout stays as it is
			for _, file := range must(filepath.Glob(filepath.Join(folder, "*.y*ml"))) {
				if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), must(os.ReadFile(file)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for _, step := range []struct{ command, says string }{
				{"validate", "The configuration is valid"},
				{"plan --offline", "due unless delivered"},
				{"plan", "Plan: "},
				{"apply --auto-approve", "Apply complete: "},
				{"apply --auto-approve", "Nothing is due: "},
				{"plan", "Nothing is due: "},
			} {
				code, stdout, stderr := runIn(t.Context(), dir, monday, none, strings.Fields(step.command)...)
				if code != 0 || !strings.Contains(stdout, step.says) {
					t.Fatalf("%s: exit code %d\n%s%s", step.command, code, stdout, stderr)
				}
				if strings.Contains(stderr, "Warning") {
					t.Errorf("%s warns:\n%s", step.command, stderr)
				}
			}
		})
	}
}
