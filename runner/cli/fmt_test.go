package cli_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What people copy is in canonical layout: every example, and what init writes.
func TestOurFilesAreFormatted(t *testing.T) {
	t.Parallel()
	paths := must(filepath.Glob("../../examples/*/*.y*ml"))
	if len(paths) == 0 {
		t.Fatal("there are no examples")
	}
	dir := t.TempDir()
	none := func(string) (string, bool) { return "", false }
	if code, _, stderr := runIn(t.Context(), dir, time.Now(), none, "init", "first"); code != 0 {
		t.Fatal(stderr)
	}
	for _, path := range append(paths, filepath.Join(dir, "first", "reports.yaml")) {
		code, stdout, stderr := runIn(t.Context(), must(os.Getwd()), time.Now(), none, "fmt", "--check", "--diff", path)
		if code != 0 {
			t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
		}
	}
}
