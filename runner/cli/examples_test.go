package cli_test

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/reportform/reportform/runner/state/storetest"
)

// Every example does what its README says: it validates, plans, delivers, and said again does nothing.
func TestExamples(t *testing.T) {
	const examples = "../../examples"
	monday := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	none := func(string) (string, bool) { return "", false }
	// What an example keeps its state in: a bucket with the name that it uses, or a repository of its own.
	bucket := must(url.Parse(storetest.S3(t)))
	t.Setenv("AWS_ENDPOINT_URL_S3", bucket.Query().Get("endpoint"))
	for _, entry := range must(os.ReadDir(examples)) {
		if !entry.IsDir() {
			continue
		}
		_, clone := storetest.Git(t)
		t.Run(entry.Name(), func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(examples, entry.Name())
			if _, err := os.Stat(filepath.Join(folder, "README.md")); err != nil {
				t.Error(err)
			}
			dir := clone() // the checkout stays as it is
			// The repository has a file of its own, which is no part of the example.
			if err := os.Remove(filepath.Join(dir, "reports.yaml")); err != nil {
				t.Fatal(err)
			}
			// What lies in folders beneath, such as a pipeline's own file, must not be taken for a part of the configuration.
			for _, pattern := range []string{"*.y*ml", "*.png", "*.xlsx", "*/*.y*ml", "recorded/*", "recorded/*/*"} {
				for _, file := range must(filepath.Glob(filepath.Join(folder, pattern))) {
					if info, err := os.Stat(file); err == nil && info.IsDir() {
						continue
					}
					to := filepath.Join(dir, must(filepath.Rel(folder, file)))
					if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, must(os.ReadFile(file)), 0o644)); err != nil {
						t.Fatal(err)
					}
				}
			}
			type step struct{ command, says string }
			steps := []step{
				{"validate", "The configuration is valid"},
				{"plan --offline", "due unless delivered"},
			}
			if len(must(filepath.Glob(filepath.Join(folder, "*.test.yaml")))) > 0 {
				steps = append(steps, step{"test", " 0 failed."})
			}
			env := none
			if _, err := os.Stat(filepath.Join(folder, "recorded", "reportform-cache.json")); err == nil {
				// Nothing is asked, and so nobody is told who asks.
				keys := map[string]string{"GITHUB_TOKEN": "unused", "SHOP_API_KEY": "unused"}
				env = func(name string) (string, bool) { key, ok := keys[name]; return key, ok }
				for _, step := range append(steps, []step{
					{"plan --cache recorded --at 2026-11-16T09:00", "Plan: 1 to "},
					{"preview --cache recorded --at 2026-11-16T09:00", "preview/weekly-"},
				}...) {
					code, stdout, stderr := runIn(t.Context(), dir, monday, env, strings.Fields(step.command)...)
					if code != 0 || !strings.Contains(stdout, step.says) || strings.Contains(stderr, "Warning") {
						t.Errorf("%s: exit code %d\n%s%s", step.command, code, stdout, stderr)
					}
				}
				code, _, stderr := runIn(t.Context(), dir, monday, env, "plan", "--cache", "recorded")
				if code != 1 || !strings.Contains(stderr, "Recording has no answer to this") {
					t.Errorf("another week: exit code %d\n%s", code, stderr)
				}
				return
			}
			if slices.ContainsFunc(must(filepath.Glob(filepath.Join(dir, "*.yaml"))), func(file string) bool {
				return strings.Contains(string(must(os.ReadFile(file))), "\nstate:")
			}) {
				steps = append(steps, step{"state init", "is made"})
			}
			for _, step := range append(steps, []step{
				{"plan", "Plan: "},
				{"apply --auto-approve", "Apply complete: "},
				{"apply --auto-approve", "Nothing is due: "},
				{"plan", "Nothing is due: "},
			}...) {
				code, stdout, stderr := runIn(t.Context(), dir, monday, env, strings.Fields(step.command)...)
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
