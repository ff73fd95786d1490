package storetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Git makes a bare repository with one commit on main, and returns it with a function that makes further clones,
// given arguments such as --depth=1. Nothing of the machine's own settings of git is in force.
func Git(t testing.TB) (bare string, clone func(arguments ...string) string) {
	t.Helper()
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	t.Setenv("HOME", t.TempDir())
	bare = filepath.Join(t.TempDir(), "remote.git")
	RunGit(t, ".", "init", "--quiet", "--bare", "--initial-branch=main", bare)
	first := t.TempDir()
	RunGit(t, first, "init", "--quiet", "--initial-branch=main")
	for _, text := range []string{"one", "two"} { // two commits, so that a shallow clone is one
		if err := os.WriteFile(filepath.Join(first, "reports.yaml"), []byte(text+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		RunGit(t, first, "add", "reports.yaml")
		RunGit(t, first, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", text)
	}
	RunGit(t, first, "push", "--quiet", bare, "main")
	return bare, func(arguments ...string) string {
		t.Helper()
		dir := filepath.Join(t.TempDir(), "clone")
		RunGit(t, ".", append(append([]string{"clone", "--quiet"}, arguments...), "file://"+filepath.ToSlash(bare), dir)...)
		return dir
	}
}

// RunGit runs git in a folder and returns what it prints.
func RunGit(t testing.TB, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}
