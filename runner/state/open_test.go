package state_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/reportform/reportform/runner/state"
)

// A folder is beside the configuration unless it says where it is.
func TestOpenFile(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	for location, want := range map[string]string{
		"file:.reportform":          filepath.Join(dir, ".reportform"),
		"file:a/../b":               filepath.Join(dir, "b"),
		"file:" + other + "/states": filepath.Join(other, "states"),
	} {
		begin(t, open(t, location, dir))
		if _, err := os.Stat(filepath.Join(want, "root.json")); err != nil {
			t.Errorf("%s: %v", location, err)
		}
		if state.Shared(location) {
			t.Errorf("%s counts as shared", location)
		}
	}
	for _, location := range []string{"git:a", "s3://bucket"} {
		if !state.Shared(location) {
			t.Errorf("%s does not count as shared", location)
		}
	}
	_, err := state.Open("redis://cache", state.Options{})
	says(t, err, "file:FOLDER", "git:BRANCH", "s3://BUCKET/PREFIX")
}
